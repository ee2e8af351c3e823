"""The electronic fences: their state, counts of crossings, and who stands inside or near them."""

from __future__ import annotations

from typing import Any

import shapely
from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.api.sites import GEOJSON
from dashboard.encode import fence_rows
from dashboard.times import moment
from data.fencing import Member, fence_members
from data.numbers import number
from data.picture import Picture

router = APIRouter(prefix="/api/v1")


@router.get("/fences")
def fences(query: AskedQuery) -> Response:
    """A FeatureCollection of the fences; counts are of the last hour, never of who crossed.

    `members` are the sites and devices inside a fence or within its buffer, nearest first.
    """
    picture = query.picture()
    return answer(collection(query, picture), GEOJSON)


def collection(query: Asked, picture: Picture) -> dict[str, Any]:
    """The fences of a picture's scope; a county's answer names no site or device of another county."""
    profile = query.profile_of(picture)
    told, near = fence_rows(picture), fence_members(profile)
    frame = profile.fences
    features = []
    for row, fence_id in enumerate(frame["fence_id"].tolist()):
        if fence_id not in told:
            continue
        state = told[fence_id]
        observed = state["observed_at"]
        county = str(frame["county"].iloc[row] or "")
        features.append(
            {
                "type": "Feature",
                "id": fence_id,
                "geometry": shapely.geometry.mapping(frame.geometry.iloc[row]),
                "properties": {
                    "fence_id": fence_id,
                    "name": frame["name"].iloc[row],
                    "county": county,
                    "county_name": profile.county_name.get(county, ""),
                    "buffer_m": number(float(frame["buffer_m"].iloc[row])),
                    **state,
                    "observed_at": moment(observed, profile.zone),
                    "data_age_s": None if observed is None else max(0, picture.at - observed),
                    "members": [_member(one) for one in near[fence_id] if picture.scope in ("", one.county)],
                },
            }
        )
    return {"type": "FeatureCollection", **query.head(picture), "features": features}


def _member(member: Member) -> dict[str, Any]:
    return {
        "target": member.target,
        "id": member.id,
        "name": member.name,
        "inside": member.inside,
        "metres": number(member.metres, 0),
    }
