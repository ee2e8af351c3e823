"""A geodata file becomes a frame of our fields in EPSG:4326; what stands in it is not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.catalog import CATALOG, STAFF, LayerKind
from layers.crs import Crs, looks_like_degrees, to_wgs84
from layers.faults import Fault, FaultsError
from layers.formats import POSITION, Ask, Raw, is_address, is_table, read_file, shown_address
from layers.hints import did_you_mean, one_of, shown

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Loaded:
    """What came of reading a file."""

    frame: GeoDataFrame | None
    """Our fields and the geometry, EPSG:4326; the index is the 0-based row of the file. None: unreadable."""
    faults: list[Fault]
    unplaced: frozenset[int] = frozenset()
    """Index of rows whose position is among the faults; their geometry is None."""
    absent: frozenset[str] = frozenset()
    """Required fields whose column is among the faults."""


def read_layer(path: Path, **options: Any) -> GeoDataFrame:
    """The frame of a file, taking the options of `load_layer`; raises FaultsError with every fault."""
    loaded = load_layer(path, **options)
    if loaded.faults or loaded.frame is None:
        raise FaultsError(loaded.faults)
    return loaded.frame


def load_layer(
    path: Path | str,
    *,
    kind: str | LayerKind,
    crs: str | None,
    encoding: str | None = None,
    layer: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, Scalar] | None = None,
    file: str = "",
) -> Loaded:
    """Read a file, name its columns as ours, reproject once; what is wrong comes back as faults.

    A text that is the address of a database is read from there; `layer` is then the table.
    `columns` maps our field to the file's column, `constants` our field to one value for every row.
    `lon` and `lat` of a table are in the declared system, so eastings and northings where it is projected.
    A `crs` of None believes what the file carries, or EPSG:4326: for a lone file, never for a profile.
    """
    row = CATALOG[kind] if isinstance(kind, str) else kind
    url = path if isinstance(path, str) and is_address(path) else ""
    path = Path() if url else Path(path)
    columns, constants, file = columns or {}, constants or {}, file or shown_address(url) or path.name
    table = is_table(path, layer)
    extra = POSITION if table else ("geometry",) if url else ()
    faults = _check_mapping(row, columns, constants, file, extra)
    if table and "point" not in row.geometry:
        what = f"a table holds points, and {row.id} are drawn as {' or '.join(row.geometry)}"
        got = path.suffix.lower()
        return Loaded(None, [*faults, Fault(what, file, None, "", got, "GeoJSON or GeoPackage")])
    declared, undeclared = _declared(crs, file)
    faults += undeclared
    try:
        degrees = None if declared is None else not declared.projected
        raw = read_file(Ask(path, file, encoding, layer, columns, header_row, degrees, url))
    except FaultsError as error:
        return Loaded(None, [*faults, *error.faults])
    faults += raw.faults
    if len(raw.index) == 0:
        empty = Fault("the layer is empty", file, None, "", "no rows", "at least one")
        return Loaded(None, faults if raw.faults else [*faults, empty])
    named, missing = _name_columns(raw, columns, constants, row, file)
    carried = raw.assumed if raw.carried is None else raw.carried
    if crs is None and carried is not None:
        declared, undeclared = _declared(_code(carried), file)
        faults += undeclared
    elif declared is not None and raw.carried is not None and not declared.agrees_with(raw.carried):
        hint = "Declare what the file carries, or mend the file"
        what = "the file carries another coordinate system than the one declared"
        faults.append(Fault(what, file, None, "crs", _code(raw.carried), str(declared), hint))
        declared = None
    shapes, unplaced, misplaced = _place(raw, declared, file)
    geometry = gpd.GeoSeries(shapes, index=raw.index, crs=4326)
    frame = GeoDataFrame(named, index=raw.index, geometry=geometry)
    absent = frozenset(fault.field for fault in missing)
    return Loaded(frame, [*faults, *missing, *misplaced], unplaced, absent)


def _declared(crs: str | None, file: str) -> tuple[Crs | None, list[Fault]]:
    try:
        return Crs.parse("EPSG:4326" if crs is None else crs, file=file), []
    except FaultsError as error:
        return None, list(error.faults)


def _place(raw: Raw, crs: Crs | None, file: str) -> tuple[Any, frozenset[int], list[Fault]]:
    """Shapes in EPSG:4326, the rows that have no place, and why."""
    everywhere = frozenset(raw.index.tolist())
    nowhere = np.full(len(raw.index), None, dtype=object)
    if crs is None:
        return nowhere, everywhere, []
    if crs.projected and looks_like_degrees(raw.shapes):
        what = "coordinates that cannot be in the declared system: all of them look like degrees"
        hint = "Declare EPSG:4326 or EPSG:4490 if they are longitude and latitude"
        first = shown(str(tuple(shapely.get_coordinates(raw.shapes)[0].tolist())))
        expected = f"eastings and northings in {crs} ({crs.name})"
        return nowhere, everywhere, [Fault(what, file, None, "geometry", first, expected, hint)]
    shapes, bad = to_wgs84(raw.shapes, crs)
    faults = [_off_system(raw.shapes[at], crs, file, int(raw.index[at]) + 1) for at in np.flatnonzero(bad)]
    return shapes, raw.unplaced | frozenset(raw.index[bad].tolist()), faults


def _off_system(shape: Any, crs: Crs, file: str, row: int) -> Fault:
    xy = shapely.get_coordinates(shape)
    turned = np.asarray(shapely.points(xy[:, ::-1]), dtype=object)
    hint = (
        "Check the zone, and whether eastings carry its number"
        if to_wgs84(turned, crs)[1].any()
        else "Easting and northing look swapped"
    )
    what, got = "coordinates that cannot be in the declared system", shown(str(tuple(xy[0].tolist())))
    return Fault(what, file, row, "geometry", got, f"easting, northing in {crs} ({crs.name})", hint)


def _check_mapping(
    row: LayerKind,
    columns: Mapping[str, str],
    constants: Mapping[str, Scalar],
    file: str,
    extra: tuple[str, ...],
) -> list[Fault]:
    """Fields that the kind does not have, and fields given twice."""
    faults = []
    for where, keys, more in (("columns", columns, extra), ("constants", constants, ())):
        known = [*row.fields(), *more]
        for key in keys:
            if key not in known and not (row.is_site and key.startswith(STAFF)):
                what, hint = f"{row.id} have no such field", did_you_mean(key, known)
                faults.append(Fault(what, file, None, f"{where}.{key}", key, one_of(known, 20), hint))
    for key in columns:
        if key in constants:
            what = "a field is given both as a column and as a constant"
            faults.append(Fault(what, file, None, f"constants.{key}", key, "one of the two"))
    return faults


def _name_columns(
    raw: Raw, columns: Mapping[str, str], constants: Mapping[str, Scalar], row: LayerKind, file: str
) -> tuple[dict[str, Any], list[Fault]]:
    """The file's columns under our names; a mapped or required column that is missing is a fault."""
    named: dict[str, Any] = {}
    faults = []
    staff = (
        [name for name in (*raw.columns, *columns, *constants) if name.startswith(STAFF)]
        if row.is_site
        else []
    )
    for name in dict.fromkeys((*row.fields(), *staff)):
        column = columns.get(name, name)
        if name in constants:
            named[name] = np.full(len(raw.index), constants[name], dtype=object)
        elif column in raw.columns:
            given = raw.columns[column]
            named[name] = getattr(given, "array", given)  # a series would be matched by its own index
        elif name in row.required or name in columns:
            got = f"columns {', '.join(map(shown, raw.columns))}" if raw.columns else "no columns"
            hint = did_you_mean(column, raw.columns)
            if name not in columns:
                hint = f'{hint} If it has another name, say so: columns = {{ {name} = "…" }}'.strip()
            faults.append(Fault("missing column", file, None, name, got, column, hint))
    return named, faults


def _code(carried: Any) -> str:
    code = carried.to_2d().to_epsg()
    return f"EPSG:{code}" if code else str(carried.name)
