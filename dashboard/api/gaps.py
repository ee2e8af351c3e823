"""Where the border is not held, and what stands behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from fastapi import APIRouter
from pyproj import Geod
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.api.sites import GEOJSON
from dashboard.encode import gap_rows, number
from data.picture import Gap, Picture
from data.profile import Profile

ELLIPSOID = Geod(ellps="WGS84")

router = APIRouter(prefix="/api/v1")


@router.get("/gaps")
def gaps(query: AskedQuery) -> Response:
    """A FeatureCollection of the uncovered stretches, along the border."""
    picture, profile = query.picture(), query.board.profile
    border = profile.border
    features = []
    for gap, row in zip(picture.gaps, gap_rows(profile, picture), strict=True):
        assert border is not None
        shape = border.cut(gap.from_km, gap.to_km)
        features.append(
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(shape),
                "properties": row | {"behind": behind(profile, picture, gap, shape)},
            }
        )
    return answer({"type": "FeatureCollection", **query.head(picture), "features": features}, GEOJSON)


def behind(profile: Profile, picture: Picture, gap: Gap, shape: Any) -> dict[str, Any] | None:
    """The nearest working, manned site of the next line inward and its distance; None where there is none."""
    order = [line.id for line in profile.spec.lines]
    after = order[order.index(gap.line) + 1 :]
    sites = picture.sites
    if not after:
        return None
    rows = np.flatnonzero((sites.line == after[0]) & picture.state.holding)
    if not len(rows):
        return None
    # Distance to the middle of the stretch: a hole is walked through, not approached from its end.
    middle = shape.interpolate(0.5, normalized=True)
    lon, lat = np.full(len(rows), middle.x), np.full(len(rows), middle.y)
    metres = ELLIPSOID.inv(lon, lat, sites.lon[rows], sites.lat[rows])[2]
    nearest = int(np.argmin(metres))
    row = int(rows[nearest])
    return {
        "site_id": sites.site_id[row],
        "name": sites.name[row],
        "line": sites.line[row],
        "km": number(metres[nearest] / 1000, 2),
    }
