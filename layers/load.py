"""A geodata file becomes a frame of our fields in EPSG:4326; what stands in it is not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.catalog import CATALOG, STAFF, LayerKind
from layers.columns import personal_faults, read_columns, unused_columns
from layers.crs import Crs, accuracy_m, looks_like_degrees, to_wgs84
from layers.faults import Fault, FaultsError
from layers.formats import POSITION, Ask, Raw, is_address, is_table, read_file, shown_address
from layers.hints import did_you_mean, one_of, shown
from layers.shapes import Area
from layers.system import system_of

Scalar = str | int | float | bool
ROUGH_M = 2.0
"""A shift between datums that is known to no better is told of."""


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
    if loaded.frame is None or any(not fault.warning for fault in loaded.faults):
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
    area: Area | None = None,
    counties: GeoDataFrame | None = None,
) -> Loaded:
    """Read a file, name its columns as ours, reproject once; what is wrong comes back as faults.

    A text that is the address of a database is read from there; `layer` is then the table.
    `columns` maps our field to the file's column, `constants` our field to one value for every row.
    `lon` and `lat` of a table are in the declared system, so eastings and northings where it is projected.
    A `crs` of None believes what the file carries or its format fixes; where neither says anything, that is a
    fault that proposes the likely one, by `area` (degrees) and `counties` where they are known.
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
    degrees: bool | None = None
    undeclared: tuple[Fault, ...] = ()
    try:
        degrees = None if crs is None else not Crs.parse(crs, file=file).projected
    except FaultsError as error:
        undeclared = error.faults
    try:
        raw = read_file(Ask(path, file, encoding, layer, columns, header_row, degrees, url))
    except FaultsError as error:
        return Loaded(None, [*faults, *undeclared, *error.faults])
    faults += raw.faults
    if len(raw.index) == 0:
        empty = Fault("the layer is empty", file, None, "", "no rows", "at least one")
        told = any(not fault.warning for fault in raw.faults)
        return Loaded(None, faults if told else [*faults, empty])
    named, missing = _name_columns(raw, columns, constants, row, file)
    taken = read_columns(columns, (*row.fields(), *named))
    faults += personal_faults(raw, file, taken)
    said = " ".join(fault.hint for fault in (*faults, *missing))
    hinted = [name for name in raw.columns if f'"{name}"' in said or f"'{name}'" in said]
    faults += unused_columns(raw, row, {*taken, *hinted}, named, file)
    system, unknown = system_of(raw, crs, file, area=area, counties=counties)
    shapes, unplaced, misplaced = _place(raw, system, file)
    geometry = gpd.GeoSeries(shapes, index=raw.index, crs=4326)
    frame = GeoDataFrame(named, index=raw.index, geometry=geometry)
    absent = frozenset(fault.field for fault in missing)
    return Loaded(frame, [*faults, *unknown, *missing, *misplaced], unplaced, absent)


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
    try:
        shapes, bad = to_wgs84(raw.shapes, crs)
    except FaultsError as error:
        return nowhere, everywhere, [replace(fault, file=file) for fault in error.faults]
    faults = _off_system(raw, bad, crs, file)
    accuracy = accuracy_m(raw.shapes[~bad], crs)
    if accuracy is not None and accuracy >= ROUGH_M:
        what, got = "the shift between the datums is known roughly", f"{crs} ({crs.name})"
        expected = f"positions are good to {accuracy:g} m at best"
        faults.append(Fault(what, file, None, "crs", got, expected, warning=True))
    return shapes, raw.unplaced | frozenset(raw.index[bad].tolist()), faults


def _off_system(raw: Raw, bad: NDArray[np.bool_], crs: Crs, file: str) -> list[Fault]:
    """A fault for each row that cannot be in the system."""
    at = np.flatnonzero(bad)
    if len(at) == 0:
        return []
    first = np.flatnonzero(np.diff(shapely.get_coordinates(raw.shapes[at], return_index=True)[1], prepend=-1))
    xy = shapely.get_coordinates(raw.shapes[at])[first]
    turned = to_wgs84(np.asarray(shapely.points(xy[:, ::-1]), dtype=object), crs)[1]
    axes = "easting, northing" if crs.projected else "longitude, latitude"
    what, expected = "coordinates that cannot be in the declared system", f"{axes} in {crs} ({crs.name})"
    zone = "Check the zone, and whether eastings carry its number" if crs.projected else ""
    swapped = f"{axes.replace(', ', ' and ').capitalize()} look swapped"
    return [
        Fault(what, file, row, "geometry", shown(str(tuple(pair))), expected, zone if lost else swapped)
        for row, pair, lost in zip((raw.index[at] + 1).tolist(), xy.tolist(), turned.tolist(), strict=True)
    ]


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
