"""GeoJSON: UTF-8 by its standard, EPSG:4326 unless an old-fashioned `crs` member says otherwise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from layers.formats.base import Ask, Raw, stop
from layers.formats.gdal import read_ogr
from layers.formats.text import decode
from layers.hints import shown

_PLAIN = re.compile(r"""(?:[^"'/]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+""", re.DOTALL)
"""Texts between double quotes, and neither comments nor other quotes between them."""
_CRS = re.compile(r'"(?:c|\\u00[46]3)(?:r|\\u00[57]2)(?:s|\\u00[57]3)"\s*:\s*(?=\{)', re.IGNORECASE)
_NAMED = re.compile(
    r"(urn:(x-)?ogc:def:crs:|https?://(www\.)?opengis\.net/def/crs/|EPSG:|OGC:|CRS84)[\w:./-]*", re.IGNORECASE
)


def read_geojson(ask: Ask) -> Raw:
    """A FeatureCollection."""
    file = ask.file
    text = decode(ask.path.read_bytes(), "utf-8" if ask.encoding is None else ask.encoding, file)
    if not text.lstrip().startswith("{"):
        got = text.strip()[:40] or "an empty file"
        raise stop("not GeoJSON", file, got, "a FeatureCollection")
    # GDAL looks for its own kinds of text file in this one, and some of those have it open others. Both marks
    # stand only inside strings of JSON, and mean the same when they are written so.
    safe = _named(text, file).replace("<", "\\u003c").replace("gdal_streamed_alg", "gdal\\u005fstreamed_alg")
    # Days stay as they are written: GDAL would make the 2nd of March of a 30th of February.
    raw = read_ogr(safe.encode("utf-8", "surrogatepass"), None, file, DATE_AS_STRING="YES")
    # GDAL says EPSG:4326 where the file says nothing, so only a crs member counts as carried.
    head = text[: text.find('"features"')] if '"features"' in text else text[:65_536]
    if _CRS.search(head) or (raw.carried is not None and raw.carried.to_epsg() != 4326):
        return raw
    return replace(raw, carried=None, assumed=raw.carried)


def _named(text: str, file: str) -> str:
    """The text, every coordinate system in it one that is named: GDAL calls the address of any other.

    It looks for them in every shape and reads more than JSON, so that what is not JSON is refused here.
    """
    plain = _PLAIN.match(text)
    end = plain.end() if plain else 0
    if end < len(text):
        got = f"{text[end]} on line {text.count(chr(10), 0, end) + 1}"
        raise stop("the file cannot be read", file, got, "whole JSON")
    pieces, at = [], 0
    for found in _CRS.finditer(text):
        if found.start() < at:
            continue
        try:
            value, end = json.JSONDecoder().raw_decode(text, found.end())
        except (ValueError, RecursionError):
            raise stop("the file cannot be read", file, "a crs member that does not end", "JSON") from None
        if not _is_named(value):
            expected, hint = "a name such as urn:ogc:def:crs:EPSG::4490", "Write its name, or leave it out"
            what = "the coordinate system has no name that is known"
            raise stop(what, file, shown(json.dumps(value)), expected, hint, field="crs")
        pieces += [text[at : found.end()], json.dumps(value)]
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _is_named(crs: dict[str, Any]) -> bool:
    properties = crs.get("properties")
    if not isinstance(properties, dict):
        return not isinstance(crs.get("type"), str)
    name = next((properties[key] for key in ("name", "urn") if key in properties), None)
    if crs.get("type") in ("name", "OGC"):
        return isinstance(name, str) and bool(_NAMED.fullmatch(name.strip()))
    return crs.get("type") == "EPSG" and str(properties.get("code")).isdigit()
