"""Where a position lies on the sheet: fitted into a box and true to area, or the page's own view."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from dashboard.exports.pen import Box

Floats = NDArray[np.float64]

ROUND_LENGTHS = (1, 2, 5)
RADIUS_M = 6_378_137.0
AROUND_M = 2 * math.pi * RADIUS_M
WORLD = 512
"""Units across the world at zoom 0."""
MOST_LAT, MOST_ZOOM = 85.0511, 20.0
NEAREST = 14.0
"""Where a whole scope is one place, it is not looked at from nearer."""


class Ground:
    """Where positions lie in a box of the sheet; each kind of map says how it projects."""

    box: Box
    metres_per_unit: float
    """In the middle of the box."""
    zoom: float
    """What MapLibre would call the scale in the middle of the box."""
    _per_unit: float
    _middle: tuple[float, float]

    def _project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        raise NotImplementedError

    def at(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Positions on the sheet, (n, 2) in design units."""
        x, y = self._project(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        middle_x, middle_y = self.box.x + self.box.w / 2, self.box.y + self.box.h / 2
        return np.column_stack(
            [
                middle_x + (np.asarray(x) - self._middle[0]) / self._per_unit,
                middle_y - (np.asarray(y) - self._middle[1]) / self._per_unit,
            ]
        )

    def path(self, shapes: Iterable[Any]) -> Path:
        """Lines and polygons (EPSG:4326) as one path in design units; holes stay holes."""
        parts = shapely.get_parts([shape for shape in shapes if shape is not None and not shape.is_empty])
        parts = self._near(parts)
        parts = parts[np.isin(shapely.get_dimensions(parts), (1, 2))]
        # A third of a pixel of a large sheet: what is finer only costs time.
        tolerance = self.metres_per_unit / 111_000 / 6
        lines: list[Any] = []
        for part in shapely.simplify(parts, tolerance):
            lines.extend(shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part])
        if not lines:
            return Path(np.empty((0, 2)))
        points, line_of = shapely.get_coordinates(lines, return_index=True)
        codes = np.full(len(points), Path.LINETO, dtype=np.uint8)
        codes[np.flatnonzero(np.diff(line_of, prepend=-1))] = Path.MOVETO
        return Path(self.at(points[:, 0], points[:, 1]), codes)

    def _near(self, parts: Any) -> Any:
        """What of the parts can be seen; all of it where that costs nothing."""
        return parts

    def seen(self, shape: Any) -> Any:
        """What of one polygon lies in the box."""
        return shape

    def scale_bar(self, room: float) -> tuple[float, float]:
        """The longest round length that fits the room: kilometres, and its design units."""
        longest = room * self.metres_per_unit / 1000
        power = 10.0 ** np.floor(np.log10(longest))
        km = max(step * power for step in ROUND_LENGTHS if step * power <= longest)
        return float(km), float(km * 1000 / self.metres_per_unit)


class Fitted(Ground):
    """A map of what must be seen, as large as the box allows; equal in area, north is up in its middle."""

    def __init__(self, shown: Iterable[Any], box: Box) -> None:
        """`shown`: shapely geometries in EPSG:4326 that must lie inside the box."""
        points = shapely.get_coordinates([shape for shape in shown if shape is not None])
        if not len(points):
            points = np.array([[0.0, 0.0]])
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
        lon, lat = (west + east) / 2, (south + north) / 2
        # Equal area around its own middle: lengths are true there and off by less than 0.1 % at 300 km.
        self._to_metres = Transformer.from_crs(
            "EPSG:4326", f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m", always_xy=True
        )
        x, y = self._project(points[:, 0], points[:, 1])
        self.box = box
        wide, high = max(np.ptp(x), 2000.0), max(np.ptp(y), 2000.0)
        self.metres_per_unit = self._per_unit = float(max(wide / box.w, high / box.h))
        self.zoom = _zoom_of(self.metres_per_unit, lat)
        self._middle = float((x.min() + x.max()) / 2), float((y.min() + y.max()) / 2)

    def _project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        x, y = self._to_metres.transform(lon, lat)
        return np.asarray(x), np.asarray(y)


class Mercator(Ground):
    """The page's own map: Web Mercator around a centre, at a zoom of MapLibre's."""

    def __init__(self, center: tuple[float, float], zoom: float, box: Box) -> None:
        """`center` in degrees; a unit of the sheet is a pixel of the page."""
        self.box, self.zoom = box, min(max(zoom, 0.0), MOST_ZOOM)
        lon, lat = center[0], min(max(center[1], -MOST_LAT), MOST_LAT)
        self.center = lon, lat
        self._per_unit = AROUND_M / (WORLD * 2**self.zoom)
        # A Mercator metre is longer than one on the ground by the secant of the latitude.
        self.metres_per_unit = self._per_unit * math.cos(math.radians(lat))
        x, y = self._project(np.array([lon]), np.array([lat]))
        self._middle = float(x[0]), float(y[0])

    def _project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        clipped = np.radians(np.clip(lat, -MOST_LAT, MOST_LAT))
        return AROUND_M / 360 * lon, RADIUS_M * np.arcsinh(np.tan(clipped))

    def _near(self, parts: Any) -> Any:
        """Cut to a wide margin around the box: far beyond it lie coordinates that no renderer can count."""
        west, south, east, north = self.bounds(margin=0.5)
        return shapely.get_parts(shapely.clip_by_rect(parts, west, south, east, north))

    @classmethod
    def around(cls, shown: Iterable[Any], box: Box) -> Mercator:
        """The nearest view of all that must be seen; geometries in EPSG:4326."""
        points = shapely.get_coordinates([shape for shape in shown if shape is not None])
        whole = cls((0.0, 0.0), 0.0, box)
        at = whole.at(points[:, 0], points[:, 1])
        wide, high = np.maximum(np.ptp(at, axis=0), 1e-6)
        zoom = math.log2(min(box.w / wide, box.h / high))
        x, y = (at.min(axis=0) + at.max(axis=0)) / 2 - (box.x + box.w / 2, box.y + box.h / 2)
        lat = math.degrees(math.atan(math.sinh(-y * whole._per_unit / RADIUS_M)))
        return cls((float(x) * whole._per_unit / (AROUND_M / 360), lat), min(zoom, NEAREST), box)

    def world_bounds(self) -> tuple[float, float, float, float]:
        """West, north, east and south of the box as shares of the world, 0 to 1 from its north-west."""
        half_x, half_y = self.box.w / 2 * self._per_unit, self.box.h / 2 * self._per_unit
        x, y = self._middle
        return (
            0.5 + (x - half_x) / AROUND_M,
            0.5 - (y + half_y) / AROUND_M,
            0.5 + (x + half_x) / AROUND_M,
            0.5 - (y - half_y) / AROUND_M,
        )

    def seen(self, shape: Any) -> Any:
        """What of one polygon lies in the box."""
        return shape.intersection(shapely.box(*self.bounds()))

    def bounds(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east and north of the box in degrees, `margin` of its size added on each side."""
        half_x = self.box.w * (0.5 + margin) * self._per_unit
        half_y = self.box.h * (0.5 + margin) * self._per_unit
        (x, y), metres = self._middle, AROUND_M / 360
        return (
            (x - half_x) / metres,
            math.degrees(math.atan(math.sinh((y - half_y) / RADIUS_M))),
            (x + half_x) / metres,
            math.degrees(math.atan(math.sinh((y + half_y) / RADIUS_M))),
        )


def _zoom_of(metres_per_unit: float, lat: float) -> float:
    return math.log2(AROUND_M * math.cos(math.radians(lat)) / (WORLD * metres_per_unit))
