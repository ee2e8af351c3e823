"""GCJ-02 and BD-09, the shifted degrees of Chinese web maps, to WGS 84 and back.

Neither is officially published. The formulas are the ones that public implementations share (gcoord,
coordtransform, eviltransform, PRCoords): GCJ-02 adds a sum of sines, in metres on the Krasovsky 1940
ellipsoid, to the degrees of WGS 84; BD-09 turns and stretches GCJ-02 a little and adds a fixed offset. The
services themselves stand another half metre north and east of it, as far as published pairs tell. Inverses
are iterated until they stand still, far below a millimetre. Outside China's box nothing is shifted; Baidu,
too, gives WGS 84 there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Datum = Literal["", "gcj02", "bd09"]
"""The empty one is WGS 84, and CGCS2000, which agrees with it within decimetres."""
_Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: the rough China of the published algorithm."""

_A, _EE = 6378245.0, 0.00669342162296594323
"""Krasovsky 1940: semi-major axis in metres, eccentricity squared."""
_BD_LON, _BD_LAT = 0.0065, 0.006
_BD_WAVE = np.pi * 3000.0 / 180.0
_STILL_DEG = 1e-12
_ROUNDS = 30


def to_wgs84_degrees(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Degrees in a datum as degrees in WGS 84; what is not finite stays as it is."""
    if datum == "":
        return lon, lat
    inverse = _gcj02_to_wgs84 if datum == "gcj02" else _bd09_to_wgs84
    return _in_box(lon, lat, inverse)


def from_wgs84_degrees(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Degrees in WGS 84 as degrees in a datum; what is not finite stays as it is."""
    if datum == "":
        return lon, lat
    return _in_box(lon, lat, _wgs84_to_gcj02 if datum == "gcj02" else _wgs84_to_bd09)


def convert(lon: Floats, lat: Floats, source: Datum, target: Datum) -> tuple[Floats, Floats]:
    """Degrees from one datum to another."""
    return (lon, lat) if source == target else from_wgs84_degrees(*to_wgs84_degrees(lon, lat, source), target)


def _in_box(lon: Floats, lat: Floats, shift: _Shift) -> tuple[Floats, Floats]:
    west, south, east, north = BOX
    lon, lat = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    lon[inside], lat[inside] = shift(lon[inside], lat[inside])
    return lon, lat


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north_m += (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east_m += (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    phi = np.radians(lat)
    flat = 1.0 - _EE * np.sin(phi) ** 2
    # Metres per radian, along the parallel and along the meridian.
    along, up = _A / np.sqrt(flat) * np.cos(phi), _A * (1.0 - _EE) / (flat * np.sqrt(flat))
    return lon + np.degrees(east_m / along), lat + np.degrees(north_m / up)


def _waves(at: Floats, *waves: tuple[float, float]) -> Floats:
    """The sum of sines, each with its height and half its length."""
    total = np.zeros_like(at)
    for height, half in waves:
        total += height * np.sin(np.pi * at / half)
    return total


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT


def _wgs84_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return _undo(_wgs84_to_gcj02, lon, lat)


def _bd09_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return _undo(_wgs84_to_bd09, lon, lat)


def _undo(shift: _Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Where the shift leads from: each round leaves under a fiftieth of the error."""
    from_lon, from_lat = lon.copy(), lat.copy()
    for _ in range(_ROUNDS):
        to_lon, to_lat = shift(from_lon, from_lat)
        off_lon, off_lat = lon - to_lon, lat - to_lat
        from_lon += off_lon
        from_lat += off_lat
        if max(np.abs(off_lon).max(initial=0.0), np.abs(off_lat).max(initial=0.0)) < _STILL_DEG:
            break
    return from_lon, from_lat
