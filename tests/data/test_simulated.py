"""The simulated feed: repeatable, marked and believable."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.feeds.day import OUTCOMES
from data.feeds.simulated import SimulatedFeed
from data.profile import Profile, load_profile
from data.readings import METHODS, Readings
from tests.data.simulating import DAY, HOUR, NOON, at, same


@pytest.fixture(scope="module")
def lincang() -> Profile:
    return load_profile("lincang")


@pytest.fixture(scope="module")
def day(lincang: Profile) -> Readings:
    """A Friday, midnight to midnight, at the sites' own intervals."""
    start = at("2026-11-20 00:00")
    return SimulatedFeed(lincang).generate(start, start + DAY)


# --- repeatable -----------------------------------------------------------------------------------


def test_two_feeds_say_the_same(lincang: Profile) -> None:
    a, b = (SimulatedFeed(lincang).generate(NOON, NOON + 900) for _ in range(2))
    assert len(a) > 500
    assert same(a, b)


def test_a_stretch_is_the_sum_of_its_parts_also_over_the_turn_of_a_day(lincang: Profile) -> None:
    start, end = at("2026-11-20 03:10"), at("2026-11-20 04:05")
    feed = SimulatedFeed(lincang)
    parts = [feed.generate(a, min(a + 137, end)) for a in range(start, end, 137)]
    whole = SimulatedFeed(lincang).generate(start, end)
    assert same(Readings.concat(parts), whole)
    assert (whole.observed_at > start).all()
    assert (whole.observed_at <= end).all()
    assert (np.diff(whole.observed_at) >= 0).all()


def test_another_seed_is_another_prefecture(lincang: Profile) -> None:
    assert lincang.spec.simulation is not None
    simulation = lincang.spec.simulation.model_copy(update={"seed": 2})
    other = replace(lincang, spec=lincang.spec.model_copy(update={"simulation": simulation}))
    a, b = (SimulatedFeed(profile).generate(NOON, NOON + 300) for profile in (lincang, other))
    assert a.persons_in.sum() != b.persons_in.sum()


def test_without_a_simulation_table_there_is_no_feed(lincang: Profile) -> None:
    plain = replace(lincang, spec=lincang.spec.model_copy(update={"simulation": None}))
    with pytest.raises(ValueError, match="simulation"):
        SimulatedFeed(plain)


def test_it_works_for_any_profile() -> None:
    small = load_profile(Path(__file__).parents[1] / "profiles" / "small")
    rows = SimulatedFeed(small).generate(NOON, NOON + HOUR)
    assert set(rows.site_id) <= set(small.sites.site_id)
    assert rows.persons_in.sum() > 0


# --- what it says ---------------------------------------------------------------------------------


def test_everything_is_marked_and_within_the_contract(lincang: Profile, day: Readings) -> None:
    assert SimulatedFeed.simulated
    assert set(day.method) == {"simulated"} <= set(METHODS)
    assert set(day.site_id) == set(lincang.sites.site_id)
    for name in ("persons_in", "persons_out", "vehicles_in", "vehicles_out", "queue_m", "wait_min"):
        column = getattr(day, name)
        assert (column >= 0).all(), name
    rows = np.array([lincang.sites.row[site] for site in day.site_id])
    assert (day.lanes_open >= 1).all()
    assert (day.lanes_open <= lincang.sites.lanes_total[rows]).all()


def test_each_site_reports_at_its_interval_and_each_second_brings_a_few(
    lincang: Profile, day: Readings
) -> None:
    assert lincang.spec.simulation is not None
    kind = dict(zip(lincang.sites.site_id, lincang.sites.kind, strict=True))
    for site in ("ZK-D001", "GM-S003", lincang.sites.site_id[0]):
        steps = np.diff(day.observed_at[day.site_id == site])
        interval = lincang.spec.simulation.demand[kind[site]].interval_s
        assert (steps % interval == 0).all()
        assert np.median(steps) == interval
    hour = day.observed_at[(day.observed_at > NOON) & (day.observed_at <= NOON + HOUR)]
    a_second = np.bincount(hour - NOON - 1, minlength=HOUR)
    assert a_second.mean() == pytest.approx(66 / 60 + 897 / 300, rel=0.03)
    assert a_second.max() <= 12
    assert (a_second == 0).mean() < 0.1


def test_a_day_comes_to_what_the_document_speaks_of(lincang: Profile, day: Readings) -> None:
    persons, vehicles = (day.persons_in + day.persons_out).sum(), (day.vehicles_in + day.vehicles_out).sum()
    assert persons == pytest.approx(180_000, rel=0.12)
    assert vehicles == pytest.approx(70_000, rel=0.12)
    ended = Counter[str]()
    for outcomes in day.outcomes:
        ended.update(outcomes or {})
    assert list(OUTCOMES) == [name for name in OUTCOMES if name in lincang.spec.outcomes]
    assert ended["turned_back"] / ended["persuaded_return"] == pytest.approx(128_000 / 44_000, rel=0.25)
    assert ended["turned_back"] / ended["penalty"] == pytest.approx(128_000 / 20_300, rel=0.35)
    assert ended["handed_over"] < 10


def test_days_have_their_shapes(lincang: Profile) -> None:
    feed = SimulatedFeed(lincang)
    trunk = lincang.sites.site_id[lincang.sites.line == "third"].astype(str)

    def by_hour(day_text: str) -> np.ndarray:
        start = at(f"{day_text} 00:00")
        rows = feed.generate(start, start + DAY, 900)
        rows = rows.take(np.isin(rows.site_id.astype(str), trunk))
        hour = (rows.observed_at - 1 - start) // HOUR
        return np.bincount(hour, weights=rows.persons_in + rows.persons_out, minlength=24)

    weekday, weekend, holiday = by_hour("2026-11-18"), by_hour("2026-11-22"), by_hour("2026-10-02")
    assert weekday[2:5].mean() < 0.2 * weekday[9:18].mean()
    assert weekday[10] > weekday[12]
    assert weekday[16] > weekday[12]
    assert weekday.sum() < weekend.sum() < holiday.sum()


def test_queue_wait_and_throughput_agree_at_checkpoints(lincang: Profile, day: Readings) -> None:
    rows = np.array([lincang.sites.row[site] for site in day.site_id])
    hubs = set(lincang.layers["hubs"]["name"])
    road = np.array(["checkpoint" in kind for kind in lincang.sites.kind])
    road &= ~np.array([name in hubs for name in lincang.sites.name])
    pressed = road[rows] & (day.queue_m * day.lanes_open / 7 > 8)
    assert pressed.sum() > 500
    vehicles = day.queue_m[pressed] * day.lanes_open[pressed] / 7
    capacity = lincang.sites.capacity_vehicles_per_lane_h[rows[pressed]]
    told = vehicles / (day.lanes_open[pressed] * capacity) * 60
    assert day.wait_min[pressed] / told == pytest.approx(1, abs=0.3)  # a site's pace is its own
    assert np.median(day.wait_min[pressed] / told) == pytest.approx(1, abs=0.1)
    # Where a queue stands for half an hour the site checks what its lanes can.
    shares = []
    for site in np.unique(day.site_id[pressed]):
        mine = np.flatnonzero(day.site_id == site)
        stands = pressed[mine]
        for first in range(0, len(mine) - 30, 30):
            stretch = mine[first : first + 30]
            if stands[first : first + 30].all():
                checked = (day.vehicles_in + day.vehicles_out)[stretch].sum()
                could = (
                    day.lanes_open[stretch] * lincang.sites.capacity_vehicles_per_lane_h[rows[stretch]] / 60
                ).sum()
                shares.append(checked / could)
    assert len(shares) > 10
    assert np.mean(shares) == pytest.approx(1, abs=0.1)


def test_the_wall_lives_but_is_no_catastrophe(lincang: Profile, day: Readings) -> None:
    """Each half hour of the afternoon: sites congested, busy, silent and short of staff."""
    row = np.array([lincang.sites.row[site] for site in day.site_id])
    required = lincang.sites.staff_required[lincang.spec.duty.current]
    congested, busy, silent, short = [], [], [], []
    for moment in range(NOON + HOUR, NOON + 7 * HOUR, HOUR // 2):
        newest = np.full(len(lincang.sites), -1)
        seen = np.flatnonzero(day.observed_at <= moment)
        newest[row[seen]] = seen
        live = newest[moment - day.observed_at[newest] <= 600]
        wait, queue = day.wait_min[live], day.queue_m[live]
        slow = (wait >= 30) | (queue >= 500)
        congested.append(slow.sum())
        busy.append((~slow & ((wait >= 15) | (queue >= 250))).sum())
        silent.append(len(lincang.sites) - len(live))
        short.append((day.staff_on_duty[live] < required[row[live]]).sum())
    assert 1 <= np.mean(congested) <= 7
    assert 2 <= np.mean(busy) <= 15
    assert 2 <= np.mean(silent) <= 14
    assert 0.3 <= np.mean(short) <= 9
    assert max(congested) <= 15


def test_silent_sites_come_back(lincang: Profile, day: Readings) -> None:
    row = np.array([lincang.sites.row[site] for site in day.site_id])
    order = np.lexsort((day.observed_at, row))
    border = (lincang.sites.line == "first")[row[order]][1:]
    steps = np.diff(day.observed_at[order])[(np.diff(row[order]) == 0) & border]
    away = steps[steps > 300] / 60
    assert len(away) > 50
    assert 10 <= np.median(away) <= 45
    assert away.max() < 330


def test_nothing_stands_in_a_queue_when_a_simulated_day_turns(lincang: Profile) -> None:
    for text in ("2026-10-03 03:25", "2026-11-21 03:25", "2026-11-23 03:25"):
        rows = SimulatedFeed(lincang).generate(at(text), at(text) + 290)
        assert (rows.wait_min > 3).mean() < 0.01, text


def test_staff_changes_with_the_shift_only_or_when_reinforced(lincang: Profile, day: Readings) -> None:
    required = lincang.sites.staff_required[lincang.spec.duty.current]
    for site in lincang.sites.site_id[::60]:
        mine = day.take(day.site_id == site)
        changes = mine.observed_at[1:][np.diff(mine.staff_on_duty) != 0]
        assert len(changes) <= 6
    row = np.array([lincang.sites.row[site] for site in day.site_id])
    share = (day.staff_on_duty >= required[row]).mean()
    assert 0.97 < share < 1


def test_fences_report_up_and_now_and_then_a_crossing(lincang: Profile) -> None:
    feed = SimulatedFeed(lincang)
    every = feed.reports(NOON - 7 * DAY, NOON)
    said = every.take(every.target == "fence")
    assert set(said.target_id) == set(lincang.fences["fence_id"])
    devices = every.take(every.target == "device")
    assert set(devices.target_id) == set(lincang.layers["devices"]["device_id"])
    assert 0.98 < (devices.state == "up").mean() < 1
    assert np.isnan(devices.crossings_in).all()
    up = (said.state == "up").mean()
    assert 0.97 < up < 1
    crossings = (said.crossings_in + said.crossings_out).sum()
    assert 3 <= crossings <= 60
    again = [feed.reports(NOON - 7 * DAY, NOON - DAY), feed.reports(NOON - DAY, NOON)]
    assert sum(len(part) for part in again) == len(every)
