"""Readings in: checked, stored, and only then acknowledged."""

from __future__ import annotations

import hmac
from typing import Any

import anyio
from data.intake import MEDIA_TYPES, Known, parse
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.problems import Problem, unreadable
from dashboard.api.query import answer
from dashboard.board import Board
from data.store import Refused
from layers.faults import Fault, FaultsError

TOLD = 1000
"""Refused rows that an answer lists; all of them are in quarantine."""
UTF8 = ("utf-8", "utf8", "utf-8-sig")

router = APIRouter(prefix="/api/v1")


@router.post("/readings")
async def readings(request: Request) -> Response:
    """`{accepted, duplicate, corrected, rejected}`; 200 once the rows are durable."""
    board: Board = request.app.state.board
    check_token(board, request.headers.get("authorization", ""))
    media_type, charset = content_type(request.headers.get("content-type", ""))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem("wrong-media-type", got=request.headers["content-encoding"], expected="no encoding")
    body = await request.body()
    source = request.client.host if request.client else ""
    result = await anyio.to_thread.run_sync(
        take, board, body, media_type, charset, source, limiter=request.app.state.bodies
    )
    return answer(result)


def check_token(board: Board, authorization: str) -> None:
    """Let through who may send: anyone on this machine, or who has the token where one is set."""
    token = board.settings.ingest_token
    if token:
        scheme, _, given = authorization.partition(" ")
        good = hmac.compare_digest(given.strip().encode(), token.encode())
        if scheme.lower() != "bearer" or not good:
            raise Problem("no-token", expected="Authorization: Bearer <token>")
    elif not board.settings.loopback:
        raise Problem("post-closed", expected="a server started with THREELINE_INGEST_TOKEN")


def content_type(header: str) -> tuple[str, str]:
    """Media type and character set of a Content-Type header."""
    parts = [part.strip().lower() for part in header.split(";")]
    if parts[0] not in MEDIA_TYPES:
        raise Problem("wrong-media-type", where="Content-Type", got=parts[0], expected=list(MEDIA_TYPES))
    charset = next((part[8:].strip('"') for part in parts[1:] if part.startswith("charset=")), "utf-8")
    return parts[0], charset


def take(board: Board, body: bytes, media_type: str, charset: str, source: str) -> dict[str, Any]:
    """Parse a body, store its good rows, keep its bad ones in quarantine."""
    profile, engine = board.profile, board.engine
    try:
        parsed = parse(utf8(body, charset), media_type, profile.spec.readings, Known.of(profile))
    except FaultsError as error:
        raise unreadable(error) from error
    written = engine.readings(parsed.readings) if len(parsed.readings) else None
    reports = engine.reports(parsed.reports) if len(parsed.reports) else 0
    if parsed.refused:
        engine.store.quarantine(parsed.refused, source=source)
    accepted, duplicate, corrected = (
        (written.accepted, written.duplicate, written.corrected) if written else (0, 0, 0)
    )
    return {
        "accepted": accepted + reports,
        "duplicate": duplicate + len(parsed.reports) - reports,
        "corrected": corrected,
        "rejected": [rejected(row) for row in parsed.refused[:TOLD]],
        "rejected_count": len(parsed.refused),
    }


def utf8(body: bytes, charset: str) -> bytes:
    """A body in UTF-8, whatever character set it came in.

    Raises:
        FaultsError: an unknown character set, or bytes that are not of it.
    """
    if charset in UTF8:
        return body
    try:
        return body.decode(charset).encode()
    except (LookupError, UnicodeDecodeError) as error:
        raise FaultsError(
            [
                Fault(
                    "The body is not in the character set it names",
                    field="Content-Type",
                    got=charset,
                    expected="utf-8, or the character set that the body is written in",
                )
            ]
        ) from error


def rejected(row: Refused) -> dict[str, Any]:
    """A refused row as the answer tells it."""
    return {"row": row.row, "field": row.field, "got": row.got, "expected": row.expected}
