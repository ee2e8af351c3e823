"""The fields a row may carry: what each may hold, and how raw values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from data.readings import COUNTS, GAUGES, LEVELS

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Range:
    """What a number may be; beyond it the sender has made a mistake, not a record."""

    low: float
    high: float
    words: str
    whole: bool = False

    def holds(self, numbers: Floats) -> Bools:
        """Which numbers lie within; NaN does not."""
        inside = (numbers >= self.low) & (numbers <= self.high)
        return inside & (numbers == np.floor(numbers)) if self.whole else inside


COUNT = Range(0, 10_000_000, "a count from 0 to 10,000,000, or nothing")
RANGES = {
    "interval_s": Range(1, 31 * 86_400, "seconds from 1 to 2,678,400"),
    **dict.fromkeys(COUNTS, COUNT),
    "queue_m": Range(0, 200_000, "metres from 0 to 200,000, or nothing"),
    "wait_min": Range(0, 10_080, "minutes from 0 to 10,080, or nothing"),
    "lanes_open": Range(0, 1_000, "a whole number from 0 to 1,000, or nothing", whole=True),
    "staff_on_duty": Range(0, 100_000, "a whole number from 0 to 100,000, or nothing", whole=True),
    "crossings_in": COUNT,
    "crossings_out": COUNT,
}
"""Field to what its number may be."""

KEYS = ("site_id", "fence_id", "device_id")
"""A row has one of them."""
READING = ("interval_s", *COUNTS, *GAUGES, *LEVELS, "method", "outcomes")
"""What a row with a site may carry beside its time."""
REPORT = ("state", "crossings_in", "crossings_out")
"""What a row with a fence or a device may carry beside its time."""
STATES = ("up", "down", "unknown")
FIELDS = (*KEYS, "observed_at", *READING, *REPORT)
"""Every field by name; `outcomes.<name>` is one outcome in a column of its own."""

OUTCOME_WORDS = (
    "names of outcomes: the profile's, or at most 40 of a-z, 0-9 and '_' that begin with a letter, "
    "no 6 digits in a row"
)
_OUTCOME = re.compile(r"(?!.*\d{6})[a-z][a-z0-9_]{0,39}")
_PLAIN = frozenset({"string", "empty", "integer", "floating", "mixed-integer-float"})


def empty(values: Objects) -> Bools:
    """Which values say nothing: null or an empty text."""
    return np.asarray(pd.isna(values) | (values == ""), dtype=np.bool_)


def read_numbers(values: Objects) -> tuple[Floats, Bools]:
    """Numbers, NaN where there is none, and which values were given at all."""
    given = ~empty(values)
    if not given.any():
        return np.full(len(values), np.nan), given
    if pd.api.types.infer_dtype(values, skipna=True) in _PLAIN:
        numbers = np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)
    else:  # a mixture: Python's truth values must not pass for numbers
        numbers = np.fromiter((read_number(value) for value in values), dtype=np.float64, count=len(values))
    for row in np.flatnonzero(given & np.isnan(numbers)):
        if isinstance(values[row], str) and not values[row].strip():
            given[row] = False
    return numbers, given


def read_number(value: Any) -> float:
    """One number as JSON, text or Parquet bring it; NaN where it is none."""
    if isinstance(value, bool):
        return math.nan
    try:
        if isinstance(value, int | float | Decimal):
            return float(value)
        if isinstance(value, str) and value.isascii() and "_" not in value:
            return float(value)
    except (ValueError, OverflowError):
        pass
    return math.nan


def read_texts(values: Objects) -> Objects:
    """Texts without blanks around them; None where nothing is said, "" for what can be no text."""
    texts = np.empty(len(values), dtype=object)
    for row in np.flatnonzero(~empty(values)).tolist():
        value = values[row]
        if isinstance(value, str):
            texts[row] = value.strip() or None
        elif isinstance(value, float) and value.is_integer():
            texts[row] = str(int(value))  # an id that a table with gaps has made a float
        else:
            texts[row] = str(value) if type(value) is int else ""
    return texts


def outcome_name(name: str, listed: Collection[str] = ()) -> bool:
    """Whether a text may name an outcome: one that the profile lists, or a plain ASCII word."""
    return name in listed or _OUTCOME.fullmatch(name) is not None


def read_outcomes(
    value: Any, *, most: int, longest: int, listed: Collection[str] = ()
) -> dict[str, float] | str:
    """A dictionary of counts, from one or from JSON text; otherwise what was expected instead, in words."""
    if isinstance(value, str):
        if len(value) > longest:
            return f"at most {longest:,} characters"
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return "a JSON object of counts"
    if not isinstance(value, dict) or len(value) > most:
        return f"an object of at most {most} counts"
    if not all(isinstance(name, str) and outcome_name(name, listed) for name in value):
        return OUTCOME_WORDS
    counts = {name: read_number(count) for name, count in value.items() if count is not None and count != ""}
    if not all(COUNT.low <= count <= COUNT.high for count in counts.values()):
        return "counts from 0 to 10,000,000"
    return counts
