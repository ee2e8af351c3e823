"""The names that OGC API Features fixes: what is claimed, media types, relations."""

from __future__ import annotations

ROOT = "/ogc"
_PART = "http://www.opengis.net/spec/ogcapi-features"
CONFORMS_TO = (
    f"{_PART}-1/1.0/conf/core",
    f"{_PART}-1/1.0/conf/geojson",
    f"{_PART}-1/1.0/conf/oas30",
    f"{_PART}-2/1.0/conf/crs",
    f"{_PART}-3/1.0/conf/queryables",
    f"{_PART}-3/1.0/conf/queryables-query-parameters",
)
"""Part 1 is OGC 17-069r4, part 2 is 18-058r1, part 3 is 19-079r2."""

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
DESCRIBED_BY = "describedBy"
"""Relations are compared without regard to case (RFC 8288); GDAL 3.6 looks for this spelling only."""

LIMIT, MOST = 100, 10_000
"""Features of one answer where no limit is given, and at most; a higher limit counts as the most."""

PERIOD = (
    "RFC 3339 with an offset such as 2026-01-31T08:00:00+08:00, or two of them with / between; "
    ".. leaves a side open"
)
"""What `datetime` may be."""
BOX = (
    "4 or 6 numbers separated by commas: the lower corner, then the upper one, in the axis order of bbox-crs"
)
"""What `bbox` may be."""
