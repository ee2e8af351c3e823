"""Which coordinate system a file may be in that does not say, with the numbers that speak for it.

A proposal for a person to weigh and declare; nothing is ever read by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.counties import county_of
from layers.crs import Crs, to_wgs84
from layers.shapes import WORLD, Area

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]

CHINA: Area = (73.0, 3.0, 136.0, 54.0)
_MOST = 10_000
"""Rows that are looked at."""
_SHOWN = 3


@dataclass(frozen=True)
class _Guess:
    """A system, and how many of the rows then lie where they should."""

    system: str
    inside: int
    in_counties: int
    rows: int
    place: str
    swapped: bool = False

    def __str__(self) -> str:
        rows = "the one row lies" if self.rows == 1 else f"all {self.rows:,} rows lie"
        if self.inside < self.rows:
            rows = f"{self.inside:,} of {self.rows:,} rows {'lies' if self.inside == 1 else 'lie'}"
        text = f"in {self.system} {rows} in {self.place}"
        if self.in_counties >= 0:
            text += f", {self.in_counties:,} of them in its counties"
        return f"{text}, with the two coordinates swapped" if self.swapped else text


def likely(shapes: Shapes, *, area: Area | None = None, counties: GeoDataFrame | None = None) -> str:
    """A sentence with the likely system of these coordinates and its evidence, or "" where there is none.

    `area` is where they should lie (degrees) and `counties` the polygons (EPSG:4326) they should lie in.
    Eastings that carry no zone number fit every zone in its turn: without an area they tell nothing.
    """
    xy = _middles(shapes)
    if len(xy) == 0:
        return ""
    bounded = area is not None and area != WORLD
    found = [
        guess
        for swapped in (False, True)
        for guess in _guesses(xy[:, ::-1] if swapped else xy, area if bounded else None, counties, swapped)
        if guess.inside * 2 > guess.rows
    ]
    found.sort(key=lambda guess: (-guess.inside, -guess.in_counties, guess.swapped))
    if not found:
        return ""
    told = "; ".join(map(str, found[:_SHOWN]))
    degrees = (np.abs(xy) <= 180.0).all()
    caution = (
        "Read off a Chinese web map they would be in GCJ-02 or BD-09"
        if degrees
        else "Beijing 1954 and Xian 1980 have much the same numbers: ask whoever made the file"
    )
    return f"Likely: {told}. {caution}"


def _middles(shapes: Shapes) -> Floats:
    """The middle of each shape's bounds, of at most _MOST shapes."""
    every = max(1, -(-len(shapes) // _MOST))
    bounds = shapely.bounds(shapes[::every])
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2.0
    return np.asarray(middle[np.isfinite(middle).all(axis=1)], dtype=np.float64)


def _guesses(xy: Floats, area: Area | None, counties: GeoDataFrame | None, swapped: bool) -> Iterator[_Guess]:
    for name, crs in _candidates(xy, placed=area is not None):
        points = np.asarray(shapely.points(xy), dtype=object)
        lonlat = xy if crs is None else shapely.get_coordinates(to_wgs84(points, crs)[0])
        west, south, east, north = area or CHINA
        place = "China" if area is None else "the profile's area"
        lon, lat = lonlat[:, 0], lonlat[:, 1]
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        in_counties = -1
        if counties is not None and len(counties):
            in_counties = int((county_of(lon, lat, counties) != "").sum())
        yield _Guess(name, int(inside.sum()), in_counties, len(xy), place, swapped)


def _candidates(xy: Floats, *, placed: bool) -> Iterator[tuple[str, Crs | None]]:
    """Systems whose numbers look like these, by their ranges alone."""
    east, north = np.median(xy, axis=0)
    if abs(east) <= 180.0 and abs(north) <= 90.0:
        yield "EPSG:4326 or EPSG:4490 (which agree within decimetres)", None
        return
    if not 0.0 < north < 7_500_000.0:
        return
    zone = int(east // 1_000_000)
    if 100_000.0 <= east % 1_000_000 <= 900_000.0:
        if 13 <= zone <= 23:
            yield from _named(4491 + zone - 13)
        elif 25 <= zone <= 45:
            yield from _named(4513 + zone - 25)
        elif zone == 0 and placed:
            for step in range(21):
                yield from _named(4534 + step)
            for utm in range(43, 54):
                yield from _named(32600 + utm)
    if 8_000_000.0 < east < 15_200_000.0:
        yield from _named(3857)


def _named(code: int) -> Iterator[tuple[str, Crs]]:
    crs = Crs.parse(f"EPSG:{code}")
    yield f"{crs} ({crs.name})", crs
