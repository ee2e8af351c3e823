"""Numbers as they are told: rounded, and nothing where nothing is known."""

from __future__ import annotations

import math


def number(value: float | None, digits: int = 1) -> float | int | None:
    """A number for JSON: rounded, whole where it is whole, null where it is not known."""
    if value is None or not math.isfinite(value):
        return None
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded
