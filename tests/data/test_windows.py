"""The memory of readings takes rows in any order, and throughput counts only what a window covers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.readings import Readings
from data.spec import ProfileSpec
from data.windows import METHOD_NAMES, Recent, lookback_s, slots_for
from tests.data.places import NOON, small


def put(recent: Recent, rows: list[tuple[int, int, float]], interval: float = 60) -> np.ndarray:
    """Rows of (site, time, persons in)."""
    sites, times, persons = (np.array(column) for column in zip(*rows, strict=True))
    readings = Readings.of(
        site_id=[f"s{site}" for site in sites], observed_at=times, interval_s=interval, persons_in=persons
    )
    return recent.put(sites, readings)


def per_hour(recent: Recent, site: int, minutes: int) -> float:
    return float(recent.measure(np.array([site]), minutes)[0][0])


def test_a_full_window_is_a_plain_sum() -> None:
    recent = Recent(1, 64)
    put(recent, [(0, NOON - 60 * back, 2) for back in range(60)])
    assert [per_hour(recent, 0, minutes) for minutes in (5, 15, 60)] == pytest.approx([120, 120, 120])


def test_both_directions_count_and_one_alone_counts_too() -> None:
    recent = Recent(3, 8)
    rows = Readings.of(
        site_id=["a", "b", "c"], observed_at=[NOON] * 3, interval_s=3600, persons_in=[5, np.nan, np.nan],
        persons_out=[7, 7, np.nan], vehicles_in=[1, 1, 0],
    )  # fmt: skip
    recent.put(np.arange(3), rows)
    persons, vehicles = recent.rates[60]
    assert persons[:2].tolist() == [12, 7]
    assert np.isnan(persons[2])  # nothing reported is not zero
    assert vehicles.tolist() == [1, 1, 0]  # zero is zero


def test_a_reading_counts_by_the_part_that_lies_in_the_window() -> None:
    recent = Recent(1, 8)
    put(recent, [(0, NOON - 600, 60), (0, NOON, 10)], interval=600)
    # 15 minutes: the newest ten minutes whole, half of the ten before.
    assert per_hour(recent, 0, 15) == pytest.approx((10 + 30) * 4)
    assert per_hour(recent, 0, 5) == pytest.approx(5 * 12)


def test_a_daily_reading_is_spread_over_its_day() -> None:
    recent = Recent(1, 8)
    put(recent, [(0, NOON, 2400)], interval=86400)
    assert per_hour(recent, 0, 15) == pytest.approx(100)


def test_what_is_not_covered_does_not_dilute() -> None:
    recent = Recent(2, 8)
    put(recent, [(0, NOON, 2)])  # one minute known
    assert per_hour(recent, 0, 60) == pytest.approx(120)
    assert np.isnan(per_hour(recent, 1, 60))


def test_a_window_ends_at_the_sites_own_newest_reading() -> None:
    recent = Recent(2, 8)
    changed = put(recent, [(0, NOON - 3600, 4), (1, NOON, 2)])
    assert changed.tolist() == [0, 1]
    assert recent.rates[15][0].tolist() == pytest.approx([240, 120])
    assert put(recent, [(1, NOON + 60, 3)]).tolist() == [1]


def test_a_correction_replaces_and_a_duplicate_changes_nothing() -> None:
    recent = Recent(1, 8)
    put(recent, [(0, NOON - 60, 2), (0, NOON, 2)])
    put(recent, [(0, NOON, 2)])
    assert per_hour(recent, 0, 60) == pytest.approx(120)
    put(recent, [(0, NOON - 60, 8), (0, NOON, 2)])
    assert per_hour(recent, 0, 60) == pytest.approx(300)


def test_the_newest_reading_is_newest_by_its_time_not_by_its_arrival() -> None:
    recent = Recent(1, 8)
    for at, wait, method in ((NOON, 20.0, "manual"), (NOON - 600, 5.0, "measured")):
        rows = Readings.of(site_id=["a"], observed_at=[at], wait_min=[wait], method=[method])
        recent.put(np.array([0]), rows)
    assert recent.newest.observed_at[0] == NOON
    assert recent.newest.wait_min[0] == 20
    assert METHOD_NAMES[recent.newest.method[0]] == "manual"
    recent.put(np.array([0]), Readings.of(site_id=["a"], observed_at=[NOON], wait_min=[25.0]))
    assert recent.newest.wait_min[0] == 25  # a correction of the newest
    recent.put(np.array([0]), Readings.of(site_id=["a"], observed_at=[NOON + 60]))
    assert np.isnan(recent.newest.wait_min[0])  # not reported now is not known now


def test_the_trend_of_a_wait_looks_a_quarter_of_an_hour_back() -> None:
    recent = Recent(3, 16)
    times = [NOON - 1800, NOON - 900, NOON - 300, NOON]
    rows = Readings.of(site_id=["a"] * 4, observed_at=times, wait_min=[50, 10, 14, 18])
    recent.put(np.zeros(4, int), rows)
    recent.put(np.array([1]), Readings.of(site_id=["b"], observed_at=[NOON], wait_min=[18.0]))
    assert recent.wait_change[0] == 8
    assert np.isnan(recent.wait_change[1:]).all()


def test_the_trend_does_not_depend_on_the_order_of_arrival() -> None:
    times, waits = np.array([NOON - 1200, NOON - 600, NOON]), np.array([1.0, 5.0, 9.0])
    gained = set()
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        recent = Recent(1, 8)
        for row in order:
            rows = Readings.of(site_id=["a"], observed_at=[times[row]], wait_min=[waits[row]])
            recent.put(np.array([0]), rows)
        gained.add(float(recent.wait_change[0]))
    assert gained == {4}


def test_a_batch_may_hold_a_site_many_times() -> None:
    recent, batch = Recent(2, 8), Recent(2, 8)
    rows = [(back % 2, NOON - 60 * back, float(back)) for back in range(40)]
    for row in rows:
        put(recent, [row])
    put(batch, rows)
    for minutes in (5, 15, 60):
        assert [per_hour(batch, site, minutes) for site in (0, 1)] == pytest.approx(
            [per_hour(recent, site, minutes) for site in (0, 1)]
        )


@given(st.data())
def test_memory_agrees_with_a_plain_table(data: st.DataObject) -> None:
    """Any order, any batches, corrections: the newest `slots` of each site, last value per time."""
    slots, sites = 4, 3
    rows = data.draw(
        st.lists(
            st.tuples(st.integers(0, sites - 1), st.integers(1, 12), st.integers(0, 9)),
            min_size=1,
            max_size=60,
        )
    )
    recent = Recent(sites, slots)
    # Batches of one row at a time and larger ones; a row that a full memory has let go may not come back.
    table: dict[int, dict[int, int]] = {site: {} for site in range(sites)}
    while rows:
        size = data.draw(st.integers(1, len(rows)))
        batch, rows = rows[:size], rows[size:]
        put(recent, [(site, NOON + 60 * at, float(persons)) for site, at, persons in batch])
        for site, at, persons in batch:
            table[site][at] = persons
        for kept in table.values():
            for at in sorted(kept)[:-slots]:
                del kept[at]
    for site, kept in table.items():
        if not kept:
            assert np.isnan(recent.newest.observed_at[site])
            continue
        newest = max(kept)
        assert recent.newest.observed_at[site] == NOON + 60 * newest
        inside = [persons for at, persons in kept.items() if at > newest - 5]
        assert recent.rates[5][0][site] == pytest.approx(sum(inside) / len(inside) * 60)


def test_the_memory_fits_the_reporting_interval() -> None:
    spec = small().spec

    def every(seconds: int) -> ProfileSpec:
        return spec.model_copy(
            update={"readings": spec.readings.model_copy(update={"expected_interval_s": seconds})}
        )

    assert [slots_for(every(seconds)) for seconds in (1, 60, 300, 86400)] == [128, 64, 16, 8]
    assert lookback_s(spec) == 600 + 3600
