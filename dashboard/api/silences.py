"""Silences and planned closures: what need not be heard for a time, or is closed on purpose; maintenance."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.order_body import order_body
from dashboard.api.problems import Problem
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.api.rights import needs
from dashboard.api.silence_body import FIELDS, read_silence
from dashboard.encode_alerts import alert_row
from dashboard.encode_silences import hiding_of, maintenance_row, names_of, silence_row
from dashboard.times import moment
from data.journal import Draft
from data.maintenance import coming
from data.orders import Silence
from data.picture import Picture
from data.preview import preview
from data.silences import planned_for

OVER_S = 7 * 86_400
"""How long those that are over are told."""
AHEAD_DAYS = 14
"""Of maintenance, how many days are told."""
LATELY_S = 7 * 86_400
"""The time before now that a preview counts alerts of."""
MOST_OPEN = 500
"""Silences and closures that are not over."""
SHOWN = 50
"""Alerts that a preview names."""
BODY_BYTES = 64_000
TIMES = ("made_at", "start", "end")
NAMED = ("id", "rule", "severity", "state", "name", "county_name", "what")
"""What a preview tells of each alert."""

router = APIRouter(prefix="/api/v1")


@router.get("/silences")
def silences(query: AskedQuery) -> Response:
    """Silences and closures in force and to come, by when they begin; now, also those of the last week."""
    picture = query.picture()
    found = list(picture.planned) if query.at is not None else _known(query, picture)
    rows = [_row(query, picture, one) for one in found]
    return answer({**query.head(picture), "silences": rows})


@router.get("/maintenance")
def maintenance(query: AskedQuery) -> Response:
    """Works of the profile that come again, with when they do in the next two weeks."""
    picture = query.picture()
    profile, hiding = query.profile_of(picture), hiding_of(picture)
    windows = coming(profile, picture.at, AHEAD_DAYS)
    rows = []
    for work in profile.spec.maintenance:
        mine = [window for window in windows if window.id == work.id]
        row = maintenance_row(profile, work, mine, query.lang, at=picture.at, hiding=hiding)
        row["windows"] = [
            {name: moment(time, profile.zone) for name, time in one.items()} for one in row["windows"]
        ]
        rows.append(row)
    return answer({**query.head(picture), "maintenance": rows})


@router.post("/silences", dependencies=[needs("operate")])
async def add(request: Request, query: AskedQuery) -> Response:
    """Order one: `{kind, reason, start, end, where, scope}`; who orders it comes from the login."""
    body = await order_body(request, FIELDS, most=BODY_BYTES)
    return await anyio.to_thread.run_sync(_add, query, body)


@router.post("/silences/preview", dependencies=[needs("operate")])
async def look_ahead(request: Request, query: AskedQuery) -> Response:
    """What the same body would hide now and would have hidden in the last week; nothing is ordered."""
    body = await order_body(request, FIELDS, most=BODY_BYTES)
    return await anyio.to_thread.run_sync(_preview, query, body)


@router.post("/silences/{silence_id}/end", dependencies=[needs("operate")])
async def end(request: Request, query: AskedQuery, silence_id: str) -> Response:
    """End one now; one that has not begun never does."""
    await order_body(request, ())
    return await anyio.to_thread.run_sync(_end, query, silence_id)


def _known(query: Asked, picture: Picture) -> list[Silence]:
    """What is ordered now, which the newest picture may be a moment behind; those over come last."""
    at = int(query.board.clock())
    known = query.board.orders.silences.values()
    told = planned_for(known, query.profile_of(picture), query.scope) if query.scope else known
    mine = [one for one in told if one.end > at - OVER_S]
    return sorted(mine, key=lambda one: (one.end <= at, one.start if one.end > at else -one.end, one.id))


def _row(query: Asked, picture: Picture, silence: Silence) -> dict[str, Any]:
    profile = query.profile_of(picture)
    at = picture.at if query.at is not None else int(query.board.clock())
    row = silence_row(profile, silence, at, query.lang, hiding_of(picture), reach=query.board.reach)
    return row | {name: moment(row[name], profile.zone) for name in TIMES}


def _now(query: Asked) -> Picture:
    if query.at is not None:
        expected = "nothing: nothing is ordered in the past"
        raise Problem("bad-time", where="at", got=query.at, expected=expected)
    return query.picture()


def _add(query: Asked, body: dict[str, Any]) -> Response:
    picture, desk = _now(query), query.board
    silence = read_silence(_scoped(query, body), desk, needed=True)
    at = int(desk.clock())
    if sum(one.end > at for one in desk.orders.silences.values()) >= MOST_OPEN:
        raise Problem("too-many-silences", got=MOST_OPEN)
    silence_id = f"s{secrets.token_hex(4)}"
    detail = {
        "kind": silence.kind, "reason": silence.reason, "start": silence.start, "end": silence.end,
        "where": {name: list(names) for name, names in asdict(silence.where).items() if names},
    }  # fmt: skip
    desk.order([Draft("silence.add", silence_id, scope=silence.scope, detail=detail)])
    return answer({**query.head(picture), "silence": _row(query, picture, desk.orders.silences[silence_id])})


def _end(query: Asked, silence_id: str) -> Response:
    picture, desk = _now(query), query.board
    silence = desk.orders.silences.get(silence_id)
    if silence is None:
        raise Problem("unknown-silence", got=silence_id[:40])
    if desk.reach and silence.scope != desk.reach:
        raise Problem("silence-not-yours", got=silence_id)
    if silence.end <= int(desk.clock()):
        raise Problem("silence-over", got=silence_id)
    desk.order([Draft("silence.end", silence_id, scope=silence.scope)])
    return answer({**query.head(picture), "silence": _row(query, picture, desk.orders.silences[silence_id])})


def _preview(query: Asked, body: dict[str, Any]) -> Response:
    picture, desk = _now(query), query.board
    silence = read_silence(_scoped(query, body), desk, needed=False)
    # Of the whole of the reader's ground: a silence may mean more than the county that is looked at.
    whole = desk.picture()
    profile = whole.profile or desk.profile
    lately = [
        one
        for one in desk.alerts_between(whole.at - LATELY_S, whole.at)
        if one.fired_at is not None and one.fired_at > whole.at - LATELY_S
    ]
    found = preview(profile, whole, silence, lately)
    fired = [alert for alert in found.alerts if alert.state != "pending"]
    return answer(
        {
            **query.head(picture),
            "scope": silence.scope,
            "covers": found.targets,
            "names": names_of(profile, silence.where, query.lang),
            "hides": len(fired),
            "pending": len(found.alerts) - len(fired),
            "already": found.already,
            "lately": found.lately,
            "lately_days": LATELY_S // 86_400,
            "opens_km": None if found.opens_km is None else round(found.opens_km, 2),
            "alerts": [
                {name: row[name] for name in NAMED}
                for row in (alert_row(profile, whole, alert, query.lang) for alert in fired[:SHOWN])
            ],
        }
    )


def _scoped(query: Asked, body: dict[str, Any]) -> dict[str, Any]:
    """The body, with the county that the address names where it names none itself."""
    return body if body.get("scope") else body | {"scope": query.scope}
