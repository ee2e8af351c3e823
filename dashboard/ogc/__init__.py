"""The layers and the live sites as OGC API Features, so that QGIS and its like open them by address."""

from __future__ import annotations

from fastapi import APIRouter

from dashboard.ogc import collections, items, landing, schemas
from dashboard.ogc.moments import Pictures

__all__ = ["Pictures", "routers"]


def routers() -> list[APIRouter]:
    """Every address under /ogc/."""
    return [landing.router, collections.router, schemas.router, items.router]
