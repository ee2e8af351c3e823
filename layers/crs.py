"""Coordinate systems: the one a file is in, the way to WGS 84 and back, and a metric one for measuring."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer, network
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from layers.datums import Datum, from_wgs84_degrees, to_wgs84_degrees
from layers.faults import Fault, FaultsError
from layers.hints import shown
from layers.shapes import without_heights

Geometries = NDArray[np.object_]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
EXPECTED = "EPSG:4326, EPSG:4490, another EPSG code such as EPSG:4513, GCJ-02 or BD-09"

# PROJ would fetch grids of datum shifts where its environment allows it; nothing leaves the machine.
network.set_network_enabled(False)  # type: ignore[attr-defined]

_SAME = (4326, 4490)
"""Degrees in WGS 84 and CGCS2000: realisations of one frame, that agree within decimetres."""
_SHIFTED: dict[Datum, str] = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_SPELLINGS: tuple[tuple[str, Datum], ...] = ((r"gcj[ _-]?02", "gcj02"), (r"bd[ _-]?09(ll)?", "bd09"))
_MARGIN_DEG = 6.0
"""How far beyond its stated area a projected system is still believed: files overlap their zone."""
_HINTS = (
    (
        r"bd-?0?9-?mc",
        "Baidu's metres are not read: ask Baidu's service for degrees (bd09ll) and declare BD-09",
    ),
    (r"gcj|火星|高德|腾讯|mars", "Coordinates read off AMap or Tencent are in GCJ-02: declare GCJ-02"),
    (r"bd-?0?9|百度|baidu", "Coordinates read off Baidu's map are in BD-09: declare BD-09"),
    (
        r"cgcs|2000|china geodetic",
        "Degrees in CGCS2000 are EPSG:4490, its Gauss-Kruger zones EPSG:4491 to 4554",
    ),
    (r"wgs ?-?_?84|crs84|gps", "Degrees in WGS 84 are EPSG:4326"),
    (r"^\d+$", "Write it with its authority, as in EPSG:4326"),
)


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system that this software reads and writes."""

    epsg: int
    """0 for GCJ-02 and BD-09, which have no code."""
    projected: bool
    name: str
    datum: Datum = ""

    def __str__(self) -> str:
        return _SHIFTED[self.datum] if self.datum else f"EPSG:{self.epsg}"

    @classmethod
    def parse(cls, declared: str, *, file: str = "", field: str = "crs") -> Crs:
        """The system that a declaration names; raises FaultsError where it names none we read."""
        text = declared.strip()

        def refused(what: str, got: str, hint: str = "") -> FaultsError:
            return FaultsError([Fault(what, file, None, field, got, EXPECTED, hint)])

        for pattern, datum in _SPELLINGS:
            if re.fullmatch(pattern, text, re.IGNORECASE):
                return cls(0, False, _SHIFTED[datum], datum)
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
        if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
            flat = crs.to_2d().to_epsg() if crs.is_geographic or crs.is_projected else None
            hint = "Convert the file to one of these first"
            if flat:
                hint = f"Heights are not read: declare EPSG:{flat}, which is the same without them"
            raise refused("not a coordinate system we read", f"{text} ({crs.name})", hint)
        return cls(code, crs.is_projected, crs.name)

    def agrees_with(self, carried: Any) -> bool:
        """Whether a system carried by the file itself may be this one; height and axis order do not count.

        What is in GCJ-02 or BD-09 can only say of itself that it is in WGS 84 or CGCS2000.
        """
        given = CRS.from_user_input(carried).to_2d()
        if self.datum:
            return any(given.equals(_crs(code), ignore_axis_order=True) for code in _SAME)
        return given.to_epsg() == self.epsg or given.equals(_crs(self.epsg), ignore_axis_order=True)


@dataclass(frozen=True, slots=True)
class _Way:
    """How one system's coordinates become degrees in WGS 84."""

    transformer: Transformer
    accuracy_m: float | None
    """None where PROJ knows no shift between the datums and would take them for one."""


@lru_cache(maxsize=64)
def _crs(epsg: int) -> CRS:
    return CRS.from_epsg(epsg)


@lru_cache(maxsize=64)
def _transformer(source: Any, target: Any) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@lru_cache(maxsize=64)
def _way(epsg: int, area: tuple[int, int, int, int]) -> _Way:
    """The best way to WGS 84 for an area (west, south, east, north in whole degrees)."""
    base = _crs(epsg).geodetic_crs
    if base is not None and base.to_epsg() in _SAME:
        return _Way(_transformer(_crs(epsg), 4326), 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of grids that are not installed: the accuracy is of the way that is
        place: Any = AreaOfInterest(*area)
        best = TransformerGroup(_crs(epsg), 4326, always_xy=True, area_of_interest=place).transformers[0]
    known = best.accuracy >= 0 and "Ballpark" not in best.description
    return _Way(best, best.accuracy if known else None)


def _way_here(crs: Crs, lon: Floats, lat: Floats) -> _Way:
    """The way for where the positions are."""
    fit = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    if not fit.any():
        return _way(crs.epsg, (-180, -90, 180, 90))
    lon, lat = lon[fit], lat[fit]
    west, south, east, north = np.floor([lon.min(), lat.min(), lon.max() + 1.0, lat.max() + 1.0])
    return _way(crs.epsg, (int(west), int(south), min(180, int(east)), min(90, int(north))))


def _known(way: _Way, crs: Crs) -> _Way:
    if way.accuracy_m is None:
        what = "the datum of the coordinate system cannot be converted here"
        got, expected = f"{crs} ({crs.name})", "a datum whose shift to WGS 84 is known in this place"
        hint = (
            "Taken as it is it would be off by up to some hundred metres: convert the file to EPSG:4490 first"
        )
        raise FaultsError([Fault(what, "", None, "crs", got, expected, hint)])
    return way


def accuracy_m(geometry: Geometries, crs: Crs) -> float | None:
    """How well these coordinates can be brought to WGS 84, in metres; None where that is not known at all.

    0 where both datums are one to within decimetres; GCJ-02 and BD-09 have their formula and count as 0.
    """
    if crs.datum or crs.epsg in _SAME:
        return 0.0
    xy = shapely.get_coordinates(geometry)
    return _way_here(crs, *_rough(xy, crs)).accuracy_m


def _rough(xy: Floats, crs: Crs) -> tuple[Floats, Floats]:
    """Degrees, give or take a datum."""
    lon, lat = _transformer(_crs(crs.epsg), 4326).transform(xy[:, 0], xy[:, 1])
    return np.asarray(lon), np.asarray(lat)


def to_wgs84(geometry: Geometries, crs: Crs) -> tuple[Geometries, Bools]:
    """Geometry in EPSG:4326, and which rows hold coordinates that cannot be in the system.

    Such rows become None. Degrees of EPSG:4326 and EPSG:4490 agree within decimetres and stay as they are.
    Raises FaultsError where the shift between the datums is not known for the place.
    """
    flat = without_heights(geometry)
    bad = np.zeros(len(flat), dtype=np.bool_)
    if crs.epsg in _SAME:
        return flat, bad
    xy, row = shapely.get_coordinates(flat, return_index=True)
    if len(xy) == 0:
        return flat, bad
    if crs.datum:
        lon, lat = to_wgs84_degrees(xy[:, 0], xy[:, 1], crs.datum)
        return shapely.set_coordinates(flat.copy(), np.column_stack([lon, lat])), bad
    way = _known(_way_here(crs, *_rough(xy, crs)), crs).transformer
    lon, lat = way.transform(xy[:, 0], xy[:, 1])
    with np.errstate(invalid="ignore"):
        good = np.isfinite(lon) & np.isfinite(lat)
        if crs.projected:
            # A position far off its zone may come out as plausible degrees: only one that comes back counts.
            back_x, back_y = way.transform(lon, lat, direction="INVERSE")
            good &= (np.abs(back_x - xy[:, 0]) < 1.0) & (np.abs(back_y - xy[:, 1]) < 1.0)
            good &= _in_area(lon, lat, crs)
    bad[row[~good]] = True
    placed = shapely.set_coordinates(flat.copy(), np.where(good[:, None], np.column_stack([lon, lat]), 0.0))
    placed[bad] = None
    return placed, bad


def _in_area(lon: Floats, lat: Floats, crs: Crs) -> Bools:
    area = _crs(crs.epsg).area_of_use
    if area is None or area.west >= area.east:
        return np.ones(len(lon), dtype=np.bool_)
    fits = (lon >= area.west - _MARGIN_DEG) & (lon <= area.east + _MARGIN_DEG)
    fits &= (lat >= area.south - _MARGIN_DEG) & (lat <= area.north + _MARGIN_DEG)
    return np.asarray(fits, dtype=np.bool_)


def from_wgs84(geometry: Geometries, crs: Crs) -> Geometries:
    """Geometry of EPSG:4326 in another system, longitude or easting first.

    Shapes that have no place in the system become None. Raises FaultsError where the shift between the datums
    is not known for the place.
    """
    flat: Geometries = np.asarray(shapely.force_2d(geometry), dtype=object)
    if crs.epsg in _SAME:
        return flat
    xy, row = shapely.get_coordinates(flat, return_index=True)
    if len(xy) == 0:
        return flat
    lon, lat = xy[:, 0], xy[:, 1]
    if crs.datum:
        there = np.column_stack(from_wgs84_degrees(lon, lat, crs.datum))
    else:
        way = _known(_way_here(crs, lon, lat), crs).transformer
        there = np.column_stack(way.transform(lon, lat, direction="INVERSE"))
    good: Bools = np.asarray(np.isfinite(there).all(axis=1), dtype=np.bool_)
    moved = shapely.set_coordinates(flat.copy(), np.where(good[:, None], there, 0.0))
    moved[row[~good]] = None
    return moved


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
