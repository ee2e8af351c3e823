"""The pages of accounts, and the files that they are made with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dashboard.accounts import accounts_page, displays_page, login_pages, password_page
from dashboard.accounts.rendering import TEMPLATES, style
from dashboard.api.rights import needs
from dashboard.board import Board

SCRIPTS = ("show.js", "wall.js")
"""What makes passwords visible, and what a display without its link tries again with."""


def install(app: FastAPI) -> None:
    """Add every page, each of which decides itself whom it answers; passwords are worked on one at a time."""
    app.state.password_work = anyio.CapacityLimiter(1)
    for module in (login_pages, password_page, accounts_page, displays_page):
        app.include_router(module.router, dependencies=[needs(None)])
    board: Board = app.state.board
    if board.settings.oidc_issuer:
        # Only where it is wanted: the library of signatures takes a moment to load.
        from dashboard.accounts import oidc_pages  # noqa: PLC0415
        from dashboard.accounts.sign_on import SignOn  # noqa: PLC0415

        app.state.sign_on, app.state.leave = SignOn(board.settings), oidc_pages.leave
        app.state.ways = [("sign_on_way", oidc_pages.PATH)]
        app.include_router(oidc_pages.router, dependencies=[needs(None)])
    for name in SCRIPTS:
        app.add_api_route(
            f"/login/{name}", _script(TEMPLATES / name), include_in_schema=False, dependencies=[needs(None)]
        )

    @app.get("/login/style.css", include_in_schema=False, dependencies=[needs(None)])
    async def css(request: Request) -> Response:
        text, tag = style()
        lasting = request.query_params.get("v") == tag
        keep = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return Response(text, media_type="text/css", headers={"Cache-Control": keep})


def _script(path: Path) -> Callable[[], Response]:
    def answer() -> Response:
        return FileResponse(path, media_type="text/javascript", headers={"Cache-Control": "max-age=3600"})

    return answer
