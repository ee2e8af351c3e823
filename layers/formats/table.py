"""A table: a header and rows, whatever file they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.formats.base import stop
from layers.hints import shown

MAX_CELLS = 10_000_000
"""Of one table: as Python's values they take up to a gigabyte."""
MAX_ROWS = 1_048_576
"""Of one table: what a spreadsheet holds at most."""
_LOOK = 20
"""How many rows may stand above a header that is looked for."""

Numbered = Iterator[tuple[int, list[Any]]]
"""Rows, none of them blank, each with its 1-based line in the file or row in the sheet."""


@dataclass(frozen=True)
class Table:
    """Columns as they stand in the file; nothing is ""."""

    columns: dict[str, list[Any]]
    index: NDArray[np.int64]
    """0-based data row of each kept row."""
    faults: list[Fault] = field(default_factory=list)
    """Rows with too many or too few values, which are left out."""
    hint: str = ""
    """What may be wrong where a column is missing."""


def take_header(
    rows: Numbered, file: str, *, header_row: int | None = None
) -> tuple[list[str], int, Numbered]:
    """The names above the columns, where they stand, and the rows below; raises FaultsError.

    The header is the first row that is not blank, or the row that is said to be it.
    """
    first = list(islice(rows, _LOOK if header_row is None else 1))
    while header_row is not None and first and first[0][0] < header_row:
        first = list(islice(rows, 1))
    if not first:
        got = "no header line" if header_row is None else f"nothing in row {header_row}"
        raise stop("the file is empty", file, got, "a header line and rows")
    at, row = first[0]
    header = [str(name).strip() for name in row]
    if header_row is None:
        _check_title(first, file)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        got = ", ".join(shown(name) for name in twice)
        what, expected = "a column name stands twice in the header", "each name once"
        raise FaultsError([Fault(what, file, got=got, expected=expected)])
    return header, at, _chain(first[1:], rows)


def columns_of(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as columns by name; a column without a name is left behind."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    return {name: list(values) for name, values in zip(header, columns, strict=True) if name}


def as_typed(value: Any) -> Any:
    """A cell as it was typed: a spreadsheet makes a time of 23:30:00 and a flag of a word."""
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return f"{int(seconds // 3600)}:{int(seconds // 60 % 60)}:{seconds % 60:.6g}"
    return value if isinstance(value, str) or type(value) in (int, float) else str(value)


def too_large(file: str) -> FaultsError:
    """What is raised where a table has more rows or cells than are read."""
    got, expected = "more than that", f"at most {MAX_ROWS:,} rows and {MAX_CELLS:,} cells"
    hint = "Leave columns away that are not used, or split it"
    return stop("the table is too large", file, got, expected, hint)


def _check_title(first: list[tuple[int, list[Any]]], file: str) -> None:
    """A row with a title in one of its cells is no header."""
    filled = [sum(1 for cell in row if str(cell).strip()) for _, row in first]
    wide = [count * 2 > sorted(filled)[len(filled) // 2] for count in filled]
    if wide[0]:
        return
    at, names = first[wide.index(True)]
    seen = shown(", ".join(str(name).strip() for name in names if str(name).strip()))
    hint = f"Row {at} looks like the header ({seen}): say header_row = {at}, or delete what stands above it"
    title = next(str(cell) for cell in first[0][1] if str(cell).strip())
    what, expected = "the first row is a title, not a header", "a name above each column"
    raise stop(what, file, title, expected, hint, field="header_row")


def _chain(first: list[tuple[int, list[Any]]], rows: Numbered) -> Numbered:
    yield from first
    yield from rows
