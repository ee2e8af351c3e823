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


def mark_style(status: str, of: Palette = DARK) -> MarkStyle:
    """Offline is hollow, no data faded, closed dark with a pale edge."""
    colour, ground = status_colour(of, status), of["ground"]
    if status == "offline":
        return MarkStyle(ground, status_colour(of, "no_data"), 1.5)
    if status == "no_data":
        return MarkStyle(colour, ground, 0.9, 0.6)
    if status == "closed":
        return MarkStyle(colour, status_colour(of, "offline"), 1.1)
    return MarkStyle(colour, ground, 0.9)
