"""When files are made by themselves, by the profile's clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.schedule import ON_TIME_S, Firing, Slot, due, fired, late, marks, moments, noted, tasks
from data.spec_exports import ScheduleSpec

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
COUNTIES = ("530902", "530921")


def spec(**given: Any) -> ScheduleSpec:
    given = {"id": "morning", "files": ["brief.docx"], **given}
    return ScheduleSpec.model_validate(given)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def told(found: list[int], zone: ZoneInfo) -> list[str]:
    return [datetime.fromtimestamp(one, zone).isoformat() for one in found]


def test_every_day_at_a_time_of_day() -> None:
    found = moments(spec(at=["20:00", "08:00", "08:00"]), SHANGHAI, at("2026-11-22T08:00:00+08:00"),
                    at("2026-11-23T08:00:00+08:00"))  # fmt: skip
    # The moment that begins the span belongs to the one before.
    assert told(found, SHANGHAI) == ["2026-11-22T20:00:00+08:00", "2026-11-23T08:00:00+08:00"]


def test_on_weekdays_alone() -> None:
    found = moments(spec(at=["08:00"], weekdays=["mon"]), SHANGHAI, at("2026-11-16T08:00:01+08:00"),
                    at("2026-12-01T00:00:00+08:00"))  # fmt: skip
    assert told(found, SHANGHAI) == ["2026-11-23T08:00:00+08:00", "2026-11-30T08:00:00+08:00"]


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        # At two the clocks go forward to three: half past two is never shown.
        ("2026-03-29", "02:30", ["2026-03-29T03:30:00+02:00"]),
        # At three they go back to two: half past two is shown twice.
        ("2026-10-25", "02:30", ["2026-10-25T02:30:00+02:00"]),
        ("2026-03-29", "08:00", ["2026-03-29T08:00:00+02:00"]),
        ("2026-10-25", "08:00", ["2026-10-25T08:00:00+01:00"]),
    ],
    ids=["forward-lost", "back-twice", "forward-later", "back-later"],
)
def test_where_clocks_are_changed(day: str, clock: str, expected: list[str]) -> None:
    start, end = (int(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=BERLIN).timestamp())
                  for hour in ("00:00:00", "23:59:59"))  # fmt: skip
    assert told(moments(spec(at=[clock]), BERLIN, start, end), BERLIN) == expected


def test_every_local_day_of_a_year_has_one_of_them() -> None:
    found = moments(
        spec(at=["02:30"]), BERLIN, at("2026-01-01T00:00:00+01:00"), at("2027-01-01T00:00:00+01:00")
    )
    assert len(found) == 365
    assert len({datetime.fromtimestamp(one, BERLIN).date() for one in found}) == 365


def slots(one: ScheduleSpec, since: int, now: str) -> list[Slot]:
    return due(one, SHANGHAI, COUNTIES, dict.fromkeys(marks([one]), since), at(now))


def test_a_missed_one_is_due_until_it_is_too_late() -> None:
    one, since = spec(at=["08:00"], late_h=24), at("2026-11-01T00:00:00+08:00")
    assert [told([slot.at], SHANGHAI)[0] for slot in slots(one, since, "2026-11-22T07:59:59+08:00")] == [
        "2026-11-21T08:00:00+08:00"
    ]
    assert [told([slot.at], SHANGHAI)[0] for slot in slots(one, since, "2026-11-22T08:00:00+08:00")] == [
        "2026-11-21T08:00:00+08:00", "2026-11-22T08:00:00+08:00",
    ]  # fmt: skip
    assert [told([slot.at], SHANGHAI)[0] for slot in slots(one, since, "2026-11-22T08:00:01+08:00")] == [
        "2026-11-22T08:00:00+08:00"
    ]


def test_without_time_to_be_late_it_is_due_for_some_minutes() -> None:
    one, since = spec(at=["08:00"], late_h=0), at("2026-11-01T00:00:00+08:00")
    moment = at("2026-11-22T08:00:00+08:00")
    [slot] = due(one, SHANGHAI, (), dict.fromkeys(marks([one]), since), moment + ON_TIME_S)
    assert not late(tasks(one, slot, ["zh-CN"])[0], moment + ON_TIME_S)
    assert due(one, SHANGHAI, (), dict.fromkeys(marks([one]), since), moment + ON_TIME_S + 1) == []


def test_what_was_before_the_schedule_was_not_missed() -> None:
    one = spec(at=["08:00", "12:00"])
    first = at("2026-11-22T10:00:00+08:00")
    known = noted({}, [one], first)
    now = at("2026-11-22T13:00:00+08:00")
    assert [told([slot.at], SHANGHAI)[0] for slot in due(one, SHANGHAI, (), known, now)] == [
        "2026-11-22T12:00:00+08:00"
    ]
    # A time of the day that is added later was not missed either, and the others stay as they were.
    more = spec(at=["08:00", "12:00", "12:30"])
    again = noted(known, [more], now)
    assert [told([slot.at], SHANGHAI)[0] for slot in due(more, SHANGHAI, (), again, now)] == [
        "2026-11-22T12:00:00+08:00"
    ]
    assert noted(again, [], now) == {}


def test_what_a_slot_makes() -> None:
    one = spec(
        at=["08:00"],
        files=["brief.docx", "snapshot.png", "brief.docx"],
        scopes=["", "*", "530902"],
        lang="en",
    )
    [slot] = slots(one, at("2026-11-22T00:00:00+08:00"), "2026-11-22T08:00:03+08:00")
    made = tasks(one, slot, ["zh-CN", "en"])
    assert [(task.scope, task.file) for task in made] == [
        (scope, file) for scope in ("", *COUNTIES) for file in ("brief.docx", "snapshot.png")
    ]
    assert {(task.lang, task.at, task.covers) for task in made} == {("en", slot.at, "last")}
    assert len({task.key for task in made}) == len(made)
    assert late(made[0], slot.at + ON_TIME_S + 1)


def alarms(one: ScheduleSpec, *firings: Firing, now: int) -> list[Slot]:
    return fired(one, COUNTIES, firings, since=dict.fromkeys(marks([one]), 0), now=now)


def test_alerts_of_one_minute_are_one_slot() -> None:
    one = spec(severities=["critical"])
    begin = at("2026-11-22T08:00:00+08:00")
    found = (
        Firing(begin + 5, "critical", "530902"), Firing(begin + 59, "critical", ""),
        Firing(begin + 60, "critical", ""), Firing(begin + 1, "warning", ""),
    )  # fmt: skip
    assert alarms(one, *found, now=begin + 59) == []
    [slot] = alarms(one, *found, now=begin + 60)
    assert (slot.at, slot.scopes) == (begin + 60, ("",))
    assert len(alarms(one, *found, now=begin + 120)) == 2
    assert alarms(one, *found, now=begin + 120 + 24 * 3600 + 1) == []
    assert fired(one, COUNTIES, found, since=noted({}, [one], begin + 61), now=begin + 120) == []


def test_a_slot_goes_by_the_first_of_its_alerts_wherever_the_minute_ends() -> None:
    one = spec(severities=["critical"], scopes=["", "*"])
    begin = at("2026-11-22T08:00:00+08:00")
    two = Firing(begin, "critical", "530902", "b"), Firing(begin + 59, "critical", "530921", "a")
    [slot] = alarms(one, *two, now=begin + 60)
    assert slot.alerts == {"": "a", "530902": "b", "530921": "a"}
    assert {task.alert for task in tasks(one, slot, ["zh-CN"])} == {"a", "b"}


def test_an_alert_is_its_countys() -> None:
    one = spec(severities=["critical"], scopes=["*"])
    begin = at("2026-11-22T08:00:00+08:00")
    [slot] = alarms(one, Firing(begin, "critical", "530921"), Firing(begin, "critical", ""), now=begin + 60)
    assert slot.scopes == ("530921",)
    assert alarms(one, Firing(begin, "critical", ""), now=begin + 60) == []
