"""`/accounts`: the administrator's page of accounts, open logins and events."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboard.access import access_now
from dashboard.accounts.asking import BusyError, board_of, fields, own_form, session_of, slowly, spoken
from dashboard.accounts.book import ROLES, AccountError, clean_name
from dashboard.accounts.login_pages import NO_STORE
from dashboard.accounts.rendering import page
from dashboard.accounts.service import ONE_TIME_S, TERMINAL, Accounts
from dashboard.accounts.sessions import Session
from dashboard.words import WORDS, say

EVENTS = 50
"""Events of one page."""
DID = {
    "saved": "account_saved", "disabled": "account_disabled", "enabled": "account_enabled",
    "ended": "session_ended",
}  # fmt: skip

router = APIRouter(include_in_schema=False)


@router.get("/accounts")
def accounts(request: Request) -> Response:
    """The page; for administrators."""
    if not access_now().may("administer"):
        return page(request, "refused.html", status=403)
    did = DID.get(request.query_params.get("did", ""))
    return _show(request, note=say(spoken(request), did) if did else "")


@router.post("/accounts")
async def act(request: Request) -> Response:
    """Do one thing: add, change, disable, enable, reset, or end a login."""
    session, lang = session_of(request), spoken(request)
    if session is None or not access_now().may("administer"):
        return page(request, "refused.html", status=403)
    given, board = await fields(request), board_of(request)
    if not own_form(board.accounts, session, given):
        return page(request, "stale.html", status=403)
    counties = frozenset(board.profile.county_name)
    try:
        does = DOES.get(given.get("do", ""), _nothing)
        did, password = await slowly(request, does, board.accounts, session, given, counties)
    except AccountError as error:
        fault = say(lang, f"account_{error.key}", **error.values)
        return _show(request, fault=fault, given=given, status=422)
    except BusyError:
        return _show(request, fault=say(lang, "login_busy"), status=503)
    if password:
        # Shown here and never again: it is in no address, no cookie and no store.
        return _show(request, password=password, name=clean_name(given.get("name", "")))
    return RedirectResponse(f"/accounts?did={did}" + _kept(request), 303, NO_STORE)


def _add(accounts: Accounts, by: Session, given: dict[str, str], counties: frozenset[str]) -> tuple[str, str]:
    role, scope = given.get("role", ""), given.get("scope", "")
    password = accounts.add(given.get("name", ""), role, scope, by=by.account, counties=counties)
    return "", password


def _edit(
    accounts: Accounts, by: Session, given: dict[str, str], counties: frozenset[str]
) -> tuple[str, str]:
    role, scope = given.get("role", ""), given.get("scope", "")
    accounts.change(given.get("name", ""), role, scope, by=by.account, counties=counties)
    return "saved", ""


def _disable(accounts: Accounts, by: Session, given: dict[str, str], _: frozenset[str]) -> tuple[str, str]:
    accounts.disable(given.get("name", ""), by=by.account)
    return "disabled", ""


def _enable(accounts: Accounts, by: Session, given: dict[str, str], _: frozenset[str]) -> tuple[str, str]:
    accounts.enable(given.get("name", ""), by=by.account)
    return "enabled", ""


def _reset(accounts: Accounts, by: Session, given: dict[str, str], _: frozenset[str]) -> tuple[str, str]:
    return "", accounts.reset(given.get("name", ""), by=by.account)


def _end(accounts: Accounts, by: Session, given: dict[str, str], _: frozenset[str]) -> tuple[str, str]:
    accounts.end(given.get("id", ""), by=by.account)
    return "ended", ""


def _nothing(*_: object) -> tuple[str, str]:
    return "", ""


Does = Callable[[Accounts, Session, dict[str, str], frozenset[str]], tuple[str, str]]
DOES: dict[str, Does] = {
    "add": _add, "change": _edit, "disable": _disable, "enable": _enable, "reset": _reset, "end": _end,
}  # fmt: skip
"""What a form may ask for, to what does it: the word of what was done, or a one-time password."""


def _show(
    request: Request, *, note: str = "", fault: str = "", status: int = 200, password: str = "",
    name: str = "", given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    kept, lang = board_of(request).accounts, spoken(request)
    asked = request.query_params.get("before", "")
    before = int(asked) if re.fullmatch(r"[0-9]{1,15}", asked) else None

    def told(kind: str) -> str:
        return say(lang, f"event_{kind}") if f"event_{kind}" in WORDS else kind

    def doer(by: str) -> str:
        return say(lang, "by_terminal") if by == TERMINAL else by

    return page(
        request, "accounts.html", status=status, note=note, fault=fault, password=password, name=name,
        given=given or {}, roles=ROLES, accounts=kept.book.all(), sessions=kept.sessions.all(), told=told,
        doer=doer, days=ONE_TIME_S // 86_400, most=EVENTS, older=before is not None,
        events=kept.journal.newest(EVENTS, before=before),
    )  # fmt: skip


def _kept(request: Request) -> str:
    """The language and the theme, which stay in the address."""
    return "".join(
        f"&{name}={request.query_params[name]}"
        for name in ("lang", "theme")
        if request.query_params.get(name, "").replace("-", "").isalpha()
    )
