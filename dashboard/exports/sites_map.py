"""The map of a snapshot: counties, border, fences and sites, named without overlap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from matplotlib.path import Path

from dashboard.exports.ground import Floats, Ground
from dashboard.exports.labels import Labels
from dashboard.exports.marks import CIRCLE, HATCH, SHAPES, WORST_LAST, look, size_for
from dashboard.exports.pen import Box, Pen
from dashboard.exports.words import kilometres, say
from dashboard.theme import (
    ACCENT,
    BORDER_LINE,
    DARK,
    GROUND,
    HAIRLINE,
    LAND,
    LAND_EDGE,
    PANEL,
    QUIET,
    RAISED,
    SEVERITY,
    TEXT,
)
from data.picture import SEVERITIES, Picture
from data.profile import Profile
from data.silences import closed_by

GAP = SEVERITY["critical"]
OWN_LAND, OUTLINE = RAISED, DARK["own-edge"]
BACKED = SEVERITY["warning"]
FENCE_DASH, BACKED_DASH = (6.0, 4.0), (1.4, 0.9)
LABEL = 17.0
COUNTY = 22.0
MOST_GAPS = 5


class SiteMap:
    """The map of one picture in one box."""

    def __init__(self, pen: Pen, box: Box, picture: Picture, profile: Profile, lang: str) -> None:
        self.pen, self.box, self.picture, self.profile, self.lang = pen, box, picture, profile, lang
        self.ground = Ground(_shown(picture, profile), box.inset(34))
        self.points = self.ground.at(picture.sites.lon, picture.sites.lat)
        self.labels = Labels(box.inset(6), self.points)

    def draw(self, numbers: Mapping[str, int]) -> None:
        """Draw it; `numbers` gives the listed alerts' targets the numbers they bear in the list."""
        self.pen.box(self.box, fill=GROUND)
        self._land()
        self._fences()
        self._border()
        self._sites()
        self._closures()
        self._exits()
        self._scale_and_north()
        self._alerts(numbers)
        self._gaps()
        self._county_names()

    def _land(self) -> None:
        counties, scope = self.profile.counties, self.picture.scope
        own = counties["adcode"].isin([scope]) if scope else counties["adcode"].notna()
        beyond = self.ground.path(counties.geometry[~own])
        self.pen.path(beyond, fill=LAND, edge=HAIRLINE, width=1.0, alpha=0.45, clip=self.box)
        land = self.ground.path(counties.geometry[own])
        # Edges first, land upon them: what remains outside is the outline of the whole.
        for width, alpha in ((16.0, 0.10), (9.0, 0.16), (3.6, 0.75)):
            self.pen.path(land, edge=OUTLINE, width=width, alpha=alpha, clip=self.box)
        self.pen.path(land, fill=OWN_LAND, edge=LAND_EDGE, width=1.2, clip=self.box)
        for frame in _layers(self.profile, "waters"):
            self.pen.path(self.ground.path(frame.geometry), edge=ACCENT, width=1.2, alpha=0.22, clip=self.box)
        for frame in _layers(self.profile, "roads"):
            self.pen.path(self.ground.path(frame.geometry), edge=QUIET, width=1.1, alpha=0.35, clip=self.box)

    def _fences(self, *, down: bool = False) -> None:
        """The fences that stand, or those that are down: a broken one lies over the marks."""
        fences, known = self.profile.fences, self.picture.fences
        if not len(fences):
            return
        outside = "" if self.picture.scope else "unknown"
        state = np.array(
            [known[fence].state if fence in known else outside for fence in fences["fence_id"]], dtype=object
        )
        for which, colour in (("down", GAP),) if down else (("unknown", QUIET), ("up", ACCENT)):
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

    def _border(self) -> None:
        scope, border = self.picture.scope, self.profile.border
        whole = [shape for frame in _layers(self.profile, "border") for shape in frame.geometry]
        own = whole
        if scope and border is not None:
            own = [border.cut(start, end) for adcode, start, end in border.county_spans() if adcode == scope]
            beyond = self.ground.path(whole)
            self.pen.path(beyond, edge=BORDER_LINE, width=1.6, alpha=0.35, clip=self.box)
        line = self.ground.path(own)
        self.pen.path(line, edge=BORDER_LINE, width=7.0, alpha=0.14, clip=self.box)
        self.pen.path(line, edge=BORDER_LINE, width=2.6, clip=self.box, gid="border")

    def _gap_lines(self) -> None:
        """Gaps: solid and edged where nobody stands behind, dashed where somebody does."""
        border = self.profile.border
        for backed, gid in ((True, "gaps-backed"), (None, "gaps"), (False, "gaps-exposed")):
            mine = [gap for gap in self.picture.gaps if gap.backed is backed]
            if border is None or not mine:
                continue
            path = self.ground.path([border.cut(gap.from_km, gap.to_km) for gap in mine])
            if backed:
                self.pen.path(path, edge=BACKED, width=4.6, dash=BACKED_DASH, clip=self.box, gid=gid)
                continue
            self.pen.path(path, edge=GAP, width=11.0, alpha=0.30, clip=self.box)
            if backed is False:
                self.pen.path(path, edge=TEXT, width=7.6, clip=self.box)
            self.pen.path(path, edge=GAP, width=4.6, clip=self.box, gid=gid)

    def _exits(self) -> None:
        """A crossed ring at every exit that nobody holds."""
        unheld = [one for one in self.picture.exits if not one.held]
        if not unheld:
            return
        at = self.ground.at([one.lon for one in unheld], [one.lat for one in unheld])
        self.pen.marks(CIRCLE, at, 20, fill=GROUND, edge=GAP, width=2.4, clip=self.box, gid="exits-open")
        for x, y in at.tolist():
            for up in (5, -5):
                self.pen.line([x - 5, x + 5], [y - up, y + up], GAP, 2.4)

    def _sites(self) -> None:
        sites, state, lines = self.picture.sites, self.picture.state, self.profile.spec.lines
        for severity in SEVERITIES:
            ringed = self.points[state.alarm == severity]
            if len(ringed):
                colour = SEVERITY[severity]
                self.pen.marks(CIRCLE, ringed, 40, fill=colour, alpha=0.16, clip=self.box)
                self.pen.marks(
                    CIRCLE, ringed, 29, edge=colour, width=2.4, clip=self.box, gid=f"rings-{severity}"
                )
        size = {line.id: size_for(self.points[sites.line == line.id]) for line in lines}
        for status in WORST_LAST:
            if status == "busy":
                # Over the posts that are well, under what needs a person.
                self._fences(down=True)
                self._gap_lines()
            style = look(status)
            # The border's many marks first: the few of the outer line must not vanish beneath them.
            for line in lines:
                rows = (state.status == status) & (sites.line == line.id)
                if rows.any():
                    self.pen.marks(
                        SHAPES[line.shape],
                        self.points[rows],
                        size[line.id],
                        fill=style.fill,
                        edge=style.edge,
                        width=style.edge_width,
                        alpha=style.alpha,
                        clip=self.box,
                        gid=f"sites-{line.id}-{status}",
                    )

    def _closures(self) -> None:
        """A hatched ring around every site that is closed on purpose."""
        picture = self.picture
        rows = closed_by(picture.profile or self.profile, picture.planned, picture.at)
        if rows is not None and rows.any():
            self.pen.marks(HATCH, self.points[rows], 36, fill=QUIET, clip=self.box, gid="closures")

    def _scale_and_north(self) -> None:
        """The scale bar and the north arrow, in the emptiest corner."""
        pen, box = self.pen, self.box
        km, length = self.ground.scale_bar(170)
        width, height = max(length, 60.0) + 84, 64.0
        far_x, far_y = box.right - width - 14, box.bottom - height - 12
        near_x, near_y = box.x + 14, box.y + 12
        corners = [
            Box(x, y, width, height)
            for x, y in ((far_x, far_y), (near_x, far_y), (far_x, near_y), (near_x, near_y))
        ]
        corner = min(corners, key=self.labels.covered)
        self.labels.taken.append(corner)
        right, base = corner.right - 58, corner.bottom - 14
        left = right - length
        pen.line([left, right], [base, base], TEXT, 2.2, gid="scale-bar", round_ends=False)
        for x in (left, (left + right) / 2, right):
            pen.line([x, x], [base - 7, base], TEXT, 1.8, round_ends=False)
        pen.text(left, base - 14, "0", 15, QUIET, align="center")
        label = say(self.lang, "km", n=f"{km:g}")
        pen.text(right, base - 14, label, 15, TEXT, align="center", gid="scale-label")
        x, y = corner.right - 18, corner.y + 24
        for side in (9, -9):
            half = Path([(x, y - 2), (x + side, y + 28), (x, y + 21), (x, y - 2)], closed=True)
            pen.path(half, fill=TEXT if side > 0 else "none", edge=TEXT, width=1.2)
        pen.text(x, y - 8, say(self.lang, "north"), 16, TEXT, bold=True, align="center")

    def _alerts(self, numbers: Mapping[str, int]) -> None:
        """Name the targets of the listed alerts, with the numbers they bear in the list."""
        severity = {alert.target_id: alert.severity for alert in reversed(self.picture.alerts) if alert.asks}
        for target, number in numbers.items():
            found = self._target(target)
            if found is None:
                continue
            x, y, name = found
            name = self.pen.fit(name, LABEL, 230, bold=True)
            badge = max(24.0, self.pen.width(str(number), LABEL, bold=True) + 12)
            width = self.pen.width(name, LABEL, bold=True) + badge + 14
            place = self.labels.beside(x, y, width, 28)
            if place is None:
                continue
            colour = SEVERITY[severity[target]]
            self._leader(x, y, place, colour)
            self.pen.box(place, fill=PANEL, edge=colour, radius=5, width=1.2, alpha=0.94)
            self.pen.box(Box(place.x, place.y, badge, place.h), fill=colour, radius=5)
            base = place.y + 20
            self.pen.text(place.x + badge / 2, base, str(number), LABEL, GROUND, bold=True, align="center")
            self.pen.text(place.x + badge + 7, base, name, LABEL, TEXT, bold=True)

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

    def _gaps(self) -> None:
        """Say the length of the longest stretches that nobody holds."""
        border = self.profile.border
        if border is None:
            return
        for gap in sorted(self.picture.gaps, key=lambda gap: (gap.backed is not False, -gap.km))[:MOST_GAPS]:
            if gap.km < 0.1:
                continue
            middle = border.cut(gap.from_km, gap.to_km).interpolate(0.5, normalized=True)
            x, y = self.ground.at([middle.x], [middle.y])[0].tolist()
            word = "exposed_km" if gap.backed is False else "uncovered_km"
            text = say(self.lang, word, km=kilometres(gap.km))
            place = self.labels.beside(x, y, self.pen.width(text, LABEL, bold=True) + 14, 27)
            if place is not None:
                self._leader(x, y, place, GAP)
                self.pen.box(place, fill=GROUND, radius=5, alpha=0.85)
                self.pen.text(place.x + 7, place.y + 19.5, text, LABEL, GAP, bold=True)

    def _county_names(self) -> None:
        """Name each county inside its own land, where no other label stands and few marks are covered."""
        counties = self.profile.counties
        rows = zip(counties["adcode"], counties["name"], counties.geometry, strict=True)
        for adcode, name, shape in rows:
            own = self.picture.scope in ("", adcode)
            size = COUNTY if own else COUNTY - 5
            width = self.pen.width(str(name), size) + 8
            place = self.labels.among(_inner_points(self.ground, shape), width, size * 1.25)
            if place is not None:
                self.pen.text(
                    place.x + place.w / 2,
                    place.y + size,
                    str(name),
                    size,
                    TEXT if own else QUIET,
                    align="center",
                    alpha=0.66 if own else 0.6,
                    gid=f"county-{adcode}",
                )


def _layers(profile: Profile, kind: str) -> list[GeoDataFrame]:
    return [profile.layers[spec.name] for spec in profile.spec.layers if spec.kind == kind]


def _shown(picture: Picture, profile: Profile) -> list[Any]:
    """What must be seen: the land in scope and its sites; the profile's area where there is neither."""
    counties = profile.counties
    if picture.scope:
        counties = counties[counties["adcode"] == picture.scope]
    shown = list(counties.geometry)
    if not shown:
        shown = [frame.geometry.union_all() for frame in _layers(profile, "border") if len(frame)]
    if len(picture.sites):
        shown.append(shapely.MultiPoint(np.column_stack([picture.sites.lon, picture.sites.lat])))
    return shown or [shapely.box(*profile.spec.area)]


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
