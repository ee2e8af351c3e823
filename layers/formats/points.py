"""A table with a position per row becomes points."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.faults import Fault
from layers.formats.angles import LAT, LON, Axis, angles, packed, pair
from layers.formats.base import Ask, Raw, stop
from layers.formats.csv_table import read_csv
from layers.formats.likely import likely_columns
from layers.formats.table import Table, as_typed
from layers.formats.text import codec_of, decode
from layers.hints import did_you_mean, shown

JOINED = {"lonlat": (LON, LAT), "latlon": (LAT, LON)}
"""What a column that holds both angles is mapped as, and the order in which they stand in it."""
POSITION = ("lon", "lat", *JOINED)
"""What `columns` may name of a table beside the fields of its kind."""

MAX_TEXT = 128 * 1024 * 1024
"""Bytes of a CSV, which takes up to ten times as much while it is read."""
_BYTE_ORDER = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_points(ask: Ask) -> Raw:
    """A CSV with a position per row."""
    return placed(csv_table(ask), ask)


def csv_table(ask: Ask) -> Table:
    """A CSV as it stands: in the declared encoding, that of its byte order mark, or UTF-8."""
    if ask.path.stat().st_size > MAX_TEXT:
        got, most = f"{ask.path.stat().st_size / 2**20:,.0f} MB", f"at most {MAX_TEXT // 2**20} MB"
        hint = "Leave columns away that are not used, or save it as a GeoPackage"
        raise stop("the table is too large", ask.file, got, most, hint)
    text = _text(ask.path.read_bytes(), ask)
    return read_csv(text, ask.file, header_row=ask.header_row)


def placed(table: Table, ask: Ask) -> Raw:
    """The rows of a table as points in its own coordinates; what has no place is among the faults."""
    faults = list(table.faults)
    joined = [name for name in JOINED if name in ask.columns]
    if joined and sum(name in ask.columns for name in POSITION) > 1:
        what, expected = "the position is given twice", "lon and lat, or one column that holds both"
        got = ", ".join(name for name in POSITION if name in ask.columns)
        faults.append(Fault(what, ask.file, None, f"columns.{joined[0]}", got, expected))
    xy, found = _joined(table, ask, joined[0]) if joined else _apart(table, ask)
    faults += found
    known = np.isfinite(xy).all(axis=1)
    if ask.degrees is not False and known.all() and packed(xy[:, 0], xy[:, 1]):
        what = "coordinates whose degrees, minutes and seconds are run together"
        expected = "degrees, minutes and seconds apart"
        hint = "992436.5 may be 99°24′36.5″ or metres: write 99:24:36.5, or declare a projected system"
        got = shown(f"{xy[0, 0]:.12g}, {xy[0, 1]:.12g}")
        faults.append(Fault(what, ask.file, None, "geometry", got, expected, hint))
        known = np.zeros(len(xy), dtype=np.bool_)
    shapes = np.full(len(xy), None, dtype=object)
    shapes[known] = shapely.points(xy[known])
    return Raw(table.columns, shapes, table.index, None, faults, frozenset(table.index[~known].tolist()))


def _text(body: bytes, ask: Ask) -> str:
    carried = next((name for mark, name in _BYTE_ORDER.items() if body.startswith(mark)), "")
    if ask.encoding is None:
        return decode(body, carried or "utf-8", ask.file)
    declared = codec_of(ask.encoding)
    if carried and declared and not declared.startswith(carried):
        what, hint = (
            "the file carries another encoding than the one declared",
            "Declare what the file carries",
        )
        raise stop(what, ask.file, f"the mark of {carried}", ask.encoding, hint, field="encoding")
    return decode(body, ask.encoding, ask.file)


def _apart(table: Table, ask: Ask) -> tuple[NDArray[np.float64], list[Fault]]:
    """Positions of two columns, shape (n, 2), and what is wrong with them."""
    xy = np.full((len(table.index), 2), np.nan)
    faults = []
    likely = None
    for at, (name, axis) in enumerate((("lon", LON), ("lat", LAT))):
        column = ask.columns.get(name, name)
        if column in table.columns:
            xy[:, at], found = _read(table, table.columns[column], name, axis, ask.file)
            faults += found
            continue
        likely = likely_columns(table) if likely is None else likely
        got = f"columns {', '.join(map(shown, table.columns))}"
        hint = likely.get(name, "") or table.hint or did_you_mean(column, table.columns)
        faults.append(Fault("missing column", ask.file, None, name, got, column, hint))
    return xy, faults


def _joined(table: Table, ask: Ask, name: str) -> tuple[NDArray[np.float64], list[Fault]]:
    """Positions of a column that holds both, shape (n, 2), and what is wrong with them."""
    xy = np.full((len(table.index), 2), np.nan)
    column = ask.columns[name]
    if column not in table.columns:
        got = f"columns {', '.join(map(shown, table.columns))}"
        hint = table.hint or did_you_mean(column, table.columns)
        return xy, [Fault("missing column", ask.file, None, name, got, column, hint)]
    values = table.columns[column]
    halves = [pair(str(value)) for value in values]
    first, second = JOINED[name]
    expected = f"{first.name} and {second.name}, such as {first.example}, {second.example}"
    faults = []

    def fault(at: int, what: str, hint: str) -> None:
        row = int(table.index[at]) + 1
        faults.append(Fault(what, ask.file, row, name, shown(values[at]), expected, hint))

    for at, half in enumerate(halves):
        if half is None:
            fault(at, "not a position", "Put a comma between the two" if str(values[at]).strip() else "")
    for nth, axis in enumerate((first, second)):
        numbers, hints = angles([half[nth] if half else "0" for half in halves], axis)
        xy[:, 0 if axis is LON else 1] = numbers
        for at, hint in hints.items():
            fault(at, f"not a position: its {axis.name} cannot be read", hint)
    xy[[half is None for half in halves]] = np.nan
    return xy, faults


def _read(
    table: Table, values: Sequence[Any], name: str, axis: Axis, file: str
) -> tuple[NDArray[np.float64], list[Fault]]:
    """A column as numbers, NaN where there is none, and a fault for each of these."""
    written = [as_typed(value) for value in values]
    numbers, hints = angles(written, axis)
    return numbers, [
        Fault(
            "not a coordinate", file, int(table.index[at]) + 1, name, shown(written[at]), axis.expected, hint
        )
        for at, hint in hints.items()
    ]
