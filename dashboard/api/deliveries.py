"""Out of the room: alerts as CAP 1.2, and how each delivery stands."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.problems import Problem
from dashboard.api.query import AskedQuery, answer
from dashboard.notify.cap import MEDIA_TYPE as CAP_TYPE
from dashboard.notify.cap import Sender, cap
from dashboard.times import moment
from data.dispatch import DeliveryState
from data.profile import Profile
from data.spec_delivery import DeliverySpec

COUNTED_S = 86400
"""How far back what was sent is counted."""

router = APIRouter(prefix="/api/v1")


@router.get("/alerts/{alert_id:path}/cap.xml")
def message(
    query: AskedQuery,
    alert_id: str,
    mark: Annotated[
        str, Query(alias="message", description="An earlier message by its mark; empty for the newest")
    ] = "",
) -> Response:
    """What was told last of an alert, or of a group of them, as a CAP 1.2 message."""
    told = query.board.dispatches(query.scope, subject=alert_id)
    if query.at is not None:
        told = [one for one in told if one.at <= (query.at or 0)]
    if mark:
        number = next((number for number, one in enumerate(told) if one.mark == mark), -1)
        told = told[: number + 1]
    if not told:
        raise Problem("not-told", got=alert_id)
    sender = Sender.of(query.profile_of(query.picture()))
    return Response(cap(sender, told[-1], told[:-1]), media_type=CAP_TYPE)


@router.get("/deliveries")
def deliveries(query: AskedQuery) -> Response:
    """How each delivery of the profile stands: what waits, what went out, since when it fails and why."""
    picture = query.picture()
    profile = query.profile_of(picture)
    states = query.board.delivery_states(since=int(query.board.clock()) - COUNTED_S)
    rows = [
        delivery_row(one, states.get(one.id, DeliveryState(one.id)), profile)
        for one in profile.spec.deliveries
    ]
    return answer({**query.head(picture), "deliveries": rows})


def delivery_row(delivery: DeliverySpec, state: DeliveryState, profile: Profile) -> dict[str, Any]:
    """A delivery as the interface tells it; a webhook's address, which may hold a key, by its host alone."""
    zone = profile.zone
    failing = state.failing_since is not None
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "to": urlsplit(delivery.address).hostname if delivery.kind == "webhook" else delivery.address,
        "severities": list(delivery.severities),
        "events": list(delivery.events),
        "where": delivery.where.model_dump(),
        "after_s": delivery.after_s,
        "state": "failing" if failing else "waiting" if state.waiting else "well" if state.sent else "idle",
        "waiting": state.waiting,
        "sent": state.sent,
        "skipped": state.skipped,
        "failed": state.failed,
        "last_sent_at": moment(state.last_sent_at, zone),
        "failing_since": moment(state.failing_since, zone),
        "next_at": moment(state.next_at, zone),
        "why": state.why,
    }
