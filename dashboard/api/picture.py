"""A whole picture of now or of a past time, in the form of the live socket's first message."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.query import AskedQuery, answer
from dashboard.encode import take_apart, whole_message

router = APIRouter(prefix="/api/v1")


@router.get("/picture")
def picture(query: AskedQuery) -> Response:
    """Everything that a page shows, at `at` and cut to `scope`."""
    board = query.board
    shown = query.picture()
    parts = take_apart(shown.profile or board.profile, shown, [query.lang])
    return answer(whole_message(parts, query.lang, epoch=board.epoch, version=board.version))
