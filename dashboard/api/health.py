"""Whether the board runs, and on how old a picture."""

from __future__ import annotations

import math
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.access import access_now
from dashboard.api.query import answer
from dashboard.board import Board
from dashboard.desk import Desk
from dashboard.times import moment
from data.notices import REFUSED
from data.picture import Picture
from data.profile import Profile

STALLED_STEPS = 10
"""So many steps without a picture mean that the engine stands still."""

router = APIRouter()


def profile_row(profile: Profile, picture: Picture, adopted_at: int) -> dict[str, Any]:
    """What is shown, since when, and that an edit was refused.

    Of an edit only how many faults it has: health is asked by anyone, and faults hold ids, names and values.
    """
    said = next((notice for notice in picture.notices if notice.id == REFUSED), None)
    return {
        "id": profile.spec.id,
        "tag": profile.tag,
        "loaded_at": moment(adopted_at, profile.zone),
        "refused": said
        and {
            "id": said.id,
            "severity": said.severity,
            "since": moment(said.since, profile.zone),
            "faults": len(said.faults) + said.more,
        },
    }


@router.head("/api/health", include_in_schema=False)
@router.get("/api/health")
async def health(request: Request) -> Response:
    """`ok` with 200, or `stalled` with 503 when pictures have stopped coming.

    Everybody learns that, and what a page needs to make itself anew; the rest is for who may see the board.
    """
    board: Board = request.app.state.board
    late = board.clock() - board.engine.picture.at
    stalled = late > max(STALLED_STEPS * board.settings.step_s, STALLED_STEPS)
    told = {"status": "stalled" if stalled else "ok", "version": board.version, "epoch": board.epoch}
    if access_now().may("see"):
        told |= state(request.app.state.desk)
    response = answer(told)
    response.status_code = 503 if stalled else 200
    return response


def state(desk: Desk) -> dict[str, Any]:
    """On how old a picture the board stands, as far as it is the reader's; nothing where that is gone."""
    if desk.narrow("") is None:
        return {}
    picture = desk.picture()
    profile = picture.profile or desk.profile
    age = desk.clock() - picture.data_at
    return {
        "revision": picture.revision,
        "picture_at": moment(picture.at, profile.zone),
        "data_age_s": max(0, round(age)) if math.isfinite(age) else None,
        "simulated": picture.simulated,
        "sites": len(picture.sites),
        "profile": profile_row(profile, picture, desk.adopted_at),
    }
