"""Whether the board runs, and on how old a picture."""

from __future__ import annotations

import math
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.query import answer
from dashboard.board import Board
from dashboard.encode import notice_rows
from dashboard.times import moment
from data.notices import REFUSED

STALLED_STEPS = 10
"""So many steps without a picture mean that the engine stands still."""

router = APIRouter()


def profile_row(board: Board) -> dict[str, Any]:
    """What is shown, since when, and what of an edit was refused."""
    profile, zone = board.profile, board.profile.zone
    told = notice_rows(profile, board.engine.picture, "en")
    said = next((row for row in told if row["id"] == REFUSED), None)
    return {
        "id": profile.spec.id,
        "tag": profile.tag,
        "loaded_at": moment(board.engine.adopted_at, zone),
        "refused": said and said | {"since": moment(said["since"], zone)},
    }


@router.head("/api/health", include_in_schema=False)
@router.get("/api/health")
async def health(request: Request) -> Response:
    """`ok` with 200, or `stalled` with 503 when pictures have stopped coming."""
    board: Board = request.app.state.board
    picture, now = board.engine.picture, board.clock()
    stalled = now - picture.at > max(STALLED_STEPS * board.settings.step_s, STALLED_STEPS)
    age = now - picture.data_at
    response = answer(
        {
            "status": "stalled" if stalled else "ok",
            "revision": picture.revision,
            "picture_at": moment(picture.at, board.profile.zone),
            "data_age_s": max(0, round(age)) if math.isfinite(age) else None,
            "simulated": picture.simulated,
            "sites": len(picture.sites),
            "version": board.version,
            "profile": profile_row(board),
            "epoch": board.epoch,
        }
    )
    response.status_code = 503 if stalled else 200
    return response
