"""How fast alerts were answered, over any span: by line, county, shift or rule, and by the hour or day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer, epoch_seconds
from dashboard.times import moment
from data.compliance import BY, Case, cases, limits, tally
from data.compliance import by as apart
from data.orders import NONE, fold
from data.profile import Profile
from data.rules import in_language

WEEK_S = 7 * 86_400
LONGEST_S = 400 * 86_400
HOURLY_S = 2 * 86_400
"""Up to here the course is told by the hour, beyond by the day."""

router = APIRouter(prefix="/api/v1")


@router.get("/compliance")
def compliance(
    query: AskedQuery,
    start: Annotated[str, Query(alias="from", description="Alerts fired from then on; default a week")] = "",
    end: Annotated[str, Query(alias="to", description="… and before then; empty for `at`, or now")] = "",
    by: Annotated[str, Query(description=f"One of {', '.join(BY)}")] = "line",
) -> Response:
    """Of the alerts that fired in a span: how many were answered, sent to and arrived at in time."""
    if by not in BY:
        raise choice("bad-value", "by", by, BY)
    begin, until = _span(query, start, end)
    picture = query.picture()
    profile = query.profile_of(picture)
    found = _cases(query, profile, begin, until)
    within = limits(profile.spec.response)
    hourly = until - begin <= HOURLY_S
    parts = apart(found, lambda case: str(getattr(case, by)), within)
    course = apart(found, lambda case: _slot(profile, case, hourly=hourly), within)
    return answer(
        {
            **query.head(picture),
            "from": moment(begin, profile.zone),
            "to": moment(until, profile.zone),
            "by": by,
            "limits": within,
            **tally(found, within).as_row(),
            "rows": [
                {"key": key, "name": _name(query, profile, by, key)} | parts[key].as_row() for key in parts
            ],
            "every": "hour" if hourly else "day",
            "course": [{"slot": slot} | course[slot].as_row() for slot in course],
        }
    )


def _span(query: Asked, start: str, end: str) -> tuple[int, int]:
    now = query.board.clock()
    last = int(now) if query.at is None else query.at
    until = min(epoch_seconds(end, "to", now=now), last) if end else last
    begin = epoch_seconds(start, "from", now=now) if start else until - WEEK_S
    if not until - LONGEST_S <= begin < until:
        expected = f"a time before `to`, and no more than {LONGEST_S // 86_400} days before it"
        raise Problem("bad-time", where="from", got=start, expected=expected)
    return begin, until


def _cases(query: Asked, profile: Profile, begin: int, until: int) -> list[Case]:
    kept = [
        one
        for one in query.board.alerts_between(begin, until)
        if one.fired_at is not None and begin <= one.fired_at < until
    ]
    told = [entry for entry in query.board.entries([one.id for one in kept]) if entry.at <= until]
    responses = fold(NONE, told).responses
    hidden = query.board.hidden_times(kept, begin, until)
    return cases(profile, kept, responses, start=begin, end=until, county=query.scope, hidden=hidden)


def _slot(profile: Profile, case: Case, *, hourly: bool) -> str:
    """The day or hour that an alert fired in, by the profile's clocks."""
    return datetime.fromtimestamp(case.fired_at, profile.zone).strftime(
        "%Y-%m-%dT%H:00" if hourly else "%Y-%m-%d"
    )


def _name(query: Asked, profile: Profile, by: str, key: str) -> str:
    """What a row is called; "" for what belongs to no line or county."""
    if by == "county":
        return profile.county_name.get(key, key)
    among = profile.spec.lines if by == "line" else profile.spec.rules if by == "rule" else ()
    names = {one.id: one.name for one in among}
    return in_language(names[key], query.lang, profile) if key in names else key
