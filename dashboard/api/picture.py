"""A whole picture of now or of a past time, in the form of the live socket's first message."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer, known_scope
from dashboard.encode import take_apart, whole_message

router = APIRouter(prefix="/api/v1")


@router.get("/picture")
def picture(request: Request, query: AskedQuery) -> Response:
    """Everything that a page shows, at `at` and cut to `scope`."""
    board = query.board
    if query.at is None:
        # The live socket's own first message: encoded once for all who ask, as displays on their rounds do.
        with known_scope(board, query.scope):
            frame = request.app.state.hub.whole((query.scope, query.lang))
        return Response(frame.message, media_type="application/json")
    shown = query.picture()
    parts = take_apart(shown.profile or board.profile, shown, [query.lang])
    return answer(whole_message(parts, query.lang, epoch=board.epoch, version=board.version))
