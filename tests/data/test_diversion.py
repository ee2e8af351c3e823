"""What closing a site or a lane does to its neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from data.diversion import MOST_KM, MOST_NEIGHBOURS, Neighbour, Standing, what_if
from data.service_rate import Service

SERVICE = Service("vehicles", 60.0, 50.0, 1.0)


def site(name: str, *, come: float, lanes: int = 2, most: int = 4, wait: float = 0.0) -> Standing:
    return Standing(name, name, wait, lanes, most, SERVICE, np.full(24, come))


def beside(name: str, km: float, **more: float) -> Neighbour:
    return Neighbour(site(name, **{"come": 60.0} | more), km, "road")  # type: ignore[arg-type]


def test_a_closed_site_sends_all_that_come_and_its_queue() -> None:
    told = what_if(site("x", come=90.0, wait=15.0), 0, [beside("a", 5.0)], 30.0)
    assert told.wait_with is None
    # 90 come in an hour, and the 30 that stand go within half of one.
    assert told.leaves_h == pytest.approx(90 + 60)
    assert [one.share for one in told.taken_by] == [1.0]
    assert told.taken_by[0].more_h == pytest.approx(150.0)


def test_a_closed_lane_sends_what_the_others_cannot_check() -> None:
    told = what_if(site("x", come=110.0), 1, [beside("a", 5.0)], 30.0)
    assert told.leaves_h == pytest.approx(110 - 57)
    assert told.wait_with is not None
    assert told.wait_with > told.wait_without
    calm = what_if(site("x", come=30.0), 1, [beside("a", 5.0)], 30.0)
    assert calm.leaves_h == 0.0
    assert calm.taken_by[0].wait_with == pytest.approx(calm.taken_by[0].wait_without)


def test_the_nearer_and_the_roomier_takes_more() -> None:
    near, far = beside("near", 5.0), beside("far", 25.0)
    told = what_if(site("x", come=90.0), 0, [far, near], 30.0)
    assert [one.site_id for one in told.taken_by] == ["near", "far"]
    full, empty = beside("full", 5.0, come=220.0), beside("empty", 5.0, come=20.0)
    told = what_if(site("x", come=90.0), 0, [full, empty], 30.0)
    assert [one.site_id for one in told.taken_by] == ["empty", "full"]
    assert sum(one.share for one in told.taken_by) == pytest.approx(1.0)


def test_waits_of_neighbours_and_the_lanes_they_would_need() -> None:
    told = what_if(site("x", come=150.0), 0, [beside("a", 5.0, come=100.0, wait=5.0)], 30.0)
    one = told.taken_by[0]
    assert (one.wait_min, one.lanes_open) == (5.0, 2)
    # Two lanes check 120 and 250 come: some 65 stand after half an hour, 33 minutes of them.
    assert one.wait_with == pytest.approx(36, abs=6)
    assert one.wait_with > 30 > one.wait_without
    assert one.lanes_needed == 3
    crowd = what_if(site("x", come=900.0), 0, [beside("a", 5.0, come=100.0)], 30.0)
    assert crowd.taken_by[0].lanes_needed is None


def test_only_near_ones_that_check_the_same_take_over() -> None:
    on_foot = Standing("p", "p", 0.0, 2, 4, Service("persons", 60.0, 5.0, 1.0), np.full(24, 10.0))
    others = [Neighbour(on_foot, 1.0, "road"), beside("far", MOST_KM + 1.0)]
    told = what_if(site("x", come=90.0), 0, others, 30.0)
    assert told.taken_by == ()
    assert told.leaves_h == pytest.approx(90.0)
    many = [beside(f"s{number:02}", 1.0 + number) for number in range(12)]
    told = what_if(site("x", come=90.0), 0, many, 30.0)
    assert {one.site_id for one in told.taken_by} == {f"s{number:02}" for number in range(MOST_NEIGHBOURS)}


def test_where_nobody_has_room_the_bigger_takes_more() -> None:
    small, big = beside("small", 5.0, come=900.0, most=2), beside("big", 5.0, come=900.0, most=6)
    told = what_if(site("x", come=90.0), 0, [small, big], 30.0)
    assert [one.site_id for one in told.taken_by] == ["big", "small"]
    assert told.taken_by[0].share == pytest.approx(0.75)
