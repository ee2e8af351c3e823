"""`/accounts/displays`: the administrator's page of displays' links."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboard.access import access_now
from dashboard.accounts.asking import board_of, fields, own_form, session_of, spoken
from dashboard.accounts.book import AccountError
from dashboard.accounts.displays import ROTATIONS, SEEN_EVERY_S, THEMES, Display, Look
from dashboard.accounts.login_pages import NO_STORE
from dashboard.accounts.rendering import LANGUAGES, page
from dashboard.accounts.service import TERMINAL
from dashboard.words import say

PATH = "/accounts/displays"
THERE_S = 3 * SEEN_EVERY_S
"""A display that was seen this lately is there now."""

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def displays(request: Request) -> Response:
    """The page; for administrators."""
    if not access_now().may("administer"):
        return page(request, "refused.html", status=403)
    done = request.query_params.get("did") == "withdrawn"
    return _show(request, note=say(spoken(request), "display_done") if done else "")


@router.post(PATH)
async def act(request: Request) -> Response:
    """Make a link, or withdraw one."""
    session, lang = session_of(request), spoken(request)
    if session is None or not access_now().may("administer"):
        return page(request, "refused.html", status=403)
    given, board = await fields(request), board_of(request)
    if not own_form(board.accounts, session, given):
        return page(request, "stale.html", status=403)
    kept, counties = board.accounts.displays, frozenset(board.profile.county_name)
    try:
        if "withdraw" in given:
            await anyio.to_thread.run_sync(lambda: kept.withdraw(given["withdraw"], by=session.account))
            return RedirectResponse(f"{PATH}?did=withdrawn", 303, NO_STORE)
        look = look_of(given, board.profile.spec.languages)
        made = await anyio.to_thread.run_sync(
            lambda: kept.add(given.get("name", ""), look, by=session.account, counties=counties)
        )
    except AccountError as error:
        return _show(
            request, fault=say(lang, f"account_{error.key}", **error.values), given=given, status=422
        )
    # Shown here and never again, as an account's first password is.
    return _show(request, made=made, link=f"{base_of(request)}{kept.address_of(made)}")


def look_of(given: dict[str, str], languages: list[str]) -> Look:
    """How a display is to show the board, as a form says it."""
    rotate, lang = given.get("rotate", "0"), given.get("lang", "")
    return Look(
        scope=given.get("scope", ""),
        rotate_s=int(rotate) if rotate.isdecimal() and len(rotate) < 6 else 0,
        theme=given.get("theme", THEMES[0]),
        lang=lang if lang in languages else languages[0],
        sound=given.get("sound") == "1",
    )


def base_of(request: Request) -> str:
    """Scheme and host by which this request reached the board."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _show(
    request: Request, *, note: str = "", fault: str = "", status: int = 200, made: Display | None = None,
    link: str = "", given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    board, now = board_of(request), board_of(request).clock()
    every = board.accounts.displays.all()
    return page(
        request, "displays.html", status=status, note=note, fault=fault, made=made, link=link,
        given=given or {}, rotations=ROTATIONS, themes=THEMES,
        langs=[(code, LANGUAGES.get(code, code)) for code in board.profile.spec.languages],
        displays=[one for one in every if one.withdrawn_at is None],
        withdrawn=[one for one in every if one.withdrawn_at is not None],
        doer=lambda by: say(spoken(request), "by_terminal") if by == TERMINAL else by,
        there=lambda one: one.seen_at is not None and now - one.seen_at < THERE_S,
    )  # fmt: skip
