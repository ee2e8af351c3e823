"""A sheet as CSV, for people who open it in Excel or WPS."""

from __future__ import annotations

import csv
import io
from typing import Any

import shapely

from dashboard.exporting.sheet import Sheet

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is run as a formula by some spreadsheet."""


def spreadsheet(sheet: Sheet, *, titles: bool = False) -> bytes:
    """The sheet as CSV in UTF-8 with a byte order mark, without which Excel and WPS take it for GBK.

    Points have `lon` and `lat` (or `x` and `y`, easting and northing, in a projected system), other shapes
    `wkt`; `crs` says which system. With `titles` the header is in words. Text that a spreadsheet would run as
    a formula gets an apostrophe before it.
    """
    table, zone = sheet.table, sheet.profile.zone
    columns: dict[str, list[Any]] = {}
    for field in table.fields:
        name = field.title_in(sheet.lang) if titles else field.name
        cells = table.values(field, zone)
        columns[name] = [_text(cell) for cell in cells]
    if sheet.geometry == "point":
        across, along = ("x", "y") if sheet.crs.projected else ("lon", "lat")
        xy = shapely.get_coordinates(sheet.shapes)
        columns[across], columns[along] = xy[:, 0].tolist(), xy[:, 1].tolist()
    else:
        decimals = 3 if sheet.crs.projected else 8
        columns["wkt"] = shapely.to_wkt(sheet.shapes, rounding_precision=decimals).tolist()
    columns["crs"] = [str(sheet.crs)] * len(table)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return stream.getvalue().encode("utf-8-sig")


def _text(cell: Any) -> Any:
    """A cell as it is written; text cannot be a formula."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return cell
