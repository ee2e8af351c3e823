"""Addresses under /api/ and /ogc/ that do not exist, and methods that do not apply."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from dashboard.api.problems import Problem, language, respond

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def missing_router(routes: Sequence[BaseRoute]) -> APIRouter:
    """A router for every address under /api/ and /ogc/, to stand after `routes`; others are the page's."""
    router = APIRouter()

    @router.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
    @router.api_route("/ogc", methods=METHODS, include_in_schema=False)
    @router.api_route("/ogc/{rest:path}", methods=METHODS, include_in_schema=False)
    async def missing(request: Request) -> Response:
        allowed: set[str] = set()
        for route in routes:
            if route.matches(request.scope)[0] is Match.PARTIAL:
                allowed |= getattr(route, "methods", None) or set()
        if not allowed:
            raise Problem("unknown-path", got=request.url.path)
        problem = Problem("wrong-method", got=request.method, expected=sorted(allowed))
        headers = {"Allow": ", ".join(sorted(allowed))}
        return respond(problem, path=request.url.path, lang=language(request), headers=headers)

    return router
