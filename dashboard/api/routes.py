"""Which routes there are, and the answer for what is none."""

from __future__ import annotations

import anyio
from fastapi import Depends, FastAPI

from dashboard.api import (
    alerts,
    basemap,
    export,
    fences,
    files,
    gaps,
    health,
    layers,
    lines,
    metrics,
    picture,
    problems,
    readings,
    series,
    sites,
)
from dashboard.api.missing import missing_router
from dashboard.api.query import known_names
from dashboard.ogc.moments import Pictures
from dashboard.ogc.routes import routers

MODULES = (
    health,
    picture,
    sites,
    series,
    lines,
    gaps,
    alerts,
    layers,
    readings,
    files,
    basemap,
    fences,
    export,
    metrics,
)
EXPORTS = 2
"""Files of layers made at once."""


def install(app: FastAPI) -> None:
    """Add every route of the interface, and the answer for what is none."""
    problems.install(app)
    for module in MODULES:
        # What collects metrics may add names of its own.
        strict = [] if module is metrics else [Depends(known_names)]
        app.include_router(module.router, dependencies=strict)
    app.state.pictures = Pictures()
    app.state.board.engine.subscribe(app.state.pictures.follow)
    app.state.exports = anyio.CapacityLimiter(EXPORTS)
    for router in routers():
        app.include_router(router)
    # Last: it takes every address under /api/ and /ogc/ that none of the others took.
    taken = [*(module.router for module in MODULES), *routers()]
    app.include_router(missing_router([route for router in taken for route in router.routes]))
