"""The colours of one theme by the names that a drawing uses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dashboard.theme import SEVERITIES, STATUSES, Palette, ink_on, palette, status_colour


@dataclass(frozen=True)
class Ink:
    """What everything on one sheet is drawn in."""

    palette: Palette
    ground: str
    panel: str
    raised: str
    hairline: str
    text: str
    quiet: str
    accent: str
    simulated: str
    land: str
    """Of the scope."""
    beyond: str
    """Of the counties around it."""
    land_edge: str
    outline: str
    border_line: str
    road: str
    road_main: str
    water: str
    gap: str
    backed: str
    status: dict[str, str]
    severity: dict[str, str]
    loud: dict[str, str]
    """Severity to what is written in its colour."""
    row: dict[str, str]
    """Severity to the ground of a row that tells of an alert."""
    track: str
    """What a bar runs in."""

    def on(self, fill: str) -> str:
        """What is written on a fill."""
        return ink_on(fill)


@lru_cache(maxsize=4)
def ink_of(theme: str) -> Ink:
    """The colours of a theme."""
    of = palette(theme)
    light = theme == "light"
    severity = {name: of[f"severity-{name}"] for name in SEVERITIES}
    return Ink(
        palette=of,
        ground=of["ground"],
        panel=of["panel"],
        raised=of["raised"],
        hairline=of["hairline"],
        text=of["text"],
        quiet=of["quiet"],
        accent=of["accent"],
        simulated=of["simulated"],
        # On the dark sheet the scope is lit; on the light one it is the page's paper.
        land=of["raised"],
        beyond=of["panel"] if light else of["land"],
        land_edge=of["land-edge"],
        outline=of["own-edge"],
        border_line=of["border-line"],
        road=of["road"],
        road_main=of["road-main"],
        water=of["water"],
        gap=severity["critical"],
        backed=severity["warning"],
        status={name: status_colour(of, name) for name in STATUSES},
        severity=severity,
        # The light palette's severities are fills: letters in them would be too pale to read.
        loud={name: of[f"loud-{name}"] for name in SEVERITIES} if light else severity,
        row={name: of[f"tint-{name}"] if light else of["raised"] for name in SEVERITIES},
        track=of["track"] if light else of["raised"],
    )
