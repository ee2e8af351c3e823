"""The lines rolled up."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.encode import line_rows
from data.rules import in_language

router = APIRouter(prefix="/api/v1")


@router.get("/lines")
def lines(query: AskedQuery) -> Response:
    """Per line, border first: sites, staff, throughput, alerts, and kilometres where it has a border.

    `km_stated` is the whole border as the profile's document counts it; no county has a share of it.
    """
    picture, profile = query.picture(), query.board.profile
    rows = [
        {"id": row["id"], "name": in_language(profile.line[row["id"]].name, query.lang, profile)}
        | row
        | {"km_stated": None if picture.scope else profile.line[row["id"]].stated_km}
        for row in line_rows(picture)
    ]
    return answer({**query.head(picture), "lines": rows})
