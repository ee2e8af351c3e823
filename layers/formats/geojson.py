"""GeoJSON: UTF-8 by its standard, EPSG:4326 unless an old-fashioned `crs` member says otherwise."""

from __future__ import annotations

import re

from layers.formats.base import Ask, Raw, ogr, raw_of, stop
from layers.formats.text import decode


def read_geojson(ask: Ask) -> Raw:
    """A FeatureCollection."""
    file = ask.file
    text = decode(ask.path.read_bytes(), "utf-8" if ask.encoding is None else ask.encoding, file)
    if not text.lstrip().startswith("{"):
        got = text.strip()[:40] or "an empty file"
        raise stop("not GeoJSON", file, got, "a FeatureCollection")
    frame = ogr(text.encode("utf-8", "surrogatepass"), None, file)
    # GDAL says EPSG:4326 where the file says nothing, so only a crs member counts as carried.
    head = text[: text.find('"features"')] if '"features"' in text else text[:65_536]
    return raw_of(frame, frame.crs if re.search(r'"crs"\s*:\s*\{', head) else None)
