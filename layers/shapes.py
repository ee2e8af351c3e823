"""Whether each geometry is whole, of the right type, and where the profile says things are."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.catalog import Geometry, LayerKind
from layers.faults import Fault
from layers.mending import LARGE, MOST_CROSSINGS, is_tangled

Shapes = NDArray[np.object_]
Bools = NDArray[np.bool_]
Area = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

NOT_VALID = "the geometry is not valid"
"""What is said of a shape that `layers.repair` can mend."""
WORLD: Area = (-180.0, -90.0, 180.0, 90.0)

_TYPES: dict[Geometry, tuple[int, ...]] = {
    "point": (shapely.GeometryType.POINT,),
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "polygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}


def check_shapes(
    shapes: Shapes, row: LayerKind, area: Area, *, file: str, rows: NDArray[np.int64], skip: Bools
) -> tuple[Shapes, list[Fault]]:
    """The shapes, flat and with multi-points of one point made points, and every fault of theirs.

    `rows` are 1-based row numbers for the faults; rows in `skip` are known to be at fault already.
    Shapes at fault come back as None.
    """
    shapes = _single(without_heights(shapes))
    faults: list[Fault] = []
    left = ~skip

    def fault(at: int, what: str, got: str, expected: str, hint: str = "") -> None:
        faults.append(Fault(what, file, int(rows[at]), "geometry", got, expected, hint))

    drawn = " or ".join(row.geometry)
    for at in np.flatnonzero(left & (shapely.is_missing(shapes) | shapely.is_empty(shapes))).tolist():
        fault(at, "the geometry is missing, empty or broken", "nothing", f"a {drawn}")
        left[at] = False
    known = [kind for name in row.geometry for kind in _TYPES[name]]
    for at in np.flatnonzero(left & ~np.isin(shapely.get_type_id(shapes), known)).tolist():
        hint = "Give the middle of the site" if row.geometry == ("point",) else ""
        fault(at, "wrong type of geometry", str(shapes[at].geom_type), f"a {drawn}", hint)
        left[at] = False
    areal = np.isin(shapely.get_type_id(shapes), _TYPES["polygon"])
    large = left & areal & (shapely.get_num_coordinates(shapes) > LARGE)
    valid = ~large
    valid[left & ~large] = shapely.is_valid(shapes[left & ~large])
    # With a coordinate that is no number nothing is valid: only what is not needs a look at each of them.
    doubtful = np.flatnonzero(left & ~valid)
    for at in doubtful[~_is_finite(shapes[doubtful])].tolist():
        fault(at, "a coordinate is not a number", _middle(shapes[at]), "finite numbers")
        left[at] = False
    for at in np.flatnonzero(left & large).tolist():
        if is_tangled(shapes[at]):  # first: even to say that it is not valid would take minutes
            what, got = "the shape crosses itself all over", f"over {MOST_CROSSINGS:,} crossings"
            hint = "Its vertices are out of order: draw it again, or ask whoever made it"
            fault(at, what, got, f"a {drawn} that does not cross itself", hint)
            left[at] = False
        else:
            valid[at] = shapely.is_valid(shapes[at])
    for at in np.flatnonzero(left & ~valid).tolist():
        why, hint = str(shapely.is_valid_reason(shapes[at])), "Mend it, for example with QGIS: Fix geometries"
        fault(at, NOT_VALID, why, f"a {drawn} that does not cross itself", hint)
        left[at] = False
    placed, misplaced = _check_place(shapes, row, area, file=file, rows=rows, left=left)
    if not placed.all():
        shapes = shapes.copy()
        shapes[~placed] = None
    return shapes, [*faults, *misplaced]


def _check_place(
    shapes: Shapes, row: LayerKind, area: Area, *, file: str, rows: NDArray[np.int64], left: Bools
) -> tuple[Bools, list[Fault]]:
    """Which of the shapes that are left stand in the area, and why the others do not."""
    west, south, east, north = area
    bounds = shapely.bounds(shapes)
    fits = left & _fits(bounds, area, row.inside)
    expected = f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
    off = np.flatnonzero(left & ~fits)
    if len(off) == 0:
        return fits, []
    swapped = _fits(bounds[:, [1, 0, 3, 2]], area, row.inside)
    with np.errstate(invalid="ignore"):
        beyond = np.any(np.abs(bounds) > (180.0, 90.0, 180.0, 90.0), axis=1)
    if len(off) == left.sum() and (beyond & ~swapped)[off].all():
        hint = "They look like metres: declare the projected EPSG code that they are in"
        what = "coordinates that cannot be in the declared system: none of them are degrees"
        return fits, [Fault(what, file, None, "geometry", _middle(shapes[off[0]]), expected, hint)]
    faults = []
    for at in off.tolist():
        if swapped[at]:
            what, hint = "longitude and latitude are swapped", "Write longitude first"
        elif beyond[at]:
            what, hint = "coordinates that cannot be degrees", "Check the declared coordinate system"
        elif area == WORLD:
            what, hint = "the position is off the map", ""
        else:
            what, hint = "the position is outside the profile's area", "Mend it, or `area` in profile.toml"
        faults.append(Fault(what, file, int(rows[at]), "geometry", _middle(shapes[at]), expected, hint))
    return fits, faults


def _fits(bounds: NDArray[np.float64], area: Area, inside: bool) -> Bools:
    west, south, east, north = area
    left, bottom, right, top = bounds.T
    with np.errstate(invalid="ignore"):
        if inside:
            fits = (left >= west) & (bottom >= south) & (right <= east) & (top <= north)
        else:
            fits = (left <= east) & (right >= west) & (bottom <= north) & (top >= south)
            fits &= (np.abs(bounds) <= (180.0, 90.0, 180.0, 90.0)).all(axis=1)
    return np.asarray(fits, dtype=np.bool_)


def without_heights(shapes: Shapes) -> Shapes:
    """The shapes without heights and measures; as they are where they have none."""
    return shapely.force_2d(shapes) if (shapely.get_coordinate_dimension(shapes) > 2).any() else shapes


def _single(shapes: Shapes) -> Shapes:
    """Many programs write every point as a multi-point of one."""
    many = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    lone = many & (shapely.get_num_geometries(shapes) == 1)
    if not lone.any():
        return shapes
    out = shapes.copy()
    out[lone] = shapely.get_geometry(shapes[lone], 0)
    return out


def _is_finite(shapes: Shapes) -> Bools:
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.isfinite(xy.sum())
    if not whole:  # one of them at least is not finite, or they are absurdly large
        finite[of[~np.isfinite(xy).all(axis=1)]] = False
    return finite


def _middle(shape: Any) -> str:
    """The position of a point, or the bounds of anything larger, to a decimetre or so."""
    numbers = shapely.get_coordinates(shape)[0] if shape.geom_type == "Point" else shapely.bounds(shape)
    return ", ".join(f"{round(float(number), 1 if abs(number) > 360 else 6):.12g}" for number in numbers)
