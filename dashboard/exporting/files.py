"""A picture's layers written to a file in one of the forms, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dashboard.exporting.geojson import geojson
from dashboard.exporting.geopackage import write_geopackage
from dashboard.exporting.sheet import WGS84, Sheet, sheet_of
from dashboard.exporting.spreadsheet import spreadsheet
from dashboard.interchange.offer import Collection, collections
from data.picture import Picture
from data.profile import Profile
from layers.crs import Crs
from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, one_of

FORMS = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
}
"""Form to media type."""
ALL = "all"
"""Every layer, in one GeoPackage."""


def chosen(profile: Profile, name: str, form: str) -> list[Collection]:
    """The collections that a name means: one, or all of them in a GeoPackage.

    Lines and areas of one layer become two tables of a GeoPackage, because QGIS draws one kind in each.

    Raises:
        FaultsError: there is no such layer, or the form holds one only.
    """
    known = collections(profile)
    if name == ALL and form == "gpkg":
        return [one for one in known.values() if one.shape != "any" or _whole(one, known)]
    if name not in known:
        expected = one_of([*known, *([ALL] if form == "gpkg" else [])], 40)
        hint = "Only a GeoPackage holds several" if name == ALL else did_you_mean(name, known)
        raise FaultsError(
            [Fault("There is no such layer", field="LAYER", got=name, expected=expected, hint=hint)]
        )
    one = known[name]
    if form == "gpkg" and one.shape == "any" and not _whole(one, known):
        return [
            part for part in known.values() if part.part and part.kind == one.kind and part.layer is one.layer
        ]
    return [one]


def _whole(collection: Collection, known: dict[str, Collection]) -> bool:
    """Whether a collection of lines and areas is not offered in two parts besides."""
    return not any(other.part and other.layer is collection.layer for other in known.values())


def sheets_of(
    profile: Profile, name: str, picture: Picture, form: str, *, lang: str, crs: Crs = WGS84
) -> list[Sheet]:
    """What a file holds; raises FaultsError for no such layer, and for one with no place in the system."""
    return [sheet_of(profile, one, picture, lang=lang, crs=crs) for one in chosen(profile, name, form)]


def write(path: Path, sheets: Sequence[Sheet], form: str, *, titles: bool = False) -> None:
    """Write a file; what stood there before stays until the new one is whole.

    Raises:
        FaultsError: the form cannot say which coordinate system it is in.
        OSError: the file cannot be written.
    """
    folder = Path(tempfile.mkdtemp(prefix=".threeline-", dir=path.parent))
    try:
        made = folder / f"new.{form}"
        if form == "gpkg":
            write_geopackage(made, sheets)
        else:
            (sheet,) = sheets
            made.write_bytes(geojson(sheet) if form == "geojson" else spreadsheet(sheet, titles=titles))
        made.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def content(sheets: Sequence[Sheet], form: str, *, titles: bool = False) -> bytes:
    """The bytes of a file, made where the system keeps what passes."""
    with tempfile.TemporaryDirectory(prefix="threeline-") as folder:
        path = Path(folder) / f"export.{form}"
        write(path, sheets, form, titles=titles)
        return path.read_bytes()
