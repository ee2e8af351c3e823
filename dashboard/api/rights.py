"""What a route asks of its reader: every route says it, and `routes.undeclared` finds one that does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
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


def declared(route: BaseRoute) -> list[Right | None]:
    """The rights that a route declares; empty where it says nothing."""
    dependant: Dependant | None = getattr(route, "dependant", None)
    return [] if dependant is None else list(_needed([dependant]))


def _needed(dependants: Iterable[Dependant]) -> Iterable[Right | None]:
    for one in dependants:
        if isinstance(one.call, Needs):
            yield one.call.right
        yield from _needed(one.dependencies)
