"""What a route asks of its reader: each says it, and the board does not start with one that does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from dashboard.access import Right, access_now
from dashboard.api.problems import Problem


@dataclass(frozen=True)
class Needs:
    """Lets through who has a right."""

    right: Right | None
    """None: the route answers everybody, and decides by itself how much."""

    async def __call__(self) -> None:
        """Refuse who has it not."""
        if self.right is not None and not access_now().may(self.right):
            raise Problem(f"no-{self.right}")


def needs(right: Right | None) -> Any:
    """The dependency that a route declares its right by."""
    return Depends(Needs(right))


BY_THE_GATE = frozenset(
    (
        "/",
        "{path:path}",
        "{path:path}",
        "/assets",
        "/_dash-layout",
        "/_dash-dependencies",
        "/_dash-update-component",
        "/_dash-component-suites/{package_name}/{fingerprinted_path:path}",
        "/_dash-ws-callback",
        "/_reload-hash",
        "/_favicon.ico",
        "/api/openapi.json",
    )
)
"""Routes of others' making, which cannot declare anything: whoever the gate lets through may have them. They
hold nothing of the prefecture, but for the callbacks, which have a desk to take it from; the socket of
callbacks is shut (`dashboard.security`)."""


def rights(routes: Sequence[BaseRoute]) -> dict[tuple[str, str], list[Right | None]]:
    """Path and methods of every route to the rights that it declares; empty where it says nothing."""
    found: dict[tuple[str, str], list[Right | None]] = {}
    for route in iter_route_contexts(routes):
        methods = ",".join(sorted(route.methods or ())) if hasattr(route, "methods") else ""
        dependant: Dependant | None = getattr(route, "dependant", None)
        found[str(route.path), methods] = [] if dependant is None else list(_needed([dependant]))
    return found


def check_declared(routes: Sequence[BaseRoute]) -> None:
    """Stop the start where a route has no declared right.

    Raises:
        LookupError: there is such a route.
    """
    bare = [path for (path, _), said in rights(routes).items() if not said and path not in BY_THE_GATE]
    if bare:
        raise LookupError(f"These routes do not say who may use them (dashboard/api/rights.py): {bare}")


def _needed(dependants: Iterable[Dependant]) -> Iterable[Right | None]:
    for one in dependants:
        if isinstance(one.call, Needs):
            yield one.call.right
        yield from _needed(one.dependencies)
