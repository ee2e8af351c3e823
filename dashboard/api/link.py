"""The permanent address of what a page shows, as text and as the code that a telephone reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.export_asking import Given, base_of, look_of
from dashboard.api.query import AskedQuery, answer
from dashboard.exports.permalink import permalink, qr
from dashboard.theme import THEMES
from dashboard.view import WHERE, ZOOMS

router = APIRouter(prefix="/api/v1")


@router.get("/link")
def link(  # noqa: PLR0917  (each is a name of the address)
    request: Request,
    query: AskedQuery,
    c: Annotated[str, Query(description=f"Centre of the map: {WHERE}")] = "",
    z: Annotated[str, Query(description=f"Zoom of the map: {ZOOMS}")] = "",
    hide: Annotated[str, Query(description="Layers that are switched off, separated by commas")] = "",
    site: Annotated[str, Query(description="The selected site's id")] = "",
    theme: Annotated[str, Query(description=" or ".join(THEMES))] = "",
    line: Annotated[str, Query(description="A line's id: only its sites")] = "",
) -> Response:
    """The address of a picture, of the newest where no time is named: `link`, and `qr`, an SVG drawing."""
    seen = {"c": c, "z": z, "hide": hide, "site": site, "theme": theme, "line": line}
    look = look_of(query, Given(seen))
    profile = query.board.profile
    at = query.board.picture(query.scope).at if query.at is None else query.at
    found = permalink(base_of(request), profile, scope=query.scope, at=at, lang=query.lang, look=look)
    return answer({"link": found, "qr": qr(found).decode()})
