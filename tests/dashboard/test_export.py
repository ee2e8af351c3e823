"""`threeline export` and the files of the API: whole, marked, readable elsewhere and here again."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from layers.load import read_layer
from tests.conftest import NOON
from tests.dashboard.asking import problem
from tests.dashboard.conftest import Ended, write
from tests.dashboard.giving import read_json, report
from tests.serving import ROOT, Served

AT = "2026-06-03T12:00:00+08:00"
ROWS = [
    {"site_id": "c1", "observed_at": AT, "persons_in": 30, "wait_min": 45, "queue_m": 10, "staff_on_duty": 4},
    {"site_id": "d1", "observed_at": AT, "persons_in": 1, "wait_min": 0, "method": "simulated"},
]
SMALL = ROOT / "tests" / "profiles" / "small"
FORMS = ("gpkg", "geojson", "csv")
LATER = "2026-06-03T12:01:00+08:00"


@pytest.fixture
def export(ingest: Callable[..., Ended], run: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """The command over the small profile and a store with two readings."""
    ingest(write(tmp_path / "readings.json", json.dumps(ROWS)))

    def call(layer: str, out: Path, *arguments: Any, at: str = LATER) -> Ended:
        place = ("--profile", SMALL, "--store", tmp_path / "cli.sqlite", "--at", at)
        return run("export", layer, "-o", out, *place, *arguments)

    return call


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_sites_in_every_form_tell_the_same(
    export: Callable[..., Ended], tmp_path: Path, profile: Any
) -> None:
    for form in ("gpkg", "geojson", "csv"):
        done = export("sites", tmp_path / f"sites.{form}")
        assert done.code == 0, done.err
        assert f"data as of {AT}" in done.out
        assert "simulated data" in done.err
    table = {row["site_id"]: row for row in rows_of(tmp_path / "sites.csv")}
    plain = {one["id"]: one for one in read_json(tmp_path / "sites.geojson")["features"]}
    frame = pyogrio.read_dataframe(tmp_path / "sites.gpkg", layer="sites").set_index("site_id")
    ids = profile.sites.site_id.tolist()
    assert ids == list(table) == list(plain) == frame.index.tolist()
    for site, row in profile.sites.row.items():
        at = (profile.sites.lon[row], profile.sites.lat[row])
        assert (float(table[site]["lon"]), float(table[site]["lat"])) == pytest.approx(at, abs=1e-8)
        assert plain[site]["geometry"]["coordinates"] == pytest.approx(at, abs=1e-8)
        assert frame.geometry[site].coords[0] == pytest.approx(at, abs=1e-8)
        told = plain[site]["properties"]
        assert told["status"] == table[site]["status"] == frame["status"][site]
        assert told["status_name"] == table[site]["status_name"] == frame["status_name"][site]
        assert told["position_source"] == table[site]["position_source"] == "demonstration"
        # One simulated reading marks all of it, row by row.
        assert (told["simulated"], table[site]["simulated"], bool(frame["simulated"][site])) == (
            True, "true", True,
        )  # fmt: skip
        assert told["as_of"] == table[site]["as_of"] == LATER
        assert told["source"] == table[site]["source"] == "虚构数据，仅供测试"
    assert plain["c1"]["properties"]["wait_min"] == 45
    assert (table["c1"]["wait_min"], table["c1"]["queue_m"], table["c2"]["wait_min"]) == ("45.0", "10", "")
    assert (frame["wait_min"]["c1"], frame["staff_on_duty"]["c1"], frame["status"]["c1"]) == (
        45,
        4,
        "congested",
    )
    assert frame["observed_at"]["c1"].timestamp() == NOON
    assert np.isnan(frame["wait_min"]["c2"])


def test_the_past_is_another_file(export: Callable[..., Ended], tmp_path: Path) -> None:
    export("sites", tmp_path / "now.csv")
    export("sites", tmp_path / "then.csv", at="2026-06-03T11:00:00+08:00")
    now, then = (
        {row["site_id"]: row for row in rows_of(tmp_path / f"{name}.csv")} for name in ("now", "then")
    )
    assert (now["c1"]["status"], then["c1"]["status"]) == ("congested", "no_data")
    assert {row["simulated"] for row in then.values()} == {"false"}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *((name, form) for name in ("checkpoints", "duty_points", "crossings") for form in FORMS),
        # A CSV of lines and areas is for people: points are what this software reads from CSV.
        *((name, form) for name in ("counties", "border", "fences") for form in FORMS[:2]),
    ],
)
def test_what_was_exported_is_checked_and_read_back_equal(
    export: Callable[..., Ended],
    run: Callable[..., Ended],
    tmp_path: Path,
    profile: Any,
    name: str,
    form: str,
) -> None:
    frame = profile.layers[name]
    out = tmp_path / f"{name}.{form}"
    assert export(name, out).code == 0
    declared = ("--crs", "EPSG:4326") if form == "csv" else ()
    tables = [None]
    if name == "fences" and form == "gpkg":
        tables = ["fences_lines", "fences_areas"]
    done = run("check", out, "--kind", name, *declared)
    assert done.code == 0, done.out
    told: dict[str, Any] = {}
    for layer in tables:
        back = read_layer(out, kind=name, crs="EPSG:4326", layer=layer)
        told |= dict(zip(back.iloc[:, 0] if name != "border" else ["one"], back.geometry, strict=True))
    expected = dict(zip(frame.iloc[:, 0] if name != "border" else ["one"], frame.geometry, strict=True))
    assert told.keys() == expected.keys()
    for key, shape in expected.items():
        assert shapely.hausdorff_distance(shape, told[key]) < 2e-8


def test_another_system(export: Callable[..., Ended], tmp_path: Path, profile: Any) -> None:
    east, north = Transformer.from_crs(4326, 4521, always_xy=True).transform(
        profile.sites.lon, profile.sites.lat
    )
    expected = np.column_stack([east, north])
    for form in ("gpkg", "geojson", "csv"):
        assert export("sites", tmp_path / f"s.{form}", "--crs", "EPSG:4521").code == 0
    for form in ("gpkg", "geojson"):
        frame = pyogrio.read_dataframe(tmp_path / f"s.{form}", layer="sites")
        assert frame.crs.to_epsg() == 4521
        assert np.abs(frame.get_coordinates().to_numpy() - expected).max() < 0.001
        back = read_layer(tmp_path / f"s.{form}", kind="checkpoints", crs="EPSG:4521")
        assert np.abs(back.geometry.x.to_numpy() - profile.sites.lon).max() < 2e-8
    rows = rows_of(tmp_path / "s.csv")
    assert np.abs([[float(row["x"]), float(row["y"])] for row in rows] - expected).max() < 0.001
    assert {row["crs"] for row in rows} == {"EPSG:4521"}


def test_what_is_read_off_web_maps_goes_into_a_csv_only(
    export: Callable[..., Ended], tmp_path: Path, profile: Any
) -> None:
    assert export("sites", tmp_path / "s.csv", "--crs", "GCJ-02").code == 0
    rows = rows_of(tmp_path / "s.csv")
    shift = np.array([float(row["lon"]) for row in rows]) - profile.sites.lon
    assert (np.abs(shift) > 0.0005).all()
    assert {row["crs"] for row in rows} == {"GCJ-02"}
    back = read_layer(tmp_path / "s.csv", kind="checkpoints", crs="GCJ-02")
    assert np.abs(back.geometry.x.to_numpy() - profile.sites.lon).max() < 1e-6
    for form in ("gpkg", "geojson"):
        done = export("sites", tmp_path / f"s.{form}", "--crs", "GCJ-02")
        assert (done.code, "CSV" in done.err) == (1, True)
        assert not (tmp_path / f"s.{form}").exists()


def test_a_county_holds_its_own(export: Callable[..., Ended], tmp_path: Path, profile: Any) -> None:
    county = str(profile.sites.county[0])
    assert export("sites", tmp_path / "s.csv", "--scope", county).code == 0
    rows = rows_of(tmp_path / "s.csv")
    assert {row["site_id"] for row in rows} == set(profile.sites.site_id[profile.sites.county == county])
    assert {row["county"] for row in rows} == {county}


def test_every_layer_in_one_geopackage(export: Callable[..., Ended], tmp_path: Path, profile: Any) -> None:
    done = export("all", tmp_path / "all.gpkg")
    assert done.code == 0, done.err
    tables = dict(pyogrio.list_layers(tmp_path / "all.gpkg"))
    assert tables.pop("layer_styles") is None
    drawn = {"sites", "gaps", "fences_lines", "fences_areas"} | set(profile.layers) - {"fences"}
    assert set(tables) == drawn
    done = subprocess.run(
        ["ogrinfo", "-so", "-al", str(tmp_path / "all.gpkg")], capture_output=True, text=True, check=True
    )
    assert "Warning" not in done.stderr
    for said in ("SIMULATED=SIMULATED", f"AS_OF={LATER}", "POSITION_SOURCE=demonstration", "SOURCE=虚构数据"):
        assert said in done.stdout
    assert "DESCRIPTION=样例州三道防线态势 · 全部站点（实时）" in done.stdout
    assert "示意位置，非实测" in done.stdout


def test_a_table_for_people(export: Callable[..., Ended], tmp_path: Path) -> None:
    """Excel and WPS take a CSV for GBK unless it begins with a byte order mark."""
    export("sites", tmp_path / "s.csv", "--titles")
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (first, *_) = rows_of(tmp_path / "s.csv")
    assert first.keys() >= {"站点编号", "名称", "状态", "候检（分钟）", "防线"}
    export("sites", tmp_path / "s.csv", "--titles", "--lang", "en")
    (first, *_) = rows_of(tmp_path / "s.csv")
    assert first.keys() >= {"Site id", "Name", "Status name", "Wait, min"}


def test_no_cell_is_a_formula(profile: Any) -> None:
    from dashboard.exporting.sheet import sheet_of
    from dashboard.exporting.spreadsheet import spreadsheet
    from dashboard.interchange.offer import collections
    from dashboard.past import picture_without_readings

    picture = picture_without_readings(profile, NOON)
    sheet = sheet_of(profile, collections(profile)["sites"], picture, lang="en")
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "小黑江", "a=b"]
    columns = dict(sheet.table.columns) | {"name": np.array(names, dtype=object)}
    columns["wait_min"] = np.full(8, -1.5)
    text = spreadsheet(replace(sheet, table=replace(sheet.table, columns=columns))).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in rows] == [*(f"'{name}" for name in names[:6]), *names[6:]]
    # Numbers are numbers.
    assert {row["wait_min"] for row in rows} == {"-1.5"}


def test_what_cannot_be_written_leaves_what_was_there(
    export: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "s.gpkg"
    out.parent.mkdir()
    assert export("sites", out).code == 0
    before = out.read_bytes()

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr("dashboard.exporting.geopackage._add_styles", fail)
    done = export("sites", out)
    assert (done.code, "No space left" in done.err) == (1, True)
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sites", "-o", "a.shp"), ".gpkg, .geojson, .csv"),
        (("site", "-o", "a.gpkg"), "Did you mean 'sites'"),
        (("all", "-o", "a.csv"), "GeoPackage holds several"),
        (("sites", "-o", "a.csv", "--scope", "1"), "900101"),
        (("sites", "-o", "a.csv", "--at", "noon"), "ISO 8601"),
        (("sites", "-o", "a.csv", "--at", "2999-01-01T00:00:00+08:00"), "in the future"),
        (("sites", "-o", "a.csv", "--crs", "4326"), "EPSG:4326"),
        (("sites", "-o", "a.csv", "--lang", "fr"), "zh-CN"),
        (("sites", "-o", "a.csv"), "no store"),
        (("counties", "-o", "no/folder/a.csv"), "no"),
    ],
)
def test_what_cannot_be_exported_is_said(
    run: Callable[..., Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    done = run("export", *arguments, "--profile", SMALL)
    assert done.code == 1
    assert done.err.startswith("Error: ")
    assert says in done.err
    # Nothing was made: no file, and no store where there was none.
    assert list(tmp_path.iterdir()) == []


def test_layers_without_a_state_need_no_store(
    run: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    done = run("export", "counties", "-o", tmp_path / "c.geojson", "--profile", SMALL)
    assert done.code == 0, done.err
    assert len(read_json(tmp_path / "c.geojson")["features"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["c.geojson"]


def test_files_through_the_api(served: Served, tmp_path: Path) -> None:
    report(served, "c1")
    served.settle()
    for form, media_type in (
        ("gpkg", "application/geopackage+sqlite3"), ("geojson", "application/geo+json"),
        ("csv", "text/csv; charset=utf-8"),
    ):  # fmt: skip
        answer = served.get(f"/api/v1/export/sites.{form}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        told = answer.headers["content-disposition"]
        assert told == f'attachment; filename="small-sites-20260603T120000.{form}"'
        (tmp_path / f"sites.{form}").write_bytes(answer.content)
    assert len(pyogrio.read_dataframe(tmp_path / "sites.gpkg", layer="sites")) == 8
    assert {row["site_id"]: row for row in rows_of(tmp_path / "sites.csv")}["c1"]["wait_min"] == "7.0"
    county = served.board.profile.sites.county[0]
    answer = served.get(
        "/api/v1/export/sites.geojson", params={"scope": county, "crs": "EPSG:4521", "lang": "en"}
    )
    told = answer.json()
    assert {one["properties"]["county"] for one in told["features"]} == {county}
    assert told["crs"]["properties"]["name"].endswith("4521")
    assert county in answer.headers["content-disposition"]
    assert served.get("/api/v1/export/all.gpkg").status_code == 200
    past = served.get("/api/v1/export/sites.geojson", params={"at": str(NOON - 60)}).json()
    assert {one["properties"]["status"] for one in past["features"]} == {"no_data"}
    titled = served.get("/api/v1/export/sites.csv", params={"titles": "1"}).content.decode("utf-8-sig")
    assert titled.startswith("站点编号,")


def test_the_countys_table_leads_to_its_files(asked: Served) -> None:
    from dashboard.pages.table import export_links
    from dashboard.view import View

    county = str(asked.board.profile.sites.county[0])
    nav = export_links(View(lang="zh-CN", scope=county, at=str(NOON - 60)))[0]
    links = [part for part in nav.children if hasattr(part, "href")]
    for link, form in zip(links, ("csv", "gpkg", "geojson"), strict=True):
        answer = asked.get(link.href)
        assert answer.status_code == 200
        name = answer.headers["content-disposition"]
        assert f"small-sites-{county}-20260603T115900.{form}" in name


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("none.csv", 404, "unknown-layer"), ("sites.shp", 400, "bad-value"), ("sites", 400, "bad-value"),
        ("all.csv", 404, "unknown-layer"), ("sites.csv?scope=1", 404, "unknown-scope"),
        ("sites.csv?crs=x", 400, "bad-value"), ("sites.gpkg?crs=BD-09", 400, "bad-value"),
        ("sites.csv?titles=2", 400, "bad-value"), ("sites.csv?at=2999-01-01T00:00:00Z", 400, "bad-time"),
        ("sites.csv?titel=1", 400, "unknown-parameter"),
    ],
)  # fmt: skip
def test_files_that_cannot_be(asked: Served, path: str, status: int, kind: str) -> None:
    problem(asked.get(f"/api/v1/export/{path}"), status, kind)
