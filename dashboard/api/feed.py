"""Alerts as a feed, for who may see them and for programs with the token."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from dashboard.access import access_now
from dashboard.api.problems import Problem
from dashboard.api.query import Asked, AskedQuery, has_token
from dashboard.notify.atom import MEDIA_TYPE, atom
from dashboard.notify.cap import Sender
from data.dispatch import Dispatch, before

FEED_S = 7 * 86400
"""How far back the feed goes."""
FEED_MOST = 200

router = APIRouter(prefix="/api/v1")


async def admitted(request: Request) -> None:
    """Let through who may see, and who has the token, where one is set: it opens the whole prefecture's feed.

    Raises:
        Problem: neither.
    """
    token = request.app.state.board.settings.feed_token
    if not access_now().may("see") and not has_token(request.headers.get("authorization", ""), token):
        raise Problem("no-login")


@router.get("/alerts.atom", dependencies=[Depends(admitted)])
def feed(request: Request, query: AskedQuery) -> Response:
    """The newest CAP messages of the last week as an Atom feed, newest first."""
    picture = query.picture()
    told = query.board.dispatches(query.scope, since=picture.at - FEED_S, limit=FEED_MOST)
    told = [one for one in told if one.at <= picture.at]
    with_before = [(one, _before(query, one)) for one in reversed(told)]
    root = f"{str(request.base_url).rstrip('/')}/api/v1"
    sender = Sender.of(query.profile_of(picture))
    body = atom(sender, with_before, root=root, at=picture.at, lang=query.lang)
    return Response(body, media_type=MEDIA_TYPE)


def _before(query: Asked, dispatch: Dispatch) -> list[Dispatch]:
    return before(dispatch, query.board.dispatches(query.scope, subject=dispatch.subject))
