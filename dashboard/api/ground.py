"""The ground under the sites: counties, border, roads and names, for the map of a page to draw.

It is no part of the page's figure: there, Dash and Plotly each copy every coordinate by itself, which takes
a second of the browser's main thread, and every visit would carry all of it again.
"""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.query import AskedQuery
from dashboard.figures.base_map import ground

router = APIRouter(prefix="/api/v1")


@router.get("/ground")
def under_the_sites(request: Request, query: AskedQuery) -> Response:
    """The layers below the sites by name, each a FeatureCollection with coordinates to about a metre."""
    body = ground(query.board.profile, query.scope).body
    tag = f'W/"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    # It changes with the profile only: a browser asks whether, and mostly need not fetch it again.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
