"""Of whom nothing is known yet: who never reported, and may still be there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.ground import Ground

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Unheard:
    """Sites and fences that may hold what they stand at: neither that they do is known nor that they do not.

    Who fell silent is none of them, nor who was waited for until it counts as offline: what only they could
    hold is open. But of a line of which no site was ever heard nothing is known, however long it has been.
    """

    sites: Bools
    fences: Bools
    lines: frozenset[str]
    """The lines of which no site has ever reported; of a line without sites, no fence."""

    @property
    def nobody(self) -> bool:
        """Whether everyone has been heard."""
        return not (self.lines or self.sites.any() or self.fences.any())

    def same(self, other: Unheard) -> bool:
        """Whether the same ones have not been heard."""
        return (
            self.lines == other.lines
            and np.array_equal(self.sites, other.sites)
            and np.array_equal(self.fences, other.fences)
        )


def unheard(
    ground: Ground, serving: Bools, sites: tuple[Floats, Bools], fences: tuple[Floats, Bools]
) -> Unheard:
    """Who has not been heard yet; `serving`: the sites in service.

    `sites` and `fences`: each one's newest report in epoch seconds, NaN where there never was one, and
    whether it is still waited for.
    """
    (site_at, site_waits), (fence_at, fence_waits) = sites, fences
    silent, heard, mute = serving & np.isnan(site_at), ~np.isnan(site_at), np.isnan(fence_at)
    lines = []
    for index, line in enumerate(ground.lines):
        mine = ground.line_of == index
        fences_alone = line in ground.border_lines and not (serving & mine).any() and bool(mute.any())
        if not (mine & heard).any() and ((mine & silent).any() or (fences_alone and mute.all())):
            lines.append(line)
    of_those = np.isin(ground.line_of, [ground.lines.index(line) for line in lines])
    return Unheard(silent & (site_waits | of_those), mute & fence_waits, frozenset(lines))
