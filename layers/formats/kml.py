"""KML and KMZ: longitude and latitude by their standard, a layer per folder, a column per extended datum."""

from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, choose, stop
from layers.formats.placemarks import Document, Mark, parse
from layers.formats.text import decode
from layers.formats.zipped import members, name_of, opened, unpack
from layers.hints import shown

_SAYS = re.compile(rb"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']""")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_kml(ask: Ask) -> Raw:
    """The placemarks of one folder: the named one, or the only one that has any."""
    return _raw(_document(ask.path, ask.encoding, ask.file), ask)


def folders_in(path: Path) -> list[str | None]:
    """The folders with placemarks in them; one None where they cannot be listed."""
    try:
        return [*_names(_document(path, None, path.name))] or [None]
    except (FaultsError, OSError):
        return [None]


def _names(document: Document) -> list[str]:
    return [folder.name for folder in document.folders]


def _document(path: Path, encoding: str | None, file: str) -> Document:
    """All folders of the file, each under a name of its own."""
    whole = Document()
    names: dict[str, int] = {}
    for inner, body in _bodies(path, file).items():
        said = next((name for mark, name in _MARKS if body.startswith(mark)), None)
        if said is None and (found := _SAYS.search(body[:200])):
            said = found[1].decode("ascii")
        label = f"{file}/{inner}" if inner else file
        one = parse(decode(body, encoding or said or "utf-8", label), label)
        whole.links += one.links
        for folder in one.folders:
            name = folder.name or PurePosixPath(inner).stem or f"folder {len(whole.folders) + 1}"
            names[name] = names.get(name, 0) + 1
            folder.name = name if names[name] == 1 else f"{name} (#{names[name]})"
            whole.folders.append(folder)
    return whole


def _bodies(path: Path, file: str) -> dict[str, bytes]:
    """The KML, or every KML in the KMZ: some programs put each layer in a file of its own there."""
    if path.suffix.lower() != ".kmz":
        return {"": path.read_bytes()}
    with opened(path, file) as archive:
        found = {one: io.BytesIO() for one in members(archive) if one.filename.lower().endswith(".kml")}
        if not found:
            raise stop("the KMZ holds no KML", file, "no .kml in it", "doc.kml")
        unpack(archive, found, file)
    return {name_of(one): body.getvalue() for one, body in found.items()}


def _raw(document: Document, ask: Ask) -> Raw:
    file = ask.file
    got = "a network link" if document.links == 1 else f"{document.links} network links"
    hint = "Open it in Google Earth and save the places themselves"
    if not document.folders and document.links:
        raise stop("the KML only points to data elsewhere", file, got, "placemarks in the file", hint)
    if not document.folders:
        raise stop("the layer is empty", file, "no placemarks", "at least one")
    name = choose(_names(document), ask.layer, "KML", file)
    marks = next(folder.marks for folder in document.folders if folder.name == name)
    faults = [
        Fault("not a coordinate", file, at + 1, "geometry", shown(mark.bad), "longitude,latitude")
        for at, mark in enumerate(marks)
        if mark.bad
    ]
    if document.links:
        what = "links of the KML to data elsewhere are not followed"
        faults.append(Fault(what, file, None, "", got, "placemarks in the file", hint, warning=True))
    shapes = np.empty(len(marks), dtype=object)
    shapes[:] = [None if mark.bad else mark.shape for mark in marks]
    unplaced = frozenset(fault.row - 1 for fault in faults if fault.row is not None)
    return Raw(_columns(marks), shapes, np.arange(len(marks)), None, faults, unplaced, CRS.from_epsg(4326))


def _columns(marks: list[Mark]) -> dict[str, NDArray[Any]]:
    """Extended data in the order in which they first appear, then what the placemarks say of themselves."""
    data = list(dict.fromkeys(name for mark in marks for name in mark.data))
    own = list(dict.fromkeys(name for mark in marks for name in mark.fields if mark.fields[name]))
    columns = {}
    for name in dict.fromkeys([*data, *own]):
        values = np.empty(len(marks), dtype=object)
        values[:] = [mark.data.get(name, mark.fields.get(name)) for mark in marks]
        columns[name] = values
    return columns
