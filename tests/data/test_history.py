"""Totals and curves are the store's own sums, whatever was kept, and are never compared with half a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.history import GRACE_S, SETTLED_S, History
from data.readings import Readings
from data.store.base import Alerted
from data.store.sqlite import SqliteStore
from tests.data.places import MIDNIGHT, NOON, every, one, small

WEEK = 7 * 86400
WEST, EAST = "900101", "900102"


class Counting(SqliteStore):
    """Counts the spans that are summed up."""

    asked: Counter[tuple[int, int]]

    def totals(self, start: int, end: int, step: int):
        self.asked[start, end] += 1
        return super().totals(start, end, step)


class World:
    """A store, a history on it, and a clock."""

    def __init__(self, folder: Path, profile=None) -> None:
        self.store = Counting(folder / "kept.db")
        self.store.asked = Counter()
        self.now = 1000.0
        self.history = History(profile or small(), self.store, clock=lambda: self.now)

    def write(self, *parts: Readings) -> None:
        rows = Readings.concat(list(parts))
        self.history.touch(self.store.write(rows).fresh.observed_at)

    def settle(self) -> None:
        self.history.today(NOON)
        self.now += SETTLED_S + 1


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def hourly(start: int, end: int, **columns: object) -> list[Readings]:
    """A reading of every site at each full hour of start < t <= end."""
    return [every(small(), at, **columns) for at in range(start + 3600, end + 1, 3600)]


def test_nothing_known_is_not_zero(world: World) -> None:
    today = world.history.today(NOON)
    assert (today.persons, today.vehicles, today.persons_before, today.outcomes, today.alerts) == (
        None, None, None, {}, 0,
    )  # fmt: skip


def test_today_begins_at_local_midnight(world: World) -> None:
    world.write(
        one("c1", MIDNIGHT, persons_in=1000),  # the last of yesterday
        one("c1", MIDNIGHT + 60, persons_in=1, persons_out=2, vehicles_in=0),
        one("c2", NOON, persons_in=4),
        one("c2", NOON + 60, persons_in=1000),
    )
    today = world.history.today(NOON)
    assert (today.persons, today.vehicles) == (7, 0)
    assert world.history.today(MIDNIGHT).persons is None


def test_each_county_has_its_own(world: World) -> None:
    world.write(
        every(small(), NOON, persons_in=1), one("c1", NOON - 60, persons_in=10, outcomes={"isolated": 2})
    )
    totals = world.history.today_by_scope(NOON)
    assert set(totals) == {"", WEST, EAST}
    assert [totals[scope].persons for scope in ("", WEST, EAST)] == [18, 14, 4]
    assert [totals[scope].outcomes for scope in ("", WEST)] == [{"isolated": 2}] * 2
    assert totals[EAST].outcomes.get("isolated", 0) == 0


def test_outcomes_stand_in_the_profiles_order_then_the_rest(world: World) -> None:
    world.write(one("c1", NOON, outcomes={"zebra": 1, "isolated": 2, "turned_back": 3}))
    assert list(world.history.today(NOON).outcomes.items()) == [
        ("turned_back", 3),
        ("isolated", 2),
        ("zebra", 1),
    ]


def test_late_rows_and_corrections_are_in_the_next_answer(world: World) -> None:
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1))
    assert world.history.today(NOON).persons == 12 * 8
    world.write(one("c1", MIDNIGHT + 3600, persons_in=101))
    assert world.history.today(NOON).persons == 12 * 8 + 100
    world.write(one("c1", MIDNIGHT + 100, persons_in=50))
    assert world.history.today(NOON).persons == 12 * 8 + 150


def test_closed_quarters_are_read_once(world: World) -> None:
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1))
    world.history.today(NOON + 100)
    world.store.asked.clear()
    world.history.today(NOON + 105)
    # Only the open quarter, of today and of a week before.
    assert set(world.store.asked) == {(NOON, NOON + 105), (NOON - WEEK, NOON + 105 - WEEK)}
    world.write(one("c1", NOON - 1000, persons_in=1))
    world.store.asked.clear()
    world.history.today(NOON + 110)
    assert (NOON - 1800, NOON - 900) in world.store.asked
    assert len(world.store.asked) == 3


def test_the_same_weekday_at_the_same_time_of_day(world: World) -> None:
    world.write(*hourly(MIDNIGHT - WEEK, MIDNIGHT - WEEK + 86400, persons_in=2))
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1, vehicles_in=1))
    world.settle()
    today = world.history.today(NOON)
    assert (today.persons, today.persons_before) == (96, 192)
    assert today.vehicles_before is None  # none were reported then


def test_half_a_week_before_is_no_comparison(world: World) -> None:
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1))
    world.write(*hourly(MIDNIGHT - WEEK, NOON - WEEK - 6 * 3600, persons_in=2))
    world.settle()
    assert world.history.today(NOON).persons_before is None
    world.write(*hourly(NOON - WEEK - 6 * 3600, NOON - WEEK, persons_in=2))
    world.settle()
    assert world.history.today(NOON).persons_before == 192


def test_a_week_before_in_coarser_readings_is_whole_too(world: World) -> None:
    fine = [every(small(), at, persons_in=1, interval_s=300) for at in range(MIDNIGHT + 300, NOON + 1, 300)]
    coarse = [
        every(small(), at - WEEK, persons_in=12, interval_s=1800)
        for at in range(MIDNIGHT + 1800, NOON + 1, 1800)
    ]
    world.write(*fine, *coarse)
    world.settle()
    assert world.history.today(NOON).persons_before == 24 * 12 * 8
    assert world.history.today(NOON - 1000).persons_before == 23 * 12 * 8
    shown = world.history.curve(NOON + GRACE_S).total(before=True)
    assert [value is None for value in shown] == [True] * 49 + [False, True] * 23 + [False]


def test_while_the_week_before_is_being_written_there_is_no_comparison(world: World) -> None:
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1))
    world.write(*hourly(MIDNIGHT - WEEK, NOON - WEEK, persons_in=2))
    assert world.history.today(NOON).persons_before is None
    world.now += SETTLED_S + 1
    assert world.history.today(NOON).persons_before == 192
    # What arrives for today, or for another day, does not matter.
    world.write(one("c1", NOON - 60, persons_in=1), one("c1", MIDNIGHT - 86400 * 3, persons_in=1))
    assert world.history.today(NOON).persons_before == 192


def test_a_comparison_lacking_for_one_county_stands_for_the_other(world: World) -> None:
    world.write(*hourly(MIDNIGHT, NOON, persons_in=1))
    west = small().sites.county == WEST
    world.write(*[rows.take(west) for rows in hourly(MIDNIGHT - WEEK, NOON - WEEK, persons_in=2)])
    world.settle()
    totals = world.history.today_by_scope(NOON)
    assert totals[WEST].persons_before == 96
    assert totals[EAST].persons_before is None
    assert totals[""].persons_before is None


def test_alerts_that_fired_today(world: World) -> None:
    def alert(number: int, target: str, target_id: str, fired_at: int | None) -> Alerted:
        started = (fired_at or NOON) - 10
        return Alerted(str(number), "r", target, target_id, "critical", "firing", started, fired_at)

    recent = NOON - 60
    world.store.put_alerts(
        [
            alert(1, "site", "c1", recent),
            alert(2, "site", "c2", recent),
            alert(3, "fence", "f2", recent),
            alert(4, "site", "c1", None),
            alert(5, "site", "c1", MIDNIGHT - 60),
            alert(6, "site", "gone", recent),
        ]
    )
    totals = world.history.today_by_scope(NOON)
    assert {scope: totals[scope].alerts for scope in totals} == {"": 4, WEST: 1, EAST: 2}


def test_a_curve_has_24_hours_of_steps_per_line(world: World) -> None:
    world.write(*hourly(NOON - 86400, NOON, persons_in=2, vehicles_in=1))
    curve = world.history.curve(NOON + GRACE_S, step_s=3600)
    assert curve.starts.tolist() == list(range(NOON - 86400, NOON, 3600))
    assert set(curve.persons) == {"first", "second", "third"}
    assert curve.of("first") == [6] * 24
    assert curve.total() == [16] * 24
    assert curve.total(what="vehicles") == [8] * 24
    assert curve.total(before=True) == [None] * 24
    county = world.history.curve(NOON + GRACE_S, scope=EAST, step_s=3600)
    assert county.of("third") == [4] * 24


def test_a_curve_is_per_hour_and_keeps_its_gaps(world: World) -> None:
    world.write(*hourly(NOON - 86400, NOON - 7200, persons_in=2))
    curve = world.history.curve(NOON + GRACE_S)
    assert len(curve.starts) == 96
    assert curve.total()[:4] == [None, None, None, 64]
    assert curve.total()[-8:] == [None] * 8


def test_a_curve_waits_for_the_last_reports(world: World) -> None:
    assert world.history.curve(NOON + GRACE_S - 1).starts[-1] == NOON - 1800
    assert world.history.curve(NOON + GRACE_S).starts[-1] == NOON - 900


def test_a_curve_shows_the_week_before_where_it_is_whole(world: World) -> None:
    world.write(*hourly(NOON - 86400, NOON, persons_in=2))
    world.write(*hourly(NOON - WEEK - 86400, NOON - WEEK, persons_in=3))
    world.write(one("c1", NOON - WEEK - 86400 + 1800, persons_in=1))
    world.settle()
    assert world.history.curve(NOON + GRACE_S, step_s=3600).total(before=True) == [25, *[24] * 23]


@pytest.mark.parametrize("step_s", [0, -900, 60, 1000, 86400 * 2])
def test_a_step_that_does_not_fit_is_refused(world: World, step_s: int) -> None:
    with pytest.raises(ValueError, match="a multiple of 900"):
        world.history.curve(NOON, step_s=step_s)


def test_clocks_put_forward_and_zones_off_the_hour(tmp_path: Path) -> None:
    base = small()
    berlin = replace(base, spec=base.spec.model_copy(update={"timezone": "Europe/Berlin"}))
    world = World(tmp_path, berlin)
    at = int(datetime(2026, 4, 1, 12, tzinfo=berlin.zone).timestamp())  # clocks went forward on 29 March
    before = int(datetime(2026, 3, 25, 12, tzinfo=berlin.zone).timestamp())
    assert at - before == WEEK - 3600
    world.write(
        every(base, at, persons_in=1),
        every(base, before, persons_in=2),
        every(base, before + 3600, persons_in=9),
    )
    world.settle()
    assert world.history.today(at).persons_before == 16
    (tmp_path / "2").mkdir()
    kathmandu = replace(base, spec=base.spec.model_copy(update={"timezone": "Asia/Kathmandu"}))
    world = World(tmp_path / "2", kathmandu)
    midnight = int(datetime(2026, 4, 1, tzinfo=kathmandu.zone).timestamp())
    world.write(one("c1", midnight, persons_in=1000), one("c1", midnight + 1, persons_in=1))
    assert world.history.today(midnight + 60).persons == 1


def test_sites_that_the_profile_no_longer_has_are_left_out(world: World) -> None:
    world.write(one("c1", NOON, persons_in=1), one("gone", NOON, persons_in=1000))
    assert world.history.today(NOON).persons == 1


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["d1", "p2", "c1", "c3"]),
        st.integers(-3, 50),  # quarters of an hour from midnight
        st.integers(0, 900),
        st.one_of(st.none(), st.integers(0, 50)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(batches=st.lists(ROWS, min_size=1, max_size=5))
def test_what_is_kept_never_differs_from_what_is_asked_anew(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, int, int, int | None]]]
) -> None:
    world = World(tmp_path_factory.mktemp("history"))
    for batch in batches:
        sites, quarters, seconds, persons = zip(*batch, strict=True)
        world.write(
            Readings.of(
                site_id=list(sites),
                observed_at=MIDNIGHT + 900 * np.array(quarters) + np.array(seconds),
                persons_in=[np.nan if one is None else one for one in persons],
            )
        )
        for at in (NOON - 333, NOON):
            assert world.history.today_by_scope(at) == History(small(), world.store).today_by_scope(at)
    world.store.close()
