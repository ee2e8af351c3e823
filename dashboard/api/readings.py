"""Readings in: checked, stored, and only then acknowledged."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.access import access_now
from dashboard.api.problems import Problem, unreadable
from dashboard.api.query import answer, has_token
from dashboard.board import Board
from dashboard.bodies import check_rows
from data.bodies import LIMITS, READERS
from data.intake import Known, parse
from data.per_profile import per_profile
from data.profile import Profile
from data.store import Refused, StoreError
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.http")
TOLD = 1000
"""Refused rows that an answer lists; all of them are in quarantine."""

router = APIRouter(prefix="/api/v1")


@router.post("/readings")
async def readings(request: Request) -> Response:
    """`{accepted, duplicate, corrected, rejected}`; 200 once the rows are durable."""
    board: Board = request.app.state.board
    check_token(board, request.headers.get("authorization", ""))
    content_type = request.headers.get("content-type", "")
    check_type(content_type)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem("wrong-media-type", got=request.headers["content-encoding"], expected="no encoding")
    body = await request.body()
    source = request.client.host if request.client else ""
    result = await anyio.to_thread.run_sync(
        take, board, body, content_type, source, limiter=request.app.state.bodies
    )
    return answer(result)


def check_token(board: Board, authorization: str) -> None:
    """Let through who may send: anyone on this machine, or who has the token where one is set.

    Not a reader of one county: the answer names sites of all.
    """
    token = board.settings.ingest_token
    if token:
        if not has_token(authorization, token):
            raise Problem("no-token", expected="Authorization: Bearer <token>")
    elif not board.settings.loopback or board.settings.proxies:
        raise Problem("post-closed", expected="a server started with THREELINE_INGEST_TOKEN")
    elif access_now().scope:
        raise Problem("feeds-only")


def check_type(content_type: str) -> None:
    """Refuse a body of a kind that is not read, before it is read."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in READERS:
        raise Problem("wrong-media-type", where="Content-Type", got=kind, expected=list(READERS))


def take(board: Board, body: bytes, content_type: str, source: str) -> dict[str, Any]:
    """Parse a body, store its good rows, keep its bad ones in quarantine."""
    profile, engine = board.profile, board.engine
    limits = replace(LIMITS, body_bytes=board.settings.max_body_mb * 2**20)
    known, now = known_of(profile), board.clock()
    try:
        if content_type.partition(";")[0].strip().lower() == "application/json":
            check_rows(body)
        parsed = parse(body, content_type, profile.spec.readings, known, now=now, limits=limits)
    except FaultsError as error:
        raise unreadable(error) from error
    # Refused rows first: should keeping them fail, no reading was stored, as the answer then says.
    if parsed.refused:
        engine.store.quarantine(parsed.refused, source=source)
    written = engine.readings(parsed.readings) if len(parsed.readings) else None
    accepted, duplicate, corrected = (
        (written.accepted, written.duplicate, written.corrected) if written else (0, 0, 0)
    )
    try:
        reports = engine.reports(parsed.reports) if len(parsed.reports) else 0
    except StoreError as error:
        if written is None:
            raise
        LOG.error("The store failed after the readings: %s", error)
        kept: dict[str, Any] = {"accepted": accepted, "duplicate": duplicate, "corrected": corrected}
        raise Problem("store-failed-midway", **kept) from error
    return {
        "accepted": accepted + reports,
        "duplicate": duplicate + len(parsed.reports) - reports,
        "corrected": corrected,
        "rejected": [rejected(row) for row in parsed.refused[:TOLD]],
        "rejected_count": len(parsed.refused),
    }


@per_profile()
def known_of(profile: Profile) -> Known:
    """What rows may refer to, worked out once for a profile."""
    return Known.of(profile)


def rejected(row: Refused) -> dict[str, Any]:
    """A refused row as the answer tells it."""
    return {"row": row.row, "field": row.field, "got": row.got, "expected": row.expected}
