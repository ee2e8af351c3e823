"""Marks: the shape says which line, the colour says the status, a ring says an unanswered alert."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from dashboard.exports.mark_style import MarkStyle, mark_style
from dashboard.exports.pen import Box, Pen

__all__ = ["CIRCLE", "HATCH", "SHAPES", "WORST_LAST", "MarkStyle", "draw_marks", "mark_style", "size_for"]

WORST_LAST = ("closed", "offline", "no_data", "normal", "busy", "congested")
"""The order of drawing: what needs a person lies on top."""
SMALLEST, LARGEST = 7.0, 15.0
"""Of a mark, in design units."""
CORE, CORE_FROM = 0.3, 8.5
"""Share of a mark's size, and the size from which there is room for one."""


def _regular(corners: int, *, turn: float = 0.0, scale: float = 1.0) -> Path:
    """A regular polygon around the origin; `turn` in corners, y upwards."""
    angle = 2 * np.pi * (np.arange(corners + 1) + turn) / corners + np.pi / 2
    return Path(scale * 0.5 * np.column_stack([np.cos(angle), np.sin(angle)]), closed=True)


def _star() -> Path:
    angle = np.pi * np.arange(11) / 5 + np.pi / 2
    reach = np.where(np.arange(11) % 2, 0.26, 0.62)
    return Path(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]), closed=True)


def _hatch(strokes: int) -> Path:
    """A ring of slanted strokes around the origin, as on the live map: what is closed on purpose."""
    found = []
    for angle in 2 * np.pi * np.arange(strokes) / strokes:
        turns, reach = angle + np.array([0.0, 0.2, 0.45, 0.25, 0.0]), np.array([0.36, 0.36, 0.5, 0.5, 0.36])
        found.append(Path(np.column_stack([reach * np.sin(turns), reach * np.cos(turns)]), closed=True))
    return Path.make_compound_path(*found)


CIRCLE = Path.circle(radius=0.5)
HATCH = _hatch(12)
SLASH = Path([(-0.34, -0.34), (0.34, 0.34)])
# Scaled so that all look equally large, not so that all are equally wide.
SHAPES: dict[str, Path] = {
    "triangle": _regular(3, scale=1.28),
    "diamond": _regular(4, scale=1.2),
    "square": _regular(4, turn=0.5, scale=1.28),
    "circle": CIRCLE,
    "hexagon": _regular(6, scale=1.1),
    "star": _star(),
}


def size_for(points: NDArray[np.float64]) -> float:
    """The size of a line's marks in design units: as large as they can be without hiding each other."""
    if len(points) < 2:
        return LARGEST
    shapes: Any = shapely.points(points)
    _, apart = shapely.STRtree(shapes).query_nearest(
        shapes, exclusive=True, all_matches=False, return_distance=True
    )
    # Half of all marks have a neighbour nearer than this; some overlap is better than dust.
    return float(np.clip(1.9 * np.median(apart), SMALLEST, LARGEST)) if len(apart) else LARGEST


def draw_marks(
    pen: Pen,
    shape: Path,
    points: ArrayLike,
    size: float,
    style: MarkStyle,
    *,
    clip: Box | None = None,
    gid: str = "",
) -> None:
    """Draw marks of one status; `gid` names the marks, not what is inside them."""
    # On a small mark a full edge would leave nothing of its colour.
    fine = min(1.0, size / 11.0)
    pen.marks(
        shape,
        points,
        size,
        fill=style.fill,
        edge=style.edge,
        width=style.edge_width * fine,
        alpha=style.alpha,
        gid=gid,
        clip=clip,
    )
    if style.core and size >= CORE_FROM:
        pen.marks(shape, points, size * CORE, fill=style.core, clip=clip)
    if style.slash:
        pen.marks(SLASH, points, size, edge=style.slash, width=1.5 * fine, clip=clip)
