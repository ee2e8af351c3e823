"""A geodata file becomes a frame of our fields in EPSG:4326; what is in it is not judged yet."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.catalog import CATALOG, STAFF, LayerKind
from layers.crs import Crs, looks_like_degrees, to_wgs84
from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, one_of, shown
from layers.table import read_csv

MAX_BYTES = 512 * 1024 * 1024
SUFFIXES = (".geojson", ".json", ".gpkg", ".csv")

_LON = ("lon", "lng", "long", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")
_SQLITE = b"SQLite format 3\0"

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Loaded:
    """What came of reading a file; a frame unless nothing could be read."""

    frame: GeoDataFrame | None
    """Our fields and the geometry, EPSG:4326; the index is the 0-based row of the file."""
    faults: list[Fault]
    unplaced: frozenset[int] = frozenset()
    """Index of rows whose position is already a fault; their geometry is None."""


@dataclass(frozen=True)
class _Raw:
    """A file as it came: its columns, its geometry, the coordinate system that it carries."""

    columns: dict[str, Any]
    geometry: NDArray[np.object_]
    index: NDArray[np.int64]
    carried: Any = None
    faults: list[Fault] = field(default_factory=list)


def read_layer(path: Path, **options: Any) -> GeoDataFrame:
    """The frame of a file, taking the options of `load_layer`; raises FaultsError with every fault."""
    loaded = load_layer(path, **options)
    if loaded.faults or loaded.frame is None:
        raise FaultsError(loaded.faults)
    return loaded.frame


def load_layer(
    path: Path,
    *,
    kind: str,
    crs: str,
    encoding: str = "utf-8",
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, Scalar] | None = None,
    file: str = "",
) -> Loaded:
    """Read, name the columns as ours, reproject once; what is wrong comes back as faults.

    `columns` maps our field to the file's column, `constants` our field to one value for every row.
    `lon` and `lat` of a CSV are in the declared system, so metres where it is projected.
    """
    file = file or path.name
    row = CATALOG[kind]
    faults = _mapping_faults(row, columns or {}, constants or {}, file, is_csv=path.suffix.lower() == ".csv")
    declared: Crs | None = None
    try:
        declared = Crs.parse(crs, file=file)
    except FaultsError as error:
        faults += error.faults
    try:
        raw = _read(path, row, encoding, layer, columns or {}, file)
    except FaultsError as error:
        return Loaded(None, [*faults, *error.faults])
    faults += raw.faults
    if declared is not None and raw.carried is not None and not declared.agrees_with(raw.carried):
        hint = "Declare what the file carries, or mend the file"
        what = "the file carries another coordinate system than the one declared"
        faults.append(Fault(what, file, None, "crs", shown(_named(raw.carried)), str(declared), hint))
        declared = None
    named, missing = _named_columns(raw.columns, columns or {}, constants or {}, row, file)
    faults += missing
    if declared is None:
        return Loaded(None, faults)
    if len(raw.index) == 0:
        faults.append(Fault("the layer is empty", file, expected="at least one feature"))
        return Loaded(None, faults)
    if declared.projected and looks_like_degrees(raw.geometry):
        what = "coordinates that cannot be in the declared system: all of them look like degrees"
        hint = "Declare EPSG:4326 or EPSG:4490 if they are longitude and latitude"
        sample = shown(tuple(shapely.get_coordinates(raw.geometry)[0].tolist()))
        faults.append(Fault(what, file, None, "geometry", sample, f"metres in {declared} ({declared.name})", hint))
        return Loaded(None, faults)
    placed, bad = to_wgs84(raw.geometry, declared)
    faults += [
        _off_system(file, int(raw.index[at]), raw.geometry[at], declared) for at in np.flatnonzero(bad).tolist()
    ]
    unplaced = {fault.row - 1 for fault in faults if fault.row is not None}
    frame = GeoDataFrame(named, index=raw.index, geometry=gpd.GeoSeries(placed, index=raw.index, crs=4326))
    return Loaded(frame, faults, frozenset(unplaced))


def _read(
    path: Path, row: LayerKind, encoding: str, layer: str | None, columns: Mapping[str, str], file: str
) -> _Raw:
    """The file in the way its suffix asks for; raises FaultsError when nothing can be read."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        hint = "Save it as GeoPackage or GeoJSON, for example in QGIS"
        raise FaultsError([Fault("not a format we read", file, got=shown(suffix), expected=one_of(SUFFIXES), hint=hint)])
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FaultsError([Fault("not a file", file, got="a folder or a device", expected="a file")])
        if size > MAX_BYTES:
            got, most = f"{size / 2**20:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise FaultsError([Fault("the file is too large", file, got=got, expected=most, hint="Split or simplify it")])
        body = b"" if suffix == ".gpkg" else path.read_bytes()
    except FileNotFoundError:
        near = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near)
        raise FaultsError([Fault("no such file", file, got=file, expected="a file that exists", hint=hint)]) from None
    except (OSError, ValueError) as error:
        raise FaultsError([Fault("the file cannot be opened", file, got=shown(str(error)))]) from None
    if suffix == ".gpkg":
        return _read_geopackage(path, layer, file)
    text = _decode(body, encoding, file)
    if suffix == ".csv":
        return _read_points(text, row, columns, file)
    return _read_geojson(text, file)


def _decode(body: bytes, encoding: str, file: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        if not codec._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):
        hint = did_you_mean(encoding, ("utf-8", "gb18030", "gbk", "gb2312", "big5"))
        expected = "an encoding such as utf-8 or gb18030"
        raise FaultsError([Fault("no such encoding", file, None, "encoding", shown(encoding), expected, hint)]) from None
    try:
        return body.decode("utf-8-sig" if codec.name == "utf-8" else codec.name)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = body.count(b"\n", 0, start) + 1
        got = f"byte 0x{body[start]:02x} on line {line}" if body[start : start + 1] else f"line {line}"
        hint = ""
        for other in ("utf-8", "gb18030"):
            try:
                body[: 2**20].decode(other)
            except UnicodeDecodeError as cut:
                if len(body) <= 2**20 or cut.start < 2**20 - 4:
                    continue
            hint = f'It reads as {other}: declare encoding = "{other}"'
            break
        what = f"the file is not encoded in {encoding}"
        raise FaultsError([Fault(what, file, None, "encoding", got, encoding, hint)]) from None


def _read_points(text: str, row: LayerKind, columns: Mapping[str, str], file: str) -> _Raw:
    """A CSV with a position per row."""
    if "point" not in row.geometry:
        what = f"a CSV holds points, and {row.id} are drawn as {' or '.join(row.geometry)}"
        raise FaultsError([Fault(what, file, got=".csv", expected="GeoJSON or GeoPackage")])
    table = read_csv(text, file)
    faults = list(table.faults)
    xy = np.full((len(table.index), 2), np.nan)
    for axis, (name, also) in enumerate((("lon", _LON), ("lat", _LAT))):
        column = columns.get(name, name)
        if column not in table.columns:
            known = next((other for other in table.columns if other.strip().casefold() in also), "")
            hint = f'If it is \'{known}\', say so: columns = {{ {name} = "{known}" }}' if known else ""
            hint = hint or did_you_mean(column, table.columns) or table.hint
            faults.append(
                Fault("missing column", file, None, name, f"columns {', '.join(map(shown, table.columns))}", column, hint)
            )
            continue
        for at, value in enumerate(table.columns[column]):
            number = _number(value)
            if number is None:
                hint = "Write decimal degrees, e.g. 99.0512" if re.search("[°'′\"″]", value) else ""
                faults.append(
                    Fault("not a position", file, int(table.index[at]) + 1, name, shown(value), "a number", hint)
                )
            else:
                xy[at, axis] = number
    known_at = np.isfinite(xy).all(axis=1)
    geometry = np.full(len(xy), None, dtype=object)
    geometry[known_at] = shapely.points(xy[known_at])
    if any(fault.field in ("lon", "lat") and fault.row is None for fault in faults):
        raise FaultsError(faults)
    return _Raw(dict(table.columns), geometry, table.index, None, faults)


def _read_geojson(text: str, file: str) -> _Raw:
    if not text.lstrip().startswith("{"):
        got = shown(text.strip()[:40]) if text.strip() else "an empty file"
        raise FaultsError([Fault("not GeoJSON", file, got=got, expected="a FeatureCollection")])
    frame = _ogr(text.encode("utf-8", "surrogatepass"), None, file)
    # GDAL says EPSG:4326 where the file says nothing, so only a crs member counts as carried.
    head = text[: text.find('"features"') if '"features"' in text else 65_536]
    carried = frame.crs if re.search(r'"crs"\s*:\s*\{', head) else None
    return _raw(frame, carried)


def _read_geopackage(path: Path, layer: str | None, file: str) -> _Raw:
    with path.open("rb") as stream:
        head = stream.read(16)
    if head != _SQLITE:
        raise FaultsError([Fault("not a GeoPackage", file, got=shown(repr(head)), expected="a GeoPackage file")])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except Exception as error:  # GDAL's drivers raise whatever their format needs
        raise FaultsError([_unreadable(file, error)]) from None
    if layer is None and len(known) != 1:
        hint = "Name one of them: layer = \"…\""
        raise FaultsError(
            [Fault("the GeoPackage holds several layers", file, None, "layer", f"{len(known)} layers", one_of(known), hint)]
            if known
            else [Fault("the GeoPackage holds no layer", file, expected="one layer")]
        )
    if layer is not None and layer not in known:
        hint = did_you_mean(layer, known)
        raise FaultsError([Fault("no such layer in the GeoPackage", file, None, "layer", layer, one_of(known), hint)])
    frame = _ogr(path, layer or known[0], file)
    return _raw(frame, frame.crs)


def _ogr(source: Path | bytes, layer: str | None, file: str) -> GeoDataFrame:
    try:
        with warnings.catch_warnings():
            # GDAL warns of single shapes; those come out empty or invalid and are named row by row later.
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore")
    except Exception as error:  # GDAL's drivers raise whatever their format needs
        raise FaultsError([_unreadable(file, error)]) from None
    if not isinstance(frame, GeoDataFrame):
        raise FaultsError([Fault("the layer has no geometry", file, got="a plain table", expected="geometry")])
    return frame


def _raw(frame: GeoDataFrame, carried: Any) -> _Raw:
    geometry = np.asarray(frame.geometry.array, dtype=object)
    columns = {str(name): frame[name] for name in frame.columns if name != frame.geometry.name}
    return _Raw(columns, geometry, np.arange(len(frame), dtype=np.int64), carried)


def _mapping_faults(
    row: LayerKind, columns: Mapping[str, str], constants: Mapping[str, Scalar], file: str, *, is_csv: bool
) -> list[Fault]:
    """Fields that the kind does not have, and fields given twice."""
    known = [*row.fields(), *(("lon", "lat") if is_csv else ())]
    faults = []
    for table, keys in (("columns", columns), ("constants", constants)):
        for key in keys:
            if (key in known and not (table == "constants" and key in ("lon", "lat"))) or (
                row.is_site and key.startswith(STAFF)
            ):
                continue
            hint = did_you_mean(key, known)
            what = f"{row.id} have no such field"
            faults.append(Fault(what, file, None, f"{table}.{key}", key, one_of(known, 20), hint))
    for key in columns:
        if key in constants:
            what = "a field is given both as a column and as a constant"
            faults.append(Fault(what, file, None, f"constants.{key}", key, "one of the two"))
    return faults


def _named_columns(
    found: Mapping[str, Any], columns: Mapping[str, str], constants: Mapping[str, Scalar], row: LayerKind, file: str
) -> tuple[dict[str, Any], list[Fault]]:
    """The file's columns under our names; a mapped or required column that is missing is a fault."""
    length = next((len(column) for column in found.values()), 0)
    named: dict[str, Any] = {}
    faults = []
    staff = [name for name in (*found, *columns, *constants) if name.startswith(STAFF)] if row.is_site else []
    for name in dict.fromkeys((*row.fields(), *staff)):
        column = columns.get(name, name)
        if name in constants:
            named[name] = np.full(length, constants[name], dtype=object)
        elif column in found:
            named[name] = np.asarray(found[column], dtype=object)
        elif name in row.required or name in columns:
            got = f"columns {', '.join(map(shown, found))}" if found else "no columns"
            hint = did_you_mean(column, found)
            if not hint and name not in columns:
                hint = f'If it stands under another name, say so: columns = {{ {name} = "…" }}'
            faults.append(Fault("missing column", file, None, name, got, column, hint))
    return named, faults


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _off_system(file: str, index: int, geometry: Any, crs: Crs) -> Fault:
    xy = shapely.get_coordinates(geometry)
    flipped = np.array([shapely.linestrings([*xy[:, ::-1], xy[0, ::-1]])], dtype=object)
    swapped = not to_wgs84(flipped, crs)[1].any()
    hint = "Easting and northing look swapped" if swapped else "Check the zone and whether eastings carry its number"
    got = shown(tuple(xy[0].tolist()))
    expected = f"easting, northing in {crs} ({crs.name})"
    return Fault("coordinates that cannot be in the declared system", file, index + 1, "geometry", got, expected, hint)


def _unreadable(file: str, error: Exception) -> Fault:
    # GDAL names its own in-memory copy of the file, which tells a person nothing.
    text = re.sub(r"'?/vsimem/\S+?'?(?=[\s;:,]|$)", "the file", str(error)).split("; It might help")[0]
    return Fault("the file cannot be read", file, got=shown(text), expected="a whole, undamaged file")


def _named(carried: Any) -> str:
    code = carried.to_epsg()
    return f"EPSG:{code}" if code else str(carried.name)


__all__ = ["MAX_BYTES", "SUFFIXES", "Loaded", "load_layer", "read_layer"]
