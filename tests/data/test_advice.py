"""How many lanes and people bring a wait back under the threshold, by when, and when that is not enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.advice import AIM_MIN, LOOK_MIN, Advice, advise, ahead_h, staff_for
from data.feeds.queue import serve
from data.forecast import DAY, Point, SiteForecast
from data.service_rate import Service
from data.site_past import SitePast

T0 = 1_790_000_000 // 900 * 900
PACE = 60.0
SERVICE = Service("vehicles", PACE, 50.0, 1.0)


def past_of(wait: float, lanes: float, come_h: float, *, usual_h: float | None = None) -> SitePast:
    """Eight days with so many that come and no queue; then this wait, unchanged for an hour."""
    steps = 8 * DAY
    waits, rate = np.zeros(steps), np.full(steps, come_h if usual_h is None else usual_h)
    waits[-4:], rate[-4:] = wait, come_h
    return SitePast(
        ends=T0 + 900 * np.arange(steps),
        wait_min=waits,
        lanes=np.full(steps, lanes),
        counted_h={"vehicles": rate, "persons": 3 * rate},
    )


def asked(past: SitePast, service: Service | None = SERVICE, **more: object) -> Advice:
    given: dict[str, object] = {
        "threshold_min": 30.0, "lanes_total": 6.0, "staff_on_duty": 8.0, "staff_required": 24.0,
    }  # fmt: skip
    return advise(past, service, **given | more)  # type: ignore[arg-type]


def test_below_the_threshold_there_is_nothing_to_do() -> None:
    told = asked(past_of(10.0, 2.0, 60.0))
    assert (told.what, told.wait_min, told.lanes_more) == ("calm", 10.0, None)
    assert (told.unit, told.per_lane_h, told.lanes_open) == ("vehicles", PACE, 2)


def test_lanes_and_staff_that_bring_it_back_and_by_when() -> None:
    """Two lanes, 45 minutes, 110 come: 3 lanes check 180, so the wait falls; staffed by four each."""
    told = asked(past_of(45.0, 2.0, 110.0))
    assert (told.what, told.lanes, told.lanes_more) == ("open", 3, 1)
    assert told.staff_more == 3 * 4 - 8
    assert told.under_min is not None
    assert 0 <= told.under_min <= AIM_MIN
    assert told.divert_h is None


def test_fewer_lanes_would_not_have_done() -> None:
    told = asked(past_of(50.0, 2.0, 150.0))
    assert told.what == "open"
    assert told.lanes is not None
    fewer = [one for one in told.options if one.lanes < told.lanes]
    assert fewer
    assert all(one.under_min is None or one.under_min > AIM_MIN for one in fewer)


def test_following_the_advice_works_in_a_queue_that_is_really_served() -> None:
    """The queue of the simulated feed, with the lanes that are advised: under the threshold by then."""
    come, lanes, wait = 150.0, 2, 50.0
    told = asked(past_of(wait, float(lanes), come))
    assert told.lanes is not None
    assert told.under_min is not None
    rng = np.random.default_rng(7)
    arrivals = rng.poisson(come / 60, (200, 90)).astype(np.float64)
    arrivals[:, 0] += wait / 60 * lanes * PACE  # what stands already
    open_ = np.full(arrivals.shape, float(told.lanes))
    served = serve(arrivals, np.full(arrivals.shape, PACE), open_, open_, 60.0)
    then = served.wait_min[:, told.under_min + 5 :]
    assert (then < 30.0).mean() > 0.95


def test_a_wait_that_passes_by_itself_needs_no_lane() -> None:
    told = asked(past_of(33.0, 3.0, 90.0))
    assert (told.what, told.lanes_more, told.staff_more) == ("wait", 0, 4)
    assert told.under_min is not None


def test_where_all_lanes_are_not_enough_some_go_another_way() -> None:
    """Two lanes of two, 60 minutes, 180 come: in half an hour 90 come, 60 go, 120 stood and 60 may stand."""
    told = asked(past_of(60.0, 2.0, 180.0), lanes_total=2.0)
    assert (told.what, told.lanes, told.lanes_more, told.under_min) == ("divert", 2, 0, None)
    assert told.divert_h == pytest.approx((120 + 90 - 60 - 60) * 2, rel=0.01)


def test_what_is_foreseen_is_acted_on_before_it_is_there() -> None:
    past = past_of(25.0, 2.0, 190.0)
    soon = SiteForecast((Point(T0, 34.0, 20.0, 50.0),), None, "")
    assert asked(past).what == "calm"
    assert asked(past, foreseen=soon).what == "open"
    # A forecast that hides itself moves nobody.
    assert asked(past, foreseen=replace(soon, why="no_change")).what == "calm"


@pytest.mark.parametrize(
    ("more", "what"),
    [({"service": None}, "unknown"), ({"lanes_total": np.nan}, "unknown")],
    ids=["no-rate", "no-lanes"],
)
def test_without_a_rate_or_lanes_nothing_is_advised(more: dict[str, float | None], what: str) -> None:
    told = asked(past_of(45.0, 2.0, 100.0), **more)  # type: ignore[arg-type]
    assert (told.what, told.lanes, told.staff_more) == (what, None, None)


def test_without_a_wait_nothing_is_known() -> None:
    assert asked(past_of(np.nan, 2.0, 100.0)).what == "unknown"


@pytest.mark.parametrize(
    ("lanes", "on_duty", "required", "more"),
    [
        (3, 8.0, 24.0, 4),
        (2, 8.0, 24.0, 0),
        (5, 0.0, 25.0, 21),
        (3, np.nan, 24.0, None),
        (3, 8.0, np.nan, None),
    ],
)
def test_staff_that_lanes_need(lanes: int, on_duty: float, required: float, more: int | None) -> None:
    assert staff_for(lanes, 6.0, on_duty, required) == more


def test_what_comes_goes_over_into_the_usual() -> None:
    ahead = ahead_h(past_of(0.0, 2.0, 200.0, usual_h=80.0), SERVICE, LOOK_MIN)
    assert ahead[0] == pytest.approx(200.0, rel=0.05)
    assert (np.diff(ahead) < 0).all()
    assert ahead[-1] == pytest.approx(80 + 120 * np.exp(-2), rel=0.05)


def test_without_counts_nothing_is_made_up() -> None:
    past = past_of(45.0, 2.0, 100.0)
    bare = replace(past, counted_h={unit: np.full(past.steps, np.nan) for unit in past.counted_h})
    assert asked(bare).what == "unknown"
