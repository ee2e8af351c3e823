"""`/login/oidc`: to the provider, back from it, and, after a logout, out of it again."""

from __future__ import annotations

import hmac
import logging
from functools import partial

import anyio
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboard.accounts.asking import address_of, begin, board_of, device_of, same_site, spoken
from dashboard.accounts.login_pages import NO_STORE
from dashboard.accounts.provider import NotProven, ProviderDown
from dashboard.accounts.rendering import page
from dashboard.accounts.sessions import Session
from dashboard.accounts.sign_on import UNDER_WAY_S, NotAllowed, SignOn, UnderWay
from dashboard.security import is_secure
from dashboard.words import say
from data.store import StoreError

LOG = logging.getLogger("threeline.gate")
PATH, BACK = "/login/oidc", "/login/oidc/back"
LONGEST = 4096
"""Characters of what comes back in the address."""

router = APIRouter(include_in_schema=False)


def sign_on_of(request: Request) -> SignOn:
    """The sign-on of the board that a request is for."""
    found: SignOn = request.app.state.sign_on
    return found


@router.get(PATH)
async def start(request: Request) -> Response:
    """Send the browser to the provider; where it does not answer, back to the login that says so."""
    sign_on, after = sign_on_of(request), same_site(request.query_params.get("next", ""))
    under_way = UnderWay.begin(after, sign_on.now())
    try:
        address = await sign_on.provider.login_address(
            state=under_way.state, nonce=under_way.nonce, verifier=under_way.verifier,
            back=_own(request, BACK), lang=spoken(request),
        )  # fmt: skip
    except ProviderDown as error:
        return _down(request, error, after)
    answer = RedirectResponse(address, 303, NO_STORE)
    answer.set_cookie(
        _cookie(request, under_way.state), under_way.sealed(board_of(request).accounts), max_age=UNDER_WAY_S,
        path=PATH, secure=is_secure(request.scope), httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


@router.get(BACK)
async def back(request: Request) -> Response:
    """Open a session for whom the provider sent back, or say what is wrong in words to act on."""
    sign_on, board, query = sign_on_of(request), board_of(request), request.query_params
    state, code = query.get("state", "")[:LONGEST], query.get("code", "")[:LONGEST]
    name = _cookie(request, state)
    under_way = UnderWay.opened(board.accounts, request.cookies.get(name, ""), sign_on.now())
    if under_way is None or not hmac.compare_digest(under_way.state.encode(), state.encode()):
        LOG.warning("A login came back that this browser did not begin, or too late")
        return _refused(request, "stale", status=400)
    if "error" in query or not code:
        LOG.warning("The provider refused a login: %s", query.get("error", "no code")[:60])
        return _forget(_refused(request, "declined", status=403), request, name)
    try:
        if query.get("iss", sign_on.provider.issuer) != sign_on.provider.issuer:
            raise NotProven("it came back from another provider")
        claims, token = await sign_on.provider.claims(
            code, verifier=under_way.verifier, nonce=under_way.nonce, back=_own(request, BACK),
            wanted=sign_on.claim,
        )  # fmt: skip
        account = await anyio.to_thread.run_sync(
            partial(sign_on.account, board.accounts, claims, board.profile.county_name)
        )
        secret = await anyio.to_thread.run_sync(
            partial(
                board.accounts.open_session, account,
                address=address_of(request), device=device_of(request), note="oidc",
            )
        )  # fmt: skip
    except ProviderDown as error:
        return _forget(_down(request, error, under_way.after), request, name)
    except NotProven as error:
        LOG.warning("A login by the provider was refused: %s", error)
        return _forget(_refused(request, "proof", status=403), request, name)
    except NotAllowed as error:
        LOG.warning("Who logged in by the provider may not enter: %s", error.why)
        return _forget(_refused(request, error.why, groups=error.groups, status=403), request, name)
    session = board.accounts.sessions.of_token(secret)
    if session is None:
        raise StoreError("the session that was opened is not there")
    sign_on.keep(session.id, token)
    return _forget(begin(request, RedirectResponse(under_way.after, 303, NO_STORE), secret), request, name)


async def leave(request: Request, session: Session) -> Response | None:
    """After a logout here: the page that goes on to the provider's own; None where none is needed."""
    sign_on = sign_on_of(request)
    token = sign_on.token_of(session.id)
    if not token:
        return None
    try:
        address = await sign_on.provider.logout_address(token=token, back=_own(request, "/login"))
    except ProviderDown as error:
        LOG.warning("The provider cannot be told of a logout: %s", error)
        return None
    if address is None:
        return None
    # The answer to a form may not lead to another server; a page that goes on by itself may.
    answer = page(request, "going.html", to=address)
    answer.headers["Refresh"] = f"0;url={address}"
    return answer


def _own(request: Request, path: str) -> str:
    """An address of this board as the browser sees it; the name in it was checked already."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}{path}"


def _cookie(request: Request, state: str) -> str:
    """Each login that is under way has a cookie of its own: two tabs do not disturb each other."""
    return f"{board_of(request).accounts.cookie(secure=False)}-oidc-{state[:8]}"


def _forget(answer: Response, request: Request, name: str) -> Response:
    secure = is_secure(request.scope)
    answer.delete_cookie(name, path=PATH, secure=secure, httponly=True, samesite="lax")
    return answer


def _down(request: Request, error: ProviderDown, after: str) -> Response:
    LOG.error("The provider %s cannot be used: %s", sign_on_of(request).provider.issuer, error)
    kept = f"&next={after}" if after != "/" and "&" not in after and "#" not in after else ""
    return RedirectResponse(f"/login?why=provider{kept}", 303, NO_STORE)


def _refused(request: Request, why: str, *, status: int, groups: list[str] | None = None) -> Response:
    lang = spoken(request)
    return page(
        request, "not_in.html", status=status, groups=(groups or [])[:20], asked=why == "group",
        what=say(lang, f"sign_on_{why}"), do=say(lang, f"sign_on_{why}_do"),
    )  # fmt: skip
