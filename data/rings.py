"""Whether the exits of a ring are held at a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.ground import ground_of
from data.holding import Exit, Near
from data.per_profile import per_profile
from data.profile import Profile
from data.unheard import Unheard
from layers.crs import GEOD, Metric

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SLACK = 1.01
"""How much farther is looked in the plane, where distances are off by a little."""


@dataclass(frozen=True, eq=False)
class Ring:
    """One line that closes a ring, and what its profile fixes about it."""

    line: str
    sites: Ints
    """The line's sites."""
    points: NDArray[np.object_]
    """Where they stand, in a plane."""
    exit: Ints
    site: Ints
    """Every pair of an exit and a site of the line within ring_m of it."""


@dataclass(frozen=True, eq=False)
class Rings:
    """The exits of a profile and its rings; the exits are columns, a value each."""

    exit_id: list[str]
    name: list[str]
    county: list[str]
    lon: Floats
    lat: Floats
    points: NDArray[np.object_]
    rings: tuple[Ring, ...]


@per_profile()
def rings_of(profile: Profile) -> Rings:
    """The rings of a profile, worked out once."""
    spec, sites, ground = profile.spec, profile.sites, ground_of(profile)
    frames = [profile.layers[layer.name] for layer in spec.layers if layer.kind == "exits"]
    shapes = np.array([None, *(shape for frame in frames for shape in frame.geometry)], dtype=object)[1:]
    lon, lat = shapely.get_coordinates(shapes).reshape(-1, 2).T
    exit_id, name, county = (
        [str(value) for frame in frames for value in frame[field]] for field in ("exit_id", "name", "county")
    )
    plane = Metric((*shapely.total_bounds(shapes).tolist(),) if len(shapes) else profile.spec.area)
    points = np.asarray(shapely.points(plane.points(lon, lat)), dtype=object)
    rings = []
    for index, line in enumerate(spec.lines):
        if line.ring_m is None:
            continue
        rows = np.flatnonzero(ground.line_of == index)
        stand = np.asarray(shapely.points(plane.points(sites.lon[rows], sites.lat[rows])), dtype=object)
        at, site = shapely.STRtree(stand).query(points, "dwithin", distance=line.ring_m * _SLACK)
        metres = GEOD.inv(lon[at], lat[at], sites.lon[rows[site]], sites.lat[rows[site]])[2]
        near = np.asarray(metres) <= line.ring_m
        rings.append(Ring(line.id, rows, stand, at[near], rows[site[near]]))
    return Rings(
        exit_id=exit_id,
        name=name,
        county=county,
        lon=lon,
        lat=lat,
        points=points,
        rings=tuple(rings),
    )


def find_exits(profile: Profile, site_holds: Bools, unheard: Unheard | None = None) -> tuple[Exit, ...]:
    """Every exit of every ring: held where a working, manned site of the line is within ring_m, straight.

    `unheard`: of whom nothing is known yet; None: of nobody.
    """
    rings = rings_of(profile)
    exits: list[Exit] = []
    for ring in rings.rings:
        held = np.zeros(len(rings.exit_id), dtype=np.bool_)
        held[ring.exit[site_holds[ring.site]]] = True
        may = np.zeros(len(held), dtype=np.bool_)
        if unheard is not None:
            may[ring.exit[unheard.sites[ring.site]]] = True
            may |= ring.line in unheard.lines
        near = _nearest(profile, rings, ring, np.flatnonzero(~held), site_holds[ring.sites])
        exits += [
            Exit(
                exit_id,
                rings.name[row],
                ring.line,
                rings.county[row],
                float(rings.lon[row]),
                float(rings.lat[row]),
                held=bool(held[row]),
                nearest=near.get(row),
                known=bool(held[row] or not may[row]),
            )
            for row, exit_id in enumerate(rings.exit_id)
        ]
    return tuple(exits)


def _nearest(profile: Profile, rings: Rings, ring: Ring, exits: Ints, working: Bools) -> dict[int, Near]:
    """Of each of these exits the nearest site of the ring that works."""
    sites, rows = profile.sites, ring.sites[working]
    if len(rows) == 0 or len(exits) == 0:
        return {}
    at, one = shapely.STRtree(ring.points[working]).query_nearest(rings.points[exits], all_matches=False)
    exits, rows = exits[at], rows[one]
    metres = GEOD.inv(rings.lon[exits], rings.lat[exits], sites.lon[rows], sites.lat[rows])[2]
    return {
        row: Near(str(sites.site_id[site]), str(sites.name[site]), ring.line, float(far) / 1000.0, "straight")
        for row, site, far in zip(exits.tolist(), rows.tolist(), np.asarray(metres).tolist(), strict=True)
    }
