"""The geodata files of a profile, read and checked together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from data.privacy import WITHHELD, personal_text
from data.profile_toml import FILE, Draft
from data.spec import LayerSpec
from layers.catalog import CATALOG, value_of
from layers.faults import Fault
from layers.hints import shown
from layers.load import load_layer
from layers.schema import check_layer
from layers.shapes import WORLD

_DECLARED = ("crs", "encoding", "layer", "columns", "constants")
Read = list[tuple[LayerSpec, GeoDataFrame]]
"""Layers in the profile's order, each with its frame."""


def read_files(folder: Path, draft: Draft) -> tuple[Read, list[Fault]]:
    """The layers that could be read, and every fault of every file; use them only where there is none."""
    faults: list[Fault] = []
    county_faults: list[Fault] = []
    read: dict[str, tuple[LayerSpec, GeoDataFrame]] = {}
    counties: GeoDataFrame | None = None
    layers = {path: layer for path, layer in draft.layers.items() if layer.kind in CATALOG}
    # Counties first: the other layers are held against them, unless they are at fault themselves.
    for path, layer in sorted(layers.items(), key=lambda item: item[1].kind != "counties"):
        if layer.kind != "counties" and counties is None and not county_faults:
            counties = stacked(read.values(), "counties")
        frame, found = _read(folder, draft, path, layer, counties=counties)
        faults += found
        county_faults += found if layer.kind == "counties" else []
        if frame is not None:
            read[path] = (layer, frame)
    in_order = [read[path] for path in layers if path in read]
    return in_order, [*faults, *_shared_ids(in_order)]


def stacked(read: Iterable[tuple[LayerSpec, GeoDataFrame]], kind: str) -> GeoDataFrame:
    """All layers of a kind as one frame with the kind's fields; empty where there is none."""
    found = [frame for layer, frame in read if layer.kind == kind]
    if not found:
        fields = {name: pd.Series(dtype=object) for name in CATALOG[kind].fields()}
        return GeoDataFrame(fields, geometry=[], crs=4326)
    return GeoDataFrame(pd.concat(found, ignore_index=True), crs=4326)


def label(layer: LayerSpec) -> str:
    """The file of a layer, and the layer in it where it is named."""
    return f"{layer.file}:{layer.layer}" if layer.layer else layer.file


def _read(
    folder: Path, draft: Draft, path: str, layer: LayerSpec, *, counties: GeoDataFrame | None
) -> tuple[GeoDataFrame | None, list[Fault]]:
    """The frame of one layer, or None where it cannot be read, and what is wrong with it."""
    try:
        file = (folder / layer.file).resolve()
        inside = file.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    if not inside or Path(layer.file).is_absolute():
        hint = "Copy the file into the profile's folder"
        expected = "a path inside the profile's folder"
        what = "the file is outside the profile's folder"
        return None, [Fault(what, FILE, None, f"{path}.file", shown(layer.file), expected, hint)]
    loaded = load_layer(
        file,
        kind=layer.kind,
        crs=layer.crs,
        encoding=layer.encoding,
        layer=layer.layer,
        columns=layer.columns,
        constants=layer.constants,
        file=label(layer),
    )
    faults = [_declared(fault, path) for fault in loaded.faults]
    if loaded.frame is None:
        return None, faults
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
    return frame, [*faults, *found, *_personal(frame, label(layer))]


def _declared(fault: Fault, path: str) -> Fault:
    """The fault, and where in profile.toml the declaration stands that it speaks of."""
    if fault.row is not None or fault.field.partition(".")[0] not in _DECLARED:
        return fault
    return replace(fault, hint=f"{fault.hint} ({path}.{fault.field} in {FILE})".strip())


def _personal(frame: GeoDataFrame, file: str) -> list[Fault]:
    """Texts shaped like an identity number, a mobile number or a number plate; columns we do not know are
    left behind in the file and need no look."""
    what, hint = "a value shaped like personal data", "The board knows sites and counts, never people"
    return [
        Fault(what, file, int(index) + 1, name, WITHHELD, "nothing about a person", hint)
        for name in frame.columns.drop("geometry")
        if value_of(name) in ("text", "url")
        for index, value in frame[name].items()
        if personal_text(value)
    ]


def _shared_ids(read: Read) -> list[Fault]:
    """Ids that stand in two layers: sites of all kinds share their ids, fences theirs, and so on."""
    faults = []
    first: dict[tuple[str, str], tuple[int, str, int]] = {}
    for at, (layer, frame) in enumerate(read):
        name = CATALOG[layer.kind].identity
        for index, value in zip(frame.index, frame[name], strict=True) if name else ():
            owner, file, row = first.setdefault((name, value), (at, label(layer), int(index) + 1))
            if owner != at and value:
                expected = f"a {name} of its own (row {row} of {file} has it)"
                what = f"{name} stands in two layers"
                faults.append(Fault(what, label(layer), int(index) + 1, name, shown(value), expected))
    return faults
