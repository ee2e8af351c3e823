"""Layers whose points look shifted as web maps shift them, told by what they should match.

Duty points are held against the border, sites on roads against the roads, the border against the counties'
edges, and every layer against the counties that its file names. Nothing is moved: each suspicion is a warning
with its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.crs import Metric
from layers.datums import Datum
from layers.faults import Fault
from layers.fit import LEAST, Finding, Lines, Side, find_county_shift, find_shift, sample

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

_AGAINST = {
    "border": ("duty_points", "crossings", "fences"),
    "roads": ("checkpoints", "second_line_posts", "exits", "crossings"),
    "outlines": ("border",),
    "counties": ("duty_points", "checkpoints", "second_line_posts", "devices", "exits", "fences"),
}
"""What each is the measure of, by layer kind."""
_REFERENCES = {
    "border": "the border",
    "roads": "the roads",
    "outlines": "the counties' edges",
    "counties": "the counties",
}
_FITS_M = 60.0
"""Half of the points within that: the layer lies where it should."""
_NAMES: dict[Datum, str] = {"": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_DECLARE: dict[Datum, str] = {"": "EPSG:4326", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True, eq=False)
class Placed:
    """A checked layer as its declaration places it."""

    kind: str
    file: str
    frame: GeoDataFrame
    """EPSG:4326; rows without a geometry are passed over."""
    datum: Datum = ""
    """The one that its declaration names."""
    layer: str = ""
    filled: NDArray[np.bool_] | None = None
    """Rows whose county was filled in from where they stand: it is no evidence. None: there are none."""


@dataclass(frozen=True)
class _Suspicion:
    """One finding: of these points, against that measure."""

    subject: Placed
    against: str
    reference: tuple[Placed, ...]
    finding: Finding

    def may_be(self, side: Side) -> Datum | None:
        """The datum in which one side would have to be, if it is at fault."""
        return self.finding.datum if self.finding.side == side else self.finding.instead

    def told(self, side: Side, datum: Datum) -> str:
        """The numbers, for the side that is blamed."""
        found = self.finding
        name = _REFERENCES[self.against]
        read = f"with {name if side == 'reference' else 'them'} read as {_NAMES[datum]}"
        if self.against == "counties":
            before, after = f"{found.before:.0%}", f"{found.after:.0%}"
            numbers = f"{before} stand in the county they name as declared, {after} {read}"
        elif self.against == "border":
            numbers = f"they lie unevenly along {name}, by a median of {found.before:,.0f} m as declared"
            numbers += f" and {found.after:,.0f} m {read}"
        else:
            numbers = f"the median distance to {name} is {found.before:,.0f} m as declared"
            numbers += f" and {found.after:,.0f} m {read}"
        whose = "" if side == "subject" else f" of {self.subject.file}"
        return f"{found.points} positions{whose}: {numbers}"


def check_offset(layers: Sequence[Placed]) -> list[Fault]:
    """A warning for each layer that looks shifted; fewer than 20 points tell nothing.

    Where points and what they match disagree by just the shift, its direction says which of the two is in the
    other datum; where both would explain it, the points are named, unless others too speak against the lines.
    """
    found: list[_Suspicion] = []
    fitting: set[str] = set()
    west, south, east, north = shapely.total_bounds(np.concatenate([np.array([None]), *map(_shapes, layers)]))
    if not np.isfinite([west, south, east, north]).all():
        return []
    plane = Metric((float(west), float(south), float(east), float(north)))
    for against, kinds in _AGAINST.items():
        of = "counties" if against in ("counties", "outlines") else against
        reference = tuple(one for one in layers if one.kind == of and _shapes(one).size)
        if not reference or len({one.datum for one in reference}) > 1:
            continue
        measure = _Measure(against, reference, layers, plane)
        for subject in layers:
            if subject.kind not in kinds:
                continue
            suspicion = measure.hold(subject)
            if suspicion is not None:
                found.append(suspicion)
            elif measure.fits:
                fitting.add(of)
    return list(_faults(found, fitting))


class _Measure:
    """One thing that layers are held against."""

    def __init__(
        self, against: str, reference: tuple[Placed, ...], layers: Sequence[Placed], plane: Metric
    ) -> None:
        self.against, self.reference, self.plane = against, reference, plane
        self.datum: Datum = reference[0].datum
        self.fits = False
        """Whether the layer that was held last lies where it should."""
        shapes = plane.shapes(np.concatenate([_shapes(one) for one in reference]))
        self.lines = Lines(shapely.get_parts(shapely.boundary(shapes) if against == "outlines" else shapes))
        counties = [_shapes(one) for one in layers if one.kind == "counties"]
        self.land = None
        if against == "border" and counties:
            self.land = shapely.union_all(shapely.make_valid(plane.shapes(np.concatenate(counties))))
            shapely.prepare(self.land)

    def hold(self, subject: Placed) -> _Suspicion | None:
        """The suspicion that a layer's points raise against this measure."""
        lon, lat, row = _positions(subject)
        chosen = sample(lon, lat)
        lon, lat, row = lon[chosen], lat[chosen], row[chosen]
        self.fits = False
        if self.against == "counties":
            return self._hold_counties(subject, lon, lat, row)
        finding = find_shift(lon, lat, self.plane, self._misfit, subject=subject.datum, reference=self.datum)
        if finding is None:
            misfit = self._misfit(self.plane.points(lon, lat))
            self.fits = len(misfit) >= LEAST and float(np.median(misfit)) < _FITS_M
            return None
        return _Suspicion(subject, self.against, self.reference, finding)

    def _hold_counties(
        self, subject: Placed, lon: Floats, lat: Floats, row: NDArray[np.int64]
    ) -> _Suspicion | None:
        if "county" not in subject.frame.columns:
            return None
        county = subject.frame["county"].to_numpy(dtype=object)
        named = (county if subject.filled is None else np.where(subject.filled, "", county))[row]
        polygons: dict[str, object] = {}
        for one in self.reference:
            polygons |= dict(zip(one.frame["adcode"], _all_shapes(one), strict=True))
        finding = find_county_shift(lon, lat, named, polygons, subject=subject.datum, reference=self.datum)
        return None if finding is None else _Suspicion(subject, self.against, self.reference, finding)

    def _misfit(self, points: Floats) -> Floats:
        """Metres off the lines; off a border, how much more or less than most of the layer's points."""
        distance = self.lines.distance(points)
        if self.land is None:
            return distance
        # Posts stand some way behind a border, all on one side: a shift shows as unevenness.
        signed = np.where(shapely.intersects_xy(self.land, points[:, 0], points[:, 1]), distance, -distance)
        close = np.abs(signed) <= 3_000.0
        middle = np.median(signed[close]) if close.any() else 0.0
        return np.asarray(np.where(close, np.abs(signed - middle), np.inf), dtype=np.float64)


def _faults(found: Sequence[_Suspicion], fitting: set[str]) -> Iterator[Fault]:
    """One warning for each layer that is blamed, with all that speaks against it."""
    blamed: dict[tuple[Placed, Datum, bool], list[str]] = {}
    for one in found:
        against_lines = [
            other
            for other in found
            if other.reference == one.reference and other.may_be("reference") is not None
        ]
        by_others = len({other.subject for other in against_lines}) > 1
        as_points, as_lines = one.may_be("subject"), one.may_be("reference")
        if as_lines is not None and (as_points is None or by_others):
            if one.reference[0].kind not in fitting or by_others:
                for culprit in one.reference:
                    told = one.told("reference", as_lines)
                    blamed.setdefault((culprit, as_lines, False), []).append(told)
                continue
            # Lines that another layer fits as they are cannot be the ones.
            blamed.setdefault((one.subject, as_lines, True), []).append(one.told("reference", as_lines))
        elif as_points is not None:
            blamed.setdefault((one.subject, as_points, False), []).append(one.told("subject", as_points))
    for (culprit, datum, twice), evidence in blamed.items():
        hint = f'If that is so, declare crs = "{_DECLARE[datum]}"; nothing was moved'
        if twice:
            hint = f"They may have been converted from {_NAMES[datum]} once too often; nothing was moved"
        what = f"the positions look shifted by the offset of {_NAMES[datum or culprit.datum]}"
        got, expected = "; ".join(evidence), "positions that fit as they are declared"
        yield Fault(what, culprit.file, None, "crs", got, expected, hint, warning=True, layer=culprit.layer)


def _all_shapes(layer: Placed) -> Shapes:
    return np.asarray(layer.frame.geometry.array, dtype=object)


def _shapes(layer: Placed) -> Shapes:
    shapes = _all_shapes(layer)
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def _positions(layer: Placed) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Longitude, latitude and row of every vertex."""
    xy, row = shapely.get_coordinates(_all_shapes(layer), return_index=True)
    return xy[:, 0], xy[:, 1], row
