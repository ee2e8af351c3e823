"""How wide the columns of a table on paper are, and how large its letters: as its words ask for.

A number never breaks over two lines, a head may; what is left goes where it saves most lines.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

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
STEP_EM = 0.5
"""Widths that are tried differ by so much."""
TALL = 3
"""A cell of n lines costs n to this power: a row is as high as its highest cell."""
FLAT, LOW = 1.25, 2.2
"""Lines of a row, on the average: letters as large as keep it so flat, or else, the smallest too, so low."""


class _Asked(NamedTuple):
    """What a column asks for, in ems."""

    low: float
    """The least that it can do with."""
    common: float
    """What keeps nearly all cells on one line."""
    widest: float
    """What keeps all of them there, and the head."""


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
    is `dense` one whose rows stay on one line, else one whose rows are not high, or else the smallest."""
    cells = [[row[n] for row in rows] for n in range(len(table.columns))]
    asked = [_asked(column, mine) for column, mine in zip(table.columns, cells, strict=True)]
    tried: list[tuple[float, float, list[float]]] = []
    for size in sizes:
        room = (width_mm - len(asked) * PAD_MM) / (size * POINT_MM)
        fits = sum(one.common if dense else one.low for one in asked) <= room
        if fits or size == sizes[-1]:
            ems = _saving(table, cells, asked, room)
            tried.append((size, 1.0 if dense else _height(cells, ems), ems))
    flat = [one for one in tried if one[1] <= FLAT and one[0] > sizes[-1]]
    low = [one for one in tried if one[1] <= LOW]
    size, _, ems = (flat or low or tried[-1:])[0]
    return size, _spread(asked, size, ems, width_mm)


def _spread(asked: Sequence[_Asked], size: float, ems: Sequence[float], width_mm: float) -> list[float]:
    """The columns in mm, from their ems: what is over goes to those that could still use it."""
    could = [max(one, each.widest) for one, each in zip(ems, asked, strict=True)]
    return _shared([[one * size * POINT_MM + PAD_MM for one in step] for step in (ems, could)], width_mm)


def _asked(column: Column, cells: Sequence[str]) -> _Asked:
    """What a column with these cells asks for."""
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
    return _Asked(low, common, max(common, min(max(widest, em(column.title) * BOLD), LONGEST_EM)))


def _saving(
    table: Table, cells: Sequence[Sequence[str]], asked: Sequence[_Asked], room: float
) -> list[float]:
    """Ems of each column: first the least, then whatever saves most lines for its width."""
    ems = [one.low for one in asked]
    if sum(one.widest for one in asked) <= room:
        return [one.widest for one in asked]
    costs = [
        _costs(column.title, mine, one.low, min(one.widest, room))
        for column, mine, one in zip(table.columns, cells, asked, strict=True)
    ]
    while (left := room - sum(ems)) > 0:
        gains = [
            ((cost[0][1] - dear) / (width - cost[0][0]), n, at)
            for n, cost in enumerate(costs)
            for at, (width, dear) in enumerate(cost[1:], start=1)
            if width - ems[n] <= left
        ]
        if not gains:
            break
        _, n, at = max(gains)
        costs[n] = costs[n][at:]
        ems[n] = costs[n][0][0]
    return ems


def _costs(title: str, cells: Sequence[str], low: float, most: float) -> list[tuple[float, float]]:
    """Widths of a column from its least on, each with what its lines then cost: only those that save any."""
    known = [(_pieces(cell), n) for cell, n in Counter(cells).items()]
    known.append(([[(gap * BOLD, wide * BOLD) for gap, wide in line] for line in _pieces(title)], 1))
    found: list[tuple[float, float]] = []
    for step in range(int(max(most - low, 0.0) / STEP_EM) + 2):
        width = min(low + step * STEP_EM, max(most, low))
        cost = float(sum(n * _lines(pieces, width) ** TALL for pieces, n in known))
        if not found or cost < found[-1][1]:
            found.append((width, cost))
    return found


def _height(cells: Sequence[Sequence[str]], ems: Sequence[float]) -> float:
    """Lines of a row, on the average."""
    columns = [
        [_lines(_pieces(cell), width) for cell in mine] for mine, width in zip(cells, ems, strict=True)
    ]
    rows = [max(row) for row in zip(*columns, strict=True)]
    return sum(rows) / len(rows) if rows else 1.0


def _pieces(text: str) -> list[list[tuple[float, float]]]:
    """Of each line that a text has by itself what does not break: the gap before it, and its width."""
    found = []
    for line in text.split("\n"):
        end, pieces = 0, []
        for piece in PIECES.finditer(line):
            pieces.append((em(line[end : piece.start()]), em(piece.group())))
            end = piece.end()
        found.append(pieces)
    return found


def _lines(text: Sequence[Sequence[tuple[float, float]]], width: float) -> int:
    """How many lines the pieces of a text take in a column of so many ems."""
    count = 0
    for line in text:
        count, used = count + 1, 0.0
        for gap, wide in line:
            if used and used + gap + wide > width + 1e-6:
                count, used = count + 1, wide
            else:
                used += (gap if used else 0.0) + wide
    return count


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
