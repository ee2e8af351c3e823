"""A table: features of one kind as columns, with their ids and shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dashboard.interchange.fields import Field
from dashboard.times import moment

Column = NDArray[Any]
Geometries = NDArray[np.object_]

DIGITS = 6
"""Decimals of a number that are given away; live ones come rounded already."""


@dataclass(frozen=True, eq=False)
class Table:
    """Features of one collection at one moment."""

    fields: tuple[Field, ...]
    ids: NDArray[np.object_]
    """Text that no two features share, and that stays with a feature."""
    shapes: Geometries
    """EPSG:4326, longitude first."""
    columns: Mapping[str, Column]
    """Field name to its values: objects for text and days ("" where not given), booleans (or objects with
    None) for flags, and floats for all else (NaN where not known)."""

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Column) -> Table:
        """The features of a boolean mask or of row numbers."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Table(self.fields, self.ids[rows], self.shapes[rows], columns)

    def values(self, field: Field, zone: ZoneInfo) -> list[Any]:
        """A column as JSON values: None where nothing is known, times as ISO 8601 with the zone's offset."""
        column = self.columns[field.name]
        if field.type in ("text", "date"):
            return [None if value is None or value == "" else str(value) for value in column.tolist()]
        if field.type == "flag":
            return [None if value is None else bool(value) for value in column.tolist()]
        if field.type == "time":
            return [moment(value, zone) for value in column.tolist()]
        whole = field.type == "integer"
        return [_number(value, whole=whole) for value in column.tolist()]

    def rows(self, zone: ZoneInfo) -> list[dict[str, Any]]:
        """Each feature's properties as JSON values."""
        names = [field.name for field in self.fields]
        cells = [self.values(field, zone) for field in self.fields]
        return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _number(value: float, *, whole: bool) -> float | int | None:
    if not math.isfinite(value):
        return None
    return round(value) if whole else round(value, DIGITS)
