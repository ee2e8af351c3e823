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

_EQUAL_M = 0.001
"""A system that no code names is the one of EPSG's whose positions differ by less."""
_SAME_M = 1.0
"""… and may be the declared one."""
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
        return _nameless(raw, believed, file, likely(raw.shapes, area=area, counties=counties))
    try:
        return Crs.parse(code, file=file), []
    except FaultsError as error:
        return None, list(error.faults)


def _meant(carried: Any) -> CRS | None:
    """What a file says of itself; some programs write that they know nothing."""
    if carried is None:
        return None
    crs = CRS.from_user_input(carried)
    # A shift to WGS 84 that a file brings along is as good as whoever wrote it: only its system is taken.
    crs = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    known = crs.is_geographic or crs.is_projected or crs.is_geocentric or crs.is_compound
    return None if not known and _is_nameless(crs.name) else crs


def _code(crs: CRS) -> str | None:
    """The code of a system that is one of EPSG's in all but its name, as PROJ judges."""
    flat = crs.to_2d()
    code = flat.to_epsg()
    if code is None and flat.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        nameless = flat.datum is not None and _is_nameless(flat.datum.name)
        code = None if nameless else 4326  # OGC:CRS84 has no number of EPSG's
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


def _nameless(raw: Raw, carried: CRS, file: str, proposal: str) -> tuple[Crs | None, list[Fault]]:
    """A system that has no name of EPSG's: the one it is nevertheless, or the one that is most like it."""
    hint = "Convert the file to EPSG:4490, for example with QGIS: Export, Save Features As"
    near = carried.to_2d().to_epsg(min_confidence=20)
    try:
        crs = None if near is None else Crs.parse(f"EPSG:{near}")
    except FaultsError:
        crs = None
    apart = None if crs is None else _apart_m(raw.shapes, carried, crs)
    if crs is not None and apart is not None and apart < _EQUAL_M and _same_datum(carried, crs):
        return crs, []
    if apart is not None and apart < _SAME_M:
        hint = (
            f"In {crs} its positions are the same, if it is the same datum: declare that, or {_lower(hint)}"
        )
    elif apart is not None:
        hint = f"{hint}. It is most like {crs}, but positions are up to {apart:,.0f} m apart"
    elif proposal:
        hint = f"{hint}, or declare what it is. {proposal}"
    what = "the file's coordinate system has no EPSG code"
    return None, [Fault(what, file, None, "crs", str(carried.name), EXPECTED, hint)]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _same_datum(carried: CRS, crs: Crs) -> bool:
    """Whether both name the same datum; PROJ takes one of no name for any with its ellipsoid."""
    base, ours = carried.geodetic_crs, CRS.from_epsg(crs.epsg).geodetic_crs
    if base is None or ours is None or (base.datum is not None and _is_nameless(base.datum.name)):
        return False
    return bool(base.equals(ours, ignore_axis_order=True))


def _is_nameless(name: str) -> bool:
    return name.casefold().startswith(_NAMELESS)


def _apart_m(shapes: NDArray[np.object_], carried: CRS, crs: Crs) -> float | None:
    """How far apart the same coordinates lie in two systems, the farthest of a sample; datums that share an
    ellipsoid are taken for one. None where there is no telling."""
    xy = shapely.get_coordinates(shapes)
    xy = xy[:: max(1, len(xy) // _SAMPLE)]
    if len(xy) == 0:
        return None
    ours = CRS.from_epsg(crs.epsg)
    if abs(_axis_m(carried) - _axis_m(ours)) > _SAME_M:
        return None
    here, there = (
        np.column_stack(Transformer.from_crs(one, one.geodetic_crs, always_xy=True).transform(*xy.T))
        for one in (carried.to_2d(), ours)
    )
    fine = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
    if not fine.all():
        return None
    return float(np.max(GEOD.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]))


def _axis_m(crs: CRS) -> float:
    return 0.0 if crs.ellipsoid is None else crs.ellipsoid.semi_major_metre
