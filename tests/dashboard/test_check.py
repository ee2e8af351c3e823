"""`threeline check` on folders and files as they come, told to a person and to a machine."""

from __future__ import annotations

import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import pytest
from rich.console import Console

from dashboard import check_command, cli
from dashboard.checking import Asked, report_on
from dashboard.findings import Part, Report, groups_of, spans
from dashboard.geodata_folder import MOST_FILES, geodata_in
from dashboard.report import show_report, verdict
from layers.faults import Fault

Run = Callable[..., tuple[int, str, str]]
CROSSED = [[[99, 23], [100, 24], [100, 23], [99, 24], [99, 23]]]


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def geojson(*shapes: tuple[str, object], **fields: str) -> str:
    features = [
        {"type": "Feature", "properties": fields, "geometry": {"type": kind, "coordinates": at}}
        for kind, at in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `threeline check` in this process: its exit code and both of its streams."""
    monkeypatch.setenv("THREELINE_LANG", "en")

    def go(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["threeline", "check", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return go


@pytest.fixture
def small_copy(small_profile: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_profile, tmp_path / "small"))


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """What a county sends: good and bad, of all sorts."""
    folder = tmp_path / "messy"
    rows = [f"D{row},点{row},99.{row},{'' if row in (2, 3, 4, 9) else 23.5}" for row in range(1, 12)]
    write(folder / "duty_points.csv", "\n".join(["site_id,name,lon,lat", *rows]))
    write(folder / "县" / "fence.geojson", geojson(("Polygon", CROSSED)))
    write(folder / "县" / "broken.geojson", '{"type": "FeatureCollection", "features": [')
    write(folder / "settings.json", '{"a": 1}')
    write(folder / "readme.docx", "x")
    write(folder / ".hidden.geojson", "{")
    points = gpd.points_from_xy([99.1, 99.2], [23.1, 23.2])
    gpd.GeoDataFrame({"名称": ["小黑江", "河底岗"]}, geometry=points, crs=4490).to_file(
        folder / "站点.shp", encoding="GBK"
    )
    return folder


def on_terminal(report: Report, *, every: bool = False, width: int = 100) -> str:
    out = io.StringIO()
    show_report(Console(file=out, force_terminal=True, width=width, color_system=None), report, every=every)
    return out.getvalue()


class TestFolder:
    def test_every_file_of_a_folder_is_looked_at_and_the_rest_is_named(self, messy: Path) -> None:
        report = report_on(messy, Asked())
        assert [part.file for part in report.parts] == [
            "duty_points.csv", "县/broken.geojson", "县/fence.geojson", "站点.shp",
        ]  # fmt: skip
        assert report.left_alone == ["readme.docx", "settings.json"]
        assert [part.features for part in report.parts] == [11, None, 1, 2]
        assert all(fault.file == part.file for part in report.parts for fault in part.faults)

    def test_what_is_said_of_all_files_is_for_those_that_do_not_say_it(self, tmp_path: Path) -> None:
        write(tmp_path / "a.geojson", geojson(("Point", [99.1, 23.5])))
        write(tmp_path / "b.csv", "name,lon,lat\nA,99.1,23.5\n")
        write(tmp_path / "c.csv", "名称,lon,lat\n临沧,99.1,23.5\n".encode("gbk"))
        silent = report_on(tmp_path, Asked())
        assert [len(part.faults) > 0 for part in silent.parts] == [False, True, True]
        assert report_on(tmp_path, Asked(crs="EPSG:4490", encoding="gb18030")).good

    def test_a_zip_is_checked_unless_nothing_in_it_is_geodata(self, tmp_path: Path) -> None:
        crossed = geojson(("Polygon", CROSSED))
        packed = {
            "bomb": {"a.geojson": " " * 50_000_000},
            "csv": {"b.csv": "name,lon,lat\nA,99.1,23.5\n", "readme.txt": "x"},
            "cut": {},
            "geojson": {"资料/c.GeoJSON": crossed},
            "json": {"d.json": crossed},
            "kml": {"e.kml": "<gpx/>"},
            "locked": {"f.json": crossed},
            "nothing": {"settings.json": '{"a": 1}', "readme.txt": "x", "g.zip": "x"},
            "trick": {"../../etc/x": "x"},
        }
        for name, inside in packed.items():
            with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for member, body in inside.items():
                    archive.writestr(member, body)
        write(tmp_path / "cut.zip", (tmp_path / "csv.zip").read_bytes()[:-40])
        locked = bytearray((tmp_path / "locked.zip").read_bytes())
        locked[6] |= 1
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        write(tmp_path / "locked.zip", bytes(locked))
        report = report_on(tmp_path, Asked())
        assert report.left_alone == ["nothing.zip"]
        assert {part.file: part.faults[0].what for part in report.parts} == {
            "bomb.zip": "the zip unpacks to too much",
            "csv.zip": "the coordinate system is not declared",
            "cut.zip": "the zip cannot be read",
            "geojson.zip": "the geometry is not valid",
            "json.zip": "the geometry is not valid",
            "kml.zip": "not KML",
            "locked.zip": "a file in the zip cannot be unpacked",
            "trick.zip": "a path in the zip leads out of it",
        }
        for part in report.parts:
            named = report_on(tmp_path / part.file, Asked()).parts[0]
            assert [fault.what for fault in named.faults] == [fault.what for fault in part.faults]

    def test_columns_are_named_for_the_files_that_are_tables(self, tmp_path: Path) -> None:
        write(tmp_path / "a.geojson", geojson(("Point", [99.1, 23.5])))
        write(tmp_path / "b.csv", "站点名称,经度,纬度\nA,99.1,23.5\n")
        asked = Asked(crs="EPSG:4326", columns={"lon": "经度", "lat": "纬度"})
        assert report_on(tmp_path, asked).good

    def test_a_profile_in_a_folder_is_checked_as_a_profile(self, tmp_path: Path, small_copy: Path) -> None:
        report = report_on(tmp_path, Asked())
        assert report.good
        assert "small/profile.toml" in [part.file for part in report.parts]

    def test_a_folder_without_geodata_says_so(self, tmp_path: Path) -> None:
        write(tmp_path / "readme.docx", "x")
        (fault,) = report_on(tmp_path, Asked()).parts[0].faults
        assert fault.what == "there is no geodata in the folder"

    def test_no_more_than_a_bound_is_looked_through(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dashboard.geodata_folder.MOST_FILES", 5)
        for number in range(9):
            write(tmp_path / f"{number}.txt", "x")
        found = geodata_in(tmp_path)
        assert (len(found.others), found.more) == (5, True)
        assert not report_on(tmp_path, Asked()).good

    def test_links_are_not_followed_and_depth_is_bounded(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path)
        deep = tmp_path.joinpath(*"abcdefghijkl")
        write(deep / "x.geojson", "{")
        found = geodata_in(tmp_path)
        assert found.more
        assert not found.files
        assert MOST_FILES > 100


class TestTelling:
    def test_the_same_fault_is_one_group_with_its_rows(self, messy: Path) -> None:
        part = report_on(messy / "duty_points.csv", Asked(crs="EPSG:4326")).parts[0]
        groups = groups_of(part)
        assert [(group.first.field, len(group.faults)) for group in groups] == [("lat", 4)]
        told = on_terminal(report_on(messy, Asked(crs="EPSG:4326")))
        assert "4 × not a coordinate" in told
        assert "2–4, 9" in told
        assert "Left alone, not geodata: readme.docx, settings.json" in told

    @pytest.mark.parametrize(
        ("rows", "told"),
        [([], []), ([5], ["5"]), ([3, 1, 2], ["1–3"]), ([1, 3, 4, 9, 10, 11, 11], ["1", "3–4", "9–11"])],
    )
    def test_runs_of_rows_are_drawn_together(self, rows: list[int], told: list[str]) -> None:
        assert spans(rows) == told

    def test_only_the_first_of_a_group_are_shown_unless_all_are_asked_for(self) -> None:
        faults = [Fault("odd", "x.csv", row, "name", got=f"value{row}") for row in range(1, 31)]
        report = Report("x.csv", [Part("x.csv", features=30, faults=faults)])
        assert "value4" not in on_terminal(report)
        assert "27 more" in on_terminal(report)
        whole = on_terminal(report, every=True)
        assert all(f"value{row}" in whole for row in range(1, 31))

    def test_what_a_file_holds_is_never_markup(self) -> None:
        fault = Fault("odd", "[red]x.csv", 1, "[b]", got="[link=x]y", expected="[/]", hint="[bold]")
        told = on_terminal(Report("[x]", [Part("[red]x.csv", faults=[fault]), Part("[/]")]))
        assert all(text in told for text in ("[red]x.csv", "[b]", "[link=x]y", "[/]", "[bold]"))

    @pytest.mark.parametrize("width", [40, 60, 200])
    def test_any_width_will_do(self, messy: Path, width: int) -> None:
        told = on_terminal(report_on(messy, Asked()), width=width)
        assert "broken.geojson" in told.replace("\n", "")

    def test_warnings_are_told_apart_and_stop_nothing(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        warning = Fault("looks shifted", "a.csv", warning=True)
        report = Report("a.csv", [Part("a.csv", features=3, warnings=[warning])])
        monkeypatch.setattr(check_command, "report_on", lambda *_: report)
        code, out, _ = run("a.csv")
        assert code == 0
        assert "no faults, 1 warning" in out
        assert "Warning: a.csv: looks shifted" in out
        assert "looks shifted" in on_terminal(report)

    def test_quarantined_rows_are_told_and_count(self, small_copy: Path, run: Run) -> None:
        toml, points = small_copy / "profile.toml", small_copy / "duty_points.csv"
        text = toml.read_text("utf-8")
        toml.write_text(
            text.replace('name = "duty_points"\n', 'name = "duty_points"\non_error = "quarantine"\n')
        )
        points.write_text(points.read_text("utf-8").replace("99.", "far", 1), "utf-8")
        code, out, _ = run(small_copy, "--format", "json")
        told = json.loads(out)
        assert code == 1
        assert told["counts"] | {"quarantined": 1, "faults": 0} == told["counts"]
        assert told["faults"][0]["quarantined"] is True
        assert "1 row quarantined" in verdict(report_on(small_copy, Asked()))


class TestMachines:
    def test_only_json_stands_on_the_output(self, run: Run, messy: Path) -> None:
        code, out, _ = run(messy, messy / "duty_points.csv", "--format", "json")
        told = json.loads(out)
        assert code == 1
        keys = {"path", "file", "layer", "row", "field", "what", "got", "expected", "hint", "warning"}
        assert all(set(fault) == keys | {"quarantined"} for fault in told["faults"])
        assert told["counts"]["faults"] == len(told["faults"])
        assert told["counts"]["files"] == len(told["files"]) == 5
        assert {left["file"] for left in told["left_alone"]} == {"readme.docx", "settings.json"}

    def test_progress_goes_to_the_error_stream(
        self, run: Run, messy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(check_command, "LONG_BYTES", 0)
        monkeypatch.setenv("FORCE_COLOR", "1")
        _, out, err = run(messy, "--format", "json")
        assert orjson.loads(out)["faults"]
        assert "Checking" in err


class TestRepair:
    def test_a_copy_is_mended_and_every_repair_told(self, run: Run, messy: Path, tmp_path: Path) -> None:
        source, out = messy / "县" / "fence.geojson", tmp_path / "mended.gpkg"
        before = source.read_bytes()
        code, told, _ = run(source, "--repair", out)
        assert code == 0
        assert "Row 1: invalid ring made valid" in told
        assert f"{out}: no faults" in told
        assert source.read_bytes() == before
        assert gpd.read_file(out).geometry.is_valid.all()
        kept = out.read_bytes()
        code, _, err = run(source, "--repair", out)
        assert code == 1
        assert "exists already" in err
        assert out.read_bytes() == kept

    def test_repairs_are_in_the_json(self, run: Run, messy: Path, tmp_path: Path) -> None:
        _, out, _ = run(messy / "县" / "fence.geojson", "--repair", tmp_path / "x.gpkg", "--format", "json")
        (repair,) = json.loads(out)["repairs"]
        assert (repair["row"], repair["done"]) == (1, True)

    def test_one_file_at_a_time(self, run: Run, messy: Path, tmp_path: Path) -> None:
        assert run(messy, "--repair", tmp_path / "x.gpkg")[0] == 1
        assert run(messy / "a", messy / "b", "--repair", tmp_path / "x.gpkg")[0] == 1


def test_many_rows_at_fault_are_told_in_a_few_lines(tmp_path: Path) -> None:
    rows = np.arange(20_000)
    text = "site_id,name,lon,lat\n" + "\n".join(f"D{row},x,x,23" for row in rows)
    told = on_terminal(report_on(write(tmp_path / "duty_points.csv", text), Asked(crs="EPSG:4326")))
    assert "20,000 ×" in told
    assert len(told.splitlines()) < 30
