"""A table or view of a PostGIS database, read in one read-only transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
import shapely
from psycopg import sql
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.formats.base import MAX_BYTES, Ask, Raw, stop
from layers.formats.database import STATEMENT_S, connected, options_of, said
from layers.hints import did_you_mean, one_of

MAX_ROWS = 1_000_000
_BATCH = 2_000


@dataclass(frozen=True)
class _Table:
    """A table or view that may hold a layer."""

    schema: str
    name: str
    shape: tuple[str, ...]
    """Its columns of geometry."""

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


def read_postgis(ask: Ask) -> Raw:
    """The one table or view that `ask.layer` names, as schema.table or as table; raises FaultsError.

    Rows are numbered in the order of the primary key, where there is one. Nothing but that table is read, and
    nothing is written; `columns` may name the `geometry` column of several.
    """
    options = options_of(ask)
    try:
        with connected(options, ask.file) as connection:
            return _read(connection, ask)
    except psycopg.errors.QueryCanceled:
        got, expected = f"no answer in {STATEMENT_S} s", f"an answer within {STATEMENT_S} s"
        hint = "Ask whoever runs the database for a smaller view"
        raise stop("the database takes too long", ask.file, got, expected, hint) from None
    except psycopg.errors.InsufficientPrivilege as error:
        hint = f"Ask for GRANT SELECT for {options.get('user') or 'the user'}"
        what, expected = "the table may not be read", "a user with SELECT on it"
        raise stop(what, ask.file, said(error), expected, hint, field="layer") from None
    except (psycopg.Error, UnicodeDecodeError) as error:
        raise stop("the database cannot be read", ask.file, said(error), "a table that can be read") from None


def _read(connection: psycopg.Connection, ask: Ask) -> Raw:
    found = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'postgis'"
    ).fetchone()
    if found is None:
        what, hint = "the database has no PostGIS", "Name the database that has the geodata"
        raise stop(what, ask.file, "no extension postgis", "a database with PostGIS", hint, field="file")
    postgis = str(found[0])
    table = _chosen(_tables(connection), ask)
    shape = _shape_of(table, ask)
    names = _names(connection, table)
    # As text, dates and numbers mean the same from every server; what is not text could not be told apart.
    connection.execute("SET LOCAL datestyle = 'ISO, YMD'")
    # Circular strings become lines, as GDAL makes them.
    lined = sql.SQL("{}({}({}::{}))").format(
        sql.Identifier(postgis, "st_asewkb"),
        sql.Identifier(postgis, "st_curvetoline"),
        sql.Identifier(shape),
        sql.Identifier(postgis, "geometry"),
    )
    texts = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in names]
    query = sql.SQL("SELECT {columns} FROM {table} {order} LIMIT {limit}").format(
        columns=sql.SQL(", ").join([lined, *texts]),
        table=table.quoted,
        order=_order(connection, table),
        limit=MAX_ROWS + 1,
    )
    rows = _fetched(connection, query, ask.file)
    columns = {}
    for at, name in enumerate(names, 1):
        columns[name] = np.empty(len(rows), dtype=object)
        columns[name][:] = ["" if row[at] is None else row[at] for row in rows]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = shapely.from_wkb([row[0] for row in rows], on_invalid="ignore")
    carried = _system(connection, postgis, shapes, table.label, ask.file)
    return Raw(columns, shapes, np.arange(len(rows), dtype=np.int64), carried)


def _tables(connection: psycopg.Connection) -> list[tuple[_Table, bool]]:
    """Every table and view that this user may look for, and whether its name alone finds it."""
    found = connection.execute(
        "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid), ARRAY("
        "SELECT a.attname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " AND t.typname IN ('geometry', 'geography') ORDER BY a.attnum)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND has_schema_privilege(n.oid, 'USAGE')"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
        " ORDER BY 1, 2"
    )
    return [(_Table(schema, name, tuple(shape)), visible) for schema, name, visible, shape in found]


def _chosen(tables: list[tuple[_Table, bool]], ask: Ask) -> _Table:
    """The table that is asked for, or the only one with shapes; raises FaultsError."""
    shaped = [table for table, _ in tables if table.shape]
    known, name = one_of(table.label for table in shaped), ask.layer
    if name is None:
        if len(shaped) == 1:
            return shaped[0]
        got, hint = (
            f"{len(shaped)} tables with shapes and no choice",
            'Name one of them: layer = "schema.table"',
        )
        raise stop("the table is not named", ask.file, got, known, hint, field="layer")
    found = [table for table, _ in tables if table.label == name]
    found = found or [table for table, visible in tables if visible and table.name == name]
    found = found or [table for table, _ in tables if table.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        hint, expected = "Name its schema too", one_of(table.label for table in found)
        raise stop("several tables have this name", ask.file, name, expected, hint, field="layer")
    hint = did_you_mean(name, [text for table in shaped for text in (table.label, table.name)])
    raise stop("no such table or view in the database", ask.file, name, known, hint, field="layer")


def _shape_of(table: _Table, ask: Ask) -> str:
    """The column of geometry; raises FaultsError where there is none, or a choice."""
    if not table.shape:
        what, expected = "the table has no geometry column", "a column of type geometry or geography"
        raise stop(what, ask.file, table.label, expected, field="layer")
    name = ask.columns.get("geometry", table.shape[0] if len(table.shape) == 1 else None)
    if name is None:
        got, hint = f"{len(table.shape)} of them", 'Name one: columns = { geometry = "…" }'
        what = "the table has several geometry columns"
        raise stop(what, ask.file, got, one_of(table.shape), hint, field="columns.geometry")
    if name not in table.shape:
        hint = did_you_mean(name, table.shape)
        what = "no such geometry column"
        raise stop(what, ask.file, name, one_of(table.shape), hint, field="columns.geometry")
    return name


def _names(connection: psycopg.Connection, table: _Table) -> list[str]:
    """The columns that are neither shapes nor bytes."""
    found = connection.execute(
        "SELECT a.attname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        " AND t.typname NOT IN ('geometry', 'geography', 'raster', 'bytea') ORDER BY a.attnum",
        [table.quoted.as_string(connection)],
    )
    return [str(row[0]) for row in found]


def _order(connection: psycopg.Connection, table: _Table) -> sql.Composable:
    """By the primary key, so that a row keeps its number; views have none."""
    found = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary"
        " ORDER BY array_position(i.indkey::int2[], a.attnum)",
        [table.quoted.as_string(connection)],
    ).fetchall()
    key = sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in found)
    return sql.SQL("ORDER BY {}").format(key) if found else sql.SQL("")


def _fetched(connection: psycopg.Connection, query: sql.Composed, file: str) -> list[tuple[Any, ...]]:
    """Every row, fetched in batches and never more than the bounds; raises FaultsError."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    hint = "Make a view of what the board needs"
    with connection.cursor("layer", binary=True) as cursor:
        cursor.execute(query)
        while batch := cursor.fetchmany(_BATCH):
            rows += batch
            size += sum(len(value) for row in batch for value in row if value is not None)
            if len(rows) > MAX_ROWS:
                got, expected = f"more than {MAX_ROWS:,} rows", f"at most {MAX_ROWS:,}"
                raise stop("the table is too large", file, got, expected, hint, field="layer")
            if size > MAX_BYTES:
                got, expected = f"more than {MAX_BYTES // 2**20} MB", f"at most {MAX_BYTES // 2**20} MB"
                raise stop("the table is too large", file, got, expected, hint, field="layer")
    return rows


def _system(connection: psycopg.Connection, postgis: str, shapes: Any, table: str, file: str) -> CRS | None:
    """The system that the shapes carry, None where they carry none; raises FaultsError."""
    codes = sorted({int(code) for code in shapely.get_srid(shapes[~shapely.is_missing(shapes)])})
    if len(codes) > 1:
        got, hint = f"SRID {', '.join(map(str, codes))}", f"Make a view of {table} with ST_Transform"
        raise stop("the shapes are in several coordinate systems", file, got, "one SRID", hint, field="crs")
    if not codes or codes[0] == 0:
        return None
    query = sql.SQL("SELECT auth_name, auth_srid, srtext FROM {} WHERE srid = %s").format(
        sql.Identifier(postgis, "spatial_ref_sys")
    )
    found = connection.execute(query, codes).fetchone()
    try:
        if found is None:
            return CRS.from_epsg(codes[0])
        return CRS.from_epsg(found[1]) if found[0] == "EPSG" else CRS.from_wkt(found[2])
    except CRSError:
        expected = "an SRID of spatial_ref_sys"
        raise stop("an unknown coordinate system", file, f"SRID {codes[0]}", expected, field="crs") from None
