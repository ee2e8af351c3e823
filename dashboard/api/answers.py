"""Answers to alerts: somebody looks after one, has sent somebody, is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.alerts import LONGEST_ID, told
from dashboard.api.order_body import order_body, text_of, until_of
from dashboard.api.problems import Problem, document
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.api.rights import needs
from dashboard.desk import Desk
from data.answering import as_ordered
from data.journal import Draft
from data.orders import NOBODY
from data.picture import Alert

MOST = 1000
"""Alerts that one request answers."""
GROUP_BYTES = 400_000
STEPS = {"sent": "sent_at", "arrived": "arrived_at"}
"""What is recorded once, and where an alert tells it."""

router = APIRouter(prefix="/api/v1", dependencies=[needs("operate")])


@router.post("/alerts/ack")
async def ack_many(request: Request, query: AskedQuery) -> Response:
    """Answer several alerts at once: `{ids, note, until}`; what cannot be answered is told in `refused`."""
    body = await order_body(request, ("ids", "note", "until"), most=GROUP_BYTES)
    given = body.get("ids")
    if not isinstance(given, list) or not 0 < len(given) <= MOST or not all(map(_is_id, given)):
        got = type(given).__name__
        raise Problem("bad-value", where="ids", got=got, expected=f"a list of 1 to {MOST} ids")
    ids = list(dict.fromkeys(given))
    return await anyio.to_thread.run_sync(_run, query, ids, "ack", body)


@router.post("/alerts/{alert_id:path}/ack")
async def ack(request: Request, query: AskedQuery, alert_id: str) -> Response:
    """Look after an alert: `{note, until}`; `until` is a time or minutes, half an hour where it is left out.

    It is quiet until then and asks again afterwards, or at once when it grows worse.
    """
    body = await order_body(request, ("note", "until"))
    return await anyio.to_thread.run_sync(_run, query, [alert_id], "ack", body)


@router.post("/alerts/{alert_id:path}/unack")
async def unack(request: Request, query: AskedQuery, alert_id: str) -> Response:
    """Take an answer back: the alert asks again."""
    body = await order_body(request, ())
    return await anyio.to_thread.run_sync(_run, query, [alert_id], "unack", body)


@router.post("/alerts/{alert_id:path}/sent")
async def sent(request: Request, query: AskedQuery, alert_id: str) -> Response:
    """Somebody was sent: `{note}`; the first time counts."""
    body = await order_body(request, ("note",))
    return await anyio.to_thread.run_sync(_run, query, [alert_id], "sent", body)


@router.post("/alerts/{alert_id:path}/arrived")
async def arrived(request: Request, query: AskedQuery, alert_id: str) -> Response:
    """Somebody is there: `{note}`; the first time counts."""
    body = await order_body(request, ("note",))
    return await anyio.to_thread.run_sync(_run, query, [alert_id], "arrived", body)


def _run(query: Asked, ids: Sequence[str], what: str, body: dict[str, Any]) -> Response:
    """Check the alerts, put it into the journal, and tell them as the next picture will."""
    if query.at is not None:
        raise Problem("bad-time", where="at", got=query.at, expected="nothing: the past is not answered")
    desk, picture = query.board, query.picture()
    known = {alert.id: alert for alert in picture.alerts}
    before, alerts, refused = desk.orders.responses, list[Alert](), list[Problem]()
    for alert_id in ids:
        try:
            alert = _open(desk, known, alert_id)
            if what == "unack" and before.get(alert_id, NOBODY).answer is None:
                raise Problem("not-answered", got=alert_id)
            alerts.append(alert)
        except Problem as problem:
            # Of a group, one may be over while somebody writes: the others are answered all the same.
            refused.append(problem)
    if len(refused) == len(ids):
        raise refused[0]
    detail = _detail(desk, what, body)
    desk.order(
        [
            Draft(f"alert.{what}", alert.id, scope=alert.county, detail=_of(alert, what, detail))
            for alert in alerts
            # The first time counts, and is not told twice.
            if what not in STEPS or getattr(before.get(alert.id, NOBODY), STEPS[what]) is None
        ]
    )
    after, at = desk.orders.responses, int(desk.clock())
    rows = [told(query, picture, as_ordered(alert, after.get(alert.id, NOBODY), at)) for alert in alerts]
    left = [document(problem, lang=query.lang) for problem in refused]
    return answer({**query.head(picture), "alerts": rows, "refused": left})


def _open(desk: Desk, known: Mapping[str, Alert], alert_id: str) -> Alert:
    """An alert that can be answered; raises a Problem that says why there is none."""
    alert = known.get(alert_id)
    if alert is not None and alert.state == "pending":
        raise Problem("not-firing", got=alert_id)
    if alert is not None:
        return alert
    over = desk.alert(alert_id) if len(alert_id) <= LONGEST_ID else None
    raise Problem("unknown-alert" if over is None else "alert-over", got=alert_id)


def _detail(desk: Desk, what: str, body: dict[str, Any]) -> dict[str, Any]:
    if what == "unack":
        return {}
    note = text_of(body, "note")
    if what != "ack":
        return {"note": note}
    asked = desk.profile.spec.alerts
    until = until_of(body, int(desk.clock()), default_min=asked.ack_min, most_h=asked.ack_most_h)
    return {"note": note, "until": until}


def _of(alert: Alert, what: str, detail: dict[str, Any]) -> dict[str, Any]:
    return detail | ({"severity": alert.severity} if what == "ack" else {})


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID
