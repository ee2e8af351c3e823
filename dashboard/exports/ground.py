"""Where a position lies on the sheet: an equal-area projection fitted into a box, true to scale."""

from __future__ import annotations

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


class Ground:
    """A map of what must be seen, as large as the box allows; north is up in its middle."""

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
        x, y = self._to_metres.transform(points[:, 0], points[:, 1])
        self.box = box
        wide, high = max(np.ptp(x), 2000.0), max(np.ptp(y), 2000.0)
        self.metres_per_unit = float(max(wide / box.w, high / box.h))
        self._x0 = float((x.min() + x.max()) / 2)
        self._y0 = float((y.min() + y.max()) / 2)

    def at(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Positions on the sheet, (n, 2) in design units."""
        x, y = self._to_metres.transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        middle_x, middle_y = self.box.x + self.box.w / 2, self.box.y + self.box.h / 2
        return np.column_stack(
            [
                middle_x + (np.asarray(x) - self._x0) / self.metres_per_unit,
                middle_y - (np.asarray(y) - self._y0) / self.metres_per_unit,
            ]
        )

    def path(self, shapes: Iterable[Any]) -> Path:
        """Lines and polygons (EPSG:4326) as one path in design units; holes stay holes."""
        # A third of a pixel of a large sheet: what is finer only costs time.
        tolerance = self.metres_per_unit / 111_000 / 3
        parts = shapely.get_parts([shape for shape in shapes if shape is not None and not shape.is_empty])
        parts = parts[np.isin(shapely.get_dimensions(parts), (1, 2))]
        lines: list[Any] = []
        for part in shapely.simplify(parts, tolerance):
            lines.extend(shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part])
        if not lines:
            return Path(np.empty((0, 2)))
        points, line_of = shapely.get_coordinates(lines, return_index=True)
        codes = np.full(len(points), Path.LINETO, dtype=np.uint8)
        codes[np.flatnonzero(np.diff(line_of, prepend=-1))] = Path.MOVETO
        return Path(self.at(points[:, 0], points[:, 1]), codes)

    def scale_bar(self, room: float) -> tuple[float, float]:
        """The longest round length that fits the room: kilometres, and its design units."""
        longest = room * self.metres_per_unit / 1000
        power = 10.0 ** np.floor(np.log10(longest))
        km = max(step * power for step in ROUND_LENGTHS if step * power <= longest)
        return float(km), float(km * 1000 / self.metres_per_unit)
