"""The geodata files of a profile, read and checked together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data.profile_toml import FILE, Draft
from data.quarantine import Refused, without_bad_rows
from data.roster import Roster
from data.spec import LayerSpec
from layers.catalog import CATALOG
from layers.columns import withheld
from layers.faults import Fault
from layers.formats import is_address, shown_address
from layers.hints import shown
from layers.load import load_layer
from layers.privacy import WITHHELD, personal
from layers.schema import check_layer
from layers.shapes import WORLD
from layers.values import read as read_values

_DECLARED = ("file", "crs", "encoding", "layer", "header_row", "columns", "constants")
Read = list[tuple[LayerSpec, GeoDataFrame]]
"""Layers in the profile's order, each with its frame."""


@dataclass
class Files:
    """What came of reading the files of a profile."""

    read: Read = field(default_factory=list)
    """The layers that could be read; use them only where there is no fault."""
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    """What is left out of each layer with `on_error = "quarantine"`."""
    filled: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    """Layer name to the rows of its frame whose county the file does not give."""
    features: dict[str, int] = field(default_factory=dict)
    """Layer name to the rows that its file has, where it could be read."""
    roster: Roster | None = None
    """Who is on duty when; None where the profile does not say."""

    @property
    def quarantined(self) -> list[Fault]:
        """Every fault of a row that is left out."""
        return [fault for one in self.refused for fault in one.faults]


@dataclass
class _One:
    """One layer on its way."""

    layer: LayerSpec
    given: GeoDataFrame | None = None
    """As loaded."""
    frame: GeoDataFrame | None = None
    """As checked."""
    faults: list[Fault] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)

    @property
    def lenient(self) -> bool:
        """Whether its rows at fault are left out, rather than stopping the profile."""
        return self.layer.on_error == "quarantine" and not CATALOG[self.layer.kind].whole

    def part(self) -> None:
        """Take the rows at fault out, where the profile says so."""
        if self.lenient and self.frame is not None:
            self.frame, self.faults, refused = without_bad_rows(self.frame, self.faults)
            self.refused += refused


def read_files(folder: Path, draft: Draft) -> Files:
    """The layers that could be read, and everything wrong with every file."""
    read: dict[str, _One] = {}
    counties: GeoDataFrame | None = None
    stopped = False
    layers = {path: layer for path, layer in draft.layers.items() if layer.kind in CATALOG}
    # Counties first: the other layers are held against them, unless they are at fault themselves.
    for path, layer in sorted(layers.items(), key=lambda item: item[1].kind != "counties"):
        if layer.kind != "counties" and counties is None and not stopped:
            found = [(one.layer, one.frame) for one in read.values() if one.frame is not None]
            counties = stacked(found, "counties")
        one = read[path] = _read(folder, draft, path, layer, counties=counties)
        stopped |= layer.kind == "counties" and any(not fault.warning for fault in one.faults)
        one.part()
    in_order = [read[path] for path in layers]
    _shared_ids(in_order)
    files = Files()
    for one in in_order:
        one.part()
        one.faults.sort(key=lambda fault: fault.row or 0)
        files.faults += [fault for fault in one.faults if not fault.warning]
        files.warnings += [fault for fault in one.faults if fault.warning]
        if one.frame is not None and one.given is not None:
            files.read.append((one.layer, one.frame))
            files.features[one.layer.name] = len(one.given)
            files.filled[one.layer.name] = _filled(one.given.loc[one.frame.index])
        if one.refused and one.given is not None:
            one.refused.sort(key=lambda fault: fault.row or 0)
            rows = one.given[np.isin(one.given.index + 1, [fault.row or 0 for fault in one.refused])]
            files.refused.append(Refused(one.layer.name, rows, tuple(one.refused)))
    return files


def _filled(given: GeoDataFrame) -> NDArray[np.bool_]:
    """Rows that name no county of their own."""
    if "county" not in given.columns:
        return np.ones(len(given), dtype=np.bool_)
    return np.asarray(read_values(given["county"].array, "text")[0] == "", dtype=np.bool_)


def stacked(read: Iterable[tuple[LayerSpec, GeoDataFrame]], kind: str) -> GeoDataFrame:
    """All layers of a kind as one frame with the kind's fields; empty where there is none."""
    found = [frame for layer, frame in read if layer.kind == kind]
    if not found:
        fields = {name: pd.Series(dtype=object) for name in CATALOG[kind].fields()}
        return GeoDataFrame(fields, geometry=[], crs=4326)
    return GeoDataFrame(pd.concat(found, ignore_index=True), crs=4326)


def label(layer: LayerSpec) -> str:
    """The file of a layer, and the layer in it where it is named."""
    return f"{file_of(layer)}:{layer.layer}" if layer.layer else file_of(layer)


def file_of(layer: LayerSpec) -> str:
    """The file of a layer as it is told, or the database without its password."""
    return shown_address(layer.file)


def _read(folder: Path, draft: Draft, path: str, layer: LayerSpec, *, counties: GeoDataFrame | None) -> _One:
    """One layer, read and checked as far as it can be."""
    try:
        file = (folder / layer.file).resolve()
        inside = file.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    is_url = is_address(layer.file)
    if not is_url and (not inside or Path(layer.file).is_absolute()):
        hint = "Copy the file into the profile's folder"
        expected = "a path inside the profile's folder"
        what = "the file is outside the profile's folder"
        fault = Fault(what, FILE, None, f"{path}.file", shown(layer.file), expected, hint)
        return _One(layer, faults=[fault])
    loaded = load_layer(
        layer.file if is_url else file,
        kind=layer.kind,
        crs=layer.crs,
        encoding=layer.encoding,
        layer=layer.layer,
        header_row=layer.header_row,
        columns=layer.columns,
        constants=layer.constants,
        file=label(layer),
        area=draft.usable_area,
        counties=counties,
    )
    faults = [_declared(fault, path) for fault in (*loaded.faults, *_personal(layer))]
    if loaded.frame is None:
        return _One(layer, faults=_named(faults, layer))
    frame, found = check_layer(
        loaded.frame,
        layer.kind,
        file=label(layer),
        area=draft.usable_area or WORLD,
        kinds={kind: draft.kinds[kind].line if kind in draft.kinds else "" for kind in draft.kind_names}
        or None,
        lines=draft.line_ids or None,
        counties=counties,
        levels=draft.levels or None,
        unplaced=loaded.unplaced,
        absent=loaded.absent,
    )
    faults += found
    return _One(layer, loaded.frame, frame, _named(faults, layer))


def _named(faults: list[Fault], layer: LayerSpec) -> list[Fault]:
    """The faults with the layer told apart from its file, and without what may be about a person."""
    return [
        replace(
            withheld(fault),
            file=file_of(layer) if fault.file == label(layer) else fault.file,
            layer=layer.layer or "" if fault.file == label(layer) else fault.layer,
        )
        for fault in faults
    ]


def _declared(fault: Fault, path: str) -> Fault:
    """The fault, and where in profile.toml the declaration stands that it speaks of."""
    if fault.row is not None or fault.field.partition(".")[0] not in _DECLARED:
        return fault
    return replace(fault, hint=f"{fault.hint} ({path}.{fault.field} in {FILE})".strip())


def _personal(layer: LayerSpec) -> list[Fault]:
    """Constants shaped like an identity number, a mobile number or a number plate."""
    what, hint = "a value shaped like personal data", "The board knows sites and counts, never people"
    return [
        Fault(what, label(layer), None, f"constants.{name}", WITHHELD, "nothing about a person", hint)
        for name, value in layer.constants.items()
        if personal(value)
    ]


def _shared_ids(layers: list[_One]) -> None:
    """Ids that stand in two layers: sites of all kinds share their ids, fences theirs, and so on.

    The later layer is at fault, unless only the earlier one leaves its rows at fault out.
    """
    by_name: dict[str, list[tuple[_One, pd.Series]]] = {}
    for one in layers:
        name = CATALOG[one.layer.kind].identity
        if name and one.frame is not None:
            ids = one.frame[name]
            by_name.setdefault(name, []).append((one, ids[ids != ""].drop_duplicates()))
    for name, columns in by_name.items():
        every = pd.concat([ids for _, ids in columns])
        shared = set(every[every.duplicated()])
        first: dict[str, tuple[_One, int]] = {}
        for one, ids in columns if shared else ():
            mine = ids[ids.isin(shared)]
            for row, value in zip((mine.index + 1).tolist(), mine.tolist(), strict=True):
                owner, other = first.setdefault(value, (one, row))
                if owner is one:
                    continue
                if owner.lenient and not one.lenient:
                    first[value] = (one, row)
                    owner.faults.append(_shares(owner.layer, (other, row), name, value, one.layer))
                else:
                    one.faults.append(_shares(one.layer, (row, other), name, value, owner.layer))


def _shares(layer: LayerSpec, rows: tuple[int, int], name: str, value: str, owner: LayerSpec) -> Fault:
    """An id of the first row that the second one, of the owner, has too."""
    what, expected = (
        f"{name} stands in two layers",
        f"a {name} of its own (row {rows[1]} of {label(owner)} has it)",
    )
    return Fault(what, file_of(layer), rows[0], name, shown(value), expected, layer=layer.layer or "")
