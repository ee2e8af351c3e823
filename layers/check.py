"""A look at a lone geodata file, with no profile to hold it against."""

from __future__ import annotations

from pathlib import Path

from layers.catalog import CATALOG, LayerKind
from layers.faults import Fault
from layers.formats import layers_of
from layers.hints import did_you_mean, one_of
from layers.load import load_layer
from layers.schema import check_layer

_ANY = LayerKind("geodata", ("point", "line", "polygon"), ())


def check_file(
    path: str | Path, *, kind: str = "", crs: str | None = None, encoding: str | None = None
) -> list[Fault]:
    """Every fault that a file has in itself.

    Checked: that it can be read in its format and encoding; that CSV rows fit their header and have numbers
    for lon and lat; that every geometry is there, whole, valid and finite; that positions lie on the earth,
    and that longitude and latitude are not swapped, where only swapping puts them there. With a `kind` of the
    catalogue also its required columns, its unique ids, its types of geometry and of values. A system that is
    not declared is the one the file carries, or EPSG:4326. Site kinds, lines, counties, duty levels and the
    area come from a profile and are not checked. Every layer of a GeoPackage is looked at.
    """
    path = Path(path)
    if kind and kind not in CATALOG:
        return [
            Fault("unknown layer kind", "", None, "kind", kind, one_of(CATALOG), did_you_mean(kind, CATALOG))
        ]
    row = CATALOG[kind] if kind else _ANY
    faults: list[Fault] = []
    layers = layers_of(path)
    for layer in layers:
        file = f"{path}:{layer}" if len(layers) > 1 else str(path)
        loaded = load_layer(path, kind=row, crs=crs, encoding=encoding, layer=layer, file=file)
        faults += loaded.faults
        if loaded.frame is not None:
            faults += check_layer(
                loaded.frame, row, file=file, unplaced=loaded.unplaced, absent=loaded.absent
            )[1]
    return faults
