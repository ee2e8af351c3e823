"""Which positions lie in which areas."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


def join(lon: Floats, lat: Floats, areas: Shapes) -> tuple[Ints, Ints]:
    """Rows of areas and of the points in them, by area and then by point.

    Points are sorted by longitude once; each area then looks only at those between its edges.
    """
    order = np.argsort(lon, kind="stable")
    x, y = lon[order], lat[order]
    bounds = shapely.bounds(areas) if len(areas) else np.empty((0, 4))
    of_area: list[Ints] = []
    of_point: list[Ints] = []
    for row, (area, (west, south, east, north)) in enumerate(zip(areas, bounds.tolist(), strict=True)):
        low, high = np.searchsorted(x, west), np.searchsorted(x, east, side="right")
        if low >= high:
            continue
        near = low + np.flatnonzero((y[low:high] >= south) & (y[low:high] <= north))
        if len(near) == 0:
            continue
        shapely.prepare(area)
        found = np.sort(order[near[shapely.intersects_xy(area, x[near], y[near])]])
        of_area.append(np.full(len(found), row, dtype=np.int64))
        of_point.append(found)
    nothing = np.empty(0, dtype=np.int64)
    return np.concatenate([nothing, *of_area]), np.concatenate([nothing, *of_point])
