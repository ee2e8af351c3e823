"""A file's columns become typed columns; what cannot be read is marked, not guessed.

Columns are read whole; only values that are not plainly good are looked at one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.catalog import Value

Column = Any
"""Texts as pandas keeps them (dtype `str`, nothing is ""), or a NumPy array of numbers or flags."""
Bools = NDArray[np.bool_]

LONGEST_TEXT = 200
_FLAGS = {
    "true": True, "yes": True, "y": True, "t": True, "1": True, "是": True,
    "false": False, "no": False, "n": False, "f": False, "0": False, "否": False, "": False,
}  # fmt: skip
_SCHEMES = ("http", "https", "rtsp", "rtsps")
_TEXT = pd.StringDtype(na_value=np.nan)
_NO_LETTER = "\N{NULL}"
"""Stands for what is no letter at all, such as half of a surrogate pair: it can never pass as good text."""

EXPECTED: dict[Value, str] = {
    "text": f"text without control characters, at most {LONGEST_TEXT} letters",
    "count": "a whole number, 0 or more, or empty",
    "number": "a number, 0 or more, or empty",
    "flag": "true or false, or empty",
    "date": "a day such as 2026-11-22, or empty",
    "url": f"an address that begins with {', '.join(_SCHEMES)}, or empty",
}

_DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日)"
    r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
"""A day as people and spreadsheets write it, year first; a time of day may follow."""
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?!\d).*")


def hint(value: Value, given: object) -> str:
    """What to do about a value that could not be read, where there is more to say than what was expected."""
    if value == "date" and _YEAR_LAST.fullmatch(unicodedata.normalize("NFKC", str(given)).strip()):
        return "Day and month may be either way round: write the year first, as in 2027-01-31"
    return ""


def read(values: Any, value: Value) -> tuple[Column, Bools]:
    """A column in its own type (text, float64 with NaN, or bool) and which rows could not be read.

    Text comes back trimmed; a whole number written as 12.0 is 12, nothing is "".
    """
    return _READERS[value](_arrow(values))


def empty(length: int, value: Value) -> Column:
    """A column in which nothing is given."""
    if value == "flag":
        return np.zeros(length, dtype=np.bool_)
    if value in ("count", "number"):
        return np.full(length, np.nan)
    return texts(pa.repeat(pa.scalar("", pa.large_string()), length))


def texts(values: Any) -> Column:
    """Texts that are known to be good as a column of texts."""
    return pd.array(pa.array(values, pa.large_string()), dtype=_TEXT)


def _arrow(values: Any) -> Any:
    """The values as one Arrow array: texts, numbers or flags where they are all that, as texts otherwise."""
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
        return _written(values)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return array.cast(pa.large_string())
    plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    return array if plain or pa.types.is_large_string(kind) else _written(values)


def _strings(array: Any) -> Any:
    """An Arrow array as text, not trimmed yet; nothing is ""."""
    if pa.types.is_boolean(array.type):
        return _written(array.to_pylist())
    if pa.types.is_floating(array.type):
        numbers = array.drop_null().to_numpy(zero_copy_only=False)
        if not ((np.abs(numbers) < 2**53) & (numbers == np.floor(numbers))).all():
            return _written(array.to_numpy(zero_copy_only=False))
        array = array.cast(pa.int64())
    return array.cast(pa.large_string()).fill_null("")


def _written(values: Any) -> Any:
    """Values of any type as text, one by one."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        values = values.to_pylist()
    listed = pd.Series(values, dtype=getattr(values, "dtype", object)).tolist()
    written = [_text(value) for value in listed]
    try:
        return pa.array(written, pa.large_string())
    except UnicodeError:
        kept = [text.encode("utf-8", "replace").decode() for text in written]
        odd = [text if text == given else _NO_LETTER for text, given in zip(kept, written, strict=True)]
        return pa.array(odd, pa.large_string())


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value != value:  # noqa: PLR0124 - NaN, NaT: the only values unlike themselves
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    text = str(value)
    return "" if text in ("<NA>", "NaT") else text


def _read_text(array: Any) -> tuple[Column, Bools]:
    given = _strings(array)
    trimmed = pc.utf8_trim_whitespace(given)
    plain = pc.and_(pc.utf8_is_printable(trimmed), pc.less_equal(pc.utf8_length(trimmed), LONGEST_TEXT))
    bad = ~plain.to_numpy(zero_copy_only=False)
    column = pd.array(trimmed, dtype=_TEXT)
    odd = np.flatnonzero(bad)
    if len(odd):
        # Arrow and Python differ on a few letters: Python has the last word.
        stripped = [text.strip() for text in given.take(pa.array(odd)).to_pylist()]
        column[odd] = stripped
        bad[odd] = [len(text) > LONGEST_TEXT or not text.isprintable() for text in stripped]
    return column, bad


def _read_number(array: Any) -> tuple[Column, Bools]:
    if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        trimmed = pc.utf8_trim_whitespace(_strings(array))
        try:
            array = pc.if_else(pc.equal(trimmed, ""), None, trimmed).cast(pa.float64())
        except pa.ArrowInvalid:  # one of them at least is no number, or is written in another script's digits
            return _by_value(trimmed, _number, np.nan)
    numbers = array.to_numpy(zero_copy_only=False).astype(np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~((numbers >= 0) & (numbers < np.inf)) & ~array.is_null().to_numpy(zero_copy_only=False)
    numbers[bad] = np.nan
    return numbers, bad


def _read_count(array: Any) -> tuple[Column, Bools]:
    numbers, bad = _read_number(array)
    broken = np.isfinite(numbers) & (numbers != np.floor(numbers))
    numbers[broken] = np.nan
    return numbers, bad | broken


def _read_flag(array: Any) -> tuple[Column, Bools]:
    if pa.types.is_boolean(array.type):
        flags = array.fill_null(False).to_numpy(zero_copy_only=False)
        return flags, np.zeros(len(flags), dtype=np.bool_)
    return _by_value(array, lambda text: _FLAGS.get(text.casefold()), False)


def _read_date(array: Any) -> tuple[Column, Bools]:
    """Days stay text, YYYY-MM-DD; a time of day behind one is left away."""
    days, bad = _by_value(array, _day, "")
    return texts(days), bad


def _read_url(array: Any) -> tuple[Column, Bools]:
    addresses, bad = _by_value(array, _address, "")
    return texts(addresses), bad


def _by_value(array: Any, parse: Callable[[str], Any], nothing: Any) -> tuple[NDArray[Any], Bools]:
    """Each different value is parsed once; where `parse` gives None it cannot be read, and is `nothing`."""
    coded = _strings(array).dictionary_encode()
    parsed = [parse(text.strip()) for text in coded.dictionary.to_pylist()]
    values = np.array(
        [nothing if one is None else one for one in parsed], object if nothing == "" else type(nothing)
    )
    unread = np.array([one is None for one in parsed], dtype=np.bool_)
    at = coded.indices.to_numpy()
    return values[at], unread[at]


def _number(text: str) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if not text or 0 <= number < np.inf else None


def _day(text: str) -> str | None:
    if not text:
        return ""
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    year, month, day = map(int, found.group(1, 3, 4) if found[2] else found.group(1, 5, 6))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _address(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    good = parts.scheme in _SCHEMES and bool(parts.netloc) and text.isprintable()
    return text if good or not text else None


_READERS: dict[Value, Callable[[Any], tuple[Column, Bools]]] = {
    "text": _read_text,
    "count": _read_count,
    "number": _read_number,
    "flag": _read_flag,
    "url": _read_url,
    "date": _read_date,
}
