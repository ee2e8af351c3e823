"""A file's columns become typed columns; what cannot be read is marked, not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from layers.catalog import Value

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST_TEXT = 200
_FLAGS = {
    "true": True, "yes": True, "y": True, "t": True, "1": True, "是": True,
    "false": False, "no": False, "n": False, "f": False, "0": False, "否": False,
}  # fmt: skip
_SCHEMES = ("http", "https", "rtsp", "rtsps")

EXPECTED: dict[Value, str] = {
    "text": f"text without control characters, at most {LONGEST_TEXT} letters",
    "count": "a whole number, 0 or more, or empty",
    "number": "a number, 0 or more, or empty",
    "flag": "true or false, or empty",
    "date": "a day such as 2026-11-22, or empty",
    "url": f"an address that begins with {', '.join(_SCHEMES)}, or empty",
}


def texts(values: Any) -> Strings:
    """Every value as trimmed text; a whole number written as 12.0 is 12, nothing is ""."""
    out = np.empty(len(values), dtype=object)
    out[:] = [_text(value) for value in values]
    return out


def read(values: Any, value: Value) -> tuple[NDArray[Any], Bools]:
    """A column in its own type (text, float64 with NaN, or bool) and which rows could not be read."""
    return _READERS[value](texts(values))


def empty(length: int, value: Value) -> NDArray[Any]:
    """A column in which nothing is given."""
    if value == "flag":
        return np.zeros(length, dtype=np.bool_)
    if value in ("count", "number"):
        return np.full(length, np.nan)
    return np.full(length, "", dtype=object)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value != value:  # noqa: PLR0124 - NaN, NaT: the only values unlike themselves
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    text = str(value).strip()
    return "" if text in ("<NA>", "NaT") else text


def _read_text(column: Strings) -> tuple[NDArray[Any], Bools]:
    fits = [len(text) <= LONGEST_TEXT and text.isprintable() for text in column]
    return column, ~np.array(fits, dtype=np.bool_)


def _read_url(column: Strings) -> tuple[NDArray[Any], Bools]:
    return column, np.array([bool(text) and not _is_address(text) for text in column], dtype=np.bool_)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc) and text.isprintable()


def _read_number(column: Strings) -> tuple[NDArray[Any], Bools]:
    numbers = np.full(len(column), np.nan)
    bad = np.zeros(len(column), dtype=np.bool_)
    for at, text in enumerate(column.tolist()):
        if not text:
            continue
        try:
            numbers[at] = float(text)
        except ValueError:
            bad[at] = True
            continue
        if not 0 <= numbers[at] < np.inf:
            numbers[at], bad[at] = np.nan, True
    return numbers, bad


def _read_count(column: Strings) -> tuple[NDArray[Any], Bools]:
    numbers, bad = _read_number(column)
    broken = np.isfinite(numbers) & (numbers != np.floor(numbers))
    numbers[broken] = np.nan
    return numbers, bad | broken


def _read_flag(column: Strings) -> tuple[NDArray[Any], Bools]:
    known = [_FLAGS.get(text.casefold()) if text else False for text in column.tolist()]
    bad = np.array([flag is None for flag in known], dtype=np.bool_)
    return np.array([bool(flag) for flag in known], dtype=np.bool_), bad


def _read_date(column: Strings) -> tuple[NDArray[Any], Bools]:
    """Days stay text, YYYY-MM-DD; a time of day behind one is left away."""
    days = np.full(len(column), "", dtype=object)
    bad = np.zeros(len(column), dtype=np.bool_)
    for at, text in enumerate(column.tolist()):
        if text:
            try:
                days[at] = datetime.fromisoformat(text.replace("/", "-")).date().isoformat()
            except ValueError:
                bad[at] = True
    return days, bad


_READERS: dict[Value, Callable[[Strings], tuple[NDArray[Any], Bools]]] = {
    "text": _read_text,
    "count": _read_count,
    "number": _read_number,
    "flag": _read_flag,
    "url": _read_url,
    "date": _read_date,
}
