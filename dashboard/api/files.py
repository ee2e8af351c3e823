"""Files of a picture: for now a snapshot."""

from __future__ import annotations

import re
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.problems import Problem
from dashboard.api.query import AskedQuery

SIZE = (1920, 1080)
SHORTEST, LONGEST, MOST_PIXELS = 320, 7680, 4 * 3840 * 2160
"""Pixels of a side, and of the whole."""

router = APIRouter(prefix="/api/v1")


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of a text such as 1920x1080.

    Raises:
        ValueError: anything else, or a size out of bounds.
    """
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip().lower())
    if match is None:
        raise ValueError(text)
    width, height = int(match[1]), int(match[2])
    if not SHORTEST <= min(width, height) <= max(width, height) <= LONGEST or width * height > MOST_PIXELS:
        raise ValueError(text)
    return width, height


SIZES = f"WIDTHxHEIGHT, each from {SHORTEST} to {LONGEST}, at most {MOST_PIXELS // 10**6} million pixels"


@router.get("/snapshot.png")
async def snapshot(
    request: Request, query: AskedQuery, size: Annotated[str, Query(description=SIZES)] = ""
) -> Response:
    """The picture as a PNG, drawn without a browser."""
    try:
        pixels = parse_size(size) if size else SIZE
    except ValueError:
        raise Problem("bad-number", where="size", got=size, expected=SIZES) from None

    def draw() -> bytes:
        from dashboard.exports.snapshot import draw_snapshot  # noqa: PLC0415  (matplotlib only when asked for)

        board = query.board
        return draw_snapshot(
            query.picture(),
            board.profile,
            lang=query.lang,
            size=pixels,
            form="png",
            made_at=board.clock(),
        )

    image = await anyio.to_thread.run_sync(draw, limiter=request.app.state.drawings)
    return Response(image, media_type="image/png")
