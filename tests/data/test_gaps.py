"""Whether a gap is backed, by whom, and who could go there; and that a picture knows it within one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from data.gaps import find_gaps
from data.holding import Gap
from data.picture import Picture, cut
from data.profile import Profile, load_profile
from layers.reach import CELL_KM
from tests.data.places import NOON, SMALL, every, one, picture_of, view_of
from tests.data.standing import Bench, same

GEOD = Geod(ellps="WGS84")
WEST, EAST = "900101", "900102"
ROADS = """
[[layers]]
name = "roads"
kind = "roads"
file = "roads.geojson"
crs = "EPSG:4326"
title = { "zh-CN" = "道路", en = "Roads" }
"""
ROAD = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},
"geometry": {"type": "LineString", "coordinates": [[99.1, 23.5], [99.1, 23.6], [99.3, 23.62]]}}]}"""
Make = Callable[..., Profile]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """The small profile with a depth, and with a road where asked."""

    def make(depth_km: float | None = 12.0, *, road: str = "") -> Profile:
        folder = Path(shutil.copytree(SMALL, tmp_path / f"made-{depth_km}-{bool(road)}"))
        text = (folder / "profile.toml").read_text("utf-8")
        if depth_km is not None:
            text = text.replace("fence_m = 300", f"fence_m = 300\ndepth_km = {depth_km}")
        if road:
            text = text.replace("\n[duty]", ROADS + "\n[duty]")
            (folder / "roads.geojson").write_text(road, "utf-8")
        (folder / "profile.toml").write_text(text, "utf-8")
        return load_profile(folder)

    return make


def gaps_of(profile: Profile, working: Iterable[str] = (), **spare: int) -> tuple[Gap, ...]:
    """The gaps when exactly these sites work and are manned."""
    ids = profile.sites.site_id
    extra = np.array([spare.get(site, 0) for site in ids], dtype=float)
    return find_gaps(profile, np.isin(ids, [*working, *spare]), np.zeros(2, bool), extra)


def place(profile: Profile, km: float) -> tuple[float, float]:
    lon, lat = profile.border.at(np.array([km]))[0]
    return float(lon), float(lat)


def straight(profile: Profile, site: str, km: float) -> float:
    row = profile.sites.row[site]
    return GEOD.inv(profile.sites.lon[row], profile.sites.lat[row], *place(profile, km))[2] / 1000


class TestDepth:
    def test_without_a_depth_the_nearest_stands_behind_and_nothing_is_judged(self, made: Make) -> None:
        profile = made(None)
        west, east = gaps_of(profile, ["p2"])
        assert (west.backed, east.backed) == (None, None)
        assert (west.behind.site_id, west.behind.line, west.by) == ("p2", "second", "straight")
        middle = (west.from_km + west.to_km) / 2
        assert west.behind.km == pytest.approx(straight(profile, "p2", middle), abs=CELL_KM / 2)
        assert [gap.behind for gap in gaps_of(profile, ["c1"])] == [None, None]
        lines = picture_of(profile, view_of(profile, NOON)).lines
        assert lines[0].km_exposed is None

    def test_a_gap_is_split_where_what_is_backed_meets_what_is_not(self, made: Make) -> None:
        profile = made(14.0)
        gaps = gaps_of(profile, ["p1"])
        # p1 stands 11 km behind km 10: what lies farther than 14 km from it, to both sides, is exposed.
        assert [(gap.county, gap.backed) for gap in gaps] == [
            (WEST, False), (WEST, True), (WEST, False), (EAST, False),
        ]  # fmt: skip
        for before, after in pairwise(gaps):
            assert before.to_km == after.from_km
        for edge in (gaps[1].from_km, gaps[1].to_km):
            assert straight(profile, "p1", edge) == pytest.approx(14.0, abs=CELL_KM)
        assert [gap.behind and gap.behind.site_id for gap in gaps] == [None, "p1", None, None]
        # What stands behind a gap is told for the point of it that is worst off.
        far = max(straight(profile, "p1", edge) for edge in (gaps[1].from_km, gaps[1].to_km))
        assert gaps[1].behind.km == pytest.approx(far, abs=CELL_KM)
        assert gaps[1].behind.km <= 14.0

    def test_a_long_gap_with_one_post_at_its_end_is_not_backed(self, made: Make) -> None:
        profile = made(13.0)
        exposed = sum(gap.km for gap in gaps_of(profile, ["p1"]) if not gap.backed)
        assert exposed > profile.border.length_km / 2

    def test_only_working_sites_of_the_next_line_inward_count(self, made: Make) -> None:
        profile = made(60.0)
        assert [gap.backed for gap in gaps_of(profile, ["c1", "c2", "c3"])] == [False, False]
        assert [gap.backed for gap in gaps_of(profile, ["p1"])] == [True, True]
        assert [gap.backed for gap in gaps_of(profile, ["d1"])] == [False] * 3

    def test_along_the_roads_and_says_so(self, made: Make) -> None:
        # From the border at km 10 it is 12 km by road to p1 and 33 to p2; straight, p2 is 25 km off.
        def at_the_road(profile: Profile, working: str) -> Gap:
            return next(gap for gap in gaps_of(profile, [working]) if gap.from_km < 10.3 < gap.to_km)

        near = at_the_road(made(12.5, road=ROAD), "p1")
        assert (near.backed, near.by, near.behind.by) == (True, "road", "road")
        assert 12 < near.behind.km <= 12.5
        far = at_the_road(made(26.0, road=ROAD), "p2")
        assert (far.backed, far.behind) == (False, None)
        over_land = at_the_road(made(26.0), "p2")
        assert (over_land.backed, over_land.by) == (True, "straight")

    def test_far_from_every_road_it_is_straight_and_says_so(self, made: Make) -> None:
        north = ROAD.replace("[99.1, 23.5], ", "[99.1, 23.58], ")
        gaps = gaps_of(made(14.0, road=north), ["p1"])
        assert {gap.by for gap in gaps} == {"straight"}
        assert {gap.backed for gap in gaps} == {True, False}

    @settings(max_examples=25)
    @given(working=st.sets(st.sampled_from(["d1", "d2", "d3", "p1", "p2", "c1"])), drops=st.integers(0, 5))
    def test_gaps_lie_apart_make_up_what_is_open_and_grow_when_a_site_drops(
        self, working: set[str], drops: int
    ) -> None:
        profile = load_profile(SMALL)
        profile = _deep(profile, 13.0)
        gaps = gaps_of(profile, working)
        assert all(a.to_km <= b.from_km + 1e-9 for a, b in pairwise(gaps))
        held = profile.site_spans
        for owner, start, end in zip(held.owner, held.from_km, held.to_km, strict=True):
            if profile.sites.site_id[owner] in working:
                assert all(min(end, gap.to_km) - max(start, gap.from_km) <= 1e-6 for gap in gaps)
        fewer = gaps_of(profile, working - {sorted(working)[drops % len(working)]} if working else working)
        assert sum(gap.km for gap in fewer) >= sum(gap.km for gap in gaps) - 1e-9
        assert _exposed(fewer) >= _exposed(gaps) - 1e-9


class TestReserve:
    def test_the_nearest_with_staff_to_spare_is_the_reserve(self, made: Make) -> None:
        profile = made(None)
        west, east = gaps_of(profile, ["p2"], c1=3, p1=1)
        assert (west.reserve.site_id, west.reserve.spare, west.reserve.by) == ("p1", 1, "straight")
        (west, east) = gaps_of(profile, ["p1"], c2=2)
        assert (west.reserve.site_id, west.reserve.line, west.reserve.spare) == ("c2", "third", 2)
        middle = (east.from_km + east.to_km) / 2
        assert east.reserve.km == pytest.approx(straight(profile, "c2", middle), abs=CELL_KM / 2)

    def test_a_profile_says_how_many_make_a_reserve(self, made: Make) -> None:
        profile = made()
        asks = profile.spec.coverage.model_copy(update={"reserve_min": 2})
        profile = replace(profile, spec=profile.spec.model_copy(update={"coverage": asks}))
        gaps = gaps_of(profile, p1=1, c2=2)
        assert {(gap.reserve.site_id, gap.reserve.spare) for gap in gaps} == {("c2", 2)}
        assert {gap.reserve for gap in gaps_of(profile, p1=1, c2=1)} == {None}

    def test_nobody_to_spare_is_no_reserve(self, made: Make) -> None:
        for depth in (None, 11.0):
            gaps = gaps_of(made(depth), ["p1", "c1"])
            assert len(gaps) >= 2
            assert {gap.reserve for gap in gaps} == {None}

    def test_spare_is_what_is_on_duty_beyond_what_the_level_asks(self, made: Make) -> None:
        profile = made(None)
        rows = [
            one("p1", NOON, staff_on_duty=4),  # as many as level III asks
            one("p2", NOON, staff_on_duty=7),
            one("c1", NOON, staff_on_duty=30, lanes_open=0),  # closed
            one("c2", NOON - 700, staff_on_duty=30),  # silent
            one("c3", NOON),  # staff not reported
            one("d1", NOON, staff_on_duty=0),  # what the line holds is known: nothing
        ]
        view = view_of(profile, NOON, rows)
        assert dict(zip(profile.sites.site_id, view.spare, strict=True))["p2"] == 3
        assert view.spare.sum() == 3
        gaps = picture_of(profile, view).gaps
        assert {(gap.reserve.site_id, gap.reserve.spare) for gap in gaps} == {("p2", 3)}


class TestPicture:
    def test_a_drop_is_in_the_next_picture(self, made: Make, tmp_path: Path) -> None:
        bench = Bench(tmp_path, made(60.0))
        full = {"staff_on_duty": 20, "lanes_open": 1}
        before = bench.at(0, every(bench.profile, NOON, **full))
        assert before.lines[0].km_exposed == 0
        second = bench.at(1, one("p1", NOON + 1, **full, queue_m=3))
        assert second.gaps is before.gaps
        gone = bench.at(2, one("p1", NOON + 2, staff_on_duty=0), one("p2", NOON + 2, staff_on_duty=0))
        assert gone.lines[0].km_exposed == pytest.approx(gone.lines[0].km_uncovered)
        assert gone.lines[0].km_uncovered == pytest.approx(before.lines[0].km_uncovered)
        assert {gap.reserve.site_id for gap in gone.gaps} == {"d1", "d2", "d3"}
        less = bench.at(
            3, *(one(site, NOON + 3, staff_on_duty=4, lanes_open=1) for site in ("d1", "d2", "d3"))
        )
        assert {gap.reserve.line for gap in less.gaps} == {"third"}
        same(less, bench.engine.picture_at(NOON + 3))

    def test_a_past_picture_knows_the_same(self, made: Make, tmp_path: Path) -> None:
        bench = Bench(tmp_path, made(14.0))
        shown = bench.at(0, one("p1", NOON, staff_on_duty=9), one("d1", NOON, staff_on_duty=3))
        bench.at(60, one("p1", NOON + 60, staff_on_duty=0))
        past = bench.engine.picture_at(NOON)
        assert past.gaps == shown.gaps
        assert past.lines == shown.lines

    def test_a_county_sees_its_gaps_and_no_names_of_others(self, made: Make) -> None:
        profile = made(60.0)
        rows = [one("p2", NOON, staff_on_duty=9), one("d1", NOON, staff_on_duty=0)]
        picture: Picture = picture_of(profile, view_of(profile, NOON, rows))
        west, east = cut(picture, profile, WEST), cut(picture, profile, EAST)
        (gap,) = west.gaps
        whole = next(gap for gap in picture.gaps if gap.county == WEST)
        assert (gap.behind.site_id, gap.behind.name, gap.reserve.site_id, gap.reserve.spare) == (
            "",
            "",
            "",
            None,
        )
        assert (gap.behind.km, gap.reserve.km, gap.backed) == (whole.behind.km, whole.reserve.km, True)
        assert east.gaps[0].behind.site_id == east.gaps[0].reserve.site_id == "p2"
        parts = (west.lines[0].km_exposed, east.lines[0].km_exposed)
        assert sum(parts) == pytest.approx(picture.lines[0].km_exposed)


def _exposed(gaps: Iterable[Gap]) -> float:
    return sum(gap.km for gap in gaps if not gap.backed)


def _deep(profile: Profile, km: float) -> Profile:
    coverage = profile.spec.coverage.model_copy(update={"depth_km": km})
    return replace(profile, spec=profile.spec.model_copy(update={"coverage": coverage}))
