"""Whether a rule is in force at a moment: its months, weekdays and hours by the profile's clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from data.spec_rules import WhenSpec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = 24 * 60


def in_force(when: WhenSpec, at: int, zone: ZoneInfo) -> bool:
    """Whether a moment is meant; a stretch of hours over midnight belongs to the day on which it begins."""
    if not (when.months or when.weekdays or when.hours):
        return True
    local = datetime.fromtimestamp(at, zone)
    today, minute = local.date(), local.hour * 60 + local.minute
    if not when.hours:
        return _day(when, today)
    for span in when.hours:
        begin, end = minutes_of(span)
        if begin < end:
            if begin <= minute < end and _day(when, today):
                return True
        elif (minute >= begin and _day(when, today)) or (
            minute < end and _day(when, today - timedelta(days=1))
        ):
            return True
    return False


@lru_cache
def minutes_of(span: str) -> tuple[int, int]:
    """Two times of day as minutes since midnight."""
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in span.split("-"))
    return begin, end


def _day(when: WhenSpec, day: date) -> bool:
    return (not when.months or day.month in when.months) and (
        not when.weekdays or WEEKDAYS[day.weekday()] in when.weekdays
    )
