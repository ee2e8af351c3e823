"""Numbers as they are told: rounded, and nothing where nothing is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

TEXT = -1
SITE_DIGITS: dict[str, int] = {
    "status": TEXT,
    "persons_per_hour": 1,
    "vehicles_per_hour": 1,
    "queue_m": 0,
    "wait_min": 1,
    "wait_change": 1,
    "lanes_open": 0,
    "staff_on_duty": 0,
    "staff_required": 0,
    "observed_at": 0,
    "interval_s": 0,
    "method": TEXT,
    "alarm": TEXT,
    "in_service": TEXT,
}
"""What is told of a site's state, and to how many decimals."""


def number(value: float | None, digits: int = 1) -> float | int | None:
    """A number for JSON: rounded, whole where it is whole, null where it is not known."""
    if value is None or not math.isfinite(value):
        return None
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded


def rounded(column: NDArray[Any], name: str) -> NDArray[Any]:
    """A column of the sites' state, to the decimals that it is told with."""
    digits = SITE_DIGITS[name]
    return column if digits == TEXT else np.round(column, digits)


def plain(column: NDArray[Any]) -> list[Any]:
    """A column as JSON values: NaN is null, whole numbers carry no fraction."""
    if column.dtype in (object, bool):
        return list(column.tolist())
    known = np.isfinite(column)
    whole = known & (column == np.trunc(column))
    cells = column.astype(object)
    cells[whole] = column[whole].astype(np.int64).astype(object)
    cells[~known] = None
    return list(cells)
