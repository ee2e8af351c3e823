"""What is written into a file: a collection's table at a moment, its words, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard import words
from dashboard.exporting.style import Style, style_of
from dashboard.interchange.offer import SITES, Collection, part_of
from dashboard.interchange.table import Table
from dashboard.interchange.tables import table_of
from dashboard.times import moment
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language
from layers.crs import Crs, from_wgs84
from layers.faults import Fault, FaultsError

Geometry = Literal["point", "line", "polygon"]
WGS84 = Crs.parse("EPSG:4326")


@dataclass(frozen=True, eq=False)
class Sheet:
    """One collection as a file holds it."""

    name: str
    """Of the table: the collection's id."""
    title: str
    table: Table
    shapes: NDArray[np.object_]
    """In `crs`, longitude or easting first, to a millimetre."""
    crs: Crs
    geometry: Geometry | Literal["any"]
    style: Style | None
    """None for lines and areas in one table: no one symbol draws both."""
    lang: str
    profile: Profile
    notes: dict[str, str]
    """What must be known of it: title, as_of, data_as_of, simulated, position_source, source, scope."""

    @property
    def description(self) -> str:
        """The notes as a sentence or two for people."""
        between = "；" if self.lang.startswith("zh") else "; "
        return between.join(self.notes["told"].split("\n"))


def sheet_of(
    profile: Profile, collection: Collection, picture: Picture, *, lang: str, crs: Crs = WGS84
) -> Sheet:
    """A collection at a picture, which is cut to a scope already.

    Raises:
        FaultsError: a feature has no place in the coordinate system asked for.
    """
    table = table_of(profile, collection, picture, lang)
    shapes = from_wgs84(table.shapes, crs)
    if (lost := np.flatnonzero(shapely.is_missing(shapes))).size:
        raise FaultsError(
            [
                Fault(
                    "A feature has no place in this coordinate system",
                    field="crs",
                    got=str(crs),
                    expected=f"a system that reaches {table.ids[lost[0]]}",
                )
            ]
        )
    decimals = 3 if crs.projected else 8
    shapes = shapely.transform(shapes, lambda xy: np.round(xy, decimals)) if len(shapes) else shapes
    geometry = collection.shape
    if geometry == "any" and len(parts := {part_of(shape.geom_type) for shape in shapes}) == 1:
        geometry = "polygon" if parts == {"areas"} else "line"
    return Sheet(
        name=collection.id,
        title=collection.title(profile, lang),
        table=table,
        shapes=shapes,
        crs=crs,
        geometry=geometry,
        style=None if geometry == "any" else style_of(profile, collection, geometry, lang),
        lang=lang,
        profile=profile,
        notes=_notes(profile, collection, picture, table, lang),
    )


def _notes(
    profile: Profile, collection: Collection, picture: Picture, table: Table, lang: str
) -> dict[str, str]:
    spec, zone = profile.spec, profile.zone
    positions = sorted({str(value) for value in table.columns.get("position_source", ()) if value})
    source = in_language(spec.map.source, lang, profile)
    data_at = moment(picture.data_at, zone) or ""
    told = [in_language(spec.title, lang, profile) + " · " + collection.title(profile, lang)]
    if collection.live or collection.kind == SITES:
        told.append(words.say(lang, "data_as_of", time=data_at or words.say(lang, "never")))
    told.append(source)
    if "demonstration" in positions:
        told.append(words.say(lang, "demonstration"))
    if picture.simulated:
        told.append(words.say(lang, "simulated_note"))
    if spec.map.approval_number:
        told.append(f"{words.say(lang, 'approval')} {spec.map.approval_number}")
    return {
        "told": "\n".join(part for part in told if part),
        "title": in_language(spec.title, lang, profile),
        "as_of": moment(picture.at, zone) or "",
        "data_as_of": data_at,
        "simulated": "SIMULATED" if picture.simulated else "",
        "position_source": ", ".join(positions),
        "source": source,
        "approval_number": spec.map.approval_number,
        "scope": profile.county_name.get(picture.scope, ""),
        "profile": spec.id,
    }
