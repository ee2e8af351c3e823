"""A look at a lone geodata file, with no profile to hold it against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from layers.catalog import CATALOG, LayerKind
from layers.columns import withheld
from layers.faults import Fault
from layers.formats import layers_of
from layers.hints import did_you_mean, one_of
from layers.load import load_layer
from layers.schema import check_layer

_ANY = LayerKind("geodata", ("point", "line", "polygon"), ())


@dataclass(frozen=True)
class Look:
    """What a look at one layer of a file found."""

    layer: str
    """Its name, where the file holds several."""
    kind: str
    """The layer kind it was held against; "" for what holds of any geodata."""
    features: int | None
    """Rows that could be read; None where the layer could not."""
    faults: list[Fault]


def check_file(
    path: str | Path, *, kind: str = "", crs: str | None = None, encoding: str | None = None
) -> list[Fault]:
    """Every fault that a file has in itself; the options are those of `look_at`."""
    looks = look_at(path, kind=kind, crs=crs, encoding=encoding)
    return [fault for look in looks for fault in look.faults]


def look_at(
    path: str | Path,
    *,
    kind: str = "",
    crs: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    file: str = "",
) -> Iterator[Look]:
    """Every layer of a file in turn, with the faults that it has in itself.

    Checked: that it can be read in its format and encoding; that CSV rows fit their header and have numbers
    for lon and lat; that every geometry is there, whole, valid and finite; that positions lie on the earth,
    and that longitude and latitude are not swapped, where only swapping puts them there; that nothing in it
    is about a person. With a `kind` of the catalogue also its required columns, its unique ids, its types of
    geometry and of values. A system that is not declared is the one the file carries or its format fixes.
    Site kinds, lines, counties, duty levels and the area come from a profile and are not checked. `columns`
    maps our field to the file's column; `file` is its name in faults, the path when absent.
    """
    path, file = Path(path), file or str(path)
    if kind and kind not in CATALOG:
        near = did_you_mean(kind, CATALOG)
        fault = Fault("unknown layer kind", "", None, "kind", kind, one_of(CATALOG), near)
        yield Look("", kind, None, [fault])
        return
    row = CATALOG[kind] if kind else _ANY
    layers = layers_of(path)
    for layer in layers:
        name = str(layer) if len(layers) > 1 else ""
        loaded = load_layer(
            path, kind=row, crs=crs, encoding=encoding, layer=layer, columns=columns, file=file
        )
        faults, features = list(loaded.faults), None
        if loaded.frame is not None:
            features = len(loaded.frame)
            faults += check_layer(
                loaded.frame, row, file=file, unplaced=loaded.unplaced, absent=loaded.absent
            )[1]
        told = [replace(withheld(fault), layer=name) for fault in faults]
        yield Look(name, kind, features, sorted(told, key=lambda fault: fault.row or 0))
