"""The legend of a snapshot's map, set in as many rows as it needs."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.exports.base_layers import BACKED_DASH, FENCE_DASH, UNKNOWN_DASH
from dashboard.exports.ink import Ink
from dashboard.exports.look import Look
from dashboard.exports.marks import CIRCLE, HATCH, SHAPES, WORST_LAST, draw_marks, mark_style
from dashboard.exports.pen import Box, Pen
from dashboard.exports.words import say
from dashboard.words import pick
from data.profile import Profile

SIZE = 16.0
ROW = 28.0

Mark = Callable[[Pen, float, float], None]


def draw_legend(
    pen: Pen,
    box: Box,
    profile: Profile,
    lang: str,
    look: Look,
    *,
    closures: bool = False,
    unknown: bool = False,
    measure: bool = False,
) -> float:
    """Draw shapes, colours, the ring and the lines of the map into a box; returns the height used.

    Of layers that are switched off nothing is said. `closures`: whether anything is closed on purpose;
    `unknown`: whether of any border nothing is known yet. With `measure` only the height is told.
    """
    x, y = box.x, box.y + 18
    for name, mark in _entries(pen.ink, profile, lang, look, closures=closures, unknown=unknown):
        width = 30 + pen.width(name, SIZE)
        if x > box.x and x + width > box.right:
            x, y = box.x, y + ROW
        if not measure:
            mark(pen, x + 11, y - SIZE * 0.36)
            pen.text(x + 30, y, name, SIZE, pen.ink.quiet)
        x += width + 24
    return y + 8 - box.y


def _entries(
    ink: Ink, profile: Profile, lang: str, look: Look, *, closures: bool, unknown: bool
) -> list[tuple[str, Mark]]:
    lines = [line for line in profile.spec.lines if look.line in ("", line.id)]
    entries = [(pick(line.name, lang), _shape(line.shape)) for line in lines if look.shows(line.id)]
    entries += [(say(lang, status), _status(status)) for status in reversed(WORST_LAST)]
    entries.append((say(lang, "ring"), _ring))
    if profile.border is not None:
        entries.append((say(lang, "border_held"), _stroke(ink.border_line, 2.6)))
        holds = look.shows("gaps") and any(line.border for line in lines)
        if holds and unknown:
            entries.append((say(lang, "border_unknown"), _stroke(ink.status["no_data"], 4.6, UNKNOWN_DASH)))
        if not holds:
            pass
        elif profile.spec.coverage.depth_km is None:
            entries.append((say(lang, "border_gap"), _stroke(ink.gap, 4.6)))
        else:
            entries.append((say(lang, "gap_exposed"), _exposed))
            entries.append((say(lang, "gap_backed"), _stroke(ink.backed, 4.6, BACKED_DASH)))
    if look.shows("exits") and any(line.ring_m is not None for line in lines):
        entries.append((say(lang, "exit_open"), _exit))
    if closures and look.shows("closures"):
        entries.append((say(lang, "closure_mark"), _closed))
    if len(profile.fences) and look.shows("fences"):
        entries.append((say(lang, "fence"), _stroke(ink.accent, 1.6, FENCE_DASH)))
    return entries


def _shape(shape: str) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        pen.marks(SHAPES[shape], [(x, y)], 16, fill=pen.ink.text)

    return mark


def _status(status: str) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        draw_marks(pen, CIRCLE, [(x, y)], 14, mark_style(status, pen.ink.palette))

    return mark


def _ring(pen: Pen, x: float, y: float) -> None:
    pen.marks(CIRCLE, [(x, y)], 19, edge=pen.ink.gap, width=2.2)
    pen.marks(CIRCLE, [(x, y)], 8, fill=pen.ink.status["congested"])


def _closed(pen: Pen, x: float, y: float) -> None:
    pen.marks(HATCH, [(x, y)], 22, fill=pen.ink.quiet)


def _exposed(pen: Pen, x: float, y: float) -> None:
    pen.line([x - 11, x + 11], [y, y], pen.ink.text, 7.6, round_ends=False)
    pen.line([x - 10, x + 10], [y, y], pen.ink.gap, 4.6, round_ends=False)


def _exit(pen: Pen, x: float, y: float) -> None:
    pen.marks(CIRCLE, [(x, y)], 18, edge=pen.ink.gap, width=2.2)
    for up in (4, -4):
        pen.line([x - 4, x + 4], [y - up, y + up], pen.ink.gap, 2.2)


def _stroke(colour: str, width: float, dash: tuple[float, ...] = ()) -> Mark:
    def mark(pen: Pen, x: float, y: float) -> None:
        pen.line([x - 11, x + 11], [y, y], colour, width, dash=dash, round_ends=False)

    return mark
