"""Handovers of shifts: drawn up from the picture, signed by two accounts, kept in the journal."""

from __future__ import annotations

from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.order_body import order_body, text_of
from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer, epoch_seconds, known_scope
from dashboard.api.rights import needs
from dashboard.handover.content import head, sections, title
from dashboard.handovers import DRAFTS, LONGEST_S, NotSigned, TooMany
from dashboard.times import moment
from data.profile import Profile
from data.signoff import OPEN_S, SIDES, Handover, Signature

LONGEST_NOTE, LONGEST_POST = 1000, 40

router = APIRouter(prefix="/api/v1")


@router.get("/handovers")
def listed(query: AskedQuery) -> Response:
    """The newest handovers of the scope, newest first, and from when one would start that is drawn up now."""
    picture, desk = query.picture(), query.board
    profile = query.profile_of(picture)
    with known_scope(desk, query.scope):
        known = desk.handovers.known(query.scope, query.at)
        start = desk.handovers.usual_start(picture.at, query.scope)
    rows = [handover_row(profile, one) for one in reversed(known)]
    # Where nobody logs in, whoever signs says for which post.
    who = desk.access.who
    start_at = moment(start, profile.zone)
    return answer({**query.head(picture), "from": start_at, "who": who, "posts": not who, "handovers": rows})


@router.post("/handovers", dependencies=[needs("operate")])
async def draw_up(request: Request, query: AskedQuery) -> Response:
    """Draw one up: `{from, note}`; from then until now, from the end of the last one where it is left out."""
    body = await order_body(request, ("from", "note"))
    return await anyio.to_thread.run_sync(_draw_up, query, body)


@router.get("/handovers/{handover_id}.docx", dependencies=[needs("export")])
def as_document(query: AskedQuery, handover_id: str) -> Response:
    """A handover as a document for Word and WPS, with its signatures as they stand."""
    from dashboard.handover.document import MEDIA_TYPE, document  # noqa: PLC0415  (start-up time)

    found = _found(query, handover_id)
    name = f"handover-{found.id}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(document(found, query.lang), media_type=MEDIA_TYPE, headers=headers)


@router.get("/handovers/{handover_id}")
def one(query: AskedQuery, handover_id: str) -> Response:
    """A handover with all that it tells, as values and as the sections of its document."""
    return _answer(query, _found(query, handover_id))


@router.post("/handovers/{handover_id}/sign", dependencies=[needs("operate")])
async def sign(request: Request, query: AskedQuery, handover_id: str) -> Response:
    """Sign one: `{side, digest, post}`; `side` is `outgoing` or `incoming`, `digest` that of what was read.

    The two sides are signed by two accounts. `post` is what the signer stands for; it is needed where nobody
    logs in.
    """
    body = await order_body(request, ("side", "digest", "post"))
    return await anyio.to_thread.run_sync(_sign, query, handover_id, body)


def _draw_up(query: Asked, body: dict[str, Any]) -> Response:
    _now(query)
    desk, picture = query.board, query.picture()
    note = text_of(body, "note", longest=LONGEST_NOTE)
    given = body.get("from")
    with known_scope(desk, query.scope):
        start = desk.handovers.usual_start(picture.at, query.scope)
        if given not in (None, ""):
            start = epoch_seconds(str(given), "from", now=desk.clock())
        if not 0 < picture.at - start <= LONGEST_S:
            expected = f"a time at most {LONGEST_S // 3600} hours ago"
            raise Problem("bad-time", where="from", got=given or "", expected=expected)
        try:
            made = desk.handovers.draw_up(query.scope, start, note)
        except TooMany as no:
            raise Problem("too-many-drafts", got=DRAFTS) from no
    return _answer(query, made)


def _sign(query: Asked, handover_id: str, body: dict[str, Any]) -> Response:
    _now(query)
    desk, found = query.board, _found(query, handover_id)
    side = str(body.get("side", ""))
    if side not in SIDES:
        raise choice("bad-value", "side", side[:40], SIDES)
    access = desk.access
    post = text_of(body, "post", longest=LONGEST_POST, needed=not access.who)
    mine = Signature(side, access.who, access.role, post, int(desk.clock()))
    try:
        return _answer(query, desk.handovers.sign(found, mine, str(body.get("digest", ""))))
    except NotSigned as no:
        raise Problem(no.why, got=handover_id) from no


def _now(query: Asked) -> None:
    if query.at is not None:
        raise Problem(
            "bad-time", where="at", got=query.at, expected="nothing: nothing is ordered in the past"
        )


def _found(query: Asked, handover_id: str) -> Handover:
    with known_scope(query.board, query.scope):
        found = query.board.handovers.find(handover_id)
    if found is None or (query.at is not None and found.at > query.at):
        raise Problem("unknown-handover", got=handover_id)
    return found


def _answer(query: Asked, found: Handover) -> Response:
    profile = query.board.profile
    told = [section.as_dict() for section in sections(found, query.lang)]
    return answer(
        {
            "handover": handover_row(profile, found),
            "title": title(found, query.lang),
            "head": head(found, query.lang),
            "sections": told,
            "facts": found.facts,
        }
    )


def handover_row(profile: Profile, found: Handover) -> dict[str, Any]:
    """A handover without what it tells."""
    zone, facts = profile.zone, found.facts
    return {
        "id": found.id,
        "scope": found.scope,
        "scope_name": facts["county"],
        "by": found.who,
        "role": found.role,
        "at": moment(found.at, zone),
        "from": moment(facts["start"], zone),
        "to": moment(facts["end"], zone),
        "simulated": facts["simulated"],
        "digest": found.digest,
        "head": {"seq": found.head[0], "seal": found.head[1]},
        "complete": found.complete,
        "sign_until": moment(found.at + OPEN_S, zone),
        "open": facts["counts"]["open"],
        "unanswered": facts["counts"]["unanswered"],
        **{side: _signature(profile, found.signed(side)) for side in SIDES},
    }


def _signature(profile: Profile, mine: Signature | None) -> dict[str, Any] | None:
    if mine is None:
        return None
    return {"by": mine.who, "role": mine.role, "post": mine.post, "at": moment(mine.at, profile.zone)}
