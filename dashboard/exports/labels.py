"""Labels that do not lie on each other, and cover as few marks as they can."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dashboard.exports.pen import Box

Floats = NDArray[np.float64]

DIRECTIONS = ((1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1))
"""Right first, because text is read from its left end."""
DISTANCES = (15.0, 26.0, 42.0, 64.0, 92.0)


@dataclass
class Labels:
    """The places already taken on a map, and the marks that should stay visible."""

    area: Box
    marks: Floats
    """Positions of marks, (n, 2)."""
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether a label may lie here."""
        return self.area.holds(box) and not any(box.meets(other) for other in self.taken)

    def covered(self, box: Box, margin: float = 4.0) -> int:
        """How many marks a label here would cover, or come nearer to than the margin."""
        x, y, near = self.marks[:, 0], self.marks[:, 1], box.inset(-margin)
        return int(np.sum((x > near.x) & (x < near.right) & (y > near.y) & (y < near.bottom)))

    def beside(self, x: float, y: float, width: float, height: float) -> Box | None:
        """The best place near a point, now taken; None where there is none."""
        best: tuple[float, Box] | None = None
        for far in DISTANCES:
            for rank, (right, down) in enumerate(DIRECTIONS):
                reach = far if 0 in (right, down) else far * 0.75
                box = Box(
                    x + right * reach - (width if right < 0 else 0 if right > 0 else width / 2),
                    y + down * reach - (height if down < 0 else 0 if down > 0 else height / 2),
                    width,
                    height,
                )
                cost = self.covered(box) * 8.0 + far * 0.35 + rank * 0.6
                if (best is None or cost < best[0]) and self.free(box):
                    best = cost, box
        if best is None:
            return None
        self.taken.append(best[1])
        return best[1]

    def among(self, places: Floats, width: float, height: float) -> Box | None:
        """The best of several middles, the first ones preferred; None where all are taken."""
        best: tuple[float, Box] | None = None
        for rank, (x, y) in enumerate(places.tolist()):
            box = Box(x - width / 2, y - height / 2, width, height)
            # Such a name has no ground of its own: a mark in it makes both hard to read.
            cost = self.covered(box, 7.0) * 6.0 + rank * 0.25
            if (best is None or cost < best[0]) and self.free(box):
                best = cost, box
        if best is None:
            return None
        self.taken.append(best[1])
        return best[1]
