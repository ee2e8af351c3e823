"""How a mark of each status is filled and edged, on every drawing that is not the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import GROUND, STATUS


@dataclass(frozen=True)
class Look:
    """How a mark of one status is filled and edged, so that it differs in more than colour."""

    fill: str
    edge: str
    edge_width: float
    alpha: float = 1.0


def look(status: str) -> Look:
    """Offline is hollow, no data faded, closed dark with a pale edge."""
    colour = STATUS[status]
    if status == "offline":
        return Look(GROUND, STATUS["no_data"], 1.5)
    if status == "no_data":
        return Look(colour, GROUND, 0.9, 0.6)
    if status == "closed":
        return Look(colour, STATUS["offline"], 1.1)
    return Look(colour, GROUND, 0.9)
