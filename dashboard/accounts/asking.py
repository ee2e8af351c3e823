"""What the pages of accounts are asked: forms with their tokens, where to go on, from which device."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import Response

from dashboard.accounts.service import Accounts
from dashboard.accounts.sessions import Session
from dashboard.api.problems import Problem, language
from dashboard.board import Board
from dashboard.security import is_secure
from dashboard.theme import THEMES

FORM_BYTES, FIELDS = 16_384, 20
"""The largest form, and the most fields of one."""
LONGEST_NEXT = 2000
WAITING = 20
"""Logins that may wait for their turn; beyond it they are asked to come again."""
NOT_NEXT = ("/login", "/logout")
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip

T = TypeVar("T")


class BusyError(Exception):
    """Too many logins wait already."""


def board_of(request: Request) -> Board:
    """The board that a request is for."""
    board: Board = request.app.state.board
    return board


def session_of(request: Request) -> Session | None:
    """The open session of a request, also of one whose password has to be changed first."""
    return board_of(request).accounts.session_of(request.cookies, secure=is_secure(request.scope))


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def device_of(request: Request) -> str:
    """Browser and system in two words, so that a reader knows their own login again."""
    agent = request.headers.get("user-agent", "")[:500]
    found = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)


def same_site(path: str) -> str:
    """An address to go on to: a path of this server, `/` for whatever might lead elsewhere."""
    strange = not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > LONGEST_NEXT
    if strange or re.search(r"[\x00-\x20\x7f\\]", path):
        return "/"
    return "/" if urlsplit(path).path.rstrip("/") in NOT_NEXT else path


def spoken(request: Request) -> str:
    """The language of a page: as its address says, else as the page that it leads to, else the browser's."""
    if "lang" not in request.query_params:
        after = dict(parse_qsl(urlsplit(same_site(request.query_params.get("next", ""))).query))
        if after.get("lang") in board_of(request).profile.spec.languages:
            return after["lang"]
    return language(request)


def themed(request: Request) -> str:
    """The theme that the address names; "" leaves it to the reader's system."""
    theme = request.query_params.get("theme", "")
    return theme if theme in THEMES else ""


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form; none where it is too large, or no form.

    Raises:
        Problem: the body is no form of these pages.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem("wrong-media-type", got=kind, expected="application/x-www-form-urlencoded")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_BYTES:
            raise Problem("too-large", expected=f"at most {FORM_BYTES} bytes")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        raise Problem("unreadable") from None


def own_form(accounts: Accounts, session: Session, given: dict[str, str]) -> bool:
    """Whether a form was made for this session, and for no other."""
    return _same(accounts.form_token(session.id), given.get("form", ""))


def _same(token: str, shown: str) -> bool:
    # As bytes: of texts, it compares none but ASCII, and what is shown may be anything.
    return hmac.compare_digest(token.encode(), shown.encode())


# Before there is a session, a cookie stands for the browser that the login's form was made for.


def visitor(request: Request) -> str:
    """What a browser without a session is known by; made anew where it shows nothing usable."""
    shown = request.cookies.get(_visitor_cookie(request), "")
    return shown if re.fullmatch(r"[\w-]{20,40}", shown) else secrets.token_urlsafe(20)


def visitors_form(request: Request, given: dict[str, str]) -> bool:
    """Whether the login's form was made for this browser."""
    shown = request.cookies.get(_visitor_cookie(request), "")
    token = board_of(request).accounts.mark("visitor", shown)
    return bool(shown) and _same(token, given.get("form", ""))


def remember_visitor(request: Request, response: Response, known_by: str) -> None:
    """Have the browser show what its form was made for."""
    _set(request, response, _visitor_cookie(request), known_by)


def begin(request: Request, response: Response, token: str) -> Response:
    """Hand a session to the browser."""
    _set(request, response, board_of(request).accounts.cookie(secure=is_secure(request.scope)), token)
    return response


def forget(request: Request, response: Response) -> Response:
    """Take the session back from the browser."""
    secure = is_secure(request.scope)
    name = board_of(request).accounts.cookie(secure=secure)
    response.delete_cookie(name, secure=secure, httponly=True, samesite="lax")
    return response


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, secure=is_secure(request.scope), httponly=True, samesite="lax")


def _visitor_cookie(request: Request) -> str:
    return board_of(request).accounts.cookie(secure=is_secure(request.scope)) + "-form"


async def slowly(request: Request, work: Callable[..., T], *values: Any, **named: Any) -> T:
    """Do what takes a password: in a thread, one at a time, so that the live pictures keep their core.

    Raises:
        BusyError: too many wait already.
    """
    turns: anyio.CapacityLimiter = request.app.state.password_work
    if turns.statistics().tasks_waiting >= WAITING:
        raise BusyError
    return await anyio.to_thread.run_sync(partial(work, *values, **named), limiter=turns)
