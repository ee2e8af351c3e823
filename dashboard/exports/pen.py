"""A pen that draws text, boxes and lines on one sheet, in design units from the top left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.image import BboxImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform, TransformedBbox
from numpy.typing import ArrayLike, NDArray

from dashboard.exports.fonts import FAMILIES, Face, Faces
from dashboard.exports.ink import Ink

ELLIPSIS = "…"


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height in design units."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge; y grows downwards."""
        return self.y + self.h

    def inset(self, by: float) -> Box:
        """The box with a margin taken off each side."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def has(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


class Pen:
    """One figure, drawn on in design units from the top left; what is drawn later lies on top."""

    def __init__(self, size: tuple[int, int], unit: float, faces: Faces, ink: Ink, *, form: str) -> None:
        """`size` in pixels; `unit` is the pixels of one design unit; `form` is that of the file."""
        # One point is one pixel at 72 dpi; the hair more keeps the width from being rounded down.
        width, height = ((pixels + 1e-4) / 72 for pixels in size)
        self.unit = unit
        # An SVG is set in the viewer's own fonts, so it names the others that will do.
        self._viewers = FAMILIES[:6] if form == "svg" else ()
        self.faces, self.ink = faces, ink
        self.written: dict[bool, set[str]] = {False: set(), True: set()}
        """The characters written in regular and in bold."""
        self.sheet = Box(0, 0, size[0] / unit, size[1] / unit)
        self.figure = Figure(figsize=(width, height), dpi=72, facecolor=ink.ground)
        # Artists stand on the figure itself: axes would cost more than all the lines of a map.
        self._place = Affine2D().scale(unit, -unit).translate(0, size[1])
        self._order = 0

    def _put(self, item: Artist, clip: Box | None = None, gid: str = "") -> None:
        """Add an artist on top of what is drawn already."""
        self._order += 1
        item.set_zorder(self._order)
        item.set_gid(gid or None)
        self.figure.add_artist(item)
        if clip is not None:
            edges = Bbox.from_bounds(clip.x, clip.y, clip.w, clip.h)
            item.set_clip_box(TransformedBbox(edges, self._place))

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """The width of a text in design units."""
        return _width(self.faces.bold if bold else self.faces.regular, text) * size

    def fit(self, text: str, size: float, room: float, *, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is wider than the room."""
        if self.width(text, size, bold=bold) <= room:
            return text
        while text and self.width(text + ELLIPSIS, size, bold=bold) > room:
            text = text[:-1]
        return text.rstrip() + ELLIPSIS if text else ""

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str | None = None,
        *,
        bold: bool = False,
        align: str = "left",
        room: float | None = None,
        alpha: float = 1.0,
        gid: str = "",
    ) -> float:
        """Write a text with its baseline at y; returns its width. `room` cuts what is wider."""
        if room is not None:
            text = self.fit(text, size, room, bold=bold)
        if not text:
            return 0.0
        self.written[bold].update(text)
        item = Text(
            x,
            y,
            text,
            color=colour or self.ink.text,
            alpha=alpha if alpha < 1 else None,
            ha=align,
            va="baseline",
            fontproperties=self._font(size, bold),
            parse_math=False,
            transform=self._place,
        )
        self._put(item, gid=gid)
        return self.width(text, size, bold=bold)

    def run(self, x: float, y: float, parts: Sequence[tuple[str, float, str, bool]]) -> float:
        """Write several pieces (text, size, colour, bold) one after the other; returns the end."""
        for text, size, colour, bold in parts:
            x += self.text(x, y, text, size, colour, bold=bold)
        return x

    def box(
        self,
        box: Box,
        *,
        fill: str = "none",
        edge: str = "none",
        radius: float = 0.0,
        width: float = 1.0,
        alpha: float = 1.0,
        clip: Box | None = None,
        gid: str = "",
    ) -> None:
        """Draw a rectangle, with round corners where a radius is given."""
        corner = min(radius, box.h / 2, box.w / 2)
        patch = FancyBboxPatch(
            (box.x, box.y),
            box.w,
            box.h,
            boxstyle=f"round,pad=0,rounding_size={corner:.3f}" if corner > 0 else "square,pad=0",
            facecolor=fill,
            edgecolor=edge,
            linewidth=width * self.unit,
            alpha=alpha if alpha < 1 else None,
            transform=self._place,
        )
        self._put(patch, clip, gid)

    def pill(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        *,
        ink: str,
        fill: str = "none",
        edge: str = "none",
        bold: bool = True,
        align: str = "left",
        alpha: float = 1.0,
    ) -> float:
        """Draw a text in a rounded box around its line; returns the box's width."""
        width = self.width(text, size, bold=bold) + size * 1.1
        left = {"left": x, "right": x - width, "center": x - width / 2}[align]
        self.box(
            Box(left, baseline - size * 1.22, width, size * 1.68),
            fill=fill,
            edge=edge,
            radius=size * 0.28,
            width=1.4,
            alpha=alpha,
        )
        self.text(left + size * 0.55, baseline, text, size, ink, bold=bold)
        return width

    def line(
        self,
        x: ArrayLike,
        y: ArrayLike,
        colour: str,
        width: float,
        *,
        dash: tuple[float, ...] = (),
        alpha: float = 1.0,
        gid: str = "",
        clip: Box | None = None,
        round_ends: bool = True,
    ) -> None:
        """Draw a line through points; dashes in design units."""
        item = Line2D(
            x,
            y,
            color=colour,
            linewidth=width * self.unit,
            alpha=alpha if alpha < 1 else None,
            solid_capstyle="round" if round_ends else "butt",
            solid_joinstyle="round",
            transform=self._place,
        )
        if dash:
            item.set_dashes([part / width for part in dash])  # matplotlib counts dashes in line widths
        self._put(item, clip, gid)

    def path(
        self,
        path: Path,
        *,
        fill: str = "none",
        edge: str = "none",
        width: float = 1.0,
        dash: tuple[float, ...] = (),
        alpha: float = 1.0,
        clip: Box | None = None,
        gid: str = "",
    ) -> None:
        """Draw a path that is already in design units."""
        patch = PathPatch(
            path,
            facecolor=fill,
            edgecolor=edge,
            linewidth=width * self.unit,
            linestyle=(0, [part / width for part in dash]) if dash else "solid",
            alpha=alpha if alpha < 1 else None,
            capstyle="butt" if dash else "round",
            joinstyle="round",
            transform=self._place,
        )
        self._put(patch, clip, gid)

    def image(self, box: Box, pixels: NDArray[np.uint8], *, alpha: float = 1.0, gid: str = "") -> None:
        """Stretch pixels (high, wide, 4) over a box."""
        edges = Bbox.from_bounds(box.x, box.y + box.h, box.w, -box.h)
        item = BboxImage(
            TransformedBbox(edges, self._place), origin="upper", alpha=alpha if alpha < 1 else None
        )
        item.set_data(pixels)
        self._put(item, gid=gid)

    def marks(
        self,
        shape: Path,
        points: ArrayLike,
        size: float,
        *,
        fill: str = "none",
        edge: str = "none",
        width: float = 0.0,
        alpha: float = 1.0,
        gid: str = "",
        clip: Box | None = None,
    ) -> None:
        """Draw one shape (of unit size around the origin) at each of (n, 2) points."""
        item = PathCollection(
            [shape],
            sizes=[(size * self.unit) ** 2],
            offsets=points,
            offset_transform=self._place,
            facecolors=fill,
            edgecolors=edge,
            linewidths=width * self.unit,
            alpha=alpha if alpha < 1 else None,
        )
        item.set_transform(IdentityTransform())
        self._put(item, clip, gid)

    def _font(self, size: float, bold: bool) -> FontProperties:
        face = self.faces.bold if bold else self.faces.regular
        return face.properties(size * self.unit, self._viewers)


@lru_cache(maxsize=4096)
def _width(face: Face, text: str) -> float:
    """The advance of a text per unit of size."""
    font = get_font(face.file)
    font.set_size(64, 72)
    # The box of a text leaves out the space at its end; the bar makes it count, and is taken off again.
    ends = []
    for piece in (text + "|", "|"):
        font.set_text(piece, 0.0, flags=LoadFlags.NO_HINTING)
        ends.append(font.get_width_height()[0])
    return float(ends[0] - ends[1]) / 64 / 64
