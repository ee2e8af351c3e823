"""Exports: files that are asked for, made in the queue, kept on the shelf, and the list of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from dashboard.api.export_asking import LONGEST, NAMES, wanted_of
from dashboard.api.file_answers import disposition, put, queue_of, why_not
from dashboard.api.order_body import order_body
from dashboard.api.problems import Problem, document
from dashboard.api.query import Asked, AskedQuery, answer, asked, whole_number
from dashboard.jobs import records
from dashboard.jobs.job import MEDIA, Wanted
from dashboard.jobs.records import Record
from dashboard.times import moment

router = APIRouter(prefix="/api/v1")

PATH = "/api/v1/exports"
LISTED, MOST = 50, 500


@router.post("/exports")
async def order(request: Request) -> Response:
    """Ask for a file: `{file, scope, at, lang, …}` as its address would say; answers 202 with the job."""
    body = await order_body(request, NAMES)
    given = {name: _text(name, value) for name, value in body.items()}
    query = await asked(request, given.pop("scope", ""), given.pop("at", ""), given.get("lang", ""))
    query = replace(query, lang=given.pop("lang", "") or query.lang)
    wanted = wanted_of(request, query, given.pop("file", ""), given)
    job = await put(request, wanted)
    told = answer(_row(request, query, records.of_job(queue_of(request), job)))
    told.status_code, told.headers["Location"] = 202, f"{PATH}/{job.id}"
    return told


@router.get("/exports")
def listed(
    request: Request, query: AskedQuery, limit: Annotated[str, Query(description="1 to 500")] = ""
) -> Response:
    """The reader's newest exports, newest first; of one scope where it is asked for."""
    most = whole_number(limit, "limit", 1, MOST) if limit else LISTED
    queue, reach = queue_of(request), query.board.reach
    found = records.recent(queue, reach, most, query.scope)
    rows = [_row(request, query, one) for one in found]
    return answer({"waiting": queue.waiting if not reach else _mine(rows), "exports": rows})


@router.get("/exports/{export_id}")
def one(request: Request, query: AskedQuery, export_id: str) -> Response:
    """One export: how far it is, or what became of it."""
    return answer(_row(request, query, _found(request, query, export_id)))


@router.get("/exports/{export_id}/file")
async def file(request: Request, query: AskedQuery, export_id: str) -> Response:
    """The file of an export that is kept on the shelf."""
    found = await anyio.to_thread.run_sync(_found, request, query, export_id)
    if found.state == "failed":
        raise why_not(found.why, found.said)
    if found.state != "done":
        raise Problem("not-made-yet", got=export_id)
    path = queue_of(request).shelf.path(found.name)
    if path is None:
        raise Problem("file-gone", got=export_id)
    wanted = Wanted(found.file, found.lang, found.scope)
    headers = {
        "Content-Disposition": disposition(query.board.profile, wanted, found.at or found.made_at, found.name)
    }
    return FileResponse(path, media_type=MEDIA[wanted.form], headers=headers)


def _text(name: str, value: Any) -> str:
    """A member of an order as the text that an address would have."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ",".join(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Problem("bad-value", where=name, got=value, expected=f"a text of at most {LONGEST} characters")
    return value


def _found(request: Request, query: Asked, export_id: str) -> Record:
    found = records.find(queue_of(request), export_id, query.board.reach)
    if found is None:
        raise Problem("unknown-export", got=export_id)
    return found


def _mine(rows: list[dict[str, Any]]) -> int:
    return sum(row["state"] == "queued" for row in rows)


def _row(request: Request, query: Asked, found: Record) -> dict[str, Any]:
    kept = found.state == "done" and queue_of(request).shelf.path(found.name) is not None
    return row_of(query, found, kept=kept)


def row_of(query: Asked, found: Record, *, kept: bool) -> dict[str, Any]:
    """An export as it is told; `why` is a sentence in the reader's language."""
    profile = query.board.profile
    why = document(why_not(found.why, found.said), lang=query.lang)["detail"] if found.why else ""
    return {
        "id": found.id,
        "file": found.file,
        "scope": found.scope,
        "county_name": profile.county_name.get(found.scope, ""),
        "lang": found.lang,
        "at": moment(found.at, profile.zone),
        "made_at": moment(found.made_at, profile.zone),
        "by": found.who,
        "role": found.role,
        "state": found.state,
        "place": found.place,
        "step": found.step,
        "steps": found.steps,
        "doing": found.doing,
        "name": found.name.rpartition("/")[2],
        # A file that was handed over at once has never lain in the folder.
        "shelved": "/" in found.name,
        "bytes": found.bytes,
        "why": why,
        "kept": kept,
        "late": found.late,
        "schedule": found.schedule,
        "href": f"{PATH}/{found.id}/file" if kept else "",
    }
