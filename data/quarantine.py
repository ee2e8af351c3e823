"""Rows that a layer with `on_error = "quarantine"` leaves out: told of, and kept for mending."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from geopandas import GeoDataFrame

from layers.faults import Fault
from layers.privacy import WITHHELD, personal

FOLDER = "quarantine"


@dataclass(frozen=True, eq=False)
class Refused:
    """What one layer leaves out."""

    layer: str
    """The layer's name in the profile."""
    rows: GeoDataFrame
    """They as the file gives them, under our names, EPSG:4326; the index is the 0-based row of the file.
    A row that could not even be taken apart is in `faults` only."""
    faults: tuple[Fault, ...]
    """Every fault of those rows, in the order of the file."""

    def features(self) -> Iterator[dict[str, Any]]:
        """A GeoJSON feature per refused row, with its faults; nothing in it is about a person."""
        of: dict[int, list[Fault]] = {}
        for fault in self.faults:
            of.setdefault(fault.row or 0, []).append(fault)
        fields = [name for name in self.rows.columns if name != self.rows.geometry.name]
        for row, faults in sorted(of.items()):
            given: dict[str, Any] = {}
            shape = None
            if row - 1 in self.rows.index:
                one = self.rows.loc[row - 1]
                given, shape = {name: _plain(one[name]) for name in fields}, _drawn(one.geometry)
            told = [
                {name: value for name, value in fault.as_dict().items() if value not in ("", None, False)}
                for fault in faults
            ]
            first = {"file": faults[0].file, "row": row}
            yield {"type": "Feature", "geometry": shape, "properties": {**first, **given, "faults": told}}


def without_bad_rows(
    frame: GeoDataFrame, faults: Iterable[Fault]
) -> tuple[GeoDataFrame, list[Fault], list[Fault]]:
    """A checked frame without its rows at fault, what concerns more than a row, and what is left out.

    Warnings leave no row out. A layer without a single good row is at fault as a whole.
    """
    faults = list(faults)
    of_rows = [fault for fault in faults if fault.row is not None and not fault.warning]
    bad = np.isin(np.asarray(frame.index) + 1, [fault.row or 0 for fault in of_rows])
    if not of_rows or bad.all():
        return frame, faults, []
    return frame[~bad], [fault for fault in faults if fault.row is None or fault.warning], of_rows


def keep_refused(refused: Iterable[Refused], folder: Path) -> list[Path]:
    """Write `<layer>.ndjson` into a folder for every layer that leaves rows out; returns what was written.

    A file of a layer that leaves nothing out any more is taken away: its rows are in the layer's own file.
    """
    written: list[Path] = []
    for one in refused:
        folder.mkdir(parents=True, exist_ok=True)
        path, new = folder / f"{one.layer}.ndjson", folder / f".{one.layer}.ndjson.new"
        with new.open("wb") as stream:
            for feature in one.features():
                stream.write(orjson.dumps(feature, option=orjson.OPT_APPEND_NEWLINE))
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
        written.append(path)
    for old in set(folder.glob("*.ndjson")) - set(written):
        old.unlink()
    return written


def _plain(value: Any) -> Any:
    """A value of a column as JSON has it; what may be about a person is left away."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or value != value:  # noqa: PLR0124 - NaN, NaT: the only values unlike themselves
        return None
    value = value if isinstance(value, bool | int | float | str) else str(value)
    return WITHHELD if personal(value) else value


def _drawn(shape: Any) -> Any:
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    return orjson.loads(shapely.to_geojson(shape))
