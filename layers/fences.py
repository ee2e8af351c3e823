"""What stands inside or near which electronic fence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.coverage import STEP_DEG, TOUCH_M
from layers.crs import Metric
from layers.within import join

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Members:
    """Points and the fences they belong to, a row per pair, by fence and then by point."""

    fence: Ints
    """Row of the fence."""
    point: Ints
    """Row of the point."""
    inside: Bools
    """Inside the fence's own shape; otherwise only within its buffer."""

    def __len__(self) -> int:
        return len(self.fence)

    def of_fence(self, fence: int) -> tuple[Ints, Bools]:
        """The points of one fence, and which of them are inside."""
        low, high = np.searchsorted(self.fence, [fence, fence + 1])
        return self.point[low:high], self.inside[low:high]


def watched(fences: GeoDataFrame, default_m: float = 0.0) -> Shapes:
    """What each fence watches: its shape widened by its `buffer_m`, or by `default_m` where it has none.

    EPSG:4326 in and out. A line without a buffer still has a metre to each side.
    """
    shapes = np.asarray(fences.geometry.array, dtype=object)
    if len(shapes) == 0:
        return shapes
    buffer = np.full(len(shapes), default_m)
    if "buffer_m" in fences.columns:
        given = fences["buffer_m"].to_numpy(dtype=np.float64)
        buffer = np.where(np.isnan(given), default_m, given)
    plane = Metric(tuple(fences.total_bounds.tolist()))
    # Long edges are straight in degrees: divided, they stay in their place in metres.
    flat = plane.shapes(shapely.segmentize(shapes, STEP_DEG))
    is_line = shapely.get_dimensions(shapes) == 1
    wide = shapely.buffer(flat, np.where(is_line, np.maximum(buffer, TOUCH_M), buffer), quad_segs=16)
    out: Shapes = plane.degrees(wide)
    whole = ~is_line & (buffer == 0)
    out[whole] = shapes[whole]
    return out


def members(lon: Floats, lat: Floats, fences: GeoDataFrame, default_m: float = 0.0) -> Members:
    """Which points lie inside or near which fences; degrees, EPSG:4326, edges included.

    A point may belong to several fences. Points that are not finite belong to none.
    """
    shapes = np.asarray(fences.geometry.array, dtype=object)
    pairs = join(lon, lat, watched(fences, default_m))
    inside = np.zeros(len(pairs[0]), dtype=np.bool_)
    for fence in np.unique(pairs[0]).tolist():
        if shapely.get_dimensions(shapes[fence]) == 2:
            low, high = np.searchsorted(pairs[0], [fence, fence + 1])
            points = pairs[1][low:high]
            inside[low:high] = shapely.intersects_xy(shapes[fence], lon[points], lat[points])
    return Members(pairs[0], pairs[1], inside)
