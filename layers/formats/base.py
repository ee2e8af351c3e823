"""What every format's reader takes and gives back."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.hints import shown

MAX_BYTES = 512 * 1024 * 1024
"""Of one file, and of what is packed in one file."""


@dataclass(frozen=True)
class Ask:
    """What is asked of a file."""

    path: Path
    file: str
    """Its name in faults."""
    encoding: str | None = None
    """As declared; None leaves it to what the file carries and to what its format says."""
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our field to the file's column; `lon` and `lat` are the columns of a table's positions."""


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


Reader = Callable[[Ask], Raw]


def _alone(path: Path) -> list[str | None]:
    return [None]


@dataclass(frozen=True)
class Format:
    """A row of the formats: how a file with a suffix is read."""

    read: Reader
    layers: Callable[[Path], list[str | None]] = _alone
    """The names of the layers in a file; one None where it holds one, or cannot be listed."""
    table: bool = False
    """A table with a position per row: points only, with `lon` and `lat` among the columns to be mapped."""


def stop(what: str, file: str, got: str, expected: str, hint: str = "", *, field: str = "") -> FaultsError:
    """One fault of a whole file, to be raised."""
    return FaultsError([Fault(what, file, None, field, shown(got), expected, hint)])


def ogr(source: Path | bytes, layer: str | None, file: str, **options: Any) -> GeoDataFrame:
    """The frame that GDAL makes of a layer; raises FaultsError where it makes none."""
    try:
        with warnings.catch_warnings():
            # GDAL warns of single shapes; those come out empty or invalid and are named row by row later.
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore", **options)
    except Exception as error:  # GDAL's drivers raise whatever their format needs
        # It names its own in-memory copy of the file and its drivers, which tells a person nothing.
        text = re.sub(r"'?/vsimem/\w+'?", "the file", str(error)).split("; It might help")[0]
        raise stop("the file cannot be read", file, text, "a whole file of the kind its name says") from None
    if not isinstance(frame, GeoDataFrame):
        raise stop("the layer has no geometry", file, "a plain table", "shapes with their columns")
    return frame


def raw_of(frame: GeoDataFrame, carried: Any) -> Raw:
    """A frame of GDAL's as columns and shapes; `carried` is the system that the file says it is in."""
    # By position: a file may name a column as it likes, even as the geometry.
    shape = int(np.flatnonzero(frame.dtypes.to_numpy() == "geometry")[-1])
    columns = {str(name): frame.iloc[:, at] for at, name in enumerate(frame.columns) if at != shape}
    shapes = np.asarray(frame.iloc[:, shape].array, dtype=object)
    return Raw(columns, shapes, np.arange(len(frame), dtype=np.int64), carried)
