"""A queue before several lanes: known values of Erlang C, known limits, and a queue served one by one."""

from __future__ import annotations

import numpy as np
import pytest

from data.queueing import erlang_c, mean_waiting, waits_ahead


@pytest.mark.parametrize(
    ("lanes", "load", "expected"),
    # One lane: the load itself. Two lanes at load 1: 1/3. The others from printed tables of Erlang C.
    [(1, 0.5, 0.5), (1, 0.9, 0.9), (2, 1.0, 1 / 3), (10, 8.0, 0.4092), (5, 4.0, 0.5541), (3, 0.0, 0.0)],
)
def test_erlang_c(lanes: int, load: float, expected: float) -> None:
    assert float(erlang_c(lanes, load)) == pytest.approx(expected, abs=1e-4)


def test_whoever_comes_to_too_few_lanes_waits() -> None:
    assert erlang_c(2, np.array([2.0, 3.0])).tolist() == [1.0, 1.0]
    assert np.isinf(mean_waiting(2, 1.0))


def test_one_lane_is_kingmans_formula() -> None:
    busy = 0.8
    assert float(mean_waiting(1, busy)) == pytest.approx(busy**2 / (1 - busy))
    # Checks that all take the same time: half of that.
    assert float(mean_waiting(1, busy, 0.5)) == pytest.approx(busy**2 / (1 - busy) / 2)


def test_above_capacity_the_queue_is_a_fluid() -> None:
    """Two lanes of 60 an hour and 180 that come: 60 an hour stay standing, half an hour of wait."""
    waits = waits_ahead(
        np.array([20.0]), np.full((1, 2), 180.0), np.array([2.0]), 60.0, step_s=1800
    )[0]  # fmt: skip
    assert waits == pytest.approx([35.0, 50.0], abs=1.0)


def test_a_queue_drains_to_the_steady_state() -> None:
    lanes, pace, busy = 3, 60.0, 0.7
    come = np.full((1, 12), lanes * pace * busy)
    waits = waits_ahead(np.array([30.0]), come, np.array([float(lanes)]), pace, step_s=1800)[0]
    steady = float(mean_waiting(lanes, busy)) / (lanes * pace) * 60
    assert (np.diff(waits) <= 1e-9).all()
    assert waits[-1] == pytest.approx(steady, rel=0.05)


def test_it_is_near_the_mean_of_queues_that_were_served_one_by_one() -> None:
    """4,000 mornings of two lanes, chance arrivals and chance checks, event by event, against one line.

    From a queue that is known to the head the approximation lets go a little slowly: it errs to the long
    side, by about a quarter in this case.
    """
    rng = np.random.default_rng(5)
    pace, come, minutes = 60.0, 108.0, 30
    waiting = np.zeros(4000, dtype=np.int64) + 2 + 10  # both lanes at work and ten before them
    for _ in range(minutes * 60):
        waiting += rng.random(4000) < come / 3600
        waiting -= rng.random(4000) < np.minimum(waiting, 2) * pace / 3600
    stood = np.maximum(waiting - 2, 0).mean() / (2 * pace) * 60
    begins = np.array([10 / (2 * pace) * 60])
    told = waits_ahead(begins, np.full((1, 1), come), np.array([2.0]), pace, step_s=minutes * 60)[0, 0]
    assert stood < told < 1.35 * stood


def test_quick_lanes_do_not_make_it_swing() -> None:
    waits = waits_ahead(np.array([5.0]), np.full((1, 24), 900.0), np.array([1.0]), 1200.0, step_s=300)[0]
    assert (np.diff(waits) <= 1e-9).all()


def test_nobody_is_checked_where_no_lane_is_open() -> None:
    waits = waits_ahead(np.zeros(2), np.array([[10.0], [0.0]]), np.zeros(2), 60.0, step_s=900)
    assert waits[:, 0].tolist() == [np.inf, 0.0]
