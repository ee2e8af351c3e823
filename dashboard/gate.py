"""The gate: every request passes it and goes on with the access of whoever makes it.

Three answers to who is not logged in: a page is sent to the login, the interface gets a problem document, a
socket is closed with 4401. What answers everybody goes on as `NOBODY`, whom its route gives what it may.
"""

from __future__ import annotations

import logging
from typing import NamedTuple
from urllib.parse import quote

import anyio
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import NOBODY, OPEN, Access, acting
from dashboard.accounts import kiosk
from dashboard.accounts.service import access
from dashboard.accounts.sessions import Session
from dashboard.api.problems import Problem, language, respond
from dashboard.board import Board
from data.store import StoreError
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.gate")
NO_LOGIN = 4401
"""Close code of a socket whose reader is not logged in, or not any more."""
LOGIN, PASSWORD, LOGOUT = "/login", "/password", "/logout"
PUBLIC = frozenset(
    (
        *(LOGIN, LOGOUT, "/api/health", "/_favicon.ico"),
        *(f"{LOGIN}/{name}" for name in ("style.css", "show.js", "wall.js", "oidc", "oidc/back")),
        *("/waiting", "/waiting.css", "/waiting.js", "/worker.js"),  # for a browser that finds no server
    )
)
"""Addresses that answer everybody; how much, they decide by the access. Each is named whole: what only begins
like one of them would be answered by the route of all pages. (Files never get here: `dashboard.static`.)"""
BY_TOKEN = frozenset(
    (
        *(("POST", "/api/v1/readings"), ("GET", "/api/v1/alerts.atom")),
        *(("GET", "/metrics"), ("HEAD", "/metrics")),
    )
)
"""Doors of machines: their routes ask for a token, or for a login."""
NOT_PAGES = ("/api/", "/ogc", "/assets/", "/_dash", "/_reload", "/metrics")
SECURE = ("https", "wss")


class Standing(NamedTuple):
    """Who makes a request, as far as the gate found out."""

    access: Access | None
    """None for nobody."""
    session: Session | None = None
    """The login that it rests on, where there is one."""
    stale: bool = False
    """A login was shown that has ended."""


class Gate:
    """Finds out whose request it is; what goes on from here can ask `dashboard.access.access_now`."""

    def __init__(self, app: ASGIApp, *, board: Board) -> None:
        self.app = app
        self.board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if self.board.login_asked and _page(scope) and kiosk.names_key(scope):
            await kiosk.show(self.board, self.app, scope, receive, send)
            return
        try:
            found = standing(self.board, scope)
            if found.session is not None and self.board.accounts.sessions.needs_noting(found.session):
                await anyio.to_thread.run_sync(self.board.accounts.sessions.seen, found.session)
        except (StoreError, FaultsError) as error:
            LOG.error("The accounts cannot be read: %s", error)
            await _refuse(Problem("accounts-failed"), scope, receive, send)
            return
        allowed, due = found.access, found.session is not None and found.session.must_change
        if due and scope["path"] != PASSWORD:
            allowed = None
        if allowed is None and _public(scope):
            allowed = NOBODY
        if allowed is None and _page(scope) and kiosk.comes_back(self.board.accounts, scope):
            await kiosk.withdrawn(self.board, scope, receive, send)
            return
        if allowed is None:
            await _turn_away(scope, receive, send, due=due, stale=found.stale)
            return
        with acting(allowed):
            await self.app(scope, receive, send)


def standing(board: Board, scope: Scope) -> Standing:
    """Who makes a request: by its session, or everybody where a demonstration is open."""
    if not board.login_asked:
        return Standing(OPEN)
    cookies, secure = HTTPConnection(scope).cookies, scope["scheme"] in SECURE
    accounts = board.accounts
    session = accounts.session_of(cookies, secure=secure)
    if session is not None:
        return Standing(access(session), session)
    display = kiosk.by_cookie(accounts, cookies, secure=secure)
    if display is not None and accounts.valid(display.access.session):
        return Standing(display.access)
    return Standing(None, stale=accounts.cookie(secure=secure) in cookies)


def _page(scope: Scope) -> bool:
    """Whether a request is for one of the board's pages."""
    reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return reads and not scope["path"].startswith(NOT_PAGES) and not _public(scope)


def _public(scope: Scope) -> bool:
    path = scope["path"]
    return path in PUBLIC or (scope["type"] == "http" and (scope["method"], path) in BY_TOKEN)


async def _turn_away(scope: Scope, receive: Receive, send: Send, *, due: bool, stale: bool) -> None:
    """Answer somebody who may not go on, in the way that fits what was asked."""
    if scope["type"] == "websocket":
        await _refuse(Problem("no-login"), scope, receive, send)
    elif scope["path"].startswith(NOT_PAGES) or scope["method"] not in ("GET", "HEAD", "POST"):
        problem = Problem("password-due" if due else "no-login")
        await _refuse(problem, scope, receive, send)
    else:
        # Only what was asked for by GET can be asked for again.
        here = scope["path"] + (
            f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        )
        asked = {"next": here} if scope["method"] != "POST" and here != "/" else {}
        asked |= {"why": "ended"} if stale and not due else {}
        query = "&".join(f"{name}={quote(value, safe='/')}" for name, value in asked.items())
        to = (PASSWORD if due else LOGIN) + (f"?{query}" if query else "")
        await RedirectResponse(to, 303, {"Cache-Control": "no-store"})(scope, receive, send)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # A browser is told a close code only by a socket that was opened.
        await receive()
        await send({"type": "websocket.accept"})
        code = NO_LOGIN if problem.status in (401, 403) else 1011
        await send({"type": "websocket.close", "code": code, "reason": problem.kind})
        return
    request = Request(scope)
    headers = {"Cache-Control": "no-store"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Session realm="threeline"'
    answer: Response = respond(problem, path=scope["path"], lang=language(request), headers=headers)
    await answer(scope, receive, send)
