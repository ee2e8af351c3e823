"""The simulated feed: it fills the past once, and goes on where the store ends."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pytest

from data.feeds import shifts, simulated
from data.feeds.simulated import PAST_DAYS, SimulatedFeed
from data.profile import Profile, load_profile
from data.readings import Readings
from data.targets import targets_of
from tests.data.simulating import DAY, HOUR, NOON, ZONE, Box, covered_once, same


@pytest.fixture(scope="module")
def lincang() -> Profile:
    return load_profile("lincang")


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
    assert 90_000 < len(rows) < 110_000  # a write of this size takes the store about a second
    assert covered_once(rows)
    assert rows.observed_at.min() > NOON - DAY
    assert rows.observed_at.max() <= NOON
    latest = {site: int(t) for site, t in zip(rows.site_id, rows.observed_at, strict=True)}
    assert set(latest) == set(lincang.sites.site_id)
    assert np.mean([NOON - t <= 300 for t in latest.values()]) > 0.97
    devices = len(targets_of(lincang)["device"].ids)
    assert len(box.said[0]) == (len(lincang.fences) + devices) * 144
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
    thread.join(60)
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
    assert delivered.wait(60)
    feed.stop()
    thread.join(60)
    assert not thread.is_alive()
    assert same(box.rows[0], feed.generate(NOON, NOON + 30))
    assert "trying again" in caplog.text


def test_after_a_long_sleep_the_feed_catches_up_in_stretches(lincang: Profile) -> None:
    moment = [float(NOON)]
    caught_up = threading.Event()

    class Slept(Box):
        def readings(self, rows: Readings) -> None:
            super().readings(rows)
            if len(rows) and rows.observed_at.max() > moment[0] - 60:
                caught_up.set()

    box = Slept()
    feed = SimulatedFeed(lincang, clock=lambda: moment[0], span=(NOON - 9 * DAY, NOON))
    feed.prepare(Box(), NOON)
    moment[0] += 7 * HOUR
    thread = threading.Thread(target=feed.run, args=(box,))
    thread.start()
    assert caught_up.wait(60)
    feed.stop()
    thread.join(60)
    assert not thread.is_alive()
    spans = [rows.observed_at.max() - rows.observed_at.min() for rows in box.rows if len(rows)]
    assert max(spans) <= 2 * HOUR
    assert same(box.all, feed.generate(NOON, int(moment[0])))
