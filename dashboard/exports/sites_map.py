"""The map of a snapshot: what lies under the sites, the sites, and what is written on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path

from dashboard.exports.base_layers import BaseLayers, layers_of
from dashboard.exports.basemap import Under, under
from dashboard.exports.code import Code
from dashboard.exports.ground import Fitted, Ground, Mercator
from dashboard.exports.labels import Labels
from dashboard.exports.look import Look
from dashboard.exports.marks import CIRCLE, HATCH, SHAPES, WORST_LAST, draw_marks, mark_style, size_for
from dashboard.exports.naming import Names
from dashboard.exports.pen import Box, Pen
from dashboard.exports.scene import Scene
from dashboard.exports.words import say
from data.picture import SEVERITIES, Picture
from data.profile import Profile
from data.silences import closed_by


class SiteMap:
    """The map of one picture in one box."""

    def __init__(self, pen: Pen, box: Box, scene: Scene) -> None:
        self.pen, self.box, self.scene = pen, box, scene
        self.picture, self.profile, self.lang = scene.picture, scene.profile, scene.lang
        self.look, picture, look = scene.look, scene.picture, scene.look
        self.ground = _ground(picture, scene.profile, look, box)
        self.under = Under(None)
        if isinstance(self.ground, Mercator):
            dark = look.theme != "light"
            self.under = under(scene.profile, self.ground, pen.unit, dark=dark)
        self.points = self.ground.at(picture.sites.lon, picture.sites.lat)
        self.shown = np.array([look.shows(line) for line in picture.sites.line], dtype=bool)
        self.labels = Labels(box.inset(6), self.points[self.shown])
        self.base = BaseLayers(pen, box, self.ground, scene)

    def draw(self, numbers: Mapping[str, int], code: Code | None = None) -> None:
        """Draw it; `numbers` gives the targets of alerts the numbers they bear in a list, 0 for none.

        `code` stands in the emptiest corner.
        """
        self.pen.box(self.box, fill=self.pen.ink.ground, gid="map")
        if self.under.pixels is not None:
            self.pen.image(self.box, self.under.pixels, alpha=self.under.opacity, gid="basemap")
        self.base.land(on_basemap=self.under.pixels is not None)
        self.base.roads()
        self.base.edges()
        self.base.fences()
        self.base.border()
        self.base.crossings()
        self._sites()
        self._closures()
        self.base.exits()
        if code is not None and code.side:
            code.draw(self._corner(code.side, code.side))
        self._scale_and_north()
        names = Names(self.pen, self.ground, self.labels, self.points, self.scene)
        names.selected()
        names.alerts(self._named(numbers))
        names.gaps()
        names.counties()
        names.frames()

    def _named(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """Those whose line is not switched off."""
        row = self.picture.sites.row
        return {one: no for one, no in numbers.items() if one not in row or self.shown[row[one]]}

    def _sites(self) -> None:
        sites, state, lines = self.picture.sites, self.picture.state, self.profile.spec.lines
        ink = self.pen.ink
        for severity in SEVERITIES:
            ringed = self.points[(state.alarm == severity) & self.shown]
            if len(ringed):
                colour = ink.severity[severity]
                self.pen.marks(CIRCLE, ringed, 40, fill=colour, alpha=0.16, clip=self.box)
                self.pen.marks(
                    CIRCLE, ringed, 29, edge=colour, width=2.4, clip=self.box, gid=f"rings-{severity}"
                )
        size = {line.id: size_for(self.points[sites.line == line.id]) for line in lines}
        for status in WORST_LAST:
            if status == "busy":
                # Over the posts that are well, under what needs a person.
                self.base.fences(down=True)
                self.base.gaps()
            style = mark_style(status, ink.palette)
            # The border's many marks first: the few of the outer line must not vanish beneath them.
            for line in lines:
                rows = (state.status == status) & (sites.line == line.id) & self.shown
                if rows.any():
                    draw_marks(
                        self.pen,
                        SHAPES[line.shape],
                        self.points[rows],
                        size[line.id],
                        style,
                        clip=self.box,
                        gid=f"sites-{line.id}-{status}",
                    )

    def _closures(self) -> None:
        """A hatched ring around every site that is closed on purpose."""
        picture = self.picture
        rows = closed_by(picture.profile or self.profile, picture.planned, picture.at)
        if rows is None or len(rows) != len(self.shown) or not self.look.shows("closures"):
            return
        if (rows & self.shown).any():
            at = self.points[rows & self.shown]
            self.pen.marks(HATCH, at, 36, fill=self.pen.ink.quiet, clip=self.box, gid="closures")

    def free_corner(self, side: float) -> bool:
        """Whether a square in a corner would cover no mark."""
        return any(not self.labels.covered(corner) for corner in self._corners(side, side))

    def _corners(self, width: float, height: float) -> list[Box]:
        box = self.box
        far_x, far_y = box.right - width - 14, box.bottom - height - 12
        near_x, near_y = box.x + 14, box.y + 12
        places = ((far_x, far_y), (near_x, far_y), (far_x, near_y), (near_x, near_y))
        return [Box(x, y, width, height) for x, y in places]

    def _corner(self, width: float, height: float) -> Box:
        """The emptiest corner for something of this size, now taken."""
        corners = self._corners(width, height)
        free = [one for one in corners if not any(one.meets(other) for other in self.labels.taken)]
        corner = min(free or corners, key=self.labels.covered)
        self.labels.taken.append(corner)
        return corner

    def _scale_and_north(self) -> None:
        """The scale bar and the north arrow, in the emptiest corner."""
        pen, ink = self.pen, self.pen.ink
        km, length = self.ground.scale_bar(170)
        corner = self._corner(max(length, 60.0) + 84, 64.0)
        right, base = corner.right - 58, corner.bottom - 14
        left = right - length
        pen.line([left, right], [base, base], ink.text, 2.2, gid="scale-bar", round_ends=False)
        for x in (left, (left + right) / 2, right):
            pen.line([x, x], [base - 7, base], ink.text, 1.8, round_ends=False)
        label = (
            say(self.lang, "metres_n", n=f"{km * 1000:g}") if km < 1 else say(self.lang, "km", n=f"{km:g}")
        )
        pen.text(right, base - 14, label, 15, ink.text, align="center", gid="scale-label")
        x, y = corner.right - 18, corner.y + 24
        for side in (9, -9):
            half = Path([(x, y - 2), (x + side, y + 28), (x, y + 21), (x, y - 2)], closed=True)
            pen.path(half, fill=ink.text if side > 0 else "none", edge=ink.text, width=1.2)
        pen.text(x, y - 8, say(self.lang, "north"), 16, ink.text, bold=True, align="center")


def _ground(picture: Picture, profile: Profile, look: Look, box: Box) -> Ground:
    """The page's own view where the look tells one, otherwise all of the scope."""
    if look.center is not None or look.zoom is not None:
        spec = profile.spec.map
        return Mercator(look.center or spec.center, spec.zoom if look.zoom is None else look.zoom, box)
    shown, inner = _shown(picture, profile), box.inset(34)
    if profile.spec.map.basemap is None:
        return Fitted(shown, inner)
    # Tiles are in Web Mercator, so a map upon them is too; without them it is true to area.
    near = Mercator.around(shown, inner)
    return Mercator(near.center, near.zoom, box)


def _shown(picture: Picture, profile: Profile) -> list[Any]:
    """What must be seen: the land in scope and its sites; the profile's area where there is neither."""
    counties = profile.counties
    if picture.scope:
        counties = counties[counties["adcode"] == picture.scope]
    shown = list(counties.geometry)
    if not shown:
        shown = [frame.geometry.union_all() for frame in layers_of(profile, "border") if len(frame)]
    if len(picture.sites):
        shown.append(shapely.MultiPoint(np.column_stack([picture.sites.lon, picture.sites.lat])))
    return shown or [shapely.box(*profile.spec.area)]
