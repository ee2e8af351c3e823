"""Addresses under /api/ that do not exist, and methods that do not apply."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import Match

from dashboard.api.problems import Problem, language, respond

router = APIRouter()


@router.api_route(
    "/api/{rest:path}",
    methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    include_in_schema=False,
)
async def missing(request: Request) -> Response:
    """Say what is wrong with the address, where the page shell would answer any other."""
    allowed: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is Match.PARTIAL:
            allowed |= getattr(route, "methods", None) or set()
    if allowed:
        problem = Problem("wrong-method", got=request.method, expected=sorted(allowed))
        headers = {"Allow": ", ".join(sorted(allowed))}
        return respond(problem, path=request.url.path, lang=language(request), headers=headers)
    raise Problem("unknown-path", got=request.url.path)
