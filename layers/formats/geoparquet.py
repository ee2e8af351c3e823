"""GeoParquet: columns in UTF-8 and shapes as well-known binary, or in the layouts of GeoArrow."""

from __future__ import annotations

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from layers.faults import FaultsError
from layers.formats.base import MAX_BYTES, Ask, Raw, stop
from layers.formats.gdal import columns_of, shapes_of, system, unreadable

MAX_VALUES = 64 * 1024 * 1024
"""Of all columns together: one may be repeated in the file at no cost, but not in memory."""
_LAYOUTS = {"point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"}
_MOST = f"{MAX_BYTES // 2**20} MB"


def read_geoparquet(ask: Ask) -> Raw:
    """The rows of the file, with the shapes of its primary column."""
    file = ask.file
    try:
        # Not memory-mapped: a file that shrinks while it is read would end the process.
        with pq.ParquetFile(ask.path, memory_map=False) as plain:
            schema, meta = plain.schema_arrow, plain.metadata
        name, geo = _geometry(schema, file)
        _check_size(meta, file)
        # Lists and structures are no field of ours; the corners of each shape are among them.
        others = [field.name for field in schema if field.name != name and not pa.types.is_nested(field.type)]
        table = _read(ask, schema, [*others, name])
        shapes = _shapes(table.column(name), str(geo.get("encoding", "WKB")), file)
        columns = columns_of(table.select(others))
    except FaultsError:
        raise
    except Exception as error:  # Arrow raises whatever the broken part needs
        raise unreadable(error, file) from None
    # Absent means longitude and latitude in WGS 84; null means that nobody knows.
    carried = _system(geo["crs"]) if "crs" in geo else system("EPSG:4326")
    return Raw(columns, shapes, np.arange(len(shapes), dtype=np.int64), carried)


def _system(said: Any) -> Any:
    """The system of a PROJJSON, or of the well-known text of older files; None for any other words."""
    known = isinstance(said, dict) or (isinstance(said, str) and re.match(r"\s*[A-Z]+\[", said))
    return system(said) if known else None


def _geometry(schema: pa.Schema, file: str) -> tuple[str, dict[str, Any]]:
    """The column of the shapes and what the file says of it."""
    expected = "a GeoParquet file, whose metadata name the column of the shapes"
    hint = "Save it as GeoParquet, as geopandas and QGIS do, or as a CSV with lon and lat"
    text = (schema.metadata or {}).get(b"geo")
    if text is None:
        raise stop("the layer has no geometry", file, "a plain table", expected, hint)
    try:
        geo = json.loads(text)
        name = geo["primary_column"]
        column = geo["columns"][name]
        known = isinstance(column, dict) and name in schema.names
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise stop(
            "the file's metadata name no geometry", file, text.decode("utf-8", "replace"), expected, hint
        )
    return name, column


def _check_size(meta: pq.FileMetaData, file: str) -> None:
    groups = [meta.row_group(at) for at in range(meta.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    values = sum(group.column(at).num_values for group in groups for at in range(group.num_columns))
    if values > MAX_VALUES or size > MAX_BYTES:
        got, most = f"{values:,} values, {size / 2**20:,.0f} MB", f"at most {MAX_VALUES:,}, {_MOST}"
        raise stop("the file is too large", file, got, most, "Split it, or simplify its shapes")


def _read(ask: Ask, schema: pa.Schema, names: list[str]) -> pa.Table:
    """The table, its texts unpacked only after their true size is known: a value may be repeated at will."""
    texts = [field.name for field in schema if _is_text(field.type)]
    with pq.ParquetFile(ask.path, memory_map=False, read_dictionary=texts) as stored:
        table = stored.read(columns=names, use_threads=False)
    size = 0
    for column in table.columns:
        for chunk in column.chunks:
            size += _unpacked(chunk)
    if size > MAX_BYTES:
        got, hint = f"{size / 2**20:,.0f} MB when unpacked", "Split it, or simplify its shapes"
        raise stop("the file is too large", ask.file, got, f"at most {_MOST}", hint)
    for at, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(at, table.column_names[at], column.cast(column.type.value_type))
    return table


def _shapes(column: pa.ChunkedArray, encoding: str, file: str) -> NDArray[np.object_]:
    if encoding == "WKB":
        return shapes_of(column)
    if encoding not in _LAYOUTS:
        expected = f"WKB, {', '.join(sorted(_LAYOUTS))}"
        raise stop("shapes in a layout that is not known", file, encoding, expected)
    extension = {b"ARROW:extension:name": f"geoarrow.{encoding}".encode()}
    table = pa.table([column], schema=pa.schema([pa.field("geometry", column.type, metadata=extension)]))
    return np.asarray(gpd.GeoDataFrame.from_arrow(table).geometry.array, dtype=object)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _unpacked(chunk: pa.Array) -> int:
    """Bytes of a piece of a column once every value stands for itself."""
    if not pa.types.is_dictionary(chunk.type) or not _is_text(chunk.type.value_type):
        return int(chunk.nbytes)
    lengths = pc.cast(pc.binary_length(chunk.dictionary), pa.int64())
    return int(pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0)
