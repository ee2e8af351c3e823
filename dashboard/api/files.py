"""Files of the picture: snapshots and briefs, answered as soon as they are made."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.export_asking import wanted_of
from dashboard.api.file_answers import made
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.exports.look import SHEETS
from dashboard.jobs.job import Wanted
from dashboard.jobs.tasks import gathered
from dashboard.times import EXPECTED
from dashboard.view import WHERE, ZOOMS
from data.size import SIZES

router = APIRouter(prefix="/api/v1")

SNAPSHOTS = ("png", "svg", "pdf")
BRIEFS = ("docx", "pptx", "pdf", "xlsx")

Size = Annotated[str, Query(description=SIZES)]
Theme = Annotated[str, Query(description="dark or light")]
Sheet = Annotated[str, Query(description=", ".join(SHEETS))]
Line = Annotated[str, Query(description="A line's id: only its sites")]
Center = Annotated[str, Query(description=f"The map's middle: {WHERE}")]
Zoom = Annotated[str, Query(description=ZOOMS)]
Hide = Annotated[str, Query(description="Layers that are switched off, separated by commas")]
Site = Annotated[str, Query(description="The selected site")]
Since = Annotated[str, Query(description=f"From when changes are told: {EXPECTED}")]
Covers = Annotated[str, Query(description="last, day or week: what a brief compares with")]


async def snapshot(
    request: Request,
    query: AskedQuery,
    *,
    size: Size = "",
    theme: Theme = "",
    sheet: Sheet = "",
    line: Line = "",
    c: Center = "",
    z: Zoom = "",
    hide: Hide = "",
    site: Site = "",
) -> Response:
    """The picture as a drawing, made without a browser."""
    given = {
        "size": size, "theme": theme, "sheet": sheet, "line": line, "c": c, "z": z, "hide": hide,
        "site": site,
    }  # fmt: skip
    return await _made(request, query, given)


async def brief(request: Request, query: AskedQuery, since: Since = "", covers: Covers = "") -> Response:
    """The duty brief of a moment, for Word, slides, spreadsheets or paper."""
    return await _made(request, query, {"since": since, "covers": covers})


for _form in SNAPSHOTS:
    router.add_api_route(f"/snapshot.{_form}", snapshot, methods=["GET"], name=f"snapshot_{_form}")
for _form in BRIEFS:
    router.add_api_route(f"/brief.{_form}", brief, methods=["GET"], name=f"brief_{_form}")


@router.get("/brief")
async def facts(request: Request, query: AskedQuery, since: Since = "", covers: Covers = "") -> Response:
    """What a brief would say: its facts, as values."""
    # Any form: the facts are the same for all of them.
    wanted = wanted_of(request, query, "brief.docx", {"since": since, "covers": covers})
    return await anyio.to_thread.run_sync(_facts, request, query, wanted)


def _facts(request: Request, query: Asked, wanted: Wanted) -> Response:
    found = gathered(request.app.state.board, wanted)
    return answer({**query.head(found.picture), "facts": found.facts})


async def _made(request: Request, query: Asked, given: dict[str, str]) -> Response:
    file = request.url.path.rpartition("/")[2]
    wanted = wanted_of(request, query, file, given)
    # Whoever asks here has the file: it is told in the journal, and not kept on the shelf.
    return await made(request, replace(wanted, keep=False, returned=True))
