"""A profile may name a table of PostGIS instead of a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.profile import check_profile, load_profile
from tests.databases import PASSWORD, Server

pytestmark = pytest.mark.xdist_group("postgis")

SMALL = Path(__file__).parent.parent / "profiles" / "small"
OLD = 'file = "crossings.csv"\ncrs = "EPSG:4326"'
Profile = Callable[..., Path]


@pytest.fixture(scope="module")
def server(postgis: Server) -> Server:
    """The server with a table of crossings, one of them off the map."""
    postgis.create("crossings")
    postgis.run(
        "CREATE TABLE crossings"
        " (crossing_id text PRIMARY KEY, name text, kind text, geom geometry(Point, 4490))",
        "INSERT INTO crossings VALUES"
        " ('x2', '乙便道', 'side_path', ST_SetSRID(ST_MakePoint(99.35, 23.5051), 4490)),"
        " ('x1', '甲口岸', 'port', ST_SetSRID(ST_MakePoint(99.05, 23.4951), 4490))",
        "CREATE TABLE wrong AS SELECT crossing_id, name, 'gate' AS kind, ST_Translate(geom, 9, 0) AS geom"
        " FROM crossings ORDER BY 1",
        database="crossings",
    )
    return postgis


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """profile(url, layer): the folder of a profile whose crossings are in a database."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)

    def make(url: str, layer: str) -> Path:
        folder = Path(shutil.copytree(SMALL, tmp_path / "small"))
        text = (folder / "profile.toml").read_text("utf-8")
        assert OLD in text
        new = f'file = "{url}"\nlayer = "{layer}"'
        (folder / "profile.toml").write_text(text.replace(OLD, new), "utf-8")
        return folder

    return make


def test_a_table_is_a_layer_like_any_other(server: Server, profile: Profile) -> None:
    found = load_profile(profile(server.url("crossings"), "public.crossings")).layers["crossings"]
    assert found["name"].tolist() == ["甲口岸", "乙便道"]
    assert [(point.x, point.y) for point in found.geometry] == [(99.05, 23.4951), (99.35, 23.5051)]


def test_its_rows_are_checked_like_any_others(server: Server, profile: Profile) -> None:
    faults = check_profile(profile(server.url("crossings"), "wrong"))
    assert sorted((fault.row, fault.field) for fault in faults) == [
        (1, "geometry"), (1, "kind"), (2, "geometry"), (2, "kind"),
    ]  # fmt: skip
    assert {fault.file for fault in faults} <= {server.url("crossings"), f"{server.url('crossings')}:wrong"}


def test_a_table_that_is_not_there_says_where_it_is_named(server: Server, profile: Profile) -> None:
    [fault] = check_profile(profile(server.url("crossings"), "crossing"))
    assert "Did you mean 'crossings'?" in fault.hint
    assert "layers[crossings].layer in profile.toml" in fault.hint


def test_a_password_in_a_profile_is_refused_and_not_repeated(server: Server, profile: Profile) -> None:
    url = server.url("crossings").replace("tester@", f"tester:{PASSWORD}@")
    [fault] = check_profile(profile(url, "crossings"))
    assert fault.what == "a password stands in the address"
    assert "layers[crossings].file in profile.toml" in fault.hint
    assert PASSWORD not in str(fault)


def test_a_server_that_is_away_is_a_fault_of_its_layer_only(profile: Profile) -> None:
    [fault] = check_profile(profile("postgresql://tester@127.0.0.1:1/gis", "crossings"))
    assert fault.what == "the database cannot be reached"
