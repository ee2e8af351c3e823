"""Where the border is not held, what stands behind it, and who could go there."""

from __future__ import annotations

import shapely
from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.api.sites import GEOJSON
from dashboard.encode import gap_rows
from data.numbers import number
from data.profile import Profile

router = APIRouter(prefix="/api/v1")


@router.get("/gaps")
def gaps(query: AskedQuery) -> Response:
    """A FeatureCollection of the uncovered stretches, along the border.

    Each is whole in one county and whole in being backed or not; `by` says how the depth was measured, and
    `depth_km`, beside the features, how deep it may be (null: not judged).
    """
    picture = query.picture()
    profile = query.profile_of(picture)
    features = [
        {"type": "Feature", "geometry": geometry(profile, gap.from_km, gap.to_km), "properties": row}
        for gap, row in zip(picture.gaps, gap_rows(profile, picture), strict=True)
    ]
    depth = {"depth_km": number(profile.spec.coverage.depth_km, 2)}
    return answer(
        {"type": "FeatureCollection", **query.head(picture), **depth, "features": features}, GEOJSON
    )


def geometry(profile: Profile, from_km: float, to_km: float) -> dict[str, object]:
    """A stretch of the border as GeoJSON."""
    assert profile.border is not None
    shape: dict[str, object] = shapely.geometry.mapping(profile.border.cut(from_km, to_km))
    return shape
