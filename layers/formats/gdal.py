"""GDAL reads a local file that is known to be of its format; nothing else is ever opened through it."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.formats.base import Raw, stop
from layers.hints import reader_says

_closing: ContextVar[bool] = ContextVar("closing", default=False)
_PLAIN = re.compile(r"[^!?;#%*\x00-\x1f]+")
"""Paths that mean a local file to pyogrio and to GDAL as they stand."""


@cache
def gdal() -> Any:
    """pyogrio, loaded when the first file is read: a process that only draws need not hold GDAL's 30 MB."""
    import pyogrio  # noqa: PLC0415

    # GDAL 3.12 ends the process where its quicker way of giving FlatGeobuf's rows to Arrow meets a row
    # without a shape.
    pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": True})
    return pyogrio


def read_ogr(source: Path | bytes, layer: str | None, file: str, **options: Any) -> Raw:
    """A layer as columns and shapes; raises FaultsError where GDAL makes none of it.

    `source` is a local file, or the bytes of one, whose first bytes the caller has looked at: GDAL chooses
    its driver by them, and some of its drivers go on to open what a file names.
    """
    try:
        with warnings.catch_warnings(), _plain(source) as plain:
            # GDAL warns of single shapes; those come out empty or invalid and are named row by row later.
            warnings.simplefilter("ignore")
            meta, table = gdal().read_arrow(plain, layer=layer, **options)
            if not meta["geometry_type"]:
                raise stop("the layer has no geometry", file, "a plain table", "shapes with their columns")
            # By position: a file may name a column as it likes, even as the geometry.
            try:
                shapes = shapes_of(table.column(table.num_columns - 1))
            except NotImplementedError:  # there are arcs, which GDAL turns into chords where it is asked so
                shapes = shapes_of(gdal().raw.read(plain, layer=layer, columns=[])[2])
        columns = columns_of(table.select(range(table.num_columns - 1)))
    except Exception as error:  # GDAL's drivers raise whatever their format needs
        if isinstance(error, ValueError) and hasattr(error, "faults"):
            raise
        raise unreadable(error, file) from None
    return Raw(columns, shapes, np.arange(len(shapes), dtype=np.int64), system(meta["crs"]))


def unreadable(error: Exception, file: str) -> Exception:
    """The fault of a file that breaks while it is read."""
    # GDAL names its own in-memory copy of the file and its drivers, which tells a person nothing.
    text = re.sub(r"'?/vsimem/[\w/.-]+'?|'?/tmp/threeline-[\w/.-]+'?", "the file", str(error))
    text = text.split("; It might help")[0]
    text = "no layer in it" if isinstance(error, IndexError) else reader_says(text)
    return stop("the file cannot be read", file, text, "a whole file of the kind its name says")


def count_ogr(source: Path) -> int:
    """The rows that a file of one layer says it has; less than 0 where it does not say."""
    with warnings.catch_warnings(), _plain(source) as plain:
        warnings.simplefilter("ignore")
        return int(gdal().read_info(plain, force_feature_count=False)["features"])


def system(crs: Any) -> CRS | None:
    """The system that a file carries; None where it carries none, or says that it is undefined."""
    if not crs:
        return None
    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        return None
    local = found.is_engineering or re.match(r"undefined|unknown", found.name, re.IGNORECASE)
    return None if local else found


def shapes_of(column: pa.ChunkedArray | NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapely geometry of well-known binary; None where there is none, or where it cannot be read.

    Raises NotImplementedError for arcs.
    """
    way: Literal["fix", "ignore"] = "fix" if _closing.get() else "ignore"
    shapes = np.asarray(shapely.from_wkb(np.asarray(column), on_invalid=way), dtype=object)
    for at in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION).tolist():
        try:
            shapely.is_valid(shapes[at])
        except (shapely.GEOSException, NotImplementedError):  # an arc within it, which nothing else can take
            shapes[at] = None
    return shapes


@contextmanager
def closing_rings() -> Iterator[None]:
    """Within it rings that do not end where they began are closed; they are no geometry otherwise."""
    token = _closing.set(True)
    try:
        yield
    finally:
        _closing.reset(token)


def columns_of(table: pa.Table) -> dict[str, Any]:
    """The columns of a table by name, the first where a name stands twice; nothing is None or NaN."""
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        columns.setdefault(str(name), _values(column))
    return columns


def _values(column: pa.ChunkedArray) -> Any:
    kind = column.type
    if pa.types.is_nested(kind):
        found = [None if value is None else json.dumps(value, ensure_ascii=False, default=str)
                 for value in column.to_pylist()]  # fmt: skip
        return np.array(found, dtype=object)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.to_pandas().array  # still Arrow's own memory
    # Whole numbers beside nothing stay whole: as floats, long ids would lose their last digits.
    return np.asarray(column.to_pandas(integer_object_nulls=True, date_as_object=True))


@contextmanager
def _plain(source: Path | bytes) -> Iterator[str | bytes]:
    """The source under a name in which neither pyogrio nor GDAL sees anything but a local file."""
    if isinstance(source, bytes):
        yield source
        return
    path = source.absolute()
    if _PLAIN.fullmatch(str(path)) and path.suffix.islower():
        yield str(path)
        return
    with TemporaryDirectory(prefix="threeline-") as folder:
        for beside in path.parent.glob("*"):
            if beside.stem == path.stem and beside.is_file():
                _link(beside, Path(folder) / f"layer{beside.suffix.lower()}")
        yield str(Path(folder) / f"layer{path.suffix.lower()}")


def _link(path: Path, to: Path) -> None:
    try:
        to.symlink_to(path)
    except OSError:  # not every system lets everyone link
        shutil.copyfile(path, to)
