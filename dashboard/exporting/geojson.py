"""A sheet as GeoJSON."""

from __future__ import annotations

import orjson
import shapely

from dashboard.exporting.sheet import Sheet
from layers.faults import Fault, FaultsError


def geojson(sheet: Sheet) -> bytes:
    """The sheet as a FeatureCollection; what must be known of it stands beside the features.

    GeoJSON is in WGS 84; another system is named in the `crs` member of the format's first edition, which
    GDAL and QGIS read.

    Raises:
        FaultsError: GCJ-02 or BD-09, which have no code to be named by.
    """
    if sheet.crs.datum:
        hint = "Write a CSV, and declare the system where it is read"
        what = "GeoJSON cannot say that it is in this coordinate system"
        raise FaultsError([Fault(what, field="crs", got=str(sheet.crs), expected="an EPSG code", hint=hint)])
    texts = shapely.to_geojson(sheet.shapes)
    rows = sheet.table.rows(sheet.profile.zone)
    crs = (
        {}
        if sheet.crs.epsg == 4326
        else {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{sheet.crs.epsg}"}}}
    )
    notes = {name: value for name, value in sheet.notes.items() if value and name != "told"}
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "name": sheet.name,
            **crs,
            "description": sheet.description,
            "metadata": notes,
            "features": [
                {"type": "Feature", "id": name, "geometry": orjson.Fragment(text), "properties": row}
                for name, text, row in zip(sheet.table.ids, texts, rows, strict=True)
            ],
        }
    )
