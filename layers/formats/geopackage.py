"""GeoPackage: layers with their own coordinate system, in UTF-8."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, choose, stop
from layers.formats.gdal import read_ogr
from layers.hints import reader_says

_SQLITE = b"SQLite format 3\0"


def read_geopackage(ask: Ask) -> Raw:
    """One layer: the named one, or the only one."""
    file = ask.file
    with ask.path.open("rb") as stream:
        head = stream.read(len(_SQLITE))
    if head != _SQLITE:
        raise stop("not a GeoPackage", file, f"a file that begins with {head!r}", "a GeoPackage")
    try:
        with closing(_opened(ask.path)) as database:
            layer = choose(_names(database), ask.layer, "GeoPackage", file)
            _check_plain(database, layer, file)
            raw = read_ogr(ask.path, layer, file)
            # What the file tells of itself may be wrong; how many rows there are takes longer to say.
            rows = _told(database, layer)
            if len(raw.index) != rows:
                rows = _count(database, layer)
    except (sqlite3.Error, UnicodeError) as error:  # SQLite quotes what it stumbles over
        expected = "a whole file of the kind its name says"
        raise stop("the file cannot be read", file, reader_says(error), expected) from None
    if len(raw.index) != rows:
        raise stop("the file breaks off", file, f"{len(raw.index)} readable rows", f"{rows} rows")
    return raw


def names_in(path: Path) -> list[str | None]:
    """The layers of the file; one None where they cannot be listed."""
    try:
        with closing(_opened(path)) as database:
            return [*_names(database)] or [None]
    except (OSError, sqlite3.Error, UnicodeError):
        return [None]


def _opened(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    try:
        return _connected(address)
    except sqlite3.OperationalError:  # written to a moment ago, in a folder that we may not write to
        return _connected(f"{address}&immutable=1")


def _connected(address: str) -> sqlite3.Connection:
    database = sqlite3.connect(address, uri=True)
    try:
        database.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        database.close()
        raise
    return database


def _names(database: sqlite3.Connection) -> list[str]:
    """The layers with shapes, or, where there is none, all tables that the GeoPackage lists."""
    kinds = dict(database.execute("SELECT lower(name), type FROM sqlite_master"))
    if kinds.get("gpkg_contents") != "table":
        raise sqlite3.DatabaseError("there is no table gpkg_contents in it")
    listed = database.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY rowid").fetchall()
    drawn = [str(name) for name, kind in listed if kind == "features"]
    return drawn or [str(name) for name, _ in listed]


def _check_plain(database: sqlite3.Connection, layer: str | None, file: str) -> None:
    """Raise FaultsError unless a layer is a plain table in a file whose own tables are plain as well.

    A view or a computed column runs what somebody wrote into the file, for as long as it likes.
    """
    odd = [
        str(name)
        for name, kind, sql in database.execute("SELECT name, type, sql FROM sqlite_master")
        if (str(name).lower().startswith("gpkg_") or name == layer)
        and (kind == "view" or (kind == "table" and str(sql).upper().lstrip().startswith("CREATE VIRTUAL")))
    ]
    if not odd:
        told = database.execute("SELECT * FROM pragma_table_xinfo(?)", (layer,))
        odd = [f"{layer}.{column[1]}" for column in told if column[6]]
    if odd:
        what, hint = (
            "the layer is computed while it is read",
            "Save it as a table of its own, as with QGIS: Export",
        )
        raise FaultsError([Fault(what, file, None, "layer", ", ".join(odd), "a plain table", hint)])


def _told(database: sqlite3.Connection, layer: str | None) -> int | None:
    """The rows of a layer as GDAL keeps count of them; None where nobody does."""
    try:
        told = database.execute("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (layer,))
        row = told.fetchone()
    except sqlite3.OperationalError:  # another program wrote it
        return None
    return int(row[0]) if row and row[0] is not None else None


def _count(database: sqlite3.Connection, layer: str | None) -> int:
    """The rows of a layer, counted."""
    name = str(layer).replace('"', '""')
    return int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - quoted
