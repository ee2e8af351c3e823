"""The legend of a snapshot's map, set in as many rows as it needs."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.exports.marks import CIRCLE, HATCH, SHAPES, WORST_LAST, look
from dashboard.exports.pen import Box, Pen
from dashboard.exports.sites_map import BACKED, BACKED_DASH, FENCE_DASH, GAP
from dashboard.exports.words import say
from dashboard.theme import ACCENT, BORDER_LINE, QUIET, STATUS, TEXT
from dashboard.words import pick
from data.profile import Profile

SIZE = 16.0
ROW = 28.0

Mark = Callable[[Pen, float, float], None]


def draw_legend(
    pen: Pen, box: Box, profile: Profile, lang: str, *, closures: bool = False, measure: bool = False
) -> float:
    """Draw shapes, colours, the ring and the lines of the map into a box; returns the height used.

    `closures`: whether anything is closed on purpose. With `measure` only the height is told.
    """
    x, y = box.x, box.y + 18
    for name, mark in _entries(profile, lang, closures):
        width = 30 + pen.width(name, SIZE)
        if x > box.x and x + width > box.right:
            x, y = box.x, y + ROW
        if not measure:
            mark(pen, x + 11, y - SIZE * 0.36)
            pen.text(x + 30, y, name, SIZE, QUIET)
        x += width + 24
    return y + 8 - box.y


def _entries(profile: Profile, lang: str, closures: bool) -> list[tuple[str, Mark]]:
    entries = [(pick(line.name, lang), _shape(line.shape)) for line in profile.spec.lines]
    entries += [(say(lang, status), _status(status)) for status in reversed(WORST_LAST)]
    entries.append((say(lang, "ring"), _ring))
    if profile.border is not None:
        entries.append((say(lang, "border_held"), _stroke(BORDER_LINE, 2.6)))
        if profile.spec.coverage.depth_km is None:
            entries.append((say(lang, "border_gap"), _stroke(GAP, 4.6)))
        else:
            entries.append((say(lang, "gap_exposed"), _exposed))
            entries.append((say(lang, "gap_backed"), _stroke(BACKED, 4.6, BACKED_DASH)))
    if any(line.ring_m is not None for line in profile.spec.lines):
        entries.append((say(lang, "exit_open"), _exit))
    if closures:
        entries.append((say(lang, "closure_mark"), _closed))
    if len(profile.fences):
        entries.append((say(lang, "fence"), _stroke(ACCENT, 1.6, FENCE_DASH)))
    return entries


def _shape(shape: str) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        pen.marks(SHAPES[shape], [(x, y)], 16, fill=TEXT)

    return mark


def _status(status: str) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        style = look(status)
        pen.marks(
            CIRCLE,
            [(x, y)],
            14,
            fill=style.fill,
            edge=style.edge,
            width=style.edge_width,
            alpha=style.alpha,
        )

    return mark


def _ring(pen: Pen, x: float, y: float) -> None:
    pen.marks(CIRCLE, [(x, y)], 19, edge=GAP, width=2.2)
    pen.marks(CIRCLE, [(x, y)], 8, fill=STATUS["congested"])


def _closed(pen: Pen, x: float, y: float) -> None:
    pen.marks(HATCH, [(x, y)], 22, fill=QUIET)


def _exposed(pen: Pen, x: float, y: float) -> None:
    pen.line([x - 11, x + 11], [y, y], TEXT, 7.6, round_ends=False)
    pen.line([x - 10, x + 10], [y, y], GAP, 4.6, round_ends=False)


def _exit(pen: Pen, x: float, y: float) -> None:
    pen.marks(CIRCLE, [(x, y)], 18, edge=GAP, width=2.2)
    for up in (4, -4):
        pen.line([x - 4, x + 4], [y - up, y + up], GAP, 2.2)


def _stroke(colour: str, width: float, dash: tuple[float, ...] = ()) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        pen.line([x - 11, x + 11], [y, y], colour, width, dash=dash, round_ends=False)

    return mark
