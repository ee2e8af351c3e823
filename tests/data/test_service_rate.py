"""How much a lane checks, from readings; and the grid of a site's past."""

from __future__ import annotations

import numpy as np
import pytest

from data.readings import Readings
from data.service_rate import arrivals_h, service_of
from data.site_past import site_past
from tests.data.forecasting import simulated

NOON = 1_790_000_000 // 900 * 900
NAN = float("nan")


def minutes(count: int, **columns: object) -> Readings:
    """One reading a minute up to noon."""
    given: dict[str, object] = {"wait_min": 10.0, "lanes_open": 2.0, "vehicles_in": 2.0} | columns
    return Readings.of(site_id=["a"] * count, observed_at=NOON - 60 * np.arange(count)[::-1], **given)


def test_the_rate_is_what_full_lanes_checked() -> None:
    """Two lanes check two a minute: 60 an hour each, whatever was checked while nobody stood."""
    wait = np.where(np.arange(600) < 300, 0.0, 10.0)
    counts = np.where(np.arange(600) < 300, 0.0, 2.0)
    service = service_of(minutes(600, wait_min=wait, vehicles_in=counts), NAN, NAN)
    assert service is not None
    assert service.unit == "vehicles"
    assert service.per_lane_h == pytest.approx(60.0)
    assert service.lane_hours == pytest.approx(2 * 299 / 60)


def test_without_a_queue_it_is_the_stated_capacity() -> None:
    service = service_of(minutes(600, wait_min=0.0), NAN, 90.0)
    assert service is not None
    assert (service.per_lane_h, service.lane_hours) == (90.0, 0.0)
    assert service_of(minutes(600, wait_min=0.0), NAN, NAN) is None


def test_what_queues_is_what_goes_through_at_the_stated_rate() -> None:
    """Persons on foot at 120 a lane; vehicles are counted too, and their stated rate is far off."""
    rows = minutes(600, vehicles_in=1.0, persons_in=4.0)
    service = service_of(rows, 120.0, 90.0)
    assert service is not None
    assert (service.unit, round(service.per_lane_h)) == ("persons", 120)


def test_lanes_that_change_within_a_reading_tell_nothing() -> None:
    rows = minutes(600, lanes_open=np.where(np.arange(600) % 2 > 0, 2.0, 3.0))
    service = service_of(rows, NAN, 80.0)
    assert service is not None
    assert service.lane_hours == 0.0


def test_simulated_sites_get_their_own_rates_back() -> None:
    """Each day's lanes are off the stated capacity by six per cent or so; eight days together are nearer."""
    found = []
    for site in simulated(8, 11):
        stated = {"persons": site.persons_per_lane_h, "vehicles": site.vehicles_per_lane_h}
        service = service_of(site.rows, stated["persons"], stated["vehicles"])
        assert service is not None
        if service.lane_hours > 20:
            found.append(service.per_lane_h / stated[service.unit])
    assert len(found) > 1
    assert np.abs(np.array(found) - 1).max() < 0.08


def test_who_came_is_who_was_checked_and_by_whom_the_queue_grew() -> None:
    """Two lanes of 60: the wait rises from 0 to 15 minutes in a quarter, so 30 more came than went."""
    rows = minutes(30, wait_min=np.where(np.arange(30) < 15, 0.0, np.arange(30) - 14.0))
    past = site_past(rows, NOON, NOON - 1800)
    service = service_of(rows, NAN, 60.0)
    assert service is not None
    assert arrivals_h(past, service)[-1] == pytest.approx(120 + 30 * 4, rel=0.02)


def test_the_grid_ends_at_the_moment_and_keeps_gaps() -> None:
    rows = minutes(60)
    rows = rows.take((rows.observed_at <= NOON - 1800) | (rows.observed_at > NOON - 300))
    past = site_past(rows, NOON, NOON - 3600)
    assert past.ends.tolist() == [NOON - 2700, NOON - 1800, NOON - 900, NOON]
    # A quarter of an hour later the last value still holds, no longer; counts never do.
    assert np.isnan(past.counted_h["vehicles"]).tolist() == [False, False, True, False]
    assert past.counted_h["vehicles"][[0, 1, 3]] == pytest.approx([120.0] * 3)


def test_a_reading_counts_in_each_step_by_its_part() -> None:
    """One reading of twenty minutes over two quarters: the same rate in both."""
    rows = Readings.of(site_id=["a"], observed_at=[NOON], interval_s=[1200], persons_in=[40])
    past = site_past(rows, NOON, NOON - 1800)
    assert past.counted_h["persons"] == pytest.approx([120.0, 120.0])
    assert np.isnan(past.counted_h["vehicles"]).all()
