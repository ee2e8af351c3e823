"""GeoJSON: UTF-8 by its standard, EPSG:4326 unless an old-fashioned `crs` member says otherwise."""

from __future__ import annotations

import re
from dataclasses import replace

from layers.formats.base import Ask, Raw, stop
from layers.formats.gdal import read_ogr
from layers.formats.text import decode


def read_geojson(ask: Ask) -> Raw:
    """A FeatureCollection."""
    file = ask.file
    text = decode(ask.path.read_bytes(), "utf-8" if ask.encoding is None else ask.encoding, file)
    if not text.lstrip().startswith("{"):
        got = text.strip()[:40] or "an empty file"
        raise stop("not GeoJSON", file, got, "a FeatureCollection")
    # GDAL looks for its own kinds of text file in this one, and some of those have it open others. Both marks
    # stand only inside strings of JSON, and mean the same when they are written so.
    safe = text.replace("<", "\\u003c").replace("gdal_streamed_alg", "gdal\\u005fstreamed_alg")
    # Days stay as they are written: GDAL would make the 2nd of March of a 30th of February.
    raw = read_ogr(safe.encode("utf-8", "surrogatepass"), None, file, DATE_AS_STRING="YES")
    # GDAL says EPSG:4326 where the file says nothing, so only a crs member counts as carried.
    head = text[: text.find('"features"')] if '"features"' in text else text[:65_536]
    if re.search(r'"crs"\s*:\s*\{', head) or (raw.carried is not None and raw.carried.to_epsg() != 4326):
        return raw
    return replace(raw, carried=None, assumed=raw.carried)
