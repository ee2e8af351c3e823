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
    """Per line, border first: sites, staff, throughput, alerts, and kilometres where it has a border."""
    picture, profile = query.picture(), query.board.profile
    rows = [
        {"id": row["id"], "name": in_language(profile.line[row["id"]].name, query.lang, profile)} | row
        for row in line_rows(picture)
    ]
    return answer({**query.head(picture), "lines": rows})
