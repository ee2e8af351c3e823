"""Which routes there are, and the answer for what is none."""

from __future__ import annotations

from functools import cache
from types import ModuleType

import anyio
from fastapi import APIRouter, Depends, FastAPI

from dashboard import waiting
from dashboard.access import Right
from dashboard.api import (
    alerts,
    answers,
    basemap,
    compliance,
    deliveries,
    details,
    duty,
    export,
    exports,
    feed,
    fences,
    files,
    findings,
    forecast,
    gaps,
    ground,
    handover,
    health,
    journal,
    layers,
    lines,
    link,
    metrics,
    picture,
    problems,
    readings,
    rounds,
    series,
    silences,
    sites,
)
from dashboard.api.missing import missing_router
from dashboard.api.query import known_names
from dashboard.api.rights import needs
from dashboard.ogc.moments import Pictures
from dashboard.ogc.routes import routers

MODULES: dict[ModuleType, Right | None] = {
    health: None,
    waiting: None,
    picture: "see",
    sites: "see",
    series: "see",
    details: "see",
    forecast: "see",
    lines: "see",
    gaps: "see",
    deliveries: "see",
    duty: "see",
    feed: None,
    alerts: "see",
    compliance: "see",
    answers: "operate",
    journal: "see",
    handover: "see",
    silences: "see",
    layers: "see",
    readings: None,
    files: "export",
    link: "export",
    exports: "export",
    basemap: "see",
    fences: "see",
    ground: "see",
    rounds: "see",
    findings: "see",
    export: "export",
    metrics: None,
}
"""Module to what all of its routes ask of the reader; one may ask for more. None: it decides by itself."""
EXPORTS = 2
"""Files of layers made at once."""


@cache
def interface() -> APIRouter:
    """Every route of the interface, and the answer for what is none: put together once for all boards."""
    every = APIRouter()
    for module, right in MODULES.items():
        # What collects metrics may add names of its own.
        strict = [] if module is metrics else [Depends(known_names)]
        every.include_router(module.router, dependencies=[needs(right), *strict])
    for router in routers():
        every.include_router(router, dependencies=[needs("see")])
    # Last: it takes every address under /api/ and /ogc/ that none of the others took.
    taken = [*(module.router for module in MODULES), *routers()]
    missing = missing_router([route for router in taken for route in router.routes])
    every.include_router(missing, dependencies=[needs(None)])
    return every


def install(app: FastAPI) -> None:
    """Add every route, and what they share."""
    problems.install(app)
    app.state.pictures = Pictures(app.state.board)
    app.state.board.engine.subscribe(app.state.pictures.follow)
    app.state.exports = anyio.CapacityLimiter(EXPORTS)
    # Not included as a router, which would take every route apart again for each board.
    app.router.routes += interface().routes
