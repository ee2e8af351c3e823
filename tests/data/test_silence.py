"""A reading speaks for its own interval: who reports once a day is not silent after ten minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.engine import Engine
from data.feeds import shifts
from data.feeds.simulated import SimulatedFeed
from data.profile import Profile, load_profile
from data.silence import age_meant, no_data_after, offline_after
from data.spec import ReadingsSpec, RuleSpec
from data.store.sqlite import SqliteStore
from tests.data.places import MIDNIGHT, NOON, every, one, small, view_of
from tests.data.standing import Bench, same

DAY, HOUR = 86400, 3600


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def test_the_longer_of_the_profiles_time_and_the_sites_own_holds() -> None:
    interval = np.array([60.0, 400.0, 900.0, DAY, np.nan])
    assert no_data_after(interval, ReadingsSpec()).tolist() == [600, 600, 1350, 1.5 * DAY, 600]
    assert offline_after(interval, ReadingsSpec()).tolist() == [1800, 1800, 2700, 3 * DAY, 1800]
    assert age_meant(600, interval, ReadingsSpec()).tolist() == [600, 600, 1350, 1.5 * DAY, 600]
    assert age_meant(120, interval, ReadingsSpec()).tolist() == [120, 600, 1350, 1.5 * DAY, 120]
    assert age_meant(1800, interval, ReadingsSpec()).tolist() == [1800, 1800, 2700, 3 * DAY, 1800]


def test_a_site_that_reports_once_a_day(bench: Bench) -> None:
    """The small profile says no data after ten minutes, and so it stays for whoever reports by the minute."""
    daily = every(small(), MIDNIGHT, interval_s=DAY, persons_in=2400, vehicles_out=240, staff_on_duty=20)
    picture = bench.at(0, daily)
    assert set(picture.state.status) == {"normal"}
    assert set(picture.state.persons_per_hour) == {100}
    assert {rate for rates in picture.state.rates.values() for rate in rates[1]} == {10}
    assert set(NOON - picture.state.observed_at) == {12 * HOUR}  # the age is told as it is
    assert picture.alerts == ()
    assert picture.lines[0].km_covered > 0
    same(bench.restart(), picture)
    bench.at(1)
    same(bench.engine.picture_at(NOON), picture)

    late = bench.at(40 * HOUR - 12 * HOUR)
    assert set(late.state.status) == {"no_data"}
    assert np.isnan(late.state.persons_per_hour).all()
    assert {alert.rule for alert in late.alerts} == {"no_data"}
    assert late.alerts[0].value == 40 * HOUR
    same(bench.restart(), late)

    gone = bench.at(3.1 * DAY - 12 * HOUR)
    assert set(gone.state.status) == {"offline"}
    assert {alert.rule for alert in gone.alerts} == {"no_data", "offline"}
    same(bench.restart(), gone)
    bench.at(3.1 * DAY - 12 * HOUR + 1)
    for before in (gone, late, picture):
        same(bench.engine.picture_at(before.at), before)

    # The next one comes nine hours after the day it tells of, and ends both.
    back = bench.at(3 * DAY + 21 * HOUR, every(small(), MIDNIGHT + 4 * DAY, interval_s=DAY, staff_on_duty=20))
    assert set(back.state.status) == {"normal"}
    assert back.alerts == ()


def test_a_minute_after_a_day_speaks_for_a_minute_only(bench: Bench) -> None:
    bench.at(0, one("c1", MIDNIGHT, interval_s=DAY), one("c1", NOON, wait_min=3))
    assert bench.site("c1", "status") == "normal"
    bench.at(601)
    assert bench.site("c1", "status") == "no_data"


@pytest.mark.parametrize(
    ("age", "holds"), [(1350, set()), (1351, {"early", "no_data"}), (2701, {"early", "no_data", "offline"})]
)
def test_rules_on_the_age_turn_with_the_status(age: int, holds: set[str]) -> None:
    thresholds = {"early": 300, "no_data": 600, "offline": 1800}
    rules = [
        RuleSpec(id=name, name={}, metric="data_age_s", threshold=threshold, severity="notice", what={})
        for name, threshold in thresholds.items()
    ]
    profile = replace(small(), spec=small().spec.model_copy(update={"rules": rules}))
    row = profile.sites.row["c1"]
    view = view_of(profile, NOON, [one("c1", NOON - age, interval_s=900), one("c2", NOON - 301)])
    assert {name for name, seen in view.seen.items() if seen.holds[row]} == holds
    assert {name for name, seen in view.seen.items() if seen.clears[row]} == set(thresholds) - holds
    assert {seen.value[row] for seen in view.seen.values()} == {age // 60 * 60}
    # Who reports by the minute is late as early as the profile says.
    other = profile.sites.row["c2"]
    assert [name for name, seen in view.seen.items() if seen.holds[other]] == ["early"]


def test_whatever_the_interval_the_past_is_as_it_was(bench: Bench) -> None:
    rng = np.random.default_rng(3)
    sites = small().sites.site_id.tolist()
    interval = dict(zip(sites, [60, 300, 900, 1800, 2400, 3600, 2 * HOUR, DAY], strict=True))
    drawn = []
    for at in range(0, 8 * HOUR, 300):
        due = [site for site in sites if at % interval[site] < 300 and rng.random() < 0.8]
        rows: list[Any] = [
            one(
                site, NOON + at, interval_s=interval[site], persons_in=int(rng.integers(99)),
                wait_min=float(rng.integers(9)), staff_on_duty=20,
            )
            for site in due
        ]  # fmt: skip
        drawn.append(bench.at(at, *rows))
    assert {"normal", "no_data", "offline"} <= {status for one in drawn for status in one.state.status}
    for live in drawn[:-1]:
        same(bench.engine.picture_at(live.at), live)
    same(bench.restart(), drawn[-1])


def test_a_late_row_of_a_slow_site_is_in_its_windows(bench: Bench) -> None:
    half = [
        one("c1", NOON - back, interval_s=1800, persons_in=persons)
        for back, persons in ((2400, 100), (4200, 300))
    ]
    bench.at(0, half[0])
    assert bench.site("c1", "persons_per_hour") == 200
    after = bench.at(1, half[1])  # more than an hour old, and yet within the hour before the newest
    row = small().sites.row["c1"]
    assert after.state.rates[60][0][row] == 400
    same(bench.restart(), after)


@pytest.fixture(scope="module")
def lincang() -> Profile:
    return load_profile("lincang")


def test_yesterday_of_the_demonstration_looks_like_today(
    lincang: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The past is filled in by the quarter of an hour; the profile says no data after ten minutes."""
    monkeypatch.setattr(shifts, "CLUSTERS_A_DAY", 0.0)  # when many sites fall silent at once, they do so then
    store = SqliteStore(tmp_path / "kept.db")
    feed = SimulatedFeed(lincang)
    for start in range(NOON - 2 * DAY, NOON - DAY + 2 * HOUR, 4 * HOUR):
        store.write(feed.past(start, start + 4 * HOUR))
        store.write_reports(feed.reports(start, start + 4 * HOUR))
    store.write(feed.past(NOON - DAY + 4 * HOUR, NOON, fine_from=NOON - 1800))
    store.write_reports(feed.reports(NOON - DAY + 4 * HOUR, NOON))
    engine = Engine(lincang, store, clock=lambda: float(NOON))
    now = engine.resume()
    assert now.state.online.mean() > 0.97
    held = now.lines[0].km_covered
    for at in range(NOON - DAY - 12 * HOUR, NOON - DAY + 2 * HOUR, 2 * HOUR + 433):
        then = engine.picture_at(at)
        assert then.state.online.mean() > 0.97
        assert then.lines[0].km_covered == pytest.approx(held, rel=0.03)
        assert not [alert for alert in then.alerts if alert.rule == "no_data"]
    store.close()
