"""What every format's reader takes and gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, one_of, shown

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
    """Our field to the file's column; `lon` and `lat` are the columns of a table's positions, or `lonlat` or
    `latlon` the one that holds both."""
    header_row: int | None = None
    """Which row of a table, from 1, has the names of its columns; None for the first that is not blank."""
    degrees: bool | None = None
    """Whether the declared system is one of degrees; None where none is declared."""
    url: str = ""
    """The database to read instead of a file; `path` then says nothing."""


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
    assumed: Any = None
    """The CRS that its format means where the file says nothing (GeoJSON, KML); a declaration goes before."""


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


def choose(names: Sequence[str], layer: str | None, what: str, file: str) -> str:
    """The named layer of several, or the only one; raises FaultsError where there is none such."""
    if layer is None and len(names) > 1:
        got, known = f"{len(names)} layers and no choice", one_of(names)
        hint = 'Name one of them: layer = "…"'
        raise FaultsError([Fault(f"the {what} holds several layers", file, None, "layer", got, known, hint)])
    if not names:
        raise stop(f"the {what} holds no layer", file, "nothing", "a layer of shapes")
    if layer is not None and layer not in names:
        near = did_you_mean(layer, names)
        no = f"no such layer in the {what}"
        raise FaultsError([Fault(no, file, None, "layer", shown(layer), one_of(names), near)])
    return names[0] if layer is None else layer
