"""Which features an answer holds: in a box, with these values, this page of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from dashboard.api.problems import Problem, choice
from dashboard.interchange.fields import Field
from dashboard.interchange.systems import CRS84, System, place
from dashboard.interchange.table import Column, Table
from dashboard.ogc.terms import BOX, LIMIT, MOST

FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class Page:
    """Where a page begins and how long it may be."""

    offset: int
    limit: int

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> Page:
        """The page that a query asks for; raises a Problem for what is no number."""
        limit = _whole(parameters, "limit", 1) if "limit" in parameters else LIMIT
        offset = _whole(parameters, "offset", 0) if "offset" in parameters else 0
        return cls(offset, min(limit, MOST))


def _whole(parameters: Mapping[str, str], name: str, low: int) -> int:
    text = parameters[name]
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or int(text) < low:
        raise Problem("bad-number", where=name, got=text, expected=f"a whole number from {low} up")
    return int(text)


def system_of(parameters: Mapping[str, str], name: str, known: Mapping[str, System]) -> System:
    """The coordinate system that a parameter names by its URI; the default where it is not given."""
    uri = parameters.get(name, CRS84)
    if uri not in known:
        raise choice("bad-value", name, uri, known)
    return known[uri]


def within(table: Table, box: str, system: System) -> Column:
    """Which features meet a box given in a system; raises a Problem where it is none.

    A height is let through and asks for nothing: features lie on the ground. A box of degrees whose first
    meridian is east of its last one crosses the antimeridian.
    """
    try:
        numbers = [float(part) for part in box.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise Problem("bad-number", where="bbox", got=box, expected=BOX)
    half = len(numbers) // 2
    low, high = numbers[:half], numbers[half:]
    east = 1 if system.northing_first else 0
    around = not system.projected and low[east] > high[east]
    if low[1 - east] > high[1 - east] or (low[east] > high[east] and not around) or low[2:] > high[2:]:
        raise Problem("bad-number", where="bbox", got=box, expected=BOX)
    boxes = [_box(low, high)]
    if around:
        date_line = [list(high), list(low)]
        date_line[0][east], date_line[1][east] = 180.0, -180.0
        boxes = [_box(low, date_line[0]), _box(date_line[1], high)]
    shapes = table.shapes
    if system.projected:
        shapes = place(shapes, system)
    elif system.northing_first:
        # Turning the box over is quicker than turning every feature.
        boxes = [shapely.box(one.bounds[1], one.bounds[0], one.bounds[3], one.bounds[2]) for one in boxes]
    meets = np.zeros(len(table), dtype=np.bool_)
    for one in boxes:
        shapely.prepare(one)
        meets |= np.asarray(shapely.intersects(one, shapes), dtype=np.bool_)
    return meets


def _box(low: list[float], high: list[float]) -> shapely.Polygon:
    return shapely.box(low[0], low[1], high[0], high[1])


def with_values(table: Table, asked: Mapping[str, str]) -> Column:
    """Which features have exactly the values asked for, field name to value; a Problem for what is none."""
    same = np.ones(len(table), dtype=np.bool_)
    for field in table.fields:
        if field.name in asked:
            same &= _equal(table.columns[field.name], field, asked[field.name])
    return same


def _equal(column: Column, field: Field, text: str) -> Column:
    if field.type == "flag":
        if text not in FLAGS:
            raise choice("bad-value", field.name, text, FLAGS)
        return np.array([value is FLAGS[text] or value == FLAGS[text] for value in column.tolist()], np.bool_)
    if field.type in ("text", "date"):
        return np.array([value == text for value in column.tolist()], dtype=np.bool_)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Problem("bad-number", where=field.name, got=text, expected="a number")
    shown = np.round(column) if field.type == "integer" else column
    return np.asarray(np.abs(shown - number) < 1e-6, dtype=np.bool_)
