"""Where the border is not held, what stands behind it, and who could go there."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.api.sites import GEOJSON
from dashboard.encode import Row, gap_rows, unknown_rows
from data.holding import Stretch
from data.numbers import number
from data.profile import Profile

router = APIRouter(prefix="/api/v1")


@router.get("/gaps")
def gaps(query: AskedQuery) -> Response:
    """A FeatureCollection of the uncovered stretches, along the border.

    Each is whole in one county and whole in being backed or not; `by` says how the depth was measured, and
    `depth_km`, beside the features, how deep it may be (null: not judged). `unknown`, beside them too, are
    features of the stretches that only a site or fence could hold that has never been heard.
    """
    picture = query.picture()
    profile = query.profile_of(picture)
    gaps = _features(profile, picture.gaps, gap_rows(profile, picture))
    unknown = _features(profile, picture.unknown, unknown_rows(profile, picture))
    depth = {"depth_km": number(profile.spec.coverage.depth_km, 2)}
    body = {"type": "FeatureCollection", **query.head(picture), **depth, "features": gaps, "unknown": unknown}
    return answer(body, GEOJSON)


def _features(profile: Profile, stretches: Sequence[Stretch], rows: Sequence[Row]) -> list[Row]:
    return [
        {"type": "Feature", "geometry": geometry(profile, one.from_km, one.to_km), "properties": row}
        for one, row in zip(stretches, rows, strict=True)
    ]


def geometry(profile: Profile, from_km: float, to_km: float) -> dict[str, object]:
    """A stretch of the border as GeoJSON."""
    assert profile.border is not None
    shape: dict[str, object] = shapely.geometry.mapping(profile.border.cut(from_km, to_km))
    return shape
