"""How wide the columns of a table on paper are, and how large its letters: as its words ask for.

A number never breaks over two lines, a head may; what is left goes to the columns with most to say.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from dashboard.briefs.cells import numeric
from dashboard.briefs.manuscript import Column, Table

POINT_MM = 25.4 / 72
PAD_MM = 2.2
"""Left and right of a cell's words."""
BOLD = 1.12
"""A head is set bold, and wider."""
NARROWEST_EM, WIDEST_EM = 2.0, 16.0
LONGEST_EM = 120.0
"""What is left over goes to whole sentences first, up to so many ems of them."""
LEAST_EM = 4.0
"""A column of words that must break is at least so wide."""
COMMON = 0.9
"""Share of the cells that decides what is usual in a column."""
PIECES = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")
"""What a line does not break: a word of Latin letters, a Chinese character."""


def em(text: str) -> float:
    """Width of words in ems, all but exact, in the Latin letters of official documents (Times)."""
    return sum(_letter(one) for one in text)


@cache
def _letter(one: str) -> float:
    if unicodedata.east_asian_width(one) in "WF":
        return 1.0
    if one == "—":
        return 1.0
    if one.isupper() or one in "mw%@&":
        return 0.74
    return 0.31 if one in "fijlrt.,:;'|()- /" else 0.5


def fit(
    table: Table,
    rows: Sequence[Sequence[str]],
    width_mm: float,
    sizes: Sequence[float],
    *,
    dense: bool = False,
) -> tuple[float, list[float]]:
    """The largest of `sizes` (points, largest first) a table can be set in, and its columns in mm; where it
    is `dense` one whose rows stay on one line, or else the smallest, so that a long table has fewer pages."""
    asked = [_asked(column, [row[n] for row in rows]) for n, column in enumerate(table.columns)]
    for size in sizes:
        steps = [[one * size * POINT_MM + PAD_MM for one in step] for step in zip(*asked, strict=True)]
        if sum(steps[1 if dense else 0]) <= width_mm or size == sizes[-1]:
            return size, _shared(steps, width_mm)
    raise ValueError("No size of letters")


def _asked(column: Column, cells: Sequence[str]) -> tuple[float, float, float]:
    """In ems: the least that a column can do with, what keeps nearly all cells on one line, and all of them
    with the head."""
    lines = sorted(em(line) for cell in cells for line in cell.split("\n"))
    widest = lines[-1] if lines else 0.0
    common = lines[int(len(lines) * COMMON)] if lines else 0.0
    if numeric(column) or column.kind in ("time", "day"):
        low = common = widest
    else:
        pieces = {piece for cell in cells for piece in PIECES.findall(cell)}
        low = max(min(widest, LEAST_EM), *(em(piece) for piece in pieces), 0.0)
    # A head breaks before its unit, or else in its middle; a Latin one between its words.
    titles = _halves(column.title)
    half = max(em(one) for one in titles) if len(titles) > 1 else math.ceil(em(column.title) / 2)
    words = max(em(piece) for piece in PIECES.findall(column.title) or [""])
    head = (max(half, words) if any(_letter(one) == 1 for one in column.title) else words) * BOLD
    low = min(max(low, head, NARROWEST_EM), WIDEST_EM)
    common = max(low, min(common, WIDEST_EM))
    return low, common, max(common, min(max(widest, em(column.title) * BOLD), LONGEST_EM))


def heads(table: Table, size: float, widths: Sequence[float]) -> list[str]:
    """The heads of a fitted table, broken before their units where they do not fit on one line."""
    return [
        column.title
        if em(column.title) * BOLD * size * POINT_MM + PAD_MM <= width
        else "\n".join(_halves(column.title))
        for column, width in zip(table.columns, widths, strict=True)
    ]


def _halves(title: str) -> list[str]:
    at = max(title.find("（"), title.find(" ("))
    return [title[:at], title[at:].lstrip()] if at > 0 else [title]


def _shared(steps: Sequence[Sequence[float]], width: float) -> list[float]:
    """The width, shared out: first what each must have, then what each could use, then to all alike."""
    if sum(steps[0]) >= width:
        return [one * width / sum(steps[0]) for one in steps[0]]
    for less, more in pairwise(steps):
        need, use = sum(less), sum(more)
        if use >= width:
            share = (width - need) / (use - need)
            return [low + (high - low) * share for low, high in zip(less, more, strict=True)]
    return [one * width / sum(steps[-1]) for one in steps[-1]]
