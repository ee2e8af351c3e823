"""Every address under /ogc/."""

from __future__ import annotations

from fastapi import APIRouter

from dashboard.ogc import collections, items, landing, schemas


def routers() -> list[APIRouter]:
    """The routers, in the order in which they are asked."""
    return [landing.router, collections.router, schemas.router, items.router]
