"""What lies under the marks: land, waters, roads, the border, fences."""

from __future__ import annotations

from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from dashboard.exports.ground import Ground
from dashboard.exports.marks import CIRCLE
from dashboard.exports.pen import Box, Pen
from dashboard.exports.scene import Scene
from data.profile import Profile

FENCE_DASH, BACKED_DASH, UNKNOWN_DASH = (6.0, 4.0), (1.4, 0.9), (0.7, 1.1)
MAIN_ROADS = ("motorway", "trunk", "national")
CROSSINGS_FROM = 8.6
"""The zoom from which crossings are marked, as on the page."""


class BaseLayers:
    """The layers of one profile under one picture."""

    def __init__(self, pen: Pen, box: Box, ground: Ground, scene: Scene) -> None:
        self.pen, self.box, self.ground = pen, box, ground
        self.picture, self.profile, self.look = scene.picture, scene.profile, scene.look
        # Letters and marks keep their size; lines grow as one comes nearer, and so they do on the page.
        self.near = float(np.clip(0.8 + (ground.zoom - 7.0) * 0.28, 0.8, 2.2))

    def land(self, *, on_basemap: bool = False) -> None:
        """The counties, the scope's own raised from the others; over a basemap only a tint."""
        counties, scope, ink = self.profile.counties, self.picture.scope, self.pen.ink
        own = counties["adcode"].isin([scope]) if scope else counties["adcode"].notna()
        beyond = self.ground.path(counties.geometry[~own])
        self.pen.path(beyond, fill=ink.beyond, edge=ink.hairline, width=1.0, alpha=0.45, clip=self.box)
        land = self.ground.path(counties.geometry[own])
        if on_basemap:
            self.pen.path(land, fill=ink.land, alpha=0.3, clip=self.box)
            return
        # Edges first, land upon them: what remains outside is the outline of the whole.
        for width, alpha in ((16.0, 0.10), (9.0, 0.16), (3.6, 0.75)):
            self.pen.path(land, edge=ink.outline, width=width, alpha=alpha, clip=self.box)
        self.pen.path(land, fill=ink.land, clip=self.box)
        for frame in layers_of(self.profile, "waters"):
            self.pen.path(self.ground.path(frame.geometry), edge=ink.water, width=1.2, clip=self.box)

    def roads(self) -> None:
        """The roads of the profile, the main ones wider."""
        ink = self.pen.ink
        if not self.look.shows("roads"):
            return
        for frame in layers_of(self.profile, "roads"):
            main = _column(frame, "class", MAIN_ROADS)
            for which, colour, width in ((~main, ink.road, 0.9), (main, ink.road_main, 1.4)):
                path = self.ground.path(frame.geometry[which])
                if len(path):
                    self.pen.path(path, edge=colour, width=width * self.near, clip=self.box)

    def edges(self) -> None:
        """The edges of the scope's counties, over the roads, which would pass for them."""
        counties, scope = self.profile.counties, self.picture.scope
        own = counties["adcode"].isin([scope]) if scope else counties["adcode"].notna()
        path = self.ground.path(counties.geometry[own])
        self.pen.path(path, edge=self.pen.ink.outline, width=1.5, alpha=0.7, clip=self.box, gid="counties")

    def crossings(self) -> None:
        """Ports, channels and paths across the border, where one is near enough to tell them apart."""
        if self.ground.zoom < CROSSINGS_FROM or not self.look.shows("crossings"):
            return
        ink = self.pen.ink
        # Of another county nothing is told but its name and its land.
        part = self.picture.profile if self.picture.scope and self.picture.profile else self.profile
        for frame in layers_of(part, "crossings"):
            if not len(frame):
                continue
            points = frame.geometry.representative_point()
            at = self.ground.at(points.x, points.y)
            self.pen.marks(
                CIRCLE,
                at,
                7,
                fill=ink.ground,
                edge=ink.border_line,
                width=1.5,
                clip=self.box,
                gid="crossings",
            )

    def border(self) -> None:
        """The border, the scope's own part bright."""
        ink, scope, border = self.pen.ink, self.picture.scope, self.profile.border
        whole = [shape for frame in layers_of(self.profile, "border") for shape in frame.geometry]
        own = whole
        if scope and border is not None:
            own = [border.cut(start, end) for adcode, start, end in border.county_spans() if adcode == scope]
            beyond = self.ground.path(whole)
            self.pen.path(beyond, edge=ink.border_line, width=1.6, alpha=0.35, clip=self.box)
        line = self.ground.path(own)
        self.pen.path(line, edge=ink.border_line, width=7.0, alpha=0.14, clip=self.box)
        self.pen.path(line, edge=ink.border_line, width=2.6, clip=self.box, gid="border")

    def fences(self, *, down: bool = False) -> None:
        """The fences that stand, or those that are down: a broken one lies over the marks."""
        fences, known, ink = self.profile.fences, self.picture.fences, self.pen.ink
        if not len(fences) or not self.look.shows("fences"):
            return
        outside = "" if self.picture.scope else "unknown"
        state = np.array(
            [known[fence].state if fence in known else outside for fence in fences["fence_id"]], dtype=object
        )
        for which, colour in (("down", ink.gap),) if down else (("unknown", ink.quiet), ("up", ink.accent)):
            shapes = fences.geometry[state == which]
            if len(shapes):
                self.pen.path(
                    self.ground.path(shapes),
                    edge=colour,
                    width=2.6 if down else 1.6,
                    dash=FENCE_DASH,
                    clip=self.box,
                    gid=f"fences-{which}",
                )

    def gaps(self) -> None:
        """Gaps: solid and edged where nobody is behind, dashed where somebody is; the unknown grey."""
        border, ink = self.profile.border, self.pen.ink
        if border is None or not self.look.shows("gaps"):
            return
        unknown = [border.cut(one.from_km, one.to_km) for one in self.picture.unknown]
        if unknown:
            path, colour = self.ground.path(unknown), ink.status["no_data"]
            # The bright border under it would say that it is held.
            self.pen.path(path, edge=ink.ground, width=6.0, clip=self.box)
            self.pen.path(path, edge=colour, width=4.6, dash=UNKNOWN_DASH, clip=self.box, gid="gaps-unknown")
        for backed, gid in ((True, "gaps-backed"), (None, "gaps"), (False, "gaps-exposed")):
            mine = [gap for gap in self.picture.gaps if gap.backed is backed]
            if not mine:
                continue
            path = self.ground.path([border.cut(gap.from_km, gap.to_km) for gap in mine])
            if backed:
                self.pen.path(path, edge=ink.backed, width=4.6, dash=BACKED_DASH, clip=self.box, gid=gid)
                continue
            self.pen.path(path, edge=ink.gap, width=11.0, alpha=0.30, clip=self.box)
            if backed is False:
                self.pen.path(path, edge=ink.text, width=7.6, clip=self.box)
            self.pen.path(path, edge=ink.gap, width=4.6, clip=self.box, gid=gid)

    def exits(self) -> None:
        """A crossed ring at every exit that nobody holds; a quiet one where nobody knows yet."""
        ink = self.pen.ink
        if not self.look.shows("exits"):
            return
        unknown = [one for one in self.picture.exits if not one.known]
        if unknown:
            at = self.ground.at([one.lon for one in unknown], [one.lat for one in unknown])
            self.pen.marks(CIRCLE, at, 14, edge=ink.status["no_data"], width=1.6, clip=self.box)
        unheld = [one for one in self.picture.exits if one.open]
        if not unheld:
            return
        at = self.ground.at([one.lon for one in unheld], [one.lat for one in unheld])
        self.pen.marks(
            CIRCLE, at, 20, fill=ink.ground, edge=ink.gap, width=2.4, clip=self.box, gid="exits-open"
        )
        for x, y in at.tolist():
            for up in (5, -5):
                self.pen.line([x - 5, x + 5], [y - up, y + up], ink.gap, 2.4, clip=self.box)


def layers_of(profile: Profile, kind: str) -> list[GeoDataFrame]:
    """The profile's layers of a kind."""
    return [profile.layers[spec.name] for spec in profile.spec.layers if spec.kind == kind]


def _column(frame: GeoDataFrame, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
    """The rows whose column holds one of the values; none where there is no such column."""
    if name not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    found: Any = frame[name].isin(values).to_numpy(dtype=bool)
    return np.asarray(found, dtype=bool)
