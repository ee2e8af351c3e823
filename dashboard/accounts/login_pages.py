"""`/login` and `/logout`."""

from __future__ import annotations

from datetime import datetime

import anyio
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard.accounts.asking import (
    BusyError,
    address_of,
    begin,
    board_of,
    device_of,
    fields,
    forget,
    own_form,
    remember_visitor,
    same_site,
    session_of,
    slowly,
    spoken,
    visitor,
    visitors_form,
)
from dashboard.accounts.rendering import page
from dashboard.words import say

WHY = ("ended", "out", "provider")
"""What the address may say about why a login is needed; the words are `login_<why>`."""
NO_STORE = {"Cache-Control": "no-store"}

router = APIRouter(include_in_schema=False)


@router.get("/login")
def login(request: Request) -> Response:
    """The form; whoever is logged in already, or need not be, goes on."""
    session = session_of(request) if board_of(request).login_asked else None
    if session is not None or not board_of(request).login_asked:
        return _go_on(request)
    why = request.query_params.get("why", "")
    return _form(request, note=say(spoken(request), f"login_{why}") if why in WHY else "")


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Open a session, or say why not in words that do not tell which accounts there are."""
    board, lang = board_of(request), spoken(request)
    given = await fields(request)
    name = given.get("name", "")
    if not visitors_form(request, given):
        return _form(request, name=name, fault=say(lang, "form_stale"), status=403)
    try:
        found = await slowly(
            request, board.accounts.log_in, name, given.get("password", ""),
            address=address_of(request), device=device_of(request),
        )  # fmt: skip
    except BusyError:
        return _form(request, name=name, fault=say(lang, "login_busy"), status=503)
    if found.state == "in":
        return begin(request, _go_on(request), found.token)
    if found.state == "wrong":
        return _form(request, name=name, fault=say(lang, "login_wrong"), status=401)
    if found.until is None:
        return _form(request, name=name, fault=say(lang, "login_locked_ever"), status=429)
    time = datetime.fromtimestamp(found.until, board.profile.zone).strftime("%H:%M:%S")
    answer = _form(request, name=name, fault=say(lang, "login_locked", time=time), status=429)
    answer.headers["Retry-After"] = str(max(1, round(found.until - board.clock())))
    return answer


@router.get("/logout")
def way_out(_: Request) -> Response:
    """No address logs anybody out: the button for it is elsewhere."""
    return RedirectResponse("/password", 303, NO_STORE)


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session; asked for by a form of it, so that no other page can."""
    session = session_of(request)
    if session is None:
        return RedirectResponse("/login", 303, NO_STORE)
    accounts = board_of(request).accounts
    if not own_form(accounts, session, await fields(request)):
        return page(request, "stale.html", status=403)
    await anyio.to_thread.run_sync(lambda: accounts.end(session.id, by=session.account, kind="logout"))
    # A login that another server vouched for ends there, too.
    leave = getattr(request.app.state, "leave", None)
    onward = await leave(request, session) if leave else None
    return forget(request, onward or RedirectResponse("/login?why=out", 303, NO_STORE))


def _go_on(request: Request) -> Response:
    return RedirectResponse(same_site(request.query_params.get("next", "")), 303, NO_STORE)


def _form(
    request: Request, *, name: str = "", note: str = "", fault: str = "", status: int = 200
) -> HTMLResponse:
    known_by = visitor(request)
    token = board_of(request).accounts.mark("visitor", known_by)
    ways = getattr(request.app.state, "ways", [])
    answer = page(
        request, "login.html", status=status, name=name[:64], note=note, fault=fault, token=token, ways=ways
    )
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Session realm="threeline"'
    remember_visitor(request, answer, known_by)
    return answer
