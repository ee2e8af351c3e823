"""Layers of a profile that look shifted by a web map's offset."""

from __future__ import annotations

from dataclasses import replace

from data.profile_files import Files, file_of
from data.profile_toml import FILE, Draft
from layers.crs import Crs
from layers.datums import Datum
from layers.faults import Fault, FaultsError
from layers.offset import Placed, check_offset


def shift_warnings(draft: Draft, files: Files) -> list[Fault]:
    """A warning for each layer that looks shifted, naming where its system is declared; it moves nothing."""
    placed = [
        Placed(
            layer.kind, file_of(layer), frame, _datum(layer.crs), layer.layer or "", files.filled[layer.name]
        )
        for layer, frame in files.read
    ]
    paths = {(file_of(layer), layer.layer or ""): path for path, layer in draft.layers.items()}
    return [
        replace(fault, hint=f"{fault.hint} ({paths[fault.file, fault.layer]}.crs in {FILE})")
        for fault in check_offset(placed)
    ]


def _datum(declared: str | None) -> Datum:
    try:
        return "" if declared is None else Crs.parse(declared).datum
    except FaultsError:  # the layer's own fault
        return ""
