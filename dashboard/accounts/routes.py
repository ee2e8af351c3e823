"""The pages of accounts, and the small script that they can do without."""

from __future__ import annotations

from pathlib import Path

import anyio
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dashboard.accounts import accounts_page, login_pages, password_page

SCRIPT = Path(__file__).parent / "templates" / "show.js"


def install(app: FastAPI) -> None:
    """Add every page; passwords are worked on one at a time."""
    app.state.password_work = anyio.CapacityLimiter(1)
    for module in (login_pages, password_page, accounts_page):
        app.include_router(module.router)

    @app.get("/login/show.js", include_in_schema=False)
    async def show(_: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=3600"})
