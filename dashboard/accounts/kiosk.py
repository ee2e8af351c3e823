"""Kiosk: how the browser of a wall shows its link: in the address of its page, and in a cookie.

The key stays in the address, so that a display which loses its cookies, or is restored from a bookmark,
comes back by itself. The cookie is for what cannot carry it: the live socket, callbacks, tiles.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import acting
from dashboard.accounts.displays import THEMES, Display
from dashboard.accounts.rendering import PAGES, style
from dashboard.accounts.service import Accounts
from dashboard.board import Board
from dashboard.security import is_secure
from dashboard.words import pick, say
from data.store import StoreError
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.gate")

LASTS_S = 400 * 86_400
"""As long as browsers keep a cookie at most; every visit sets it again."""
QUERY_BYTES = 2048
"""Longer queries are no link's."""
OURS = ("kiosk", "rotate", "theme", "lang", "sound")
"""What a link decides about the address, beside its key."""


def asked(scope: Scope) -> dict[str, str]:
    """What a page's address asks for; the last of each name."""
    return dict(parse_qsl(scope["query_string"][:QUERY_BYTES].decode("latin-1"), keep_blank_values=True))


def cookie(accounts: Accounts, *, secure: bool) -> str:
    """The name of a display's cookie; two boards under one host name do not share it."""
    return ("__Host-" if secure else "") + "threeline-display-" + accounts.mark("display")[:8]


def by_cookie(accounts: Accounts, cookies: Mapping[str, str], *, secure: bool) -> Display | None:
    """The display that a request's cookie names, also one whose link was withdrawn."""
    return accounts.displays.of_key(cookies.get(cookie(accounts, secure=secure), ""))


def moved(scope: Scope, display: Display, key: str) -> str | None:
    """The address that a display should be at, where it is at another: its link decides how it looks."""
    there = asked(scope)
    wanted = display.look.asked() | {"key": key}
    if {name: value for name, value in there.items() if name in (*OURS, "key")} == wanted:
        return None
    rest = {name: value for name, value in there.items() if name not in (*OURS, "key")}
    return f"{scope['path']}?{urlencode(wanted | rest)}"


def untold(send: Send) -> Send:
    """A `send` for pages whose address holds a key: it goes into no Referer, not even to this server."""

    async def send_untold(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Referrer-Policy"] = "no-referrer"
        await send(message)

    return send_untold


def keeping(send: Send, name: str, key: str, *, secure: bool) -> Send:
    """A `send` that gives the browser its cookie with the answer; an empty key takes it away."""
    lasts = LASTS_S if key else 0
    value = f"{name}={key}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Strict" + (
        "; Secure" if secure else ""
    )

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Set-Cookie", value)
        await send(message)

    return send_with_cookie


def names_key(scope: Scope) -> bool:
    """Whether a page's address names a key, be it a good one or not."""
    return b"key=" in scope["query_string"] and "key" in asked(scope)


def comes_back(accounts: Accounts, scope: Scope) -> bool:
    """Whether a request is a display's whose link is in force no more: it wants the wall and has a cookie."""
    name = cookie(accounts, secure=is_secure(scope))
    return asked(scope).get("kiosk") == "1" and name in HTTPConnection(scope).cookies


async def show(board: Board, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer for a page whose address names a key: as the display that it is, and as nobody else.

    Who is logged in here only tries a link out: that browser is not made a display's by it.
    """
    accounts, key, secure, send = board.accounts, asked(scope)["key"], is_secure(scope), untold(send)
    try:
        display = accounts.displays.of_key(key)
        in_force = display is not None and accounts.valid(display.access.session)
        logged_in = accounts.session_of(HTTPConnection(scope).cookies, secure=secure) is not None
    except (StoreError, FaultsError) as error:
        LOG.error("The links of displays cannot be read: %s", error)
        await _calm(board, "unavailable", None, scope)(scope, receive, send)
        return
    if display is None or not in_force:
        await withdrawn(board, scope, receive, send, display)
        return
    if not logged_in:
        send = keeping(send, cookie(accounts, secure=secure), key, secure=secure)
    elsewhere = moved(scope, display, key)
    if elsewhere is not None:
        await RedirectResponse(elsewhere, 303, {"Cache-Control": "no-store"})(scope, receive, send)
        return
    with acting(display.access):
        await app(scope, receive, send)


async def withdrawn(
    board: Board, scope: Scope, receive: Receive, send: Send, display: Display | None = None
) -> None:
    """Tell a display that its link is in force no more; the page tries again by itself."""
    if display is None and "key" not in asked(scope):
        display = by_cookie(board.accounts, HTTPConnection(scope).cookies, secure=is_secure(scope))
    await _calm(board, "withdrawn" if display else "unknown", display, scope)(scope, receive, send)


def _calm(board: Board, state: str, display: Display | None, scope: Scope) -> HTMLResponse:
    """A page that says in words what is wrong; nothing in it needs the accounts."""
    profile, there = board.profile, asked(scope)
    lang = there.get("lang", display.look.lang if display else "")
    lang = lang if lang in profile.spec.languages else profile.spec.languages[0]
    theme = there.get("theme", display.look.theme if display else "")
    at = datetime.fromtimestamp(display.withdrawn_at or 0, profile.zone) if display else None
    told = {"name": display.name, "time": at.strftime("%Y-%m-%d %H:%M")} if display and at else {}
    html = PAGES.get_template("withdrawn.html").render(
        lang=lang,
        theme=theme if theme in THEMES else "dark",
        style=style()[1],
        board_title=pick(profile.spec.title, lang),
        say=partial(say, lang),
        heading=say(lang, f"display_{state}_title"),
        what=say(lang, f"display_{state}", **told),
        ask="" if state == "unavailable" else say(lang, "display_ask"),
        zone=profile.spec.timezone,
        tried=say(lang, "display_tried_at", time="{time}"),
        session=None,
    )
    return HTMLResponse(html, 503 if state == "unavailable" else 403, {"Cache-Control": "no-store"})
