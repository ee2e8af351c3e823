"""The HTTP interface: one module per noun, all of them functions of a picture and a scope."""

from __future__ import annotations

from fastapi import FastAPI

from dashboard.api import (
    alerts,
    files,
    gaps,
    health,
    layers,
    lines,
    metrics,
    missing,
    picture,
    problems,
    readings,
    series,
    sites,
)

MODULES = (health, picture, sites, series, lines, gaps, alerts, layers, readings, files, metrics)


def install(app: FastAPI) -> None:
    """Add every route of the interface, and the answer for what is none."""
    problems.install(app)
    for module in MODULES:
        app.include_router(module.router)
    # Last: it takes every address under /api/ that none of the others took.
    app.include_router(missing.router)
