"""The sites and their state as GeoJSON."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.problems import choice
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.desk import Desk
from dashboard.encode import site_rows
from dashboard.times import moment
from data.numbers import plain
from data.picture import Picture
from data.rules import in_language

GEOJSON = "application/geo+json"

router = APIRouter(prefix="/api/v1")


@router.get("/sites")
def sites(
    query: AskedQuery,
    line: Annotated[str, Query(description="A line id")] = "",
    kind: Annotated[str, Query(description="A site kind, or several separated by commas")] = "",
) -> Response:
    """A FeatureCollection of the sites asked for, with everything known of them at that time."""
    picture = query.picture()
    spec = query.profile_of(picture).spec
    lines, kinds = [row.id for row in spec.lines], [part for part in kind.split(",") if part]
    if line and line not in lines:
        raise choice("bad-value", "line", line, lines)
    for part in kinds:
        if part not in spec.kinds:
            raise choice("bad-value", "kind", part, spec.kinds)
    which = np.ones(len(picture.sites), dtype=bool)
    if line:
        which &= picture.sites.line == line
    if kinds:
        which &= np.isin(picture.sites.kind.astype(str), kinds)
    return answer(collection(query, picture, np.flatnonzero(which)), GEOJSON)


def collection(query: Asked, picture: Picture, rows: np.ndarray[Any, Any]) -> dict[str, Any]:
    """The given sites of a picture as a FeatureCollection."""
    zone = query.profile_of(picture).zone
    fixed = static_properties(query.board, picture, query.lang)
    state = list(site_rows(picture).values())
    windows = {
        str(minutes): (plain(np.round(persons, 1)), plain(np.round(vehicles, 1)))
        for minutes, (persons, vehicles) in picture.state.rates.items()
    }
    features = []
    for row in rows.tolist():
        changing = state[row]
        observed = changing["observed_at"]
        properties = fixed[row] | changing
        properties |= {
            "observed_at": moment(observed, zone),
            "data_age_s": None if observed is None else max(0, picture.at - observed),
            "windows": {
                minutes: {"persons_per_hour": persons[row], "vehicles_per_hour": vehicles[row]}
                for minutes, (persons, vehicles) in windows.items()
            },
        }
        features.append(feature(picture, row, properties))
    return {"type": "FeatureCollection", **query.head(picture), "features": features}


def feature(picture: Picture, row: int, properties: dict[str, Any]) -> dict[str, Any]:
    """One site as a GeoJSON feature."""
    sites = picture.sites
    return {
        "type": "Feature",
        "id": properties["site_id"],
        "geometry": {"type": "Point", "coordinates": [float(sites.lon[row]), float(sites.lat[row])]},
        "properties": properties,
    }


def static_properties(board: Desk, picture: Picture, lang: str) -> list[dict[str, Any]]:
    """What does not change from step to step, one row per site of the picture."""
    sites, profile = picture.sites, picture.profile or board.profile
    kind_name = {kind: in_language(row.name, lang, profile) for kind, row in profile.spec.kinds.items()}
    levels = {level: plain(column) for level, column in sites.staff_required.items()}
    lanes, persons, vehicles = (
        plain(column)
        for column in (
            sites.lanes_total,
            sites.capacity_persons_per_lane_h,
            sites.capacity_vehicles_per_lane_h,
        )
    )
    return [
        {
            "site_id": site_id,
            "name": sites.name[row],
            "kind": sites.kind[row],
            "kind_name": kind_name.get(sites.kind[row], sites.kind[row]),
            "line": sites.line[row],
            "county": sites.county[row],
            "county_name": profile.county_name.get(sites.county[row], ""),
            "lanes_total": lanes[row],
            "capacity_persons_per_lane_h": persons[row],
            "capacity_vehicles_per_lane_h": vehicles[row],
            "staff_required_by_level": {level: column[row] for level, column in levels.items()},
            "smart": bool(sites.smart[row]),
            "video_url": sites.video_url[row] or None,
            "position_source": sites.position_source[row] or None,
            "opened_on": sites.opened_on[row] or None,
            "closed_on": sites.closed_on[row] or None,
        }
        for row, site_id in enumerate(sites.site_id.tolist())
    ]
