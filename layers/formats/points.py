"""A table with a position per row."""

from __future__ import annotations

import re

import numpy as np
import shapely

from layers.faults import Fault
from layers.formats.base import Ask, Raw
from layers.formats.csv_table import read_csv
from layers.formats.text import decode
from layers.hints import did_you_mean, shown

_LON = ("lon", "lng", "long", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")


def read_points(ask: Ask) -> Raw:
    """A CSV with a position per row."""
    columns, file = ask.columns, ask.file
    table = read_csv(
        decode(ask.path.read_bytes(), "utf-8" if ask.encoding is None else ask.encoding, file), file
    )
    faults = list(table.faults)
    xy = np.full((len(table.index), 2), np.nan)
    for axis, (name, aliases) in enumerate((("lon", _LON), ("lat", _LAT))):
        column = columns.get(name, name)
        if column not in table.columns:
            got = f"columns {', '.join(map(shown, table.columns))}"
            alias = next((other for other in table.columns if other.casefold() in aliases), "")
            hint = f'If it is {alias}, say so: columns = {{ {name} = "{alias}" }}' if alias else table.hint
            hint = hint or did_you_mean(column, table.columns)
            faults.append(Fault("missing column", file, None, name, got, column, hint))
            continue
        for at, value in enumerate(table.columns[column]):
            number = _finite(value)
            if number is None:
                hint = "Write decimal degrees, such as 99.0512" if re.search("[°º'′\"″度]", value) else ""
                row = int(table.index[at]) + 1
                faults.append(Fault("not a coordinate", file, row, name, shown(value), "a number", hint))
            else:
                xy[at, axis] = number
    known = np.isfinite(xy).all(axis=1)
    shapes = np.full(len(xy), None, dtype=object)
    shapes[known] = shapely.points(xy[known])
    return Raw(table.columns, shapes, table.index, None, faults, frozenset(table.index[~known].tolist()))


def _finite(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
