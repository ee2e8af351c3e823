"""Which sites and devices stand inside or near each electronic fence; fixed with the profile, joined once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from data.per_profile import per_profile
from layers.crs import GEOD
from layers.fences import members

if TYPE_CHECKING:  # the rules' words ask this module, and the profile's check asks the rules
    from data.picture import Picture
    from data.profile import Profile

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Member:
    """A site or device that belongs to a fence."""

    target: str
    """`site` or `device`."""
    id: str
    name: str
    county: str
    inside: bool
    """Inside the fence's own shape; otherwise only within its buffer."""
    metres: float
    """To the fence's nearest point; 0 inside."""


@dataclass(frozen=True, eq=False)
class _Places:
    """Sites or devices as columns."""

    target: str
    id: Strings
    name: Strings
    county: Strings
    lon: Floats
    lat: Floats


@per_profile()
def fence_members(profile: Profile) -> dict[str, tuple[Member, ...]]:
    """Fence id to its sites, then its devices, each nearest first.

    Near is within the fence's `buffer_m`, or the profile's `coverage.fence_m` where it has none.
    """
    fences = profile.fences
    shapes = np.asarray(fences.geometry.array, dtype=object)
    found: dict[str, list[Member]] = {fence: [] for fence in fences["fence_id"].tolist()}
    for places in _places(profile):
        pairs = members(places.lon, places.lat, fences, profile.spec.coverage.fence_m)
        for row, near in enumerate(found.values()):
            near.extend(_members(places, shapes[row], *pairs.of_fence(row)))
    return {fence: tuple(near) for fence, near in found.items()}


def nearest_working(profile: Profile, fence_id: str, picture: Picture) -> Member | None:
    """The working, manned site nearest to a fence, among those inside or near it that the picture shows."""
    row, holding = picture.sites.row, picture.state.holding
    near = fence_members(profile).get(fence_id, ())
    # A county's picture has no sites of another county.
    here = (one for one in near if one.target == "site" and one.id in row)
    return next((one for one in here if holding[row[one.id]]), None)


def _places(profile: Profile) -> Iterator[_Places]:
    sites = profile.sites
    yield _Places("site", sites.site_id, sites.name, sites.county, sites.lon, sites.lat)
    for layer in profile.spec.layers:
        if layer.kind == "devices":
            frame = profile.layers[layer.name]
            xy = shapely.get_coordinates(np.asarray(frame.geometry.array, dtype=object))
            ids, names, counties = (
                frame[column].to_numpy(dtype=object) for column in ("device_id", "name", "county")
            )
            yield _Places("device", ids, names, counties, xy[:, 0], xy[:, 1])


def _members(
    places: _Places, shape: shapely.Geometry, points: NDArray[np.int64], inside: NDArray[np.bool_]
) -> list[Member]:
    metres = _metres(shape, places.lon[points], places.lat[points])
    metres[inside] = 0.0
    return [
        Member(
            places.target,
            str(places.id[points[at]]),
            str(places.name[points[at]]),
            str(places.county[points[at]]),
            bool(inside[at]),
            float(metres[at]),
        )
        for at in np.lexsort((points, metres)).tolist()
    ]


def _metres(shape: shapely.Geometry, lon: Floats, lat: Floats) -> Floats:
    """From each position to the nearest point of a shape, on the ellipsoid."""
    if len(lon) == 0:
        return np.empty(0)
    near = shapely.get_coordinates(
        shapely.get_point(shapely.shortest_line(shape, shapely.points(lon, lat)), 0)
    )
    return np.asarray(GEOD.inv(lon, lat, near[:, 0], near[:, 1])[2], dtype=np.float64)
