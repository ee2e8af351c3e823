"""The names on a map: of alerts, gaps, the selected site and the counties, none over another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import shapely

from dashboard.exports.ground import Floats, Ground
from dashboard.exports.labels import Labels
from dashboard.exports.marks import CIRCLE
from dashboard.exports.pen import Box, Pen
from dashboard.exports.scene import Scene
from dashboard.exports.words import kilometres, say

LABEL = 17.0
COUNTY = 22.0
MOST_GAPS = 5


class Names:
    """What is written on one map."""

    def __init__(self, pen: Pen, ground: Ground, labels: Labels, points: Floats, scene: Scene) -> None:
        self.pen, self.ground, self.labels, self.points = pen, ground, labels, points
        self.picture, self.profile = scene.picture, scene.profile
        self.lang, self.look = scene.lang, scene.look
        self._framed: list[Callable[[], None]] = []
        """What lies over every line that leads to a name."""

    def selected(self) -> None:
        """A ring around the selected site, and its name."""
        row = self.picture.sites.row.get(self.look.site)
        if row is None:
            return
        ink, (x, y) = self.pen.ink, self.points[row].tolist()
        if not self.labels.area.has(x, y):
            return
        self.pen.marks(CIRCLE, [(x, y)], 38, edge=ink.text, width=2.6, gid="selected")
        self._tag(x, y, str(self.picture.sites.name[row]), ink.text, 0)

    def alerts(self, numbers: Mapping[str, int]) -> None:
        """Name the targets of the listed alerts, with the numbers they bear in the list; 0 for none."""
        severity = {alert.target_id: alert.severity for alert in reversed(self.picture.alerts) if alert.asks}
        for target, number in numbers.items():
            found = self._target(target)
            if found is None or target == self.look.site:
                continue
            x, y, name = found
            if self.labels.area.has(x, y):
                self._tag(x, y, name, self.pen.ink.severity[severity[target]], number)

    def _tag(self, x: float, y: float, name: str, colour: str, number: int) -> None:
        """A name in a frame beside a mark, with a badge at its left end."""
        pen, ink = self.pen, self.pen.ink
        name = pen.fit(name, LABEL, 230, bold=True)
        badge = max(24.0, pen.width(str(number), LABEL, bold=True) + 12) if number else 7.0
        width = pen.width(name, LABEL, bold=True) + badge + 14
        place = self.labels.beside(x, y, width, 28)
        if place is None:
            return
        self._leader(x, y, place, colour)

        def framed() -> None:
            pen.box(place, fill=ink.panel, edge=colour, radius=5, width=1.2, alpha=0.94)
            pen.box(Box(place.x, place.y, badge, place.h), fill=colour, radius=5 if number else 2)
            base = place.y + 20
            if number:
                middle = place.x + badge / 2
                pen.text(middle, base, str(number), LABEL, ink.on(colour), bold=True, align="center")
            pen.text(place.x + badge + 7, base, name, LABEL, ink.text, bold=True)

        self._framed.append(framed)

    def frames(self) -> None:
        """Draw the names in their frames, over all leading lines."""
        for framed in self._framed:
            framed()

    def _target(self, target: str) -> tuple[float, float, str] | None:
        """Where a site or a fence lies on the sheet, and its name."""
        row = self.picture.sites.row.get(target)
        if row is not None:
            x, y = self.points[row].tolist()
            return x, y, str(self.picture.sites.name[row])
        fence = self.profile.fences[self.profile.fences["fence_id"] == target]
        if not len(fence):
            return None
        middle = fence.geometry.iloc[0].representative_point()
        x, y = self.ground.at([middle.x], [middle.y])[0].tolist()
        return x, y, str(fence["name"].iloc[0])

    def _leader(self, x: float, y: float, place: Box, colour: str) -> None:
        """A thin line from a mark to its label, where they do not touch."""
        near_x = float(np.clip(x, place.x, place.right))
        near_y = float(np.clip(y, place.y, place.bottom))
        if np.hypot(near_x - x, near_y - y) > 16:
            self.pen.line([x, near_x], [y, near_y], colour, 1.2, alpha=0.9)

    def gaps(self) -> None:
        """Say the length of the longest stretches that nobody holds."""
        border, ink = self.profile.border, self.pen.ink
        if border is None or not self.look.shows("gaps"):
            return
        for gap in sorted(self.picture.gaps, key=lambda gap: (gap.backed is not False, -gap.km))[:MOST_GAPS]:
            if gap.km < 0.1:
                continue
            middle = border.cut(gap.from_km, gap.to_km).interpolate(0.5, normalized=True)
            x, y = self.ground.at([middle.x], [middle.y])[0].tolist()
            if not self.labels.area.has(x, y):
                continue
            word = "exposed_km" if gap.backed is False else "uncovered_km"
            text = say(self.lang, word, km=kilometres(gap.km))
            place = self.labels.beside(x, y, self.pen.width(text, LABEL, bold=True) + 14, 27)
            if place is None:
                continue
            self._leader(x, y, place, ink.gap)
            self._framed.append(partial(self._length, place, text))

    def _length(self, place: Box, text: str) -> None:
        ink = self.pen.ink
        self.pen.box(place, fill=ink.ground, radius=5, alpha=0.85)
        self.pen.text(place.x + 7, place.y + 19.5, text, LABEL, ink.loud["critical"], bold=True)

    def counties(self) -> None:
        """Name each county inside its own land, where no other label stands and few marks are covered."""
        counties = self.profile.counties
        rows = zip(counties["adcode"], counties["name"], counties.geometry, strict=True)
        for adcode, name, shape in rows:
            own = self.picture.scope in ("", adcode)
            size = COUNTY if own else COUNTY - 5
            width = self.pen.width(str(name), size) + 8
            seen = self.ground.seen(shape)
            if seen.is_empty:
                continue
            place = self.labels.among(_inner_points(self.ground, seen), width, size * 1.25)
            if place is not None:
                self.pen.text(
                    place.x + place.w / 2,
                    place.y + size,
                    str(name),
                    size,
                    self.pen.ink.text if own else self.pen.ink.quiet,
                    align="center",
                    alpha=0.66 if own else 0.6,
                    gid=f"county-{adcode}",
                )


def _inner_points(ground: Ground, shape: Any) -> Floats:
    """Where a name may stand: points well inside a polygon, from its middle outwards."""
    west, south, east, north = shape.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 15), np.linspace(south, north, 15))
    inner = shape.buffer(-0.04 * min(east - west, north - south))
    inside = shapely.contains_xy(inner, lon.ravel(), lat.ravel())
    middle = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    start = ground.at([middle.x], [middle.y])
    grid = ground.at(lon.ravel()[inside], lat.ravel()[inside])
    away = np.hypot(grid[:, 0] - start[0, 0], grid[:, 1] - start[0, 1])
    return np.vstack([start, grid[np.argsort(away)]])
