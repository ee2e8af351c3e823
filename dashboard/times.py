"""Times as people and programs write them, to epoch seconds and back."""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

AHEAD_S = 60
"""How far a clock elsewhere may be ahead before its time counts as the future."""
EXPECTED = "ISO 8601 with an offset such as 2026-01-31T08:00:00+08:00, or seconds since 1970 (ten digits)"


def moment(seconds: float | None, zone: ZoneInfo) -> str | None:
    """Epoch seconds as ISO 8601 with the zone's offset; None for what is not known."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return datetime.fromtimestamp(seconds, zone).isoformat()


def parse_time(text: str) -> int | None:
    """ISO 8601 with an offset, or seconds since 1970, as epoch seconds; None for anything else."""
    text = text.strip()
    # Fewer digits would be a year or a day, and mean a moment of the nineteen-seventies.
    if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
        return int(float(text))
    try:
        # A plus sign that nobody escaped in an address arrives as a blank.
        time = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        seconds = time.timestamp() if time.tzinfo else math.nan
    except (ValueError, OverflowError):
        return None
    return int(seconds) if seconds >= 0 else None
