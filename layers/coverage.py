"""How much of a border is held: spans along it, in kilometres from its start."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

from layers.crs import GEOD, Metric

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Strings = NDArray[np.object_]

STEP_DEG = 0.01
"""Longer stretches are divided, so that a straight line in degrees stays on its place in metres."""
TOUCH_M = 1.0
"""A shape this near to the border stands on it: positions are written with a limited number of digits."""
COUNTY_M = 5_000.0
"""Border farther than this from every county belongs to none."""
_SAMPLE_M = 100.0
_EPS_KM = 1e-6


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches of border, one row per stretch, in order along it; an owner may have several."""

    owner: NDArray[np.int64]
    """Row number of the site or fence that holds the stretch."""
    from_km: Floats
    to_km: Floats


class Border:
    """A border as a measured line; kilometres run along its parts, one after the other.

    Kilometres are measured on the ellipsoid, nearness in a metric plane around the border.
    """

    length_km: float

    def __init__(self, geometry: LineString | MultiLineString, counties: Any) -> None:
        """A line in EPSG:4326 and a frame with adcode and geometry (may be empty).

        Parts that touch are joined. Raises ValueError where there is no stretch of line at all.
        """
        parts = [_divided(part) for part in _joined(geometry)]
        parts = [part for part in parts if len(part) > 1]
        if not parts:
            raise ValueError("a border needs at least one stretch of line")
        self._lonlat = np.concatenate(parts)
        first = np.cumsum([0, *(len(part) for part in parts)])
        self._plane = Metric(tuple(shapely.total_bounds(geometry).tolist()))
        xy = self._plane.points(self._lonlat[:, 0], self._lonlat[:, 1])
        start = np.setdiff1d(np.arange(len(xy)), first[1:] - 1)
        lon, lat = self._lonlat.T
        metres = GEOD.inv(lon[start], lat[start], lon[start + 1], lat[start + 1])[2]
        ends = np.cumsum(np.asarray(metres, dtype=np.float64)) / 1000.0
        self._vertex = start
        """Vertex at which each segment starts; the next vertex is its end."""
        self._km = np.concatenate([[0.0], ends])
        """Where segment i starts, at i, and ends, at i + 1."""
        self._a = xy[start]
        self._d = xy[start + 1] - xy[start]
        self._segments: Strings = _lines(xy, start)
        self._tree = shapely.STRtree(self._segments)
        self.length_km = float(ends[-1])
        self._counties = self._by_county(counties)
        self._told = [(0.0, self.length_km)]
        """The stretches whose geometry is told."""

    def km_at(self, lon: Floats, lat: Floats) -> Floats:
        """The kilometre nearest to each position."""
        xy = self._plane.points(lon, lat)
        at, segment = self._tree.query_nearest(shapely.points(xy), all_matches=False)
        km = np.full(len(xy), np.nan)
        km[at] = self._km_on(segment, self._along(segment, xy[at]))
        return km

    def held_by_points(self, lon: Floats, lat: Floats, radius_m: Floats) -> Spans:
        """What lies within each point's radius; a radius of 0 or NaN holds nothing."""
        rows = np.flatnonzero((radius_m > 0) & np.isfinite(radius_m) & np.isfinite(lon) & np.isfinite(lat))
        xy, radius = self._plane.points(lon[rows], lat[rows]), radius_m[rows]
        pair, segment = self._tree.query(shapely.points(xy), predicate="dwithin", distance=radius)
        # Where a segment a + t·d enters and leaves the circle: |a + t·d - p|² = r².
        d, f = self._d[segment], self._a[segment] - xy[pair]
        dd, fd = (d * d).sum(axis=1), (f * d).sum(axis=1)
        root = np.sqrt(np.maximum(fd**2 - dd * ((f * f).sum(axis=1) - radius[pair] ** 2), 0.0))
        enters, leaves = np.clip((-fd - root) / dd, 0, 1), np.clip((-fd + root) / dd, 0, 1)
        return _joined_spans(rows[pair], self._km_on(segment, enters), self._km_on(segment, leaves))

    def held_by_shapes(self, shapes: list[Any], reach_m: float) -> Spans:
        """What lies inside or within reach of each line or polygon (EPSG:4326)."""
        given = np.array([None, *shapes], dtype=object)[1:]
        rows = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
        divided = shapely.segmentize(given[rows], STEP_DEG)
        reached = shapely.buffer(self._plane.shapes(divided), max(reach_m, TOUCH_M), quad_segs=32)
        shapely.prepare(reached)
        pair, segment = self._tree.query(reached, predicate="intersects")
        pieces, of = shapely.get_parts(
            shapely.intersection(self._segments[segment], reached[pair]), return_index=True
        )
        # A segment may also touch a shape in a single point, which holds nothing.
        is_line = shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING
        pieces, of = pieces[is_line], of[is_line]
        on = segment[of]
        tips = [shapely.get_coordinates(shapely.get_point(pieces, end)) for end in (0, -1)]
        one, other = (self._km_on(on, self._along(on, tip)) for tip in tips)
        return _joined_spans(rows[pair[of]], np.minimum(one, other), np.maximum(one, other))

    def county_spans(self) -> list[tuple[str, float, float]]:
        """Adcode, from_km, to_km, in order along the border, without overlap and without holes.

        The county nearest to the border holds it; the adcode is "" where none is within COUNTY_M.
        """
        return list(self._counties)

    def part(self, adcode: str) -> Border | None:
        """What a county holds, at the kilometres of the whole; None where it holds nothing.

        The part cuts nothing from the rest of the border and names no other county.
        """
        own = tuple(span for span in self._counties if span[0] == adcode)
        if not own:
            return None
        part = copy(self)
        part._counties, part._told = own, [(start, end) for _, start, end in own]
        return part

    def at(self, km: Floats) -> Floats:
        """Longitude and latitude of each kilometre, shape (n, 2)."""
        segment = np.clip(np.searchsorted(self._km, km, side="right") - 1, 0, len(self._d) - 1)
        share = (km - self._km[segment]) / (self._km[segment + 1] - self._km[segment])
        start = self._lonlat[self._vertex[segment]]
        return np.asarray(start + share[:, None] * (self._lonlat[self._vertex[segment] + 1] - start))

    def cut(self, from_km: float, to_km: float) -> LineString | MultiLineString:
        """The geometry of a stretch, EPSG:4326; an empty line where nothing of it lies on the border."""
        lines: list[Floats] = []
        for start, end in self._told:
            lines += self._runs(max(from_km, start), min(to_km, end))
        if not lines:
            return LineString()
        return LineString(lines[0]) if len(lines) == 1 else MultiLineString(lines)

    def _runs(self, low: float, high: float) -> list[Floats]:
        """The vertices of a stretch, a run for each part of the border that it lies on."""
        if not high > low:
            return []
        first = max(int(np.searchsorted(self._km, low, side="right")) - 1, 0)
        last = int(np.searchsorted(self._km, high, side="left"))
        segments = np.arange(first, last)
        vertex = self._vertex[segments]
        lines = []
        for run in np.split(segments, np.flatnonzero(np.diff(vertex) != 1) + 1):
            xy = self._lonlat[self._vertex[run[0]] : self._vertex[run[-1]] + 2].copy()
            if run[-1] == last - 1:
                xy[-1] = self._position(last - 1, high)
            if run[0] == first:
                xy[0] = self._position(first, low)
            lines.append(xy)
        return lines

    def _position(self, segment: int, km: float) -> Floats:
        """Longitude and latitude of a kilometre on a segment."""
        share = (km - self._km[segment]) / (self._km[segment + 1] - self._km[segment])
        start, end = self._lonlat[self._vertex[segment]], self._lonlat[self._vertex[segment] + 1]
        return np.asarray(start + share * (end - start))

    def _along(self, segment: Ints, xy: Floats) -> Floats:
        """How far along its segment each position lies, 0 to 1."""
        d = self._d[segment]
        return np.asarray(np.clip(((xy - self._a[segment]) * d).sum(axis=1) / (d * d).sum(axis=1), 0.0, 1.0))

    def _km_on(self, segment: Ints, share: Floats) -> Floats:
        return np.asarray(self._km[segment] + share * (self._km[segment + 1] - self._km[segment]))

    def _by_county(self, counties: Any) -> tuple[tuple[str, float, float], ...]:
        if counties is None or len(counties) == 0:
            return (("", 0.0, self.length_km),)
        codes = np.array([*counties["adcode"], ""], dtype=object)
        shapes = self._plane.shapes(np.asarray(counties.geometry.array, dtype=object))
        edges, county_of_edge = _edges(shapes)
        tree = shapely.STRtree(edges)
        shapely.prepare(shapes)

        def nearest(km: Floats) -> Ints:
            segment = np.clip(np.searchsorted(self._km, km, side="right") - 1, 0, len(self._d) - 1)
            share = (km - self._km[segment]) / (self._km[segment + 1] - self._km[segment])
            xy = self._a[segment] + share[:, None] * self._d[segment]
            best = np.full(len(km), len(codes) - 1)
            at, edge = tree.query_nearest(shapely.points(xy), max_distance=COUNTY_M)
            # Where two share the edge, the first in the file has it.
            np.minimum.at(best, at, county_of_edge[edge])
            for county in reversed(range(len(shapes))):
                best[shapely.contains_xy(shapes[county], xy)] = county
            return best

        # Sample, then halve each interval in which the county changes until it is a millimetre long.
        count = max(int(np.ceil(self.length_km * 1000.0 / _SAMPLE_M)), 2)
        km = np.linspace(0.0, self.length_km, 2 * count + 1)[1::2]
        held = nearest(km)
        change = np.flatnonzero(held[1:] != held[:-1])
        low, high, before = km[change], km[change + 1], held[change]
        for _ in range(int(np.ceil(np.log2(_SAMPLE_M / 1e-3))) if len(change) else 0):
            middle = (low + high) / 2
            same = nearest(middle) == before
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        stops = np.concatenate([[0.0], high, [self.length_km]])
        owners = [*before, held[-1]]
        return tuple(
            (str(codes[owner]), float(start), float(end))
            for owner, start, end in zip(owners, stops[:-1], stops[1:], strict=True)
        )


def uncovered(length_km: float, held: list[tuple[Spans, NDArray[np.bool_]]]) -> list[tuple[float, float]]:
    """Stretches that no span with a true owner covers; fast enough for every engine step."""
    kept = [(spans, mask[spans.owner]) for spans, mask in held]
    start = np.concatenate([[0.0], *(spans.from_km[keep] for spans, keep in kept), [length_km]])
    end = np.concatenate([[0.0], *(spans.to_km[keep] for spans, keep in kept), [length_km]])
    order = np.argsort(start, kind="stable")
    start, reached = start[order], np.maximum.accumulate(end[order])
    gap = np.flatnonzero(start[1:] > reached[:-1] + _EPS_KM)
    return list(zip(reached[gap].tolist(), np.minimum(start[gap + 1], length_km).tolist(), strict=True))


def _joined_spans(owner: Ints, low: Floats, high: Floats) -> Spans:
    """Each owner's pieces, with those that touch made one, in order along the border."""
    keep = high > low
    owner, low, high = owner[keep], low[keep], high[keep]
    order = np.lexsort((low, owner))
    owner, low, high = owner[order], low[order], high[order]
    # Pieces of one owner lie on different segments, so they touch but never overlap by more than rounding.
    begins = np.ones(len(owner), dtype=np.bool_)
    begins[1:] = (owner[1:] != owner[:-1]) | (low[1:] > high[:-1] + _EPS_KM)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(owner)) - 1 if len(first) else first
    along = np.argsort(low[first], kind="stable")
    return Spans(owner[first][along], low[first][along], high[last][along])


def _joined(geometry: LineString | MultiLineString) -> list[LineString]:
    """Parts that touch made one, in the order and direction in which the file gives them."""
    given = shapely.get_parts(geometry)
    given = given[~shapely.is_empty(given)]
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(given)))
    # The first part of the file that lies in a line gives the line its place and its direction.
    middle = shapely.line_interpolate_point(given, 0.5, normalized=True)
    part, line = shapely.STRtree(lines).query_nearest(middle)
    first = np.full(len(lines), len(given))
    np.minimum.at(first, line, part)
    ordered: list[LineString] = []
    for at in np.argsort(first, kind="stable").tolist():
        own = given[min(first[at], len(given) - 1)]
        early, late = shapely.line_interpolate_point(own, [0.25, 0.75], normalized=True)
        turned = lines[at].project(early) > lines[at].project(late)
        ordered.append(lines[at].reverse() if turned else lines[at])
    return ordered


def _edges(polygons: Strings) -> tuple[Strings, Ints]:
    """Every edge of every polygon as a line, and the polygon it belongs to."""
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    return _lines(xy, start), of_part[of_ring[ring[start]]]


def _lines(xy: Floats, start: Ints) -> Strings:
    """A line from each of these vertices to the next."""
    return np.asarray(shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1)), dtype=object)


def _divided(line: LineString) -> Floats:
    """The vertices of a line with none repeated and none farther than STEP_DEG apart."""
    xy = shapely.get_coordinates(line)
    xy = xy[np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])]
    longest = np.abs(np.diff(xy, axis=0)).max(axis=1, initial=0.0)
    steps = np.maximum(np.ceil(longest / STEP_DEG), 1).astype(int)
    start = np.repeat(np.arange(len(steps)), steps)
    share = (np.arange(len(start)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[start]
    return np.concatenate([xy[start] + share[:, None] * (xy[start + 1] - xy[start]), xy[-1:]])
