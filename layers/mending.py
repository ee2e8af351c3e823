"""What a program can mend in shapes without asking: crossed rings, doubled vertices, parts of both sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely import GeometryType

Shapes = NDArray[np.object_]
Bools = NDArray[np.bool_]

MOST_CROSSINGS = 200_000
"""How often one shape may meet itself: that takes 10 s and half a gigabyte to mend, and more grows fast."""
LARGE = 50_000
_SAMPLE = 2_000
_LINEAR = (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
_AREAL = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_PAIRS = (
    (GeometryType.POINT, GeometryType.MULTIPOINT, shapely.multipoints),
    (GeometryType.LINESTRING, GeometryType.MULTILINESTRING, shapely.multilinestrings),
    (GeometryType.POLYGON, GeometryType.MULTIPOLYGON, shapely.multipolygons),
)


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing mended, or one that could not be."""

    row: int
    """1-based data row."""
    what: str
    layer: str = ""
    done: bool = True
    """False: the shape is left as it was, and somebody has to draw it again."""


def repair(frame: GeoDataFrame) -> tuple[GeoDataFrame, list[Repair]]:
    """The frame with its shapes mended, in any coordinate system, and every change; nothing else is touched.

    Doubled vertices go, except where their heights differ. Polygons that are not valid are made valid by what
    their rings bound (GEOS' structure method), so they stay polygons; what encloses nothing stays as it is.
    Where a layer mixes single and multi parts, the single ones become multi-parts of one; multi-points of one
    become points. Rows are the frame's index plus one.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object).copy()
    rows = np.asarray(frame.index, dtype=np.int64) + 1
    repairs: list[Repair] = []
    for at, what, done in (*_drop_doubled(shapes), *_make_valid(shapes), *_unify(shapes)):
        repairs.append(Repair(int(rows[at]), what, done=done))
    mended = frame.copy()
    mended[frame.geometry.name] = shapes
    repairs.sort(key=lambda one: one.row)
    return mended.set_geometry(frame.geometry.name, crs=frame.crs), repairs


Found = list[tuple[int, str, bool]]
"""Position, what was done, and whether it could be."""


def _drop_doubled(shapes: Shapes) -> Found:
    """Consecutive vertices at one place become one, in place."""
    found: Found = []
    for at in np.flatnonzero(_doubled(shapes)).tolist():
        before = shapes[at]
        try:
            after = shapely.remove_repeated_points(before)
        except shapely.GEOSException:  # a ring of one place
            continue
        gone = shapely.get_num_coordinates(before) - shapely.get_num_coordinates(after)
        if shapely.has_z(before) and gone != _count_doubled(before):
            continue
        if gone > 0 and after.geom_type == before.geom_type and not after.is_empty:
            shapes[at] = after
            found.append((at, f"{gone} doubled {'vertex' if gone == 1 else 'vertices'} dropped", True))
    return found


def _doubled(shapes: Shapes) -> Bools:
    """Which lines and polygons hold the same vertex twice in a row."""
    marked = np.zeros(len(shapes), dtype=np.bool_)
    drawn = np.flatnonzero(np.isin(shapely.get_type_id(shapes), (*_LINEAR, *_AREAL)))
    strands, of = _strands(shapes[drawn])
    xy, strand = shapely.get_coordinates(strands, return_index=True)
    same = (strand[1:] == strand[:-1]) & (xy[1:] == xy[:-1]).all(axis=1)
    marked[drawn[of[strand[1:][same]]]] = True
    return marked


def _count_doubled(shape: Any) -> int:
    """Consecutive vertices that agree in their height, too."""
    strands, _ = _strands(np.array([shape], dtype=object))
    xyz, strand = shapely.get_coordinates(strands, include_z=True, return_index=True)
    same = (xyz[1:] == xyz[:-1]) | (np.isnan(xyz[1:]) & np.isnan(xyz[:-1]))
    return int(((strand[1:] == strand[:-1]) & same.all(axis=1)).sum())


def _strands(shapes: Shapes) -> tuple[Shapes, NDArray[np.int64]]:
    """Every line and ring, and the shape that each belongs to."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == GeometryType.POLYGON
    rings, ring_of = shapely.get_rings(parts[areal], return_index=True)
    return np.concatenate([parts[~areal], rings]), np.concatenate([of[~areal], of[areal][ring_of]])


def _make_valid(shapes: Shapes) -> Found:
    """Polygons that are not valid become so, in place."""
    found: Found = []
    areal = np.isin(shapely.get_type_id(shapes), _AREAL)
    large = areal & (shapely.get_num_coordinates(shapes) > LARGE)
    areal[areal & ~large] = ~shapely.is_valid(shapes[areal & ~large])
    for at in np.flatnonzero(areal).tolist():
        before = shapes[at]
        if not np.isfinite(shapely.get_coordinates(before)).all():
            found.append((at, "left as it is: a coordinate is not a number", False))
            continue
        if is_tangled(before):  # first: even to say that it is not valid would take a minute
            found.append((at, f"left as it is: it meets itself over {MOST_CROSSINGS:,} times", False))
            continue
        why = str(shapely.is_valid_reason(before)).partition("[")[0].strip().lower()
        if why == "valid geometry":
            continue
        after = shapely.make_valid(before, method="structure", keep_collapsed=False)
        if after.is_empty or after.geom_type not in ("Polygon", "MultiPolygon"):
            found.append((at, f"left as it is: it encloses nothing ({why})", False))
            continue
        shapes[at] = after
        found.append((at, f"invalid ring made valid ({why})", True))
    return found


def is_tangled(shape: Any) -> bool:
    """Whether a shape meets itself over MOST_CROSSINGS times, as far as a sample of its segments tells."""
    if int(shapely.get_num_coordinates(shape)) ** 2 / 2 < MOST_CROSSINGS:  # NumPy's would overflow
        return False
    xy, strand = shapely.get_coordinates(_strands(np.array([shape], dtype=object))[0], return_index=True)
    starts = np.flatnonzero(strand[1:] == strand[:-1])
    segments: Any = shapely.linestrings(np.stack([xy[starts], xy[starts + 1]], axis=1))
    tree = shapely.STRtree(segments)
    every = max(1, len(segments) // _SAMPLE)
    met = 0
    for segment in segments[::every]:  # one at a time: a whole tangle would not fit the memory
        met += len(tree.query(segment, predicate="intersects")) - 3  # itself and its two neighbours
        if met * every / 2 > MOST_CROSSINGS:
            return True
    return False


def _unify(shapes: Shapes) -> Found:
    """One sort of parts per layer, in place."""
    found: Found = []
    for single, multi, gather in _PAIRS:
        kind = shapely.get_type_id(shapes)
        lone, many = kind == single, kind == multi
        if single == GeometryType.POINT:
            of_one = many & (shapely.get_num_geometries(shapes) == 1)
            if lone.any() and (of_one == many).all():
                shapes[of_one] = shapely.get_geometry(shapes[of_one], 0)
                found += [
                    (at, "multi-point of one made a point", True) for at in np.flatnonzero(of_one).tolist()
                ]
                continue
        if lone.any() and many.any():
            at_lone = np.flatnonzero(lone)
            shapes[at_lone] = gather(shapes[at_lone], indices=np.arange(len(at_lone)))
            found += [(at, "single part made a multi-part of one", True) for at in at_lone.tolist()]
    return found
