"""The lines rolled up."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.encode import exit_rows, line_rows
from data.rules import in_language

router = APIRouter(prefix="/api/v1")


@router.get("/lines")
def lines(query: AskedQuery) -> Response:
    """Per line, border first: sites, staff, throughput, alerts, kilometres of its border, exits of its ring.

    `km_stated` is the whole border as the profile's document counts it; no county has a share of it.
    `exits_open` are the exits that no working, manned site of the line stands at.
    """
    picture = query.picture()
    profile = query.profile_of(picture)
    unheld = exit_rows(profile, picture)
    rows = [
        {"id": row["id"], "name": in_language(profile.line[row["id"]].name, query.lang, profile)}
        | row
        | {
            "km_stated": None if picture.scope else profile.line[row["id"]].stated_km,
            "exits_open": [one for one in unheld if one["line"] == row["id"]],
        }
        for row in line_rows(picture)
    ]
    return answer({**query.head(picture), "lines": rows})
