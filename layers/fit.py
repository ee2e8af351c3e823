"""How well positions fit what they should match, as they are and moved by the shift of a web map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import Metric
from layers.datums import Datum, from_wgs84_degrees, to_wgs84_degrees

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
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
    either: bool = False
    """The other side's being in another datum would explain it as well."""


def near_line(points: Floats, lines: Shapes) -> Floats:
    """Metres from each point to the nearest line."""
    at, distance = shapely.STRtree(lines).query_nearest(
        shapely.points(points), return_distance=True, all_matches=False
    )
    found = np.full(len(points), np.inf)
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
    either = any(other != side and abs(value - best) < 1.0 for value, other, _, _ in found)
    return Finding(side, datum, len(here), float(np.median(before)), float(np.median(after)), either)


def _misfit(measured: Floats) -> float:
    """The mean of the better three quarters: the rest may have nothing to do with the line."""
    return float(np.sort(measured)[: max(1, len(measured) * 3 // 4)].mean())


def _turn(degrees: float) -> Any:
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[cos, sin], [-sin, cos]])


_TURNS = tuple(_turn(angle) for angle in (45, 90, 135, 225, 270, 315))
"""Turned by half a circle a shift is the other side's own."""
