"""`/password`: one's own password and one's own logins."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboard.accounts import passwords
from dashboard.accounts.asking import (
    BusyError,
    address_of,
    board_of,
    fields,
    own_form,
    same_site,
    session_of,
    slowly,
    spoken,
)
from dashboard.accounts.login_pages import NO_STORE
from dashboard.accounts.rendering import page
from dashboard.accounts.sessions import Session
from dashboard.board import Board
from dashboard.words import pick, say

LIMITS = {"short": passwords.SHORTEST, "long": passwords.LONGEST}
DID = {"password": "password_done", "ended": "session_ended"}

router = APIRouter(include_in_schema=False)


def words_of(board: Board) -> list[str]:
    """What anyone here would try: the names of the prefecture and its counties, in characters and pinyin."""
    spec = board.profile.spec
    names = [*board.profile.county_name.values(), *(pick(spec.title, lang) for lang in spec.languages)]
    return [spec.id, *passwords.expected(tuple(names))]


@router.get("/password")
def own(request: Request) -> Response:
    """The form and the list."""
    session = session_of(request) if board_of(request).login_asked else None
    if session is None:
        return RedirectResponse("/", 303, NO_STORE)
    did = DID.get(request.query_params.get("did", ""))
    return _show(request, session, note=say(spoken(request), did) if did else "")


@router.post("/password")
async def change(request: Request) -> Response:
    """Change the password; all other logins end."""
    board, lang, session = board_of(request), spoken(request), session_of(request)
    if session is None:
        return RedirectResponse("/login?why=ended", 303, NO_STORE)
    given = await fields(request)
    if not own_form(board.accounts, session, given):
        return page(request, "stale.html", status=403)
    new = given.get("new", "")
    if passwords.normalised(new) != passwords.normalised(given.get("again", "")):
        return _show(request, session, fault=say(lang, "password_differs"), status=422)
    try:
        reason = await slowly(
            request, board.accounts.change_password, session, given.get("old", ""), new,
            await anyio.to_thread.run_sync(words_of, board), address_of(request),
        )  # fmt: skip
    except BusyError:
        return _show(request, session, fault=say(lang, "login_busy"), status=503)
    if reason is not None:
        fault = say(lang, f"password_{reason}", n=LIMITS.get(reason, ""))
        return _show(request, session, fault=fault, status=422)
    after = (
        same_site(request.query_params.get("next", "")) if session.must_change else "/password?did=password"
    )
    return RedirectResponse(after, 303, NO_STORE)


@router.post("/password/end")
async def end(request: Request) -> Response:
    """End another of one's own logins, or all others."""
    board, session = board_of(request), session_of(request)
    if session is None:
        return RedirectResponse("/login?why=ended", 303, NO_STORE)
    given, accounts = await fields(request), board.accounts
    if not own_form(accounts, session, given):
        return page(request, "stale.html", status=403)

    def end_them() -> None:
        for one in accounts.sessions.all(session.account):
            if given.get("id") == one.id or ("others" in given and one.id != session.id):
                accounts.end(one.id, by=session.account)

    await anyio.to_thread.run_sync(end_them)
    return RedirectResponse("/password?did=ended", 303, NO_STORE)


def _show(
    request: Request, session: Session, *, note: str = "", fault: str = "", status: int = 200
) -> Response:
    board = board_of(request)
    return page(
        request, "password.html", status=status, note=note, fault=fault, shortest=passwords.SHORTEST,
        sessions=board.accounts.sessions.all(session.account),
        local=board.accounts.book.get(session.account).source == "local",
    )  # fmt: skip
