"""When rounds are due: by local clocks, over midnight and where clocks are put forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.due import state_of
from data.rota import midnight, times_of, turns
from data.spec import RoundSpec

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 22)
"""A Sunday."""


def spec(**values: Any) -> RoundSpec:
    return RoundSpec.model_validate({"id": "r", "name": {}, "within_min": 60, **values})


def local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%d %H:%M")


def test_a_round_is_due_at_its_times_by_local_clocks() -> None:
    found = turns(spec(times=["16:30", "00:30"], within_min=120), SHANGHAI, DAY, 2)
    assert [local(at, SHANGHAI) for at in found.due] == ["22 00:30", "22 16:30", "23 00:30", "23 16:30"]
    assert [local(at, SHANGHAI) for at in found.until] == ["22 02:30", "22 18:30", "23 02:30", "23 18:30"]


def test_every_so_many_hours_counts_from_its_start() -> None:
    assert times_of(spec(every_h=8, start="22:15")) == [6 * 60 + 15, 14 * 60 + 15, 22 * 60 + 15]
    assert len(times_of(spec(every_h=1))) == 24


def test_a_turn_reaches_over_midnight() -> None:
    found = turns(spec(times=["23:30"], within_min=120), SHANGHAI, DAY, 1)
    assert local(found.until[0], SHANGHAI) == "23 01:30"
    assert found.running(midnight(DAY, SHANGHAI) + 86_400) == 0


def test_weekdays_are_those_on_which_it_is_due() -> None:
    found = turns(spec(times=["23:30"], weekdays=["mon", "sun"]), SHANGHAI, DAY, 8)
    assert [local(at, SHANGHAI) for at in found.due] == ["22 23:30", "23 23:30", "29 23:30"]


def test_clocks_put_forward_make_no_turn_vanish_and_none_overlap() -> None:
    # On 2026-03-29 there is no 02:30 in Berlin.
    found = turns(spec(times=["01:30", "02:30", "04:00"]), BERLIN, date(2026, 3, 29), 1)
    assert [local(at, BERLIN) for at in found.due] == ["29 01:30", "29 03:30", "29 04:00"]
    assert [local(at, BERLIN) for at in found.until] == ["29 03:30", "29 04:00", "29 05:00"]
    assert (found.until[:-1] <= found.due[1:]).all()


def test_two_times_that_become_one_are_one_turn() -> None:
    found = turns(spec(times=["02:30", "03:30"]), BERLIN, date(2026, 3, 29), 1)
    assert [local(at, BERLIN) for at in found.due] == ["29 03:30"]


def test_an_hour_that_comes_twice_has_its_turn_once() -> None:
    found = turns(spec(times=["02:30"], within_min=30), BERLIN, date(2026, 10, 25), 1)
    assert [datetime.fromtimestamp(at, UTC).hour for at in found.due] == [0]


ZONES = st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
TIMES = st.lists(
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
    min_size=1,
    max_size=6,
    unique=True,
)


@given(ZONES, DAYS, TIMES, st.integers(1, 1440), st.integers(-3, 3))
def test_turns_never_overlap_and_each_day_has_its_own(
    zone: ZoneInfo, day: date, times: list[str], within: int, days: int
) -> None:
    found = turns(spec(times=times, within_min=within), zone, day, abs(days) + 1)
    assert (found.due < found.until).all()
    assert (found.until[:-1] <= found.due[1:]).all()
    assert (found.due[:-1] < found.due[1:]).all()
    start, end = midnight(day, zone), midnight(day + timedelta(days=abs(days) + 1), zone)
    assert ((found.due >= start) & (found.due < end)).all()


@given(st.integers(0, 1000), st.integers(1, 500), st.integers(0, 500), st.integers(-100, 2500), st.booleans())
def test_a_window_is_in_exactly_one_state_and_ends_done_or_missed(
    due: int, within: int, pause: int, at: int, seen: bool
) -> None:
    until, next_due = due + within, due + within + pause
    state = state_of(due, until, next_due, at, seen=seen)
    told = {
        "done": seen,
        "upcoming": not seen and at < due,
        "due": not seen and due <= at < until,
        "overdue": not seen and until <= at < next_due,
        "missed": not seen and at >= next_due and at >= until,
    }
    assert [name for name, holds in told.items() if holds] == [state]


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN])
def test_a_day_begins_at_its_own_midnight(zone: ZoneInfo) -> None:
    assert datetime.fromtimestamp(midnight(DAY, zone), zone).strftime("%F %T") == "2026-11-22 00:00:00"
