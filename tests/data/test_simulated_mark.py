"""Whatever a picture shows of simulated readings, it says so, long after the simulation ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.readings import Readings
from data.simulated_hours import SimulatedHours
from tests.data.places import NOON, every, one, small
from tests.data.standing import Bench

HOUR, DAY = 3600, 86400


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def simulated(seconds: int) -> Readings:
    return one("c1", NOON + seconds, persons_in=5, method="simulated")


def refreshed(bench: Bench, seconds: int) -> bool:
    bench.clock.at = NOON + seconds
    bench.engine.refresh_today()
    return bench.at(seconds).simulated


def test_a_restart_on_real_readings_keeps_the_mark_of_the_windows(bench: Bench) -> None:
    bench.at(0, simulated(0))
    bench.at(300, every(small(), NOON + 300, persons_in=1))
    assert bench.restart().simulated
    assert bench.engine.picture_at(NOON + 299).simulated


def test_the_mark_stays_as_long_as_sums_hold_simulated_readings(bench: Bench) -> None:
    bench.at(0, simulated(0))
    bench.at(1, every(small(), NOON + 1, persons_in=1))
    marked = [
        refreshed(bench, hours * HOUR)
        for hours in (1, 12, 24, 26, 5 * 24, 7 * 24 - 1, 7 * 24 + 1, 8 * 24 + 2)
    ]
    assert marked == [True, True, True, False, False, False, True, False]


def test_a_past_picture_is_marked_by_its_own_time(bench: Bench) -> None:
    bench.at(0, simulated(0))
    bench.at(4 * DAY, every(small(), NOON + 4 * DAY))
    bench.at(4 * DAY + 1)
    for seconds, marked in ((-10, False), (0, True), (HOUR, True), (2 * DAY, True), (3 * DAY, True)):
        assert bench.engine.picture_at(NOON + seconds).simulated is marked  # c1's newest is simulated
    bench.at(4 * DAY + 2, every(small(), NOON + 10, persons_in=1))
    assert not bench.engine.picture_at(NOON + 2 * DAY).simulated
    assert bench.engine.picture_at(NOON + 12 * HOUR - 1).simulated


def test_what_is_remembered_follows_writes_and_corrections(bench: Bench) -> None:
    hours = SimulatedHours(bench.store)
    span = (NOON - 2 * HOUR, NOON + 1800)
    assert not hours.any(*span)
    bench.store.write(late := simulated(-HOUR))
    assert not hours.any(*span)  # remembered
    hours.touch(late.observed_at)
    assert hours.any(*span)
    bench.store.write(one("c1", NOON - HOUR, persons_in=5, method="manual"))
    hours.forget()
    assert not hours.any(*span)
    bench.store.write(simulated(900))
    assert hours.any(*span)  # the hour that is not over is asked for each time
    assert not hours.any(span[0], NOON + 899)
