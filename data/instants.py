"""Times as senders write them become seconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from data.spec import ReadingTime

EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00").timestamp()
"""Before this a clock was not set."""


def expected_time(rule: ReadingTime | None) -> str:
    """What a time must look like, in words."""
    if rule is None:
        return "ISO 8601 with an offset, such as 2026-01-31T08:05:00+08:00"
    return f"a time written as {rule.format}"


def read_instants(
    values: NDArray[np.object_], rule: ReadingTime | None, zone: ZoneInfo
) -> NDArray[np.float64]:
    """Epoch seconds of each value; NaN where it is not a time. `zone` holds for times without an offset."""
    if rule is not None and rule.zone is not None:
        zone = ZoneInfo(rule.zone)
    read = _iso if rule is None else _by_format(rule.format, zone)
    known: dict[Any, float] = {}

    def seconds(value: Any) -> float:
        if not isinstance(value, str | date):
            return np.nan
        found = known.get(value)
        if found is None:
            try:
                found = read(value)
            except (ValueError, OverflowError, OSError):
                found = np.nan
            known[value] = found
        return found

    # Many rows share few times, so each is read once.
    return np.fromiter((seconds(value) for value in values), dtype=np.float64, count=len(values))


def _iso(value: str | date) -> float:
    if isinstance(value, str):
        text = value.strip()
        if len(text) < len("20260131T08Z") or not {text[8], text[10]} & {"T", "t", " "}:
            return np.nan  # a date alone, or something only Python takes for a time
        value = datetime.fromisoformat(text)
    if not isinstance(value, datetime) or value.tzinfo is None:
        return np.nan
    return value.timestamp()


def _by_format(form: str, zone: ZoneInfo) -> Callable[[str | date], float]:
    def read(value: str | date) -> float:
        if isinstance(value, str):
            value = datetime.strptime(value.strip(), form)  # noqa: DTZ007 the zone is set below
        elif not isinstance(value, datetime):
            value = datetime.combine(value, time())
        return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).timestamp()

    return read
