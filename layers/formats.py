"""The file formats: bytes on disk become columns, shapes and the coordinate system that the file carries."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, one_of, shown
from layers.table import read_csv

MAX_BYTES = 512 * 1024 * 1024
SUFFIXES = (".geojson", ".json", ".gpkg", ".csv")

_SQLITE = b"SQLite format 3\0"
_LON = ("lon", "lng", "long", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")


@dataclass(frozen=True)
class Raw:
    """A file as it came."""

    columns: Mapping[str, Any]
    shapes: NDArray[np.object_]
    """Shapely geometry in the file's own coordinates, or None."""
    index: NDArray[np.int64]
    """0-based row of the file."""
    carried: Any = None
    """The pyproj CRS that the file says it is in; None where it says nothing."""
    faults: list[Fault] = field(default_factory=list)
    unplaced: frozenset[int] = frozenset()
    """Index of rows whose position is among the faults."""


def read_file(path: Path, *, encoding: str, layer: str | None, columns: Mapping[str, str], file: str) -> Raw:
    """The file in the way its suffix asks for; raises FaultsError where nothing can be read.

    `columns` says which columns of a CSV hold `lon` and `lat`; `file` is its name in faults.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        hint = "Save it as GeoPackage or GeoJSON, for example with QGIS"
        raise _stop("not a format we read", file, suffix or "no suffix", one_of(SUFFIXES), hint)
    try:
        if not path.is_file():
            if path.exists():
                raise _stop("not a file", file, "a folder or a device", "a file")
            raise _stop("no such file", file, "nothing", "a file that exists", _beside(path))
        size = path.stat().st_size
        if size > MAX_BYTES:
            got, most = f"{size / 2**20:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise _stop("the file is too large", file, got, most, "Split it, or simplify its shapes")
        if suffix == ".gpkg":
            return _read_geopackage(path, layer, file)
        body = path.read_bytes()
    except FaultsError:  # which is a ValueError itself
        raise
    except (OSError, ValueError) as error:
        raise _stop("the file cannot be opened", file, str(error), "a file that this user may read") from None
    text = _decode(body, encoding, file)
    return _read_points(text, columns, file) if suffix == ".csv" else _read_geojson(text, file)


def layers_of(path: Path) -> list[str | None]:
    """The layers of a GeoPackage, or one None for anything else and for what cannot be read."""
    if path.suffix.lower() != ".gpkg":
        return [None]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(name) for name in pyogrio.list_layers(path)[:, 0]] or [None]
    except Exception:  # GDAL's drivers raise whatever their format needs
        return [None]


def _read_points(text: str, columns: Mapping[str, str], file: str) -> Raw:
    """A CSV with a position per row."""
    table = read_csv(text, file)
    faults = list(table.faults)
    xy = np.full((len(table.index), 2), np.nan)
    for axis, (name, aliases) in enumerate((("lon", _LON), ("lat", _LAT))):
        column = columns.get(name, name)
        if column not in table.columns:
            got = f"columns {', '.join(map(shown, table.columns))}"
            alias = next((other for other in table.columns if other.casefold() in aliases), "")
            hint = f'If it is {alias}, say so: columns = {{ {name} = "{alias}" }}' if alias else table.hint
            hint = hint or did_you_mean(column, table.columns)
            faults.append(Fault("missing column", file, None, name, got, column, hint))
            continue
        for at, value in enumerate(table.columns[column]):
            number = _finite(value)
            if number is None:
                hint = "Write decimal degrees, such as 99.0512" if re.search("[°º'′\"″度]", value) else ""
                row = int(table.index[at]) + 1
                faults.append(Fault("not a coordinate", file, row, name, shown(value), "a number", hint))
            else:
                xy[at, axis] = number
    known = np.isfinite(xy).all(axis=1)
    shapes = np.full(len(xy), None, dtype=object)
    shapes[known] = shapely.points(xy[known])
    return Raw(table.columns, shapes, table.index, None, faults, frozenset(table.index[~known].tolist()))


def _read_geojson(text: str, file: str) -> Raw:
    if not text.lstrip().startswith("{"):
        got = text.strip()[:40] or "an empty file"
        raise _stop("not GeoJSON", file, got, "a FeatureCollection")
    frame = _ogr(text.encode("utf-8", "surrogatepass"), None, file)
    # GDAL says EPSG:4326 where the file says nothing, so only a crs member counts as carried.
    head = text[: text.find('"features"')] if '"features"' in text else text[:65_536]
    return _raw(frame, frame.crs if re.search(r'"crs"\s*:\s*\{', head) else None)


def _read_geopackage(path: Path, layer: str | None, file: str) -> Raw:
    with path.open("rb") as stream:
        head = stream.read(len(_SQLITE))
    if head != _SQLITE:
        raise _stop("not a GeoPackage", file, f"a file that begins with {head!r}", "a GeoPackage")
    names = layers_of(path)
    if layer is None and len(names) > 1:
        got, known = f"{len(names)} layers and no choice", one_of(map(str, names))
        hint = 'Name one of them: layer = "…"'
        raise FaultsError(
            [Fault("the GeoPackage holds several layers", file, None, "layer", got, known, hint)]
        )
    if layer is not None and layer not in names:
        there = [name for name in names if name]
        what, hint = "no such layer in the GeoPackage", did_you_mean(layer, there)
        raise FaultsError([Fault(what, file, None, "layer", shown(layer), one_of(there), hint)])
    frame = _ogr(path, layer or names[0], file)
    return _raw(frame, frame.crs)


def _ogr(source: Path | bytes, layer: str | None, file: str) -> GeoDataFrame:
    try:
        with warnings.catch_warnings():
            # GDAL warns of single shapes; those come out empty or invalid and are named row by row later.
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore")
    except Exception as error:  # GDAL's drivers raise whatever their format needs
        # It names its own in-memory copy of the file and its drivers, which tells a person nothing.
        text = re.sub(r"'?/vsimem/\w+'?", "the file", str(error)).split("; It might help")[0]
        raise _stop("the file cannot be read", file, text, "a whole file of the kind its name says") from None
    if not isinstance(frame, GeoDataFrame):
        raise _stop("the layer has no geometry", file, "a plain table", "shapes with their columns")
    return frame


def _raw(frame: GeoDataFrame, carried: Any) -> Raw:
    # By position: a file may name a column as it likes, even as the geometry.
    shape = int(np.flatnonzero(frame.dtypes.to_numpy() == "geometry")[-1])
    columns = {str(name): frame.iloc[:, at] for at, name in enumerate(frame.columns) if at != shape}
    shapes = np.asarray(frame.iloc[:, shape].array, dtype=object)
    return Raw(columns, shapes, np.arange(len(frame), dtype=np.int64), carried)


def _decode(body: bytes, encoding: str, file: str) -> str:
    """The text of a file, its byte order mark dropped; raises FaultsError naming the line that fails."""
    expected = "an encoding such as utf-8 or gb18030"
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses codecs that are not of text
    except (LookupError, ValueError):
        hint = did_you_mean(encoding, ("utf-8", "gb18030", "gbk", "gb2312", "big5"))
        raise FaultsError(
            [Fault("no such encoding", file, None, "encoding", shown(encoding), expected, hint)]
        ) from None
    try:
        return body.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = body.count(b"\n", 0, start) + 1
        other = next((one for one in ("utf-8", "gb18030") if one != name and _decodes(body, one)), "")
        hint = f'It reads as {other}: declare encoding = "{other}"' if other else ""
        got = f"byte 0x{body[start]:02x} on line {line}" if body else "nothing"
        what = f"the file is not encoded in {encoding}"
        raise FaultsError([Fault(what, file, None, "encoding", got, encoding, hint)]) from None


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _finite(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _beside(path: Path) -> str:
    try:
        return did_you_mean(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return ""


def _stop(what: str, file: str, got: str, expected: str, hint: str = "") -> FaultsError:
    return FaultsError([Fault(what, file, None, "", shown(got), expected, hint)])
