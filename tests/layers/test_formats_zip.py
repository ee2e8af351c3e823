"""Zips from outside: names that lead out, bombs, what is cut off; each refused before it costs anything."""

from __future__ import annotations

import io
import stat
import struct
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from layers.faults import Fault, FaultsError
from layers.formats import Ask, Raw, is_table, layers_of, read_file, zipped
from layers.load import read_layer

KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>站点</name><Placemark><name>甲</name>
<Point><coordinates>99.1,23.7</coordinates></Point></Placemark></Document></kml>"""
CSV = "hub_id,name,kind,lon,lat\nh1,甲,rail,99.1,23.7\n"


@pytest.fixture(autouse=True)
def nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was unpacked is gone afterwards, whatever happened."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def packed(path: Path, **members: Any) -> Path:
    return packed_as(path, members)


def packed_as(path: Path, members: dict[Any, Any], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def read(path: Path, layer: str | None = None) -> Raw:
    return read_file(Ask(path, path.name, layer=layer))


def only(path: Path, layer: str | None = None) -> Fault:
    with pytest.raises(FaultsError) as caught:
        read(path, layer)
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


def shapefile(folder: Path) -> dict[str, bytes]:
    points = gpd.points_from_xy([99.1], [23.7])
    frame = gpd.GeoDataFrame({"名称": ["甲"]}, geometry=points, crs=4490)
    frame.to_file(folder / "plain.shp", encoding="GBK")
    return {path.suffix: path.read_bytes() for path in folder.glob("plain.*")}


class TestReading:
    def test_a_shapefile_beside_papers(self, tmp_path: Path) -> None:
        parts = {f"资料/站点{suffix}": body for suffix, body in shapefile(tmp_path).items()}
        papers = {"资料/说明.txt": "x", "__MACOSX/资料/._站点.shp": b"x", "资料/.DS_Store": b"x"}
        path = packed_as(tmp_path / "a.zip", parts | papers)
        assert layers_of(path) == [None]
        raw = read(path)
        assert (raw.columns["名称"].tolist(), raw.carried.to_epsg()) == (["甲"], 4490)

    def test_a_missing_part_names_the_file_in_the_zip(self, tmp_path: Path) -> None:
        parts = {f"a{suffix}": body for suffix, body in shapefile(tmp_path).items() if suffix != ".shx"}
        fault = only(packed_as(tmp_path / "a.zip", parts))
        assert fault.file == "a.zip/a.shp"
        assert "index of the shapefile is missing" in fault.what

    def test_a_table_in_a_zip_is_a_table(self, tmp_path: Path) -> None:
        path = packed_as(tmp_path / "a.zip", {"点.csv": CSV})
        assert is_table(path)
        assert read_layer(path, kind="hubs", crs="EPSG:4326")["name"].tolist() == ["甲"]
        assert not is_table(packed_as(tmp_path / "b.zip", {"a.kml": KML}))

    def test_several_files_are_chosen_by_name(self, tmp_path: Path) -> None:
        path = packed_as(tmp_path / "a.zip", {"点.csv": CSV, "b.kml": KML})
        assert layers_of(path) == ["点.csv", "b.kml"]
        assert (is_table(path, "点.csv"), is_table(path, "b.kml"), is_table(path)) == (True, False, False)
        assert read(path, "b.kml").columns["name"].tolist() == ["甲"]
        assert only(path).expected == "one of 点.csv, b.kml"
        assert "no such layer" in only(path, "c.kml").what

    def test_layers_within_the_one_file(self, tmp_path: Path) -> None:
        frame = gpd.GeoDataFrame({"n": [1]}, geometry=gpd.points_from_xy([99.1], [23.7]), crs=4490)
        for layer in ("甲", "乙"):
            frame.to_file(tmp_path / "x.gpkg", layer=layer)
        path = packed_as(tmp_path / "a.zip", {"x.gpkg": (tmp_path / "x.gpkg").read_bytes()})
        assert layers_of(path) == ["甲", "乙"]
        assert read(path, "乙").columns["n"].tolist() == [1]

    def test_names_in_gbk_are_read_as_they_were_meant(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in ("点位.csv", "乙.csv"):
                member = zipfile.ZipInfo("x" * len(name.encode("gbk")))
                archive.writestr(member, CSV)
        body = path.read_bytes()
        for name in ("点位.csv", "乙.csv"):
            body = body.replace(b"x" * len(name.encode("gbk")), name.encode("gbk"))
        path.write_bytes(body)
        assert layers_of(path) == ["点位.csv", "乙.csv"]

    def test_nothing_that_is_read(self, tmp_path: Path) -> None:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("a.kml", KML)
        for members in ({}, {"a.txt": "x"}, {"inner.zip": inner.getvalue()}):
            path = packed_as(tmp_path / "a.zip", members)
            assert only(path).what == "the zip holds nothing that we read"
            assert layers_of(path) == [None]

    def test_a_kmz(self, tmp_path: Path) -> None:
        path = packed_as(tmp_path / "a.kmz", {"files/x.png": b"x", "doc.kml": KML})
        assert layers_of(path) == ["站点"]
        assert read(path).columns["name"].tolist() == ["甲"]
        assert only(packed(tmp_path / "b.kmz", x="x")).what == "the KMZ holds no KML"


@pytest.mark.parametrize("suffix", ["zip", "kmz"])
class TestTricks:
    @pytest.mark.parametrize(
        "name",
        [
            "../a.kml",
            "a/../../b.kml",
            "/etc/a.kml",
            "\\\\host\\a.kml",
            "C:\\a.kml",
            "c:a.kml",
            "..\\a.kml",
            "..",
        ],
    )
    def test_a_name_that_leads_out(self, tmp_path: Path, suffix: str, name: str) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"good.kml": KML, name: KML})
        fault = only(path)
        assert fault.what == "a path in the zip leads out of it"
        assert layers_of(path) == [None]
        assert sorted(one.name for one in tmp_path.rglob("*.kml")) == []

    def test_every_such_name_is_told(self, tmp_path: Path, suffix: str) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"../a.kml": KML, "/b.kml": KML})
        with pytest.raises(FaultsError) as caught:
            read(path)
        assert [fault.got for fault in caught.value.faults] == ["../a.kml", "/b.kml"]

    def test_a_link(self, tmp_path: Path, suffix: str) -> None:
        link = zipfile.ZipInfo("a.kml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        assert (
            only(packed_as(tmp_path / f"a.{suffix}", {link: "/etc/hostname"})).what == "the zip holds a link"
        )

    @pytest.mark.parametrize("keep", [0.0, 0.3, 0.6, 0.9, 0.99])
    def test_a_zip_that_is_cut_off(self, tmp_path: Path, suffix: str, keep: float) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML, "b.txt": "y" * 5000})
        body = path.read_bytes()
        path.write_bytes(body[: int(len(body) * keep)])
        assert only(path).what == "the zip cannot be read"
        assert layers_of(path) == [None]

    def test_a_damaged_member(self, tmp_path: Path, suffix: str) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML})
        body = bytearray(path.read_bytes())
        body[60:80] = b"\xff" * 20
        path.write_bytes(body)
        assert only(path).what in ("a file in the zip cannot be unpacked", "the zip cannot be read")

    def test_a_password(self, tmp_path: Path, suffix: str) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML})
        body = bytearray(path.read_bytes())
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            body[body.index(mark) + at] |= 1
        path.write_bytes(body)
        assert "password" in only(path).hint


@pytest.mark.parametrize("suffix", ["zip", "kmz"])
class TestBombs:
    def test_what_grows_beyond_measure(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a.{suffix}"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("a.kml", "w") as stream,
        ):
            for _ in range(48):
                stream.write(bytes(1 << 20))
        assert path.stat().st_size < 200_000
        fault, peak = measured(path)
        assert fault.what == "the zip unpacks to too much"
        assert "48 MB" in fault.got
        assert peak < 4 << 20

    def test_what_says_that_it_is_too_large(self, tmp_path: Path, suffix: str) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML})
        restate(path, 3_000_000_000)
        assert only(path).what == "the zip unpacks to too much"

    def test_what_is_larger_than_it_says(
        self, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML + " " * 3_000_000})
        restate(path, 100)
        monkeypatch.setattr(zipped, "MAX_BYTES", 1000)
        fault, peak = measured(path)
        assert fault.what in ("the zip unpacks to too much", "a file in the zip cannot be unpacked")
        assert peak < 8 << 20

    def test_members_count_together(
        self, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = {"zip": (f"a{end}" for end in (".shp", ".dbf", ".shx")), "kmz": ("a.kml", "b.kml", "c.kml")}
        path = packed_as(tmp_path / f"a.{suffix}", dict.fromkeys(inner[suffix], b"x" * 400))
        monkeypatch.setattr(zipped, "MAX_BYTES", 1000)
        assert only(path).what == "the zip unpacks to too much"

    def test_a_directory_without_end(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a.{suffix}"
        with zipfile.ZipFile(path, "w") as archive:
            for at in range(12_000):
                archive.writestr(f"{at:080}.txt", b"")
        assert only(path).what == "the zip holds too many files"

    def test_a_long_directory_behind_a_short_one(self, tmp_path: Path, suffix: str) -> None:
        """The record of large zips goes before the other one, for every reader, and so it does here."""
        path = packed_as(tmp_path / f"a.{suffix}", {"a.kml": KML})
        body = path.read_bytes()
        end = body.rindex(b"PK\x05\x06")
        size, offset = struct.unpack("<LL", body[end + 12 : end + 20])
        large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 1 << 33, offset)
        at = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        path.write_bytes(body[:end] + large + at + body[end:])
        assert (only(path).what, size < 100) == ("the zip holds too many files", True)


def test_a_zip_that_was_streamed_is_read(tmp_path: Path) -> None:
    """Its sizes stand behind its members, as a program writes that cannot go back."""
    (tmp_path / "doc.kml").write_text(KML, "utf-8")
    script = (
        "import sys, zipfile\n"
        "class Pipe:\n"
        "    def write(self, b): return sys.stdout.buffer.write(b)\n"
        "    def flush(self): sys.stdout.buffer.flush()\n"
        "with zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as archive:\n"
        "    archive.write('doc.kml')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "a.kmz").write_bytes(done.stdout)
    assert read(tmp_path / "a.kmz").columns["name"].tolist() == ["甲"]


def measured(path: Path) -> tuple[Fault, int]:
    """The fault, and the memory that it took to find it."""
    tracemalloc.start()
    try:
        return only(path), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def restate(path: Path, size: int) -> None:
    """The zip says another unpacked size of its first member."""
    body = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = body.index(mark) + at
        body[begin : begin + 4] = struct.pack("<L", size)
    path.write_bytes(body)
