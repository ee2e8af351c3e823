"""The simulated feed: repeatable, marked, believable, and it fills the past once."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from data.feeds import shifts, simulated
from data.feeds.day import OUTCOMES
from data.feeds.simulated import PAST_DAYS, SimulatedFeed
from data.profile import Profile, load_profile
from data.readings import METHODS, Readings, Reports

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = 3600, 86400


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


NOON = at("2026-11-20 12:00")  # a Friday


@pytest.fixture(scope="module")
def lincang() -> Profile:
    return load_profile("lincang")


@pytest.fixture(scope="module")
def day(lincang: Profile) -> Readings:
    """A Friday, midnight to midnight, at the sites' own intervals."""
    start = at("2026-11-20 00:00")
    return SimulatedFeed(lincang).generate(start, start + DAY)


class Box:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.rows: list[Readings] = []
        self.said: list[Reports] = []

    def readings(self, rows: Readings) -> None:
        self.rows.append(rows)

    def reports(self, rows: Reports) -> None:
        self.said.append(rows)

    @property
    def all(self) -> Readings:
        return Readings.concat(self.rows)


def same(a: Readings, b: Readings) -> bool:
    """Equal rows in whatever order."""
    left, right = (rows.take(np.lexsort((rows.site_id, rows.observed_at))) for rows in (a, b))
    return len(left) == len(right) and all(
        np.array_equal(getattr(left, f.name), getattr(right, f.name), equal_nan=f.name not in TEXT)
        for f in fields(left)
    )


TEXT = ("site_id", "method", "outcomes")


def covered_once(rows: Readings) -> bool:
    """No moment of any site is told twice."""
    order = np.lexsort((rows.observed_at, rows.site_id))
    site, end, begin = (
        rows.site_id[order],
        rows.observed_at[order],
        (rows.observed_at - rows.interval_s)[order],
    )
    return bool(((begin[1:] >= end[:-1]) | (site[1:] != site[:-1])).all())


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
    said = feed.reports(NOON - 7 * DAY, NOON)
    assert set(said.target) == {"fence"}
    assert set(said.target_id) == set(lincang.fences["fence_id"])
    up = (said.state == "up").mean()
    assert 0.97 < up < 1
    crossings = (said.crossings_in + said.crossings_out).sum()
    assert 3 <= crossings <= 60
    again = [feed.reports(NOON - 7 * DAY, NOON - DAY), feed.reports(NOON - DAY, NOON)]
    assert sum(len(part) for part in again) == len(said)


# --- the past -------------------------------------------------------------------------------------


@pytest.fixture
def unbroken(monkeypatch: pytest.MonkeyPatch) -> None:
    """No site falls silent, so that sums can be compared."""
    monkeypatch.setattr(shifts, "OUTAGES_A_DAY", 0.0)
    monkeypatch.setattr(shifts, "CLUSTERS_A_DAY", 0.0)


def test_prepare_fills_the_past_day_in_one_write(lincang: Profile) -> None:
    box = Box()
    SimulatedFeed(lincang).prepare(box, NOON)
    assert len(box.rows) == 1
    rows = box.all
    assert 50_000 < len(rows) < 75_000  # a write of this size takes the store under a second
    assert covered_once(rows)
    assert rows.observed_at.min() > NOON - DAY
    assert rows.observed_at.max() <= NOON
    latest = {site: int(t) for site, t in zip(rows.site_id, rows.observed_at, strict=True)}
    assert set(latest) == set(lincang.sites.site_id)
    assert np.mean([NOON - t <= 300 for t in latest.values()]) > 0.97
    assert len(box.said[0]) == len(lincang.fences) * 144
    # No quarter of an hour stands out because coarse readings end in it.
    posts = rows.take(np.array([line == "second" for line in map(line_of(lincang), rows.site_id)]))
    quarters = np.bincount((posts.observed_at - NOON + DAY - 1) // 900, minlength=96)
    daytime = np.r_[4:34, 80:90]  # a simulated day turns at half past three
    assert quarters[daytime].max() < 1.1 * quarters[daytime].min()


def line_of(profile: Profile):
    return dict(zip(profile.sites.site_id, profile.sites.line, strict=True)).__getitem__


@pytest.mark.usefixtures("unbroken")
def test_coarse_and_own_readings_count_the_same(lincang: Profile) -> None:
    box = Box()
    feed = SimulatedFeed(lincang)
    feed.prepare(box, NOON)
    coarse = box.all
    assert covered_once(coarse)
    fine = feed.generate(NOON - DAY, NOON)
    for site in lincang.sites.site_id[::37]:
        a, b = coarse.take(coarse.site_id == site), fine.take(fine.site_id == site)
        begin = a.observed_at[0] - a.interval_s[0]
        b = b.take(b.observed_at > begin)
        if begin >= NOON - DAY:
            assert a.interval_s.sum() == b.interval_s.sum()
            assert a.persons_in.sum() == b.persons_in.sum()
            assert a.vehicles_out.sum() == b.vehicles_out.sum()
        assert a.observed_at[-1] == b.observed_at[-1]
        assert a.wait_min[-1] == b.wait_min[-1]


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("away", [100, 4000, 30_000, 3 * DAY])
def test_a_restart_goes_on_where_the_store_ends(
    lincang: Profile, away: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "PAST_DAYS", 4)
    held, box = Box(), Box()
    first = SimulatedFeed(lincang)
    first.prepare(held, NOON)
    live = first.generate(NOON, NOON + 700)
    again = NOON + 700 + away
    second = SimulatedFeed(lincang, span=(int(held.all.observed_at.min()), NOON + 700))
    second.prepare(box, again)
    for start, end, joined in second._older(again):
        box.readings(second.past(start, end, joined=joined))
    everything = Readings.concat([held.all, live, box.all])
    assert covered_once(everything)
    for site in lincang.sites.site_id[::61]:
        mine = everything.take(everything.site_id == site)
        told = mine.interval_s.sum()
        span = mine.observed_at.max() - mine.observed_at.min() + mine.interval_s[mine.observed_at.argmin()]
        assert told == span  # no hole
        assert again - mine.observed_at.max() < 300


@pytest.mark.usefixtures("unbroken")
def test_run_is_live_at_once_and_fills_eight_days_backwards(
    lincang: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "_PAUSE_S", 0.0)
    monkeypatch.setattr(simulated, "CHUNK_S", 12 * HOUR)
    moment = [float(NOON)]
    done = threading.Event()

    class Live(Box):
        def readings(self, rows: Readings) -> None:
            super().readings(rows)
            moment[0] += 0.5
            if len(rows) and rows.observed_at.min() <= NOON - PAST_DAYS * DAY + 1800:
                done.set()

    box = Live()
    feed = SimulatedFeed(lincang, clock=lambda: moment[0])
    feed.prepare(box, NOON)
    thread = threading.Thread(target=feed.run, args=(box,))
    thread.start()
    assert done.wait(60)
    feed.stop()
    thread.join(2)
    assert not thread.is_alive()
    older = [rows for rows in box.rows[1:] if len(rows) and rows.observed_at.max() <= NOON - DAY]
    live = [rows for rows in box.rows[1:] if len(rows) and rows.observed_at.min() > NOON]
    assert len(older) == 14
    assert len(live) >= 5
    order = [rows.observed_at.max() for rows in older]
    assert order == sorted(order, reverse=True)
    everything = box.all
    assert covered_once(everything)
    days = Counter(datetime.fromtimestamp(int(t), ZONE).date() for t in everything.observed_at)
    noon = datetime.fromtimestamp(NOON, ZONE).date()
    assert all(days[noon - timedelta(days=back)] > 40_000 for back in range(1, PAST_DAYS))


def test_run_outlives_a_store_that_is_busy(lincang: Profile, caplog: pytest.LogCaptureFixture) -> None:
    moment = [float(NOON)]
    delivered = threading.Event()

    class Busy(Box):
        failed = False

        def readings(self, rows: Readings) -> None:
            if not self.failed:
                self.failed = True
                raise OSError("the store is busy")
            super().readings(rows)
            delivered.set()

    box = Busy()
    feed = SimulatedFeed(lincang, clock=lambda: moment[0], span=(NOON - 9 * DAY, NOON))
    feed.prepare(box, NOON)
    moment[0] += 30
    thread = threading.Thread(target=feed.run, args=(box,))
    thread.start()
    assert delivered.wait(10)
    feed.stop()
    thread.join(2)
    assert not thread.is_alive()
    assert same(box.rows[0], feed.generate(NOON, NOON + 30))
    assert "trying again" in caplog.text
