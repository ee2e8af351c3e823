"""How well positions fit what they should match, as they are and moved by the shift of a web map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import Metric
from layers.datums import Datum, from_wgs84_degrees, to_wgs84_degrees

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Bools = NDArray[np.bool_]
Side = Literal["subject", "reference"]
Measure = Callable[[Floats], Floats]
"""Metres in the plane (n, 2) to one number a point, the smaller the better."""

DATUMS: tuple[Datum, ...] = ("", "gcj02", "bd09")
LEAST = 20
"""Points that a judgement needs."""
MOST = 400
"""Points that are looked at."""
_FAR_M = 3_000.0
"""A point farther off has nothing to do with the line."""
_SHARPER = 0.5
"""How much smaller the misfit must become."""
_CLOSE = 0.25
"""… and how small, in lengths of the lesser shift."""
_BEST = 0.9
"""… also than with the same shift in any other direction."""
_CLOSER = 0.7
"""The share of points that must come closer."""
_LEAST_M = 20.0
"""A misfit below this needs no explaining."""

_RIGHT_BEFORE, _RIGHT_AFTER = 0.9, 0.95
"""Shares of points in their counties: with more there is nothing to explain, with less nothing explained."""
_GAINED, _LOST, _AHEAD = 5, 0.1, 0.03


@dataclass(frozen=True)
class Finding:
    """Positions fit markedly better where one side is read in another datum than the declared one."""

    side: Side
    """Whose datum is then another."""
    datum: Datum
    """The one that fits."""
    points: int
    before: float
    after: float
    instead: Datum | None = None
    """The other side's being in this datum would explain it as well."""


class Lines:
    """Lines in metres that distances are asked of many times."""

    def __init__(self, lines: Shapes) -> None:
        xy, line = shapely.get_coordinates(lines, return_index=True)
        starts = np.flatnonzero(line[1:] == line[:-1])
        # Whole lines have wide boxes, which makes the tree of little use.
        pieces: Any = shapely.linestrings(np.stack([xy[starts], xy[starts + 1]], axis=1))
        self._tree = shapely.STRtree(pieces)
        self.empty = len(starts) == 0

    def distance(self, points: Floats) -> Floats:
        """Metres from each point to the nearest line."""
        found = np.full(len(points), np.inf)
        if not self.empty:
            at, distance = self._tree.query_nearest(
                shapely.points(points), return_distance=True, all_matches=False
            )
            found[at[0]] = distance
        return found


def readings(
    lon: Floats, lat: Floats, subject: Datum, reference: Datum
) -> Iterator[tuple[Side, Datum, Floats, Floats]]:
    """Where positions would stand if they, or what they should match, were in another datum than declared."""
    raw = from_wgs84_degrees(lon, lat, subject)
    for datum in DATUMS:
        if datum != subject:
            yield ("subject", datum, *to_wgs84_degrees(*raw, datum))
    for datum in DATUMS:
        if datum != reference:
            # Moving the points the other way is as good as moving the lines.
            yield ("reference", datum, *to_wgs84_degrees(*from_wgs84_degrees(lon, lat, datum), reference))


def sample(lon: Floats, lat: Floats) -> NDArray[np.int64]:
    """Every so many of the finite positions, MOST in all."""
    fine = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    return np.asarray(fine[np.linspace(0, len(fine) - 1, min(len(fine), MOST)).astype(np.int64)])


def find_shift(
    lon: Floats, lat: Floats, plane: Metric, measure: Measure, *, subject: Datum, reference: Datum
) -> Finding | None:
    """The reading under which the points fit markedly better than as declared, if there is one.

    It must halve the misfit, bring most points closer, and do better than the same shift in six other
    directions: roads and borders are crooked, so that only the right shift lays points along them.
    """
    here = plane.points(lon, lat)
    before = measure(here)
    fit = np.isfinite(before) & (before <= _FAR_M)
    if fit.sum() < LEAST:
        return None
    here, lon, lat, before = here[fit], lon[fit], lat[fit], before[fit]
    misfit = _misfit(before)
    if misfit < _LEAST_M:
        return None
    shifts, found = [], []
    for side, datum, to_lon, to_lat in readings(lon, lat, subject, reference):
        shift = plane.points(to_lon, to_lat) - here
        after = measure(here + shift)
        found.append((_misfit(after), side, datum, after))
        shifts += [shift] if side == "subject" else []
    best, side, datum, after = min(found, key=lambda one: one[0])
    length = float(np.median(np.hypot(*shifts[0].T)))
    if best > min(_SHARPER * misfit, _CLOSE * length) or float(np.mean(after < before)) < _CLOSER:
        return None
    if best > _BEST * min(_misfit(measure(here + shift @ turn)) for shift in shifts for turn in _TURNS):
        return None
    instead = next((of for value, other, of, _ in found if other != side and value - best < 1.0), None)
    return Finding(side, datum, len(here), float(np.median(before)), float(np.median(after)), instead)


def find_county_shift(
    lon: Floats, lat: Floats, named: Shapes, counties: Mapping[str, Any], *, subject: Datum, reference: Datum
) -> Finding | None:
    """The reading under which markedly more points stand in the county that each names, if there is one.

    `counties` are polygons in degrees by adcode. Nearly all points must stand right then, hardly one may be
    lost, and the same shift in other directions must do worse: it would for posts along a coarse border.
    """
    known = np.isin(named, list(counties))
    lon, lat, named = lon[known], lat[known], named[known]
    if len(lon) < LEAST:
        return None
    before = _in_county(lon, lat, named, counties)
    if before.mean() > _RIGHT_BEFORE:
        return None
    found: list[tuple[float, Side, Datum, Bools]] = []
    decoys: list[float] = []
    stretch = np.array([np.cos(np.radians(float(np.median(lat)))), 1.0])
    for side, datum, to_lon, to_lat in readings(lon, lat, subject, reference):
        after = _in_county(to_lon, to_lat, named, counties)
        found.append((float(after.mean()), side, datum, after))
        shift = np.column_stack([to_lon - lon, to_lat - lat]) * stretch
        turned = [(shift @ turn) / stretch for turn in _TURNS] if side == "subject" else []
        decoys += [_in_county(lon + off[:, 0], lat + off[:, 1], named, counties).mean() for off in turned]
    best, side, datum, after = max(found, key=lambda one: one[0])
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    if best < _RIGHT_AFTER or gained < _GAINED or lost > gained * _LOST:
        return None
    if best < max(decoys) + max(2.0 / len(lon), _AHEAD):
        return None
    instead = next((of for value, other, of, _ in found if other != side and value >= best), None)
    return Finding(side, datum, len(lon), float(before.mean()), best, instead)


def _in_county(lon: Floats, lat: Floats, named: Shapes, counties: Mapping[str, Any]) -> Bools:
    inside = np.zeros(len(lon), dtype=np.bool_)
    for adcode in set(named.tolist()):
        rows = named == adcode
        shapely.prepare(counties[adcode])
        inside[rows] = shapely.intersects_xy(counties[adcode], lon[rows], lat[rows])
    return inside


def _misfit(measured: Floats) -> float:
    """The mean of the better three quarters: the rest may have nothing to do with the line."""
    return float(np.sort(measured)[: max(1, len(measured) * 3 // 4)].mean())


def _turn(degrees: float) -> Any:
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[cos, sin], [-sin, cos]])


_TURNS = tuple(_turn(angle) for angle in (45, 90, 135, 225, 270, 315))
"""Turned by half a circle a shift is the other side's own."""
