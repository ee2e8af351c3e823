"""The placemarks of a KML document, as its text says them; what it links to is never looked at.

GDAL's readers are not used here: they turn Chinese names of columns into underscores, or leave them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.formats.base import stop
from layers.hints import reader_says

DEEPEST = 100
_KML = re.compile(r"(http://(www\.opengis\.net/kml|earth\.google\.com/kml|www\.google\.com/kml/ext)/.*)?")
_FOLDERS = {"Document", "Folder"}
_SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack"}
_LEFT_OUT = {
    "NetworkLink", "NetworkLinkControl", "Style", "StyleMap", "GroundOverlay", "ScreenOverlay",
    "PhotoOverlay", "Region", "LookAt", "Camera", "Link", "Icon",
}  # fmt: skip
_OWN = {("Placemark", "name"), ("Placemark", "description"), ("TimeSpan", "begin"), ("TimeSpan", "end"),
        ("TimeStamp", "when")}  # fmt: skip


@dataclass
class Folder:
    """A folder or document and the placemarks that stand in it itself."""

    name: str = ""
    marks: list[Mark] = field(default_factory=list)


@dataclass
class Mark:
    """One placemark."""

    fields: dict[str, str] = field(default_factory=dict)
    """Its own name, description and time."""
    data: dict[str, str] = field(default_factory=dict)
    """Its extended data, by column."""
    shape: Any = None
    bad: str = ""
    """What stands where a coordinate should."""


@dataclass
class Document:
    """What a KML document holds."""

    folders: list[Folder] = field(default_factory=list)
    """Those with placemarks in them, in the order of the file."""
    links: int = 0
    """Links to data elsewhere, which were not followed."""


def parse(text: str, file: str) -> Document:
    """The placemarks of a document; raises FaultsError where it is no whole KML."""
    reader = _Reader(file)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.words.append
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise stop("not whole KML", file, reader_says(error), "KML, from <kml> to </kml>") from None
    return Document([folder for folder in reader.folders if folder.marks], reader.links)


class _Reader:
    """What the parser has seen so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.folders = [Folder()]
        self.links = 0
        self.words: list[str] = []
        self._path: list[str] = []
        self._inside = [self.folders[0]]
        self._skip = 0
        """How deep we are in what is left out."""
        self._mark: Mark | None = None
        self._column = ""
        self._open: list[list[Any]] = []
        """Per shape that is not yet closed, its parts."""

    def doctype(self, *_: Any) -> None:
        # Without a document type there are no entities, which could grow without end or name other files.
        what, hint = "the KML defines words of its own", "Delete its <!DOCTYPE …>, or export it again"
        raise stop(what, self.file, "a DOCTYPE", "plain KML", hint)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._path and local != "kml":
            raise stop("not KML", self.file, f"<{local}>", "a file that begins with <kml>")
        if len(self._path) >= DEEPEST:
            raise stop("the KML is nested too deep", self.file, f"over {DEEPEST} levels", "a plain KML")
        self._path.append(local)
        self.words.clear()
        if self._skip or local in _LEFT_OUT or not _KML.fullmatch(space):
            self.links += local == "NetworkLink" and not self._skip
            self._skip += 1
        elif local in _FOLDERS:
            self._inside.append(Folder())
            self.folders.append(self._inside[-1])
        elif local == "Placemark":
            self._mark = Mark()
            self._open.clear()
        elif local in ("Data", "SimpleData"):
            self._column = attributes.get("name", "").strip()
        elif local in _SHAPES:
            self._open.append([])

    def end(self, name: str) -> None:
        local, text = self._path.pop(), "".join(self.words).strip()
        above = self._path[-1] if self._path else ""
        self.words.clear()
        if self._skip:
            self._skip -= 1
        elif local in _FOLDERS:
            self._inside.pop()
        elif self._mark is None:
            if local == "name" and above in _FOLDERS:
                self._inside[-1].name = " ".join(text.split())
        elif local == "Placemark":
            self._inside[-1].marks.append(self._mark)
            self._mark = None
        elif (above, local) in _OWN:
            self._mark.fields[local] = text
        elif local == "SimpleData" or (above, local) == ("Data", "value"):
            self._mark.data[self._column] = text
        else:
            self._drawn(self._mark, local, above, text)

    def _drawn(self, mark: Mark, local: str, above: str, text: str) -> None:
        if local in ("coordinates", "coord") and self._open:
            try:
                self._open[-1].append(_numbers(text if local == "coordinates" else ",".join(text.split())))
            except ValueError as error:
                mark.bad = str(error)
        elif local in _SHAPES and self._open:
            parts = self._open.pop()
            if local == "LinearRing" and above in ("outerBoundaryIs", "innerBoundaryIs") and self._open:
                self._open[-1] += [(above == "innerBoundaryIs", part) for part in parts[:1]]
                return
            shape = _shape(local, parts)
            if self._open:
                self._open[-1].append(shape)
            else:
                mark.shape = shape


def _numbers(text: str) -> NDArray[np.float64]:
    """Longitude and latitude of each vertex, shape (n, 2); raises ValueError with what is no number."""
    vertices = re.sub(r"\s*,\s*", ",", text).split()
    flat = ",".join(vertices).split(",")
    each = len(flat) // max(len(vertices), 1)
    if each > 1 and len(flat) == each * len(vertices):
        try:
            return np.array(flat, dtype=np.float64).reshape(-1, each)[:, :2]
        except ValueError:
            pass  # named below
    rows = []
    for vertex in vertices:
        try:
            lon, lat = vertex.split(",")[:2]
            rows.append((float(lon), float(lat)))
        except ValueError:
            raise ValueError(vertex) from None
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _shape(kind: str, parts: list[Any]) -> Any:
    """A shape of its parts; None where they make none."""
    try:
        if kind == "Polygon":
            holes = [ring for inner, ring in parts if inner]
            return shapely.Polygon(next(ring for inner, ring in parts if not inner), holes)
        if kind in ("MultiGeometry", "MultiTrack"):
            return _together([part for part in parts if part is not None])
        if kind == "Track":
            return shapely.LineString(np.concatenate(parts))
        return shapely.Point(parts[0][0]) if kind == "Point" else shapely.LineString(parts[0])
    except (ValueError, IndexError, TypeError, StopIteration, shapely.GEOSException):
        return None


def _together(parts: list[Any]) -> Any:
    kinds = {part.geom_type for part in parts}
    for kind, many in (
        ("Point", shapely.MultiPoint),
        ("LineString", shapely.MultiLineString),
        ("Polygon", shapely.MultiPolygon),
    ):
        if kinds == {kind}:
            return many(parts)
    return shapely.GeometryCollection(parts)
