"""The queue before several lanes: nobody is lost, and queue, wait and throughput tell the same story."""

from __future__ import annotations

import numpy as np
import pytest

from data.feeds.queue import CLOSE_AT_MIN, DIVERT_ALL_MIN, OPEN_AT_MIN, Served, serve


def run(arrivals: np.ndarray, per_lane_h: float, planned: float, most: float, step_s: float = 60.0) -> Served:
    def full(value: float) -> np.ndarray:
        return np.full(arrivals.shape, float(value))

    return serve(arrivals.astype(float), full(per_lane_h), full(planned), full(most), step_s)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_nobody_is_lost_and_nobody_is_made(rng: np.random.Generator) -> None:
    arrivals = rng.poisson(2.4, (40, 600))
    result = run(arrivals, per_lane_h=60, planned=2, most=4)
    through = (result.served + result.diverted).sum(axis=1) + result.present[:, -1]
    assert np.array_equal(through, arrivals.sum(axis=1))
    for column in (result.served, result.waiting, result.present, result.wait_min, result.diverted):
        assert (column >= 0).all()
    assert np.array_equal(result.served, np.floor(result.served))


def test_lanes_are_never_faster_than_they_are(rng: np.random.Generator) -> None:
    result = run(rng.poisson(3.0, (20, 600)), per_lane_h=45, planned=1, most=3)
    could = np.cumsum(result.lanes * 45 / 60, axis=1)
    assert (np.cumsum(result.served, axis=1) <= could + 1e-6).all()


def test_a_lane_with_a_queue_before_it_never_rests() -> None:
    arrivals = np.zeros((1, 120))
    arrivals[0, 0] = 90
    result = run(arrivals, per_lane_h=60, planned=1, most=1)
    busy = result.present[0] > 1
    assert (result.served[0, 1:][busy[1:]] == 1).all()
    assert result.present[0, -1] == 0
    assert result.served.sum() == 90


def test_an_idle_lane_saves_nothing_up() -> None:
    arrivals = np.zeros((1, 100))
    arrivals[0, 90] = 10
    result = run(arrivals, per_lane_h=12, planned=1, most=1)
    assert result.served[0, 90:].sum() <= 2  # ten minutes at five minutes each


def test_littles_law(rng: np.random.Generator) -> None:
    """Mean waiting is arrivals per minute times the mean wait, each told from the counts alone."""
    arrivals = rng.poisson(1.7, (1, 4000))
    result = run(arrivals, per_lane_h=60, planned=2, most=2)
    assert result.diverted.sum() == 0
    # Each arrival's own wait until its check begins, first come, first served, from the running counts.
    came = np.repeat(np.arange(4000), arrivals[0])
    begun = np.cumsum(result.served[0]) + np.minimum(result.present[0], 2)
    began = np.searchsorted(begun, np.arange(len(came)) + 1)
    inside = began < 4000
    mean_wait = (began[inside] - came[inside]).mean()
    per_minute = arrivals.sum() / 4000
    assert mean_wait > 0.5
    assert result.waiting.mean() == pytest.approx(per_minute * mean_wait, rel=0.02)
    # What the last to join in a minute is told is what then comes true, to the minute.
    last = np.append(came[1:] != came[:-1], True) & inside
    assert np.abs(result.wait_min[0, came[last]] - (began - came)[last]).max() <= 1


def test_queue_wait_and_throughput_agree(rng: np.random.Generator) -> None:
    result = run(rng.poisson(2.6, (10, 480)), per_lane_h=60, planned=2, most=2)
    pressed = result.waiting > 4
    assert pressed.mean() > 0.3
    throughput_h = np.convolve(np.ones(15), [4])  # a quarter of an hour of minutes, as an hourly rate
    for site in range(10):
        rate = np.convolve(result.served[site], throughput_h, mode="valid")
        steady = np.convolve(pressed[site], np.ones(15), mode="valid") == 15
        if steady.any():
            assert rate[steady] == pytest.approx(2 * 60, rel=0.05)
    wait = result.waiting[pressed] / (result.lanes[pressed] * 60) * 60
    assert result.wait_min[pressed] == pytest.approx(wait)


def test_lanes_follow_the_wait_within_what_there_is() -> None:
    arrivals = np.zeros((1, 400))
    arrivals[0, :100] = 4
    result = run(arrivals, per_lane_h=60, planned=1, most=3)
    lanes = result.lanes[0]
    assert lanes[0] == 1
    assert lanes.max() == 3
    assert lanes[-1] == 1
    first = np.flatnonzero(lanes > 1)[0]
    assert OPEN_AT_MIN - 4 < result.wait_min[0, first - 1] <= OPEN_AT_MIN  # four more came in that minute
    closing = np.flatnonzero(np.diff(lanes) < 0)
    assert (result.wait_min[0, closing] < CLOSE_AT_MIN).all()


def test_traffic_is_diverted_before_the_wait_runs_away() -> None:
    result = run(np.full((1, 600), 5), per_lane_h=60, planned=1, most=2)
    assert result.diverted.sum() > 0
    assert result.wait_min.max() < DIVERT_ALL_MIN
