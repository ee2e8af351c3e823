"""The coordinate systems that features are given in, by reference, each with the axis order it defines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from data.per_profile import per_profile
from data.profile import Profile

Geometries = NDArray[np.object_]

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CHINA = (75, 135)
"""The first and the last middle meridian of the three-degree zones, degrees east."""


@dataclass(frozen=True, slots=True)
class System:
    """One coordinate system by its URI."""

    uri: str
    authority: str
    """As pyproj takes it: OGC:CRS84 or EPSG:<code>."""

    @property
    def crs(self) -> CRS:
        """The system itself."""
        return _crs(self.authority)

    @property
    def projected(self) -> bool:
        """Whether its coordinates are metres."""
        return bool(self.crs.is_projected)

    @property
    def northing_first(self) -> bool:
        """Whether latitude, or the northing, is the first coordinate."""
        return self.crs.axis_info[0].direction == "north"

    @property
    def decimals(self) -> int:
        """Decimals of a coordinate: a millimetre."""
        return 3 if self.projected else 8


@lru_cache(maxsize=32)
def _crs(authority: str) -> CRS:
    return CRS.from_user_input(authority)


@lru_cache(maxsize=32)
def _transformer(authority: str) -> Transformer:
    # From and to the order that each system defines.
    return Transformer.from_crs(_crs("OGC:CRS84"), _crs(authority))


def epsg(code: int) -> System:
    """A system of the EPSG register."""
    return System(f"http://www.opengis.net/def/crs/EPSG/0/{code}", f"EPSG:{code}")


@per_profile()
def systems(profile: Profile) -> dict[str, System]:
    """URI to system: longitude and latitude, WGS 84, CGCS2000, and CGCS2000's zone at the profile's middle.

    The zone is given twice, with the zone's number before the easting and without.
    """
    found = [System(CRS84, "OGC:CRS84"), epsg(4326), epsg(4490)]
    west, _, east, _ = profile.spec.area
    meridian = 3 * round((west + east) / 6)
    if _CHINA[0] <= meridian <= _CHINA[1]:
        zone = (meridian - _CHINA[0]) // 3
        found += [epsg(4513 + zone), epsg(4534 + zone)]
    return {system.uri: system for system in found}


def place(shapes: Geometries, system: System) -> Geometries:
    """Shapes in EPSG:4326 (longitude first) in a system, in the order of its axes, to a millimetre."""
    flat = shapely.force_2d(shapes)
    if not len(flat):
        return flat

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        if system.projected:
            first, second = _transformer(system.authority).transform(xy[:, 0], xy[:, 1])
            xy = np.column_stack([first, second])
        elif system.northing_first:
            # Degrees of WGS 84 and of CGCS2000 agree within centimetres and stay as they are.
            xy = xy[:, ::-1]
        return np.round(xy, system.decimals)

    moved: Geometries = shapely.transform(flat, move)
    return moved
