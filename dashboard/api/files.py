"""Files of a picture: for now a snapshot."""

from __future__ import annotations

from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.problems import Problem
from dashboard.api.query import AskedQuery
from dashboard.size import DEFAULT, SIZES, parse_size
from layers.faults import FaultsError

router = APIRouter(prefix="/api/v1")


@router.get("/snapshot.png")
async def snapshot(
    request: Request, query: AskedQuery, size: Annotated[str, Query(description=SIZES)] = ""
) -> Response:
    """The picture as a PNG, drawn without a browser."""
    try:
        pixels = parse_size(size) if size else DEFAULT
    except ValueError:
        raise Problem("bad-number", where="size", got=size, expected=SIZES) from None

    def draw() -> bytes:
        from dashboard.exports.snapshot import draw_snapshot  # noqa: PLC0415  (matplotlib only when asked for)

        board, picture = query.board, query.picture()
        return draw_snapshot(
            picture,
            query.ground(picture),
            lang=query.lang,
            size=pixels,
            form="png",
            made_at=board.clock(),
        )

    try:
        image = await anyio.to_thread.run_sync(draw, limiter=request.app.state.drawings)
    except FaultsError as error:
        # The size was checked: what is left is the server's own, such as a missing font.
        first = error.faults[0]
        raise Problem(
            "cannot-draw", because=f"{first.what}. {first.hint}", expected=first.expected
        ) from error
    return Response(image, media_type="image/png")
