"""Which coordinate system a file is in: the declared one, or the one it carries; never a guess."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from layers.crs import EXPECTED, GEOD, Crs
from layers.faults import Fault, FaultsError
from layers.formats.base import Raw
from layers.likely import likely
from layers.shapes import Area

_SAME_M = 1.0
"""A system that no code names is the declared one where their positions differ by less."""
_SAMPLE = 1_000
_NAMELESS = ("undefined", "unknown")


def system_of(
    raw: Raw,
    declared: str | None,
    file: str,
    *,
    area: Area | None = None,
    counties: GeoDataFrame | None = None,
) -> tuple[Crs | None, list[Fault]]:
    """The system of a file's coordinates, or None and why not.

    A declaration must agree with what the file carries. Without one the file is believed, then its format.
    `area` and `counties` serve the evidence for a proposal, where nothing is declared or carried.
    """
    carried = _meant(raw.carried)
    if declared is not None:
        try:
            crs = Crs.parse(declared, file=file)
        except FaultsError as error:
            return None, list(error.faults)
        return (
            (crs, []) if carried is None or crs.agrees_with(carried) else _disputed(raw, crs, carried, file)
        )
    believed = carried or _meant(raw.assumed)
    if believed is None:
        hint = likely(raw.shapes, area=area, counties=counties)
        hint = hint or "Ask whoever made the file; degrees of a GPS are EPSG:4326"
        what = "the coordinate system is not declared"
        return None, [Fault(what, file, None, "crs", "nothing in the file either", EXPECTED, hint)]
    code = _code(believed)
    if code is None:
        return None, [_nameless(raw, believed, file)]
    try:
        return Crs.parse(code, file=file), []
    except FaultsError as error:
        return None, list(error.faults)


def _meant(carried: Any) -> CRS | None:
    """What a file says of itself; some programs write that they know nothing."""
    if carried is None:
        return None
    crs = CRS.from_user_input(carried)
    known = crs.is_geographic or crs.is_projected or crs.is_geocentric or crs.is_compound or crs.is_bound
    return None if not known and crs.name.casefold().startswith(_NAMELESS) else crs


def _code(crs: CRS) -> str | None:
    """The code of a system that is one of EPSG's in all but its name, as PROJ judges."""
    flat = crs.to_2d()
    code = flat.to_epsg()
    if code is None:
        near = flat.to_epsg(min_confidence=20)
        if near is not None and CRS.from_epsg(near).equals(flat, ignore_axis_order=True):
            code = near
        elif flat.equals(CRS.from_epsg(4326), ignore_axis_order=True):  # OGC:CRS84
            code = 4326
    return None if code is None else f"EPSG:{code}"


def _disputed(raw: Raw, crs: Crs, carried: CRS, file: str) -> tuple[Crs | None, list[Fault]]:
    """A file carries another system than the declared one, or the same by no name that is known."""
    code = _code(carried)
    apart = None if code or crs.datum else _apart_m(raw.shapes, carried, crs)
    if apart is not None and apart < _SAME_M:
        return crs, []
    what = "the file carries another coordinate system than the one declared"
    hint = "Declare what the file carries, or mend the file"
    if apart is not None:
        hint = f"In the two its positions are up to {apart:,.0f} m apart: convert the file to EPSG:4490"
    return None, [Fault(what, file, None, "crs", code or str(carried.name), str(crs), hint)]


def _nameless(raw: Raw, carried: CRS, file: str) -> Fault:
    """A system of the file's own making, and the one of EPSG's that is most like it."""
    what = "the file's coordinate system has no EPSG code"
    near = carried.to_2d().to_epsg(min_confidence=20)
    hint = "Convert the file to EPSG:4490, for example with QGIS: Export, Save Features As"
    if near is not None:
        try:
            crs = Crs.parse(f"EPSG:{near}")
            apart = _apart_m(raw.shapes, carried, crs)
        except FaultsError:
            apart = None
        if apart is not None and apart < _SAME_M:
            hint = (
                f"In {crs} ({crs.name}) its positions are the same to {max(apart, 0.001):.3f} m: declare that"
            )
        elif apart is not None:
            hint = f"{hint}. It is most like {crs} ({crs.name}), but positions are up to {apart:,.0f} m apart"
    return Fault(what, file, None, "crs", str(carried.name), EXPECTED, hint)


def _apart_m(shapes: NDArray[np.object_], carried: CRS, crs: Crs) -> float | None:
    """How far apart the same coordinates lie in two systems of one datum, the farthest of a sample."""
    xy = shapely.get_coordinates(shapes)
    xy = xy[:: max(1, len(xy) // _SAMPLE)]
    if len(xy) == 0:
        return None
    ours = CRS.from_epsg(crs.epsg)
    datum = carried.geodetic_crs.to_epsg() if carried.geodetic_crs is not None else None
    if datum is not None and ours.geodetic_crs is not None and datum != ours.geodetic_crs.to_epsg():
        return None
    here, there = (
        np.column_stack(Transformer.from_crs(one, one.geodetic_crs, always_xy=True).transform(*xy.T))
        for one in (carried.to_2d(), ours)
    )
    fine = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
    if not fine.all():
        return None
    return float(np.max(GEOD.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]))
