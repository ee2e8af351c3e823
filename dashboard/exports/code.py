"""The permanent address as a code on a sheet."""

from __future__ import annotations

from matplotlib.path import Path

from dashboard.exports.pen import Box, Pen
from dashboard.exports.permalink import BORDER, modules

MODULE = 2.7
"""The side of a module in design units: read from a screen, and from paper as wide as a hand."""
WHITE, BLACK = "white", "black"
"""In every theme: readers want dark on light."""


class Code:
    """One code; without an address it is empty and takes no room."""

    def __init__(self, pen: Pen, link: str) -> None:
        self.pen, self._rows = pen, modules(link)
        # Whole pixels: a module that falls between two is read as grey.
        self._module = max(round(MODULE * pen.unit), 1) / pen.unit
        self.side = (len(self._rows) + 2 * BORDER) * self._module if self._rows else 0.0

    def draw(self, corner: Box) -> None:
        """Draw it at the upper left of a box."""
        module, unit = self._module, self.pen.unit
        left, top = (round(edge * unit) / unit for edge in (corner.x, corner.y))
        self.pen.box(Box(left, top, self.side, self.side), fill=WHITE)
        dark = [
            (left + (column + BORDER) * module, top + (row + BORDER) * module)
            for row, cells in enumerate(self._rows)
            for column, cell in enumerate(cells)
            if cell
        ]
        squares = [
            Path([(x, y), (x + module, y), (x + module, y + module), (x, y + module), (x, y)], closed=True)
            for x, y in dark
        ]
        self.pen.path(Path.make_compound_path(*squares), fill=BLACK, gid="code")
