"""Whether the exits of a ring are held, by whom, and who is nearest to those that are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from data.picture import cut
from data.profile import Profile, check_profile, load_profile
from data.rings import find_exits
from tests.data.held import EXITS, RING, held_folder
from tests.data.places import NOON, SMALL, one, picture_of, view_of
from tests.data.standing import Bench

GEOD = Geod(ellps="WGS84")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small profile, its third line a ring of three exits."""
    return held_folder(tmp_path / "ring")


@pytest.fixture
def ring(folder: Path) -> Profile:
    return load_profile(folder)


def held(profile: Profile, *working: str) -> dict[str, bool]:
    return {exit.exit_id: exit.held for exit in find_exits(profile, np.isin(profile.sites.site_id, working))}


def test_an_exit_is_held_by_a_site_of_the_line_within_the_ring(ring: Profile) -> None:
    assert held(ring) == {"x1": False, "x2": False, "x3": False}
    assert held(ring, "c1", "c2") == {"x1": True, "x2": False, "x3": True}
    assert held(ring, "p1", "d1", "c3") == {"x1": False, "x2": False, "x3": False}


def test_the_nearest_working_site_of_the_line_is_told_of_an_exit_that_is_not_held(ring: Profile) -> None:
    exits = {one.exit_id: one for one in find_exits(ring, np.isin(ring.sites.site_id, ["c1", "c2", "p1"]))}
    assert exits["x1"].nearest is None
    near = exits["x2"].nearest
    assert (near.site_id, near.name, near.by) == ("c1", "甲城检查站", "straight")
    assert near.km == pytest.approx(GEOD.inv(99.10, 23.90, 99.10, 23.928)[2] / 1000, rel=1e-9)
    nobody = find_exits(ring, np.zeros(len(ring.sites), bool))
    assert [one.nearest for one in nobody] == [None] * 3


def test_lines_count_their_exits_and_a_county_has_its_own(ring: Profile) -> None:
    picture = picture_of(ring, view_of(ring, NOON, [one("c1", NOON, staff_on_duty=12)]))
    assert [(line.exits, line.exits_held) for line in picture.lines] == [(None, None), (None, None), (3, 1)]
    west, east = (cut(picture, ring, scope) for scope in ("900101", "900102"))
    assert [(one.exits, one.exits_held) for one in (west.lines[2], east.lines[2])] == [(2, 1), (1, 0)]
    assert [one.exit_id for one in west.exits] == ["x1", "x2"]
    # The nearest site is another county's: how far it is may be known, not which it is.
    near = east.exits[0].nearest
    assert (near.site_id, near.name) == ("", "")
    assert near.km == picture.exits[2].nearest.km


def test_an_exit_is_lost_within_one_step(ring: Profile, tmp_path: Path) -> None:
    bench = Bench(tmp_path, ring)
    assert bench.at(0, one("c2", NOON, staff_on_duty=9)).lines[2].exits_held == 1
    assert bench.at(60, one("c2", NOON + 60, staff_on_duty=0)).lines[2].exits_held == 0
    assert bench.engine.picture_at(NOON).lines[2].exits_held == 1
    assert bench.at(700).lines[2].exits_held == 0


def test_a_profile_without_rings_has_no_exits() -> None:
    small = load_profile(SMALL)
    assert find_exits(small, np.ones(len(small.sites), bool)) == ()


class TestFaults:
    def edit(self, folder: Path, old: str, new: str) -> list[tuple[str, str, str]]:
        path = folder / "profile.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return [(fault.field, fault.what, fault.hint) for fault in check_profile(folder)]

    def test_a_ring_needs_exits(self, folder: Path) -> None:
        ((field, what, hint),) = self.edit(folder, EXITS, "")
        assert (field, what) == (
            "lines[third].ring_m",
            "the line closes a ring, but no layer gives its exits",
        )
        assert "kind exits" in hint

    def test_exits_need_a_ring(self, folder: Path) -> None:
        ((field, what, hint),) = self.edit(folder, "ring_m = 2000", "")
        assert (field, what) == ("layers[exits].kind", "the layer gives exits, but no line closes a ring")
        assert "ring_m" in hint

    @pytest.mark.parametrize("where", ["nowhere", "at the last line"])
    def test_depth_needs_a_border_and_a_line_behind_it(self, folder: Path, where: str) -> None:
        path = folder / "profile.toml"
        text = path.read_text("utf-8").replace("fence_m = 300", "fence_m = 300\ndepth_km = 8")
        path.write_text(text, "utf-8")
        assert check_profile(folder) == []
        if where == "at the last line":
            self.edit(folder, RING, f"{RING}\nborder = true")
        found = self.edit(folder, "border = true", "border = false")
        assert [field for field, _, _ in found] == ["coverage.depth_km"]
