"""The file formats: bytes on disk become columns, shapes and the coordinate system that the file carries.

One module per format, a row each in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from layers.faults import FaultsError, words_of
from layers.formats.address import is_address, shown_address
from layers.formats.archive import Archive
from layers.formats.base import MAX_BYTES, Ask, Format, Raw, stop
from layers.formats.fixed import in_utf8
from layers.formats.flatgeobuf import read_flatgeobuf
from layers.formats.geojson import read_geojson
from layers.formats.geopackage import names_in, read_geopackage
from layers.formats.geoparquet import read_geoparquet
from layers.formats.kml import folders_in, read_kml
from layers.formats.points import POSITION, csv_table, read_points
from layers.formats.shapefile import read_shapefile
from layers.formats.table import Table
from layers.formats.xlsx import read_xlsx, sheet_table, sheets_in
from layers.hints import did_you_mean, one_of

__all__ = [
    "POSITION",
    "READERS",
    "SUFFIXES",
    "Ask",
    "Raw",
    "is_address",
    "is_table",
    "layers_of",
    "read_file",
    "read_table",
    "shown_address",
]

_ARCHIVE = Archive(lambda: READERS)
READERS: dict[str, Format] = {
    ".geojson": Format(read_geojson),
    ".json": Format(read_geojson),
    ".gpkg": Format(in_utf8(read_geopackage), names_in),
    ".shp": Format(read_shapefile),
    ".fgb": Format(in_utf8(read_flatgeobuf)),
    ".parquet": Format(in_utf8(read_geoparquet)),
    ".geoparquet": Format(in_utf8(read_geoparquet)),
    ".kml": Format(read_kml, folders_in),
    ".kmz": Format(read_kml, folders_in),
    ".zip": Format(_ARCHIVE.read, _ARCHIVE.layers),
    ".csv": Format(read_points, table=True),
    ".xlsx": Format(in_utf8(read_xlsx), sheets_in, table=True),
}
"""Suffix to its format."""
SUFFIXES = tuple(READERS)
TABLES: dict[str, Callable[[Ask], Table]] = {".csv": csv_table, ".xlsx": sheet_table}
"""Suffix to how a table is read that has nothing to do with places."""
T = TypeVar("T")
_INSTEAD = dict.fromkeys((".xls", ".et", ".ods"), "Open it and save it as .xlsx")
"""Suffixes of what another program turns into a format we read, and how."""


def read_file(ask: Ask) -> Raw:
    """The file in the way its suffix asks for, or the database; raises FaultsError where nothing is read."""
    if ask.url:
        # The driver takes a while to load, and most profiles have only files.
        from layers.formats.postgis import read_postgis  # noqa: PLC0415

        return in_utf8(read_postgis)(ask)
    file, suffix = ask.file, ask.path.suffix.lower()
    row = READERS.get(suffix)
    if row is None:
        hint = _INSTEAD.get(suffix, "Save it as GeoPackage or GeoJSON, for example with QGIS")
        raise stop("not a format we read", file, suffix or "no suffix", one_of(SUFFIXES), hint)
    return _guarded(row.read, ask)


def read_table(ask: Ask) -> Table:
    """A CSV or a sheet without positions; raises FaultsError where nothing is read."""
    suffix = ask.path.suffix.lower()
    read = TABLES.get(suffix)
    if read is None:
        hint = _INSTEAD.get(suffix, "Save it as .csv or .xlsx")
        raise stop("not a format we read", ask.file, suffix or "no suffix", one_of(TABLES), hint)
    return _guarded(read, ask)


def _guarded(read: Callable[[Ask], T], ask: Ask) -> T:
    """What a reader makes of a file that is there and not too large."""
    path, file = ask.path, ask.file
    try:
        if not path.is_file():
            if path.exists():
                raise stop("not a file", file, "a folder or a device", "a file")
            raise stop("no such file", file, "nothing", "a file that exists", _beside(path))
        size = path.stat().st_size
        if size > MAX_BYTES:
            got, most = f"{size / 2**20:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise stop("the file is too large", file, got, most, "Split it, or simplify its shapes")
        # A whole path: a relative one may begin as the name of a database or of a server does.
        return read(replace(ask, path=path.absolute()))
    except FaultsError:  # which is a ValueError itself
        raise
    except (OSError, ValueError) as error:
        expected = "a file that this user may read"
        raise stop("the file cannot be opened", file, words_of(error), expected) from None


def layers_of(path: Path) -> list[str | None]:
    """The layers of a file that may hold several, or one None for anything else and what cannot be read."""
    row = READERS.get(path.suffix.lower())
    return row.layers(path) if row else [None]


def is_table(path: Path, layer: str | None = None) -> bool:
    """Whether the file, or what is packed in it, is a table of points, rather than shapes with columns."""
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _ARCHIVE.is_table(path, layer)
    return suffix in READERS and READERS[suffix].table


def _beside(path: Path) -> str:
    try:
        return did_you_mean(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return ""
