"""Sheets as a GeoPackage that QGIS opens with the board's shapes and colours."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from dashboard.exporting.qml import qml
from dashboard.exporting.sheet import Sheet
from dashboard.exporting.sld import sld
from dashboard.interchange.fields import Field
from dashboard.interchange.table import Table
from layers.faults import Fault, FaultsError

GEOMETRY = "geom"
TYPES = {"point": "Point", "line": "LineString", "polygon": "Polygon", "any": "Unknown"}
VERSION = "1.2"
"""Of the format: one that older programs read without a warning."""
STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256),
    f_table_schema TEXT(256),
    f_table_name TEXT(256),
    f_geometry_column TEXT(256),
    styleName TEXT(30),
    styleQML TEXT,
    styleSLD TEXT,
    useAsDefault BOOLEAN,
    description TEXT,
    owner TEXT(30),
    ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
"""As QGIS makes it, and looks for it."""


def write_geopackage(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets as the tables of a new GeoPackage, each with its style as the one to use.

    Raises:
        FaultsError: GCJ-02 or BD-09, which a GeoPackage cannot name.
    """
    for sheet in sheets:
        if sheet.crs.datum:
            hint = "Write a CSV, and declare the system where it is read"
            what = "A GeoPackage cannot say that it is in this coordinate system"
            got = str(sheet.crs)
            raise FaultsError([Fault(what, field="crs", got=got, expected="an EPSG code", hint=hint)])
    for number, sheet in enumerate(sheets):
        notes = {name.upper(): value for name, value in sheet.notes.items() if value and name != "told"}
        several = len({shape.geom_type.startswith("Multi") for shape in sheet.shapes}) > 1
        kind = TYPES[sheet.geometry]
        if sheet.geometry != "any" and any(shape.geom_type.startswith("Multi") for shape in sheet.shapes):
            kind = f"Multi{kind}"
        pyogrio.write_dataframe(
            frame(sheet),
            path,
            layer=sheet.name,
            driver="GPKG",
            append=number > 0,
            dataset_options={} if number else {"VERSION": VERSION},
            geometry_type=kind,
            promote_to_multi=several and sheet.geometry != "any",
            dataset_metadata=None if number else notes,
            layer_metadata=notes | {"TITLE": sheet.title},
            layer_options={
                "GEOMETRY_NAME": GEOMETRY,
                "IDENTIFIER": sheet.title,
                "DESCRIPTION": sheet.description,
            },
        )
    _add_styles(path, [sheet for sheet in sheets if sheet.style is not None])


def frame(sheet: Sheet) -> gpd.GeoDataFrame:
    """The sheet as a frame with typed columns."""
    columns = {field.name: _column(sheet.table, field) for field in sheet.table.fields}
    geometry = gpd.GeoSeries(sheet.shapes, crs=f"EPSG:{sheet.crs.epsg}")
    return gpd.GeoDataFrame(columns, geometry=geometry)


def _column(table: Table, field: Field) -> Any:
    values = table.columns[field.name]
    if field.type in ("text", "date"):
        told = [None if value is None or value == "" else str(value) for value in values.tolist()]
        return pd.Series(told, dtype=object)
    if field.type == "flag":
        known: Any = [None if value is None else bool(value) for value in values.tolist()]
        return pd.Series(known, dtype="boolean")
    if field.type == "time":
        return pd.to_datetime(pd.Series(values), unit="s", utc=True).dt.as_unit("ms")
    if field.type == "integer":
        return pd.Series(np.round(values)).astype("Int64")
    return values.astype(np.float64)


def _add_styles(path: Path, sheets: Sequence[Sheet]) -> None:
    """The table in which QGIS keeps styles; the first style of a table that is to be used by default."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(STYLES)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
        )
        for sheet in sheets:
            assert sheet.style is not None
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner) "
                "VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '')",
                (
                    sheet.name,
                    GEOMETRY,
                    sheet.name[:30],
                    qml(sheet.style, sheet.table.fields, sheet.lang),
                    sld(sheet.name, sheet.style),
                    sheet.title,
                ),
            )
