"""Which column of a table may hold its positions, said with the evidence and never taken by itself."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from layers.formats.angles import LAT, LON, angles, pair
from layers.formats.table import Table
from layers.hints import shown

_TAIL = "(?:度|deg|m|米|wgs84|gcj02|bd09|cgcs2000|2000)?"
_EAST = "lon|lng|long|longitude|e|east|easting|x|东坐标|横坐标|x坐标|坐标x|pointx|xcoord"
_NORTH = "lat|latitude|n|north|northing|y|北坐标|纵坐标|y坐标|坐标y|pointy|ycoord"
_LIKE = {
    "lon": re.compile(rf"(?!.*经纬)(?:.*(?:经度|經度|东经).*|(?:{_EAST}){_TAIL})"),
    "lat": re.compile(rf"(?!.*经纬)(?:.*(?:纬度|緯度|北纬).*|(?:{_NORTH}){_TAIL})"),
}
_BOTH = re.compile(".*(?:坐标|经纬|位置|position|location|coord|lonlat|lnglat|latlon|latlng).*")


def likely_columns(table: Table) -> dict[str, str]:
    """For `lon` and `lat`, a hint at the column that may be it, with its first value as evidence."""
    plain = {name: _letters(name) for name in table.columns}
    lon, lat = (next((name for name in plain if like.fullmatch(plain[name])), "") for like in _LIKE.values())
    if lon and lat and _crossed(_first(table, lon), _first(table, lat)):
        # Surveyors' X points north; and some write the latitude as x.
        lon, lat = lat, lon
    if lon or lat:
        return {field: _say(table, field, name) for field, name in (("lon", lon), ("lat", lat)) if name}
    for name in table.columns:
        halves = pair(str(_first(table, name))) if _BOTH.fullmatch(plain[name]) else None
        if halves:
            field = "lonlat" if _is_east_first(halves) else "latlon"
            return dict.fromkeys(("lon", "lat"), _say(table, field, name))
    return {}


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


def _is_east_first(halves: tuple[str, str]) -> bool:
    numbers, wrong = angles(halves, LON)
    return not wrong and not abs(numbers[1]) > 90


def _say(table: Table, field: str, name: str) -> str:
    seen = f" (its first value is {shown(_first(table, name))})" if len(table.index) else ""
    return f'If it is {name}{seen}, say so: columns = {{ {field} = "{name}" }}'


def _first(table: Table, name: str) -> Any:
    return next((value for value in table.columns[name] if str(value).strip()), "")


def _crossed(lon: Any, lat: Any) -> bool:
    """Whether two values are a latitude and a longitude, or a northing of China and an easting."""
    x, y = float(angles([lon], LON)[0][0]), float(angles([lat], LAT)[0][0])
    if not (np.isfinite(x) and np.isfinite(y)):
        return False
    return abs(x) <= 90 < abs(y) <= 180 or (1.5e6 < x < 6.3e6 and (y < 1.0e6 < x or y > 1.2e7))
