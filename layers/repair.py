"""A geodata file becomes a GeoPackage with its shapes mended and everything else as it was."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame

from layers.catalog import CATALOG
from layers.columns import personal_faults, withheld
from layers.faults import Fault, FaultsError
from layers.formats import Ask, Raw, layers_of, read_file
from layers.formats.base import stop
from layers.formats.gdal import closing_rings
from layers.hints import did_you_mean, one_of, shown
from layers.mending import Repair, repair
from layers.system import system_of

__all__ = ["Repair", "repair", "repair_file"]

_NULLABLE: tuple[tuple[set[type], Any], ...] = (
    ({bool, np.bool_}, "boolean"),
    ({int, np.int32, np.int64}, "Int64"),
    ({int, float, np.int32, np.int64, np.float32, np.float64}, "Float64"),
)
"""Types of values, and the column that holds them beside empty ones."""


def repair_file(
    path: str | Path,
    out: str | Path,
    *,
    kind: str = "",
    crs: str | None = None,
    encoding: str | None = None,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> list[Repair]:
    """Write `out`, a new GeoPackage, and say what was mended; raises FaultsError and then leaves no file.

    Every column and row is kept, known or not, and so are the coordinates as they stand, in the system that
    the file is in; a file with anything about a person is refused. Of a file of several layers all are
    written, unless `layer` names one. Degrees in GCJ-02 or BD-09 have no code of their own: the copy carries
    what the file carried, or no system at all, and is to be declared again. `columns` names the position of a
    table, as in `load_layer`.
    """
    path, out = Path(path), Path(out)
    if kind and kind not in CATALOG:
        unknown = Fault(
            "unknown layer kind", "", None, "kind", kind, one_of(CATALOG), did_you_mean(kind, CATALOG)
        )
        raise FaultsError([unknown])
    _check_out(path, out)
    layers = [layer] if layer is not None else layers_of(path)
    repairs: list[Repair] = []
    with tempfile.TemporaryDirectory(prefix=".repair-", dir=out.parent) as room:
        unfinished = Path(room) / "repaired.gpkg"
        for name in layers:
            file = f"{path}:{name}" if len(layers) > 1 else str(path)
            raw, closed = _read(Ask(path, file, encoding, name, columns or {}))
            mended, found = repair(_frame(raw, crs, file))
            found = sorted([*closed, *found], key=lambda one: one.row)
            _write(mended, unfinished, name or path.stem, append=unfinished.exists(), file=file)
            repairs += [_in_layer(one, name if len(layers) > 1 else None) for one in found]
        try:
            os.link(unfinished, out)  # fails where a file has come to stand there meanwhile
        except FileExistsError:
            raise _taken(out) from None
        except OSError:  # a file system without links
            os.rename(unfinished, out)
    return repairs


def _read(ask: Ask) -> tuple[Raw, list[Repair]]:
    """The file, its open rings closed."""
    raw = read_file(ask)
    lost = shapely.is_missing(raw.shapes)
    if not lost.any():
        return raw, []
    with closing_rings():
        again = read_file(ask)
    closed = np.flatnonzero(lost & ~shapely.is_missing(again.shapes)).tolist()
    return again, [Repair(int(again.index[at]) + 1, "open ring closed") for at in closed]


def _check_out(path: Path, out: Path) -> None:
    if out.suffix.lower() != ".gpkg":
        raise stop(
            "repairs are written as GeoPackage", str(out), out.suffix or "no suffix", "a name in .gpkg"
        )
    if out.exists() or out.is_symlink():
        raise _taken(out)
    if not out.parent.is_dir():
        raise stop("no such folder", str(out), str(out.parent), "a folder that exists")
    if not os.access(out.parent, os.W_OK):
        raise stop(
            "the folder cannot be written to", str(out), str(out.parent), "a folder this user may write to"
        )
    if out.resolve() == path.resolve():
        raise _taken(out)


def _taken(out: Path) -> FaultsError:
    hint = "Choose another name; nothing is ever overwritten"
    return stop("the file to write exists already", str(out), str(out), "a new file", hint)


def _in_layer(one: Repair, layer: str | None) -> Repair:
    return one if layer is None else Repair(one.row, one.what, layer, one.done)


def _frame(raw: Raw, declared: str | None, file: str) -> GeoDataFrame:
    """The file's own columns and shapes in its own system; raises FaultsError where a row would be lost,
    or something about a person kept."""
    system, faults = system_of(raw, declared, file)
    faults = [*raw.faults, *faults, *personal_faults(raw, file)]
    found = [withheld(fault) for fault in faults if not fault.warning]
    if found:
        raise FaultsError(found)
    carried = raw.carried
    if carried is None and system is not None and system.epsg:
        carried = system.epsg
    twice = _twice(raw.columns)
    if twice:
        what, hint = "two columns differ only in case", "A GeoPackage takes them for one: rename one of them"
        raise stop(what, file, ", ".join(twice), "each name once", hint)
    columns = {name: _plain(values, raw.index) for name, values in raw.columns.items()}
    name = _free("geom", columns)
    frame = pd.DataFrame(columns, index=raw.index)
    return GeoDataFrame(frame, geometry=GeoDataFrame({name: raw.shapes}, index=raw.index)[name], crs=carried)


def _twice(columns: Mapping[str, Any]) -> list[str]:
    folded = [name.casefold() for name in columns]
    return [shown(name) for name in columns if folded.count(name.casefold()) > 1]


def _free(name: str, columns: Mapping[str, Any]) -> str:
    """A name that no column has."""
    taken = {column.casefold() for column in columns}
    while name in taken:
        name += "_"
    return name


def _plain(values: Any, index: Any) -> Any:
    """A column that GDAL can write: lists and tables inside a value become JSON, mixed types text."""
    column = pd.Series(np.asarray(values) if not isinstance(values, pd.Series) else values.array, index=index)
    if column.dtype != object:
        return column
    kinds = {type(value) for value in column.dropna()}
    for known, dtype in _NULLABLE:
        if kinds and kinds <= known:
            return pd.Series(pd.array(column.tolist(), dtype=dtype), index=index)
    if kinds <= {str} or kinds <= {bytes}:
        return column
    return column.map(_text, na_action="ignore")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    plain = value.tolist() if isinstance(value, np.ndarray) else value
    return json.dumps(plain, ensure_ascii=False, default=str)


def _write(frame: GeoDataFrame, path: Path, layer: str, *, append: bool, file: str) -> None:
    options = {"FID": _free("fid", dict.fromkeys(map(str, frame.columns)))}
    options["GEOMETRY_NAME"] = str(frame.geometry.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is no system is known
            pyogrio.write_dataframe(
                frame,
                path,
                layer=layer,
                driver="GPKG",
                append=append,
                layer_options=options,
                promote_to_multi=False,
            )
    except Exception as error:  # GDAL's driver raises whatever it needs
        raise stop(
            "the repaired file cannot be written", file, str(error), "room and rights to write"
        ) from None
