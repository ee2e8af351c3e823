"""From when until when a site is in service: its days of opening and closing as moments."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]


def beginnings(days: Strings, zone: ZoneInfo, missing: float) -> Floats:
    """When each day begins by the clocks of a zone, epoch seconds; `missing` where there is none.

    Days are checked text, YYYY-MM-DD or "".
    """
    at = {day: missing if not day else _midnight(day, zone) for day in set(days.tolist())}
    return np.array([at[day] for day in days.tolist()], dtype=np.float64)


def today(at: float, zone: ZoneInfo) -> str:
    """The day that a moment belongs to by the clocks of a zone, YYYY-MM-DD."""
    return datetime.fromtimestamp(at, zone).date().isoformat()


def _midnight(day: str, zone: ZoneInfo) -> float:
    return datetime.combine(date.fromisoformat(day), time(), zone).timestamp()
