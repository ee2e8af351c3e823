"""GeoPackage: layers with their own coordinate system, in UTF-8."""

from __future__ import annotations

import warnings
from pathlib import Path

import pyogrio

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, ogr, raw_of, stop
from layers.hints import did_you_mean, one_of, shown

_SQLITE = b"SQLite format 3\0"


def read_geopackage(ask: Ask) -> Raw:
    """One layer: the named one, or the only one."""
    path, layer, file = ask.path, ask.layer, ask.file
    with path.open("rb") as stream:
        head = stream.read(len(_SQLITE))
    if head != _SQLITE:
        raise stop("not a GeoPackage", file, f"a file that begins with {head!r}", "a GeoPackage")
    names = names_in(path)
    if layer is None and len(names) > 1:
        got, known = f"{len(names)} layers and no choice", one_of(map(str, names))
        hint = 'Name one of them: layer = "…"'
        raise FaultsError(
            [Fault("the GeoPackage holds several layers", file, None, "layer", got, known, hint)]
        )
    if layer is not None and layer not in names:
        there = [name for name in names if name]
        what, hint = "no such layer in the GeoPackage", did_you_mean(layer, there)
        raise FaultsError([Fault(what, file, None, "layer", shown(layer), one_of(there), hint)])
    frame = ogr(path, layer or names[0], file)
    return raw_of(frame, frame.crs)


def names_in(path: Path) -> list[str | None]:
    """The layers of the file; one None where they cannot be listed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(name) for name in pyogrio.list_layers(path)[:, 0]] or [None]
    except Exception:  # GDAL's drivers raise whatever their format needs
        return [None]
