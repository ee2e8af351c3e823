"""How a mark of each status is filled and edged, on every drawing that is not the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import DARK, Palette, status_colour


@dataclass(frozen=True)
class MarkStyle:
    """How a mark of one status is filled and edged, so that it differs in more than colour."""

    fill: str
    edge: str
    edge_width: float
    alpha: float = 1.0
    core: str = ""
    """Colour of a small mark of the same shape inside it; "" for none."""
    slash: str = ""
    """Colour of a stroke across it; "" for none."""


def mark_style(status: str, of: Palette = DARK) -> MarkStyle:
    """As on the page: congested has a rim and a core, busy a core, no data is faded, offline is hollow and
    struck out, closed is struck out."""
    colour, ground = status_colour(of, status), of["ground"]
    if status == "offline":
        return MarkStyle(ground, status_colour(of, "no_data"), 1.5, slash=status_colour(of, "no_data"))
    if status == "no_data":
        return MarkStyle(colour, ground, 0.9, 0.6)
    if status == "closed":
        return MarkStyle(colour, status_colour(of, "offline"), 1.1, slash=ground)
    if status == "congested":
        return MarkStyle(colour, of["rim"], 1.1, core=of["rim"])
    return MarkStyle(colour, ground, 0.9, core=ground if status == "busy" else "")
