"""How a snapshot is seen: in which colours, how much of a sheet, which view, which layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from dashboard.theme import THEMES
from data.profile import Profile
from data.spec_exports import MapLayer, Sheet
from layers.faults import Fault
from layers.hints import one_of

SHEETS: tuple[str, ...] = get_args(Sheet)
LAYERS: tuple[str, ...] = get_args(MapLayer)


@dataclass(frozen=True)
class Look:
    """The parts of a page's address that a drawing follows, and what is written on it."""

    theme: str = "dark"
    sheet: str = "full"
    line: str = ""
    """A line's id: only its sites and its alerts."""
    center: tuple[float, float] | None = None
    """Longitude and latitude of the map's middle; None for all of the scope."""
    zoom: float | None = None
    """MapLibre's, of the design canvas: the world is 512 units wide at 0. None for the profile's own."""
    hidden: tuple[str, ...] = ()
    """Layers switched off, by the names of the page's legend: ids of lines, and kinds of layer."""
    site: str = ""
    """The selected site."""
    link: str = ""
    """The permanent address of the picture, written out and as a code."""
    marks: tuple[str, ...] = ()
    """Further marks, such as 补发."""

    def faults(self, profile: Profile) -> list[Fault]:
        """What cannot be drawn of this profile."""
        found = [
            _unknown(field, got, expected)
            for field, got, expected in (("theme", self.theme, THEMES), ("sheet", self.sheet, SHEETS))
            if got not in expected
        ]
        lines = tuple(line.id for line in profile.spec.lines)
        if self.line and self.line not in lines:
            found.append(_unknown("line", self.line, lines))
        return found

    def shows(self, layer: str) -> bool:
        """Whether a layer of the page's legend is drawn."""
        return layer not in self.hidden


def _unknown(field: str, got: str, expected: tuple[str, ...]) -> Fault:
    return Fault(what=f"A snapshot has no such {field}", field=field, got=got, expected=one_of(expected))
