"""When work that comes again is under way, by the profile's clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.rota import DAY_MIN, WEEKDAYS, minutes_of
from data.spec_hiding import MaintenanceSpec


@dataclass(frozen=True)
class Window:
    """One time that a work is under way, start <= t < end, epoch seconds."""

    id: str
    """Of the work."""
    start: int
    end: int


def windows(spec: MaintenanceSpec, zone: ZoneInfo, first: date, days: int) -> list[Window]:
    """The windows that begin on so many local days, in order.

    One over midnight belongs to the day on which it begins. Where clocks are put forward, a time of day that
    does not exist is as much later; where they are put back, one that comes twice means the first.
    """
    start, end = minutes_of(spec.start) or 0, minutes_of(spec.end) or 0
    if end <= start:
        end += DAY_MIN
    spans = [span for text in spec.dates if (span := span_of(text)) is not None]
    found = []
    for day in (first + timedelta(days=number) for number in range(days)):
        if spec.weekdays and WEEKDAYS[day.weekday()] not in spec.weekdays:
            continue
        if spec.dates and not any(low <= day <= high for low, high in spans):
            continue
        begins, ends = _instant(day, start, zone), _instant(day, end, zone)
        if begins < ends:  # not one that lies wholly in the hour that clocks skip
            found.append(Window(spec.id, begins, ends))
    return found


def span_of(text: str) -> tuple[date, date] | None:
    """The first and the last day of `dates`; None for what names none, or not in order."""
    first, slash, last = text.partition("/")
    try:
        low = date.fromisoformat(first)
        high = date.fromisoformat(last) if slash else low
    except ValueError:
        return None
    # Other forms of ISO 8601, such as 20260101 or 2026-W01-1, are read by few people.
    plain = (low.isoformat(), high.isoformat()) == (first, last if slash else first)
    return (low, high) if plain and low <= high else None


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    day += timedelta(days=minute // DAY_MIN)
    minute %= DAY_MIN
    return int(datetime.combine(day, time(minute // 60, minute % 60), zone).timestamp())
