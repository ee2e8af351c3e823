"""Alerts, open and past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer, epoch_seconds
from dashboard.encode import notice_rows
from dashboard.encode_alerts import TIMES, alert_row
from dashboard.times import moment
from data.journal import Entry
from data.orders import NOBODY, NONE, fold
from data.picture import Alert, Picture
from data.profile import Profile
from data.store import Alerted
from data.targets import targets_of

STATES = ("pending", "firing", "acknowledged", "resolved")
DAY_S = 86400
LONGEST_ID = 400

router = APIRouter(prefix="/api/v1")


@router.get("/alerts")
def alerts(
    query: AskedQuery,
    state: Annotated[str, Query(description=f"One of {', '.join(STATES)}; empty for all open ones")] = "",
    start: Annotated[
        str, Query(alias="from", description="For resolved ones: resolved after this; default a day before")
    ] = "",
) -> Response:
    """Open alerts, most severe first, then oldest; or, asked for, those resolved since `from`."""
    if state and state not in STATES:
        raise choice("bad-value", "state", state, STATES)
    board, picture = query.board, query.picture()
    if state == "resolved":
        begin = epoch_seconds(start, "from", now=board.clock()) if start else picture.at - DAY_S
        if begin > picture.at:
            raise Problem("bad-time", where="from", got=start, expected="a time before `at`")
        found = resolved(query, picture, begin)
    else:
        found = [told(query, picture, alert) for alert in picture.alerts if state in ("", alert.state)]
    return answer({**query.head(picture), "alerts": found, "notices": notices(query, picture)})


@router.get("/alerts/{alert_id:path}/history")
def history(query: AskedQuery, alert_id: str) -> Response:
    """What became of an alert, open or over, in order: that it began, fired, grew worse, came again, ended;
    and what people did about it.
    """
    picture, found = query.picture(), query.board.alert(alert_id) if len(alert_id) <= LONGEST_ID else None
    if found is None:
        raise Problem("unknown-alert", got=alert_id)
    zone = query.profile_of(picture).zone
    told = [
        {"at": moment(at, zone), **rest}
        for at, rest in sorted([*_course(found), *_done(query.board.entries([found.id]))], key=itemgetter(0))
        if at <= picture.at or query.at is None
    ]
    return answer({**query.head(picture), "id": found.id, "rule": found.rule, "history": told})


def _course(kept: Alerted) -> Iterator[tuple[int, dict[str, Any]]]:
    """What an alert went through by itself."""
    first = kept.grades[0][1] if kept.grades else kept.severity
    yield kept.started_at, {"what": "began", "severity": first}
    if kept.fired_at is not None:
        yield kept.fired_at, {"what": "fired"}
    for at, severity in kept.grades[1:]:
        yield at, {"what": "worse", "severity": severity}
    for at in kept.swings:
        if kept.fired_at is not None and at > kept.fired_at:
            yield at, {"what": "again"}
    if kept.resolved_at is not None:
        yield kept.resolved_at, {"what": "resolved", "value": kept.value}


def _done(entries: Iterable[Entry]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What people did about it; of an entry of another kind, that it was."""
    for entry in entries:
        about, _, what = entry.action.partition(".")
        row = {"what": what if about == "alert" else entry.action, "by": entry.who, "role": entry.role}
        yield entry.at, row | {name: entry.detail[name] for name in ("note", "until") if name in entry.detail}


def notices(query: Asked, picture: Picture) -> list[dict[str, Any]]:
    """What the board says about itself, such as an edit of its profile that it refused."""
    profile = query.profile_of(picture)
    return [
        row | {"since": moment(row["since"], profile.zone)}
        for row in notice_rows(profile, picture, query.lang)
    ]


def resolved(query: Asked, picture: Picture, begin: int) -> list[dict[str, Any]]:
    """Alerts that fired and ended after `begin` and no later than the picture, newest first."""
    ended = [
        kept
        for kept in query.board.alerts_between(begin, picture.at)
        # What was pending and passed before its time was never an alert to anybody.
        if kept.fired_at is not None
        and kept.resolved_at is not None
        and begin < kept.resolved_at <= picture.at
    ]
    ended.sort(key=lambda kept: -(kept.resolved_at or 0))
    responses = fold(NONE, query.board.entries([kept.id for kept in ended])).responses
    rows = []
    for kept in ended:
        line, county = _place(query.profile_of(picture), kept)
        if query.scope in ("", county):
            response = responses.get(kept.id, NOBODY)
            alert = Alert(
                id=kept.id, rule=kept.rule, target=kept.target, target_id=kept.target_id,
                line=line, county=county, severity=kept.severity, state="resolved",
                started_at=kept.started_at, fired_at=kept.fired_at, value=kept.value, held=False,
                asked_at=kept.fired_at, answer=response.answer, answered_at=response.answered_at,
                sent_at=response.sent_at, arrived_at=response.arrived_at,
                flaps=len(kept.swings),
            )  # fmt: skip
            rows.append(told(query, picture, alert, resolved_at=kept.resolved_at))
    return rows


def told(query: Asked, picture: Picture, alert: Alert, *, resolved_at: int | None = None) -> dict[str, Any]:
    """An alert as the interface tells it: its words, and its times with an offset."""
    profile = query.profile_of(picture)
    zone, row = profile.zone, alert_row(profile, picture, alert, query.lang)
    return row | {
        "site_id": alert.target_id if alert.target == "site" else None,
        "fence_id": alert.target_id if alert.target == "fence" else None,
        **{name: moment(row[name], zone) for name in (*TIMES, "acknowledged_at", "until")},
        "resolved_at": moment(resolved_at, zone),
    }


def _place(profile: Profile, kept: Alerted) -> tuple[str, str]:
    """Line and county of what an alert was about; "" where the profile has it no longer."""
    among = targets_of(profile).get(kept.target)
    row = None if among is None else among.row.get(kept.target_id)
    return ("", "") if among is None or row is None else (among.lines[row], among.counties[row])
