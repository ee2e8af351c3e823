"""Cells of a brief's tables as people read them; every format that shows text shows this."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.briefs.manuscript import Cell, Column, Kind

DASH = "—"
"""What is not known."""
FORMS: Mapping[Kind, str] = {"whole": "{:,.0f}", "decimal": "{:,.1f}", "share": "{:.1%}"}
"""Kinds that are numbers, and how each is written."""


def shown(cell: Cell, kind: Kind, zone: str, near: int | None = None) -> str:
    """A cell in words: a dash where it is not known, never a zero.

    A moment is written short, with its day only where that is not the day of `near` (epoch seconds).
    """
    if unknown(cell):
        return DASH
    if isinstance(cell, str) or cell is None or kind == "text":
        return str(cell)
    if kind in FORMS:
        return FORMS[kind].format(cell)
    when = moment(cell, zone)
    if kind == "day" or near is None:
        return f"{when:%Y-%m-%d}" if kind == "day" else f"{when:%Y-%m-%d %H:%M}"
    return f"{when:%H:%M}" if when.date() == moment(near, zone).date() else f"{when:%m-%d %H:%M}"


def unknown(cell: Cell) -> bool:
    """Whether there is nothing to show: no value, a value that is no number, or no words."""
    return cell is None or cell == "" or (isinstance(cell, float) and not math.isfinite(cell))


def moment(at: float, zone: str) -> datetime:
    """Epoch seconds as a moment in a zone."""
    return datetime.fromtimestamp(at, ZoneInfo(zone))


def numeric(column: Column) -> bool:
    """Whether the column's cells stand at its right."""
    return column.kind in FORMS
