"""A file as an answer: waited for in the queue, named for whoever saves it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import anyio
from fastapi import Request
from starlette.responses import Response

from dashboard.api.problems import PROBLEMS, Problem
from dashboard.jobs.job import MEDIA, Job, Wanted
from dashboard.jobs.queue import FullError, Queue
from dashboard.words import say
from data.profile import Profile
from data.rules import in_language

LOOK_S = 1.0
"""How often it is asked whether whoever waits is still there."""
GONE = 499
"""Answered to nobody: whoever asked has gone."""


def queue_of(request: Request) -> Queue:
    """The board's queue."""
    queue: Queue = request.app.state.queue
    return queue


async def put(request: Request, wanted: Wanted) -> Job:
    """Put an order into the queue; a Problem where it is full."""
    try:
        # In a thread: a picture that is cut for the first time takes a moment.
        return await anyio.to_thread.run_sync(queue_of(request).put, wanted)
    except FullError as full:
        raise Problem("queue-full", retry_after_s=full.retry_after_s) from full


async def made(request: Request, wanted: Wanted) -> Response:
    """A file, once it is made; an order that has not begun is forgotten where its reader goes away."""
    job = await put(request, wanted)
    try:
        return await _answer(request, wanted, job)
    finally:
        job.leave()


async def _answer(request: Request, wanted: Wanted, job: Job) -> Response:
    over = asyncio.ensure_future(asyncio.wrap_future(job.over))
    while not (await asyncio.wait([over], timeout=LOOK_S))[0]:
        if await request.is_disconnected():
            queue_of(request).cancel(job.id)
            return Response(status_code=GONE)
    if job.failure is not None:
        raise why_not(job.failure.why, job.failure.said)
    if job.state != "done":
        raise Problem("export-failed")
    profile: Profile = request.app.state.desk.profile
    headers = {
        "Content-Disposition": disposition(profile, wanted, job.at or job.made_at, job.name),
        "X-Export-Id": job.id,
    }
    return Response(job.take(), media_type=MEDIA[wanted.form], headers=headers)


def why_not(why: str, said: str = "") -> Problem:
    """The problem of a file that was not made; of a kind that is no longer known, that it failed."""
    kind = why if why in PROBLEMS else "export-failed"
    return Problem(kind, because=said) if said else Problem(kind)


def disposition(profile: Profile, wanted: Wanted, at: int, name: str) -> str:
    """The header that has a browser save a file: its plain name, and one that people read."""
    plain = name.rpartition("/")[2]
    shown = saved_name(profile, wanted.file, wanted.scope, at, wanted.lang)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def saved_name(profile: Profile, file: str, scope: str, at: int, lang: str) -> str:
    """What a person would call a file: whose it is, what, and of when."""
    what, form = file.split(".")
    place = profile.county_name.get(scope, "") or in_language(profile.spec.title, lang, profile)
    zone: ZoneInfo = profile.zone
    parts = [place, say(lang, f"export_file_{what}"), f"{datetime.fromtimestamp(at, zone):%Y%m%d-%H%M}"]
    plain = "".join(letter if letter.isalnum() or letter in " -_.·" else "_" for letter in " ".join(parts))
    return f"{' '.join(plain.split())}.{form}"
