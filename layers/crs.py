"""Coordinate systems: the one a file declares, and a metric one for measuring."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError

from layers.faults import Fault, FaultsError
from layers.hints import shown
from layers.shapes import without_heights

Geometries = NDArray[np.object_]
Bools = NDArray[np.bool_]

GEOD = Geod(ellps="WGS84")
EXPECTED = "EPSG:4326, EPSG:4490 or a projected EPSG code such as EPSG:4513"

_GEOGRAPHIC = (4326, 4490)
_MARGIN_DEG = 6.0
"""How far beyond its stated area a projected system is still believed: files overlap their zone."""
_HINTS = (
    (r"gcj|火星|高德|mars", "GCJ-02 is shifted by up to 700 m: convert the file to EPSG:4326 first"),
    (r"bd-?0?9|百度|baidu", "BD-09 is shifted by over a kilometre: convert the file to EPSG:4326 first"),
    (
        r"cgcs|2000|china geodetic",
        "Degrees in CGCS2000 are EPSG:4490, its Gauss-Kruger zones EPSG:4491 to 4554",
    ),
    (r"wgs ?-?_?84|crs84|gps", "Degrees in WGS 84 are EPSG:4326"),
    (r"^\d+$", "Write it with its authority, as in EPSG:4326"),
)
_OLD_DATUMS = {4214: "Beijing 1954", 4610: "Xian 1980"}


@dataclass(frozen=True, slots=True)
class Crs:
    """A declared coordinate system that this software reads."""

    epsg: int
    projected: bool
    name: str

    def __str__(self) -> str:
        return f"EPSG:{self.epsg}"

    @classmethod
    def parse(cls, declared: str, *, file: str = "", field: str = "crs") -> Crs:
        """The system that a declaration names; raises FaultsError where it names none we read."""
        text = declared.strip()

        def refused(what: str, got: str, hint: str = "") -> FaultsError:
            return FaultsError([Fault(what, file, None, field, got, EXPECTED, hint)])

        match = re.fullmatch(r"epsg\s*:\s*(\d{4,6})", text, re.IGNORECASE)
        if match is None:
            hint = next((words for pattern, words in _HINTS if re.search(pattern, text, re.IGNORECASE)), "")
            what = "not a coordinate system we read" if text else "the coordinate system is not declared"
            raise refused(what, shown(text) if text else "nothing", hint)
        code = int(match[1])
        try:
            crs = _crs(code)
        except CRSError:
            raise refused("no such coordinate system", text) from None
        if code not in _GEOGRAPHIC and not (crs.is_projected and len(crs.axis_info) == 2):
            hint = "Convert the file to one of these first"
            if code in _OLD_DATUMS:
                hint = f"{_OLD_DATUMS[code]} needs its own datum shift: convert the file to EPSG:4490 first"
            raise refused("not a coordinate system we read", f"{text} ({crs.name})", hint)
        return cls(code, code not in _GEOGRAPHIC, crs.name)

    def agrees_with(self, carried: Any) -> bool:
        """Whether a system carried by the file itself is this one; height and axis order do not count."""
        given = CRS.from_user_input(carried).to_2d()
        return given.to_epsg() == self.epsg or given.equals(_crs(self.epsg), ignore_axis_order=True)


@lru_cache(maxsize=64)
def _crs(epsg: int) -> CRS:
    return CRS.from_epsg(epsg)


@lru_cache(maxsize=64)
def _transformer(source: Any, target: Any) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(geometry: Geometries, crs: Crs) -> tuple[Geometries, Bools]:
    """Geometry in EPSG:4326, and which rows hold coordinates that cannot be in the system.

    Such rows become None. Degrees of EPSG:4326 and EPSG:4490 agree within centimetres and stay as they are.
    """
    flat = without_heights(geometry)
    bad = np.zeros(len(flat), dtype=np.bool_)
    if not crs.projected or len(flat) == 0:
        return flat, bad
    xy, row = shapely.get_coordinates(flat, return_index=True)
    to_degrees = _transformer(_crs(crs.epsg), 4326)
    lon, lat = to_degrees.transform(xy[:, 0], xy[:, 1])
    back_x, back_y = to_degrees.transform(lon, lat, direction="INVERSE")
    with np.errstate(invalid="ignore"):
        # A position far off its zone may come out as plausible degrees: only one that comes back is believed.
        good = (np.abs(back_x - xy[:, 0]) < 1.0) & (np.abs(back_y - xy[:, 1]) < 1.0)
        area = _crs(crs.epsg).area_of_use
        if area is not None and area.west < area.east:
            good &= (lon >= area.west - _MARGIN_DEG) & (lon <= area.east + _MARGIN_DEG)
            good &= (lat >= area.south - _MARGIN_DEG) & (lat <= area.north + _MARGIN_DEG)
    bad[row[~good]] = True
    placed = shapely.set_coordinates(flat.copy(), np.where(good[:, None], np.column_stack([lon, lat]), 0.0))
    placed[bad] = None
    return placed, bad


def looks_like_degrees(geometry: Geometries) -> bool:
    """Whether every coordinate would do as degrees: in a metric system they would all sit at its origin."""
    xy = shapely.get_coordinates(geometry)
    return bool(len(xy)) and bool((np.abs(xy) <= (180.0, 180.0)).all())


class Metric:
    """A plane in metres around a place: a transverse Mercator through its middle.

    Its scale is off by at most 1 in 10,000 within 90 km of the middle meridian.
    """

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        self.crs = metric_crs(bounds)
        self._to = _transformer(4326, self.crs)

    def points(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees to metres, shape (n, 2)."""
        x, y = self._to.transform(lon, lat)
        return np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])

    def shapes(self, geometry: Geometries) -> Geometries:
        """Geometry in degrees to geometry in metres."""
        xy = shapely.get_coordinates(geometry)
        return shapely.set_coordinates(shapely.force_2d(geometry).copy(), self.points(xy[:, 0], xy[:, 1]))

    def degrees(self, geometry: Geometries) -> Geometries:
        """Geometry in metres back to degrees."""
        xy = shapely.get_coordinates(geometry)
        lon, lat = self._to.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return shapely.set_coordinates(geometry.copy(), np.column_stack([lon, lat]))


def metric_crs(bounds: tuple[float, float, float, float]) -> CRS:
    """A projected system in metres for west, south, east, north in degrees."""
    west, south, east, north = bounds
    return CRS.from_dict(
        {
            "proj": "tmerc",
            "lon_0": (west + east) / 2,
            "lat_0": (south + north) / 2,
            "k": 1,
            "datum": "WGS84",
            "units": "m",
            "type": "crs",
        }
    )


def length_km(geometry: Any) -> float:
    """Length of a line, or of a polygon's edge, on the ellipsoid; EPSG:4326 in, kilometres out."""
    return float(GEOD.geometry_length(geometry)) / 1000.0
