"""How wide the columns of a table on paper are, and how large its letters: as its words ask for.

A number never breaks over two lines, a head may; what is left goes to the columns with most to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dashboard.briefs.cells import numeric
from dashboard.briefs.manuscript import Column, Table

POINT_MM = 25.4 / 72
PAD_MM = 2.2
"""Left and right of a cell's words."""
LATIN_EM, WIDE_EM = 0.52, 1.0
NARROWEST_EM, WIDEST_EM = 2.0, 16.0
LEAST_EM = 4.0
"""A column of words that must break is at least so wide."""
PIECES = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")
"""What a line does not break: a word of Latin letters, a Chinese character."""


def em(text: str) -> float:
    """Width of words in ems, all but exact: a Chinese character is one, a Latin one about half."""
    return sum(WIDE_EM if unicodedata.east_asian_width(one) in "WF" else LATIN_EM for one in text)


def fit(
    table: Table, rows: Sequence[Sequence[str]], width_mm: float, letters: Sequence[float]
) -> tuple[float, list[float]]:
    """The largest of `letters` (points, largest first) a table can be set in, and its columns in mm."""
    asked = [_asked(column, [row[n] for row in rows]) for n, column in enumerate(table.columns)]
    for size in letters:
        least = [low * size * POINT_MM + PAD_MM for low, _ in asked]
        if sum(least) <= width_mm or size == letters[-1]:
            most = [high * size * POINT_MM + PAD_MM for _, high in asked]
            return size, _shared(least, most, width_mm)
    raise ValueError("No size of letters")


def _asked(column: Column, cells: Sequence[str]) -> tuple[float, float]:
    """The least that a column can do with, and the most that it has use for, in ems."""
    lines = [line for cell in cells for line in cell.split("\n")]
    widest = max((em(line) for line in lines), default=0.0)
    whole = numeric(column) or column.kind in ("time", "day")
    low = widest if whole else min(widest, LEAST_EM)
    if not whole:
        low = max([low, *(em(piece) for line in lines for piece in PIECES.findall(line))])
    head, halves = em(column.title), _halves(column.title)
    # A head breaks before its unit, or else in its middle.
    half = max(map(em, halves)) if len(halves) > 1 else -(-head // 2)
    low = min(max(low, half, NARROWEST_EM, *map(em, PIECES.findall(column.title))), WIDEST_EM)
    return low, max(low, min(max(widest, head), WIDEST_EM * 2))


def heads(table: Table, size: float, widths: Sequence[float]) -> list[str]:
    """The heads of a fitted table, broken before their units where they do not fit on one line."""
    return [
        column.title
        if em(column.title) * size * POINT_MM + PAD_MM <= width
        else "\n".join(_halves(column.title))
        for column, width in zip(table.columns, widths, strict=True)
    ]


def _halves(title: str) -> list[str]:
    at = title.find("（")
    return [title[:at], title[at:]] if at > 0 else [title]


def _shared(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    """The width, shared out: first what each must have, then what each could use, then to all alike."""
    need, use = sum(least), sum(most)
    if need >= width:
        return [one * width / need for one in least]
    if use >= width:
        share = (width - need) / (use - need)
        return [low + (high - low) * share for low, high in zip(least, most, strict=True)]
    return [one * width / use for one in most]
