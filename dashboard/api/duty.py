"""The duty level (勤务等级) and the roster: what is in force where and since when, raising and lowering it,
and which team is on post, stands by or rests at any time."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from dashboard.api.order_body import order_body, text_of
from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer, asked, unknown_scope
from dashboard.api.rights import needs
from dashboard.duty import history, posture_row, set_level
from dashboard.times import AHEAD_S, EXPECTED, moment, parse_time
from data.duty import levels_in_force, postures
from data.numbers import number
from data.orders import NONE, fold
from data.picture import Picture
from data.profile import Profile
from data.roster import Duty, Roster, strengths
from data.rules import in_language
from data.standby import Sending

AHEAD_DAYS = 366
"""How far ahead a roster is told."""
HISTORY = 100
"""Orders that are told, the newest."""
LONGEST_LEVEL = 40
ANY_TIME = f"{EXPECTED}; also a time to come, within a year"

router = APIRouter(prefix="/api/v1")


@router.get("/duty")
def duty(query: AskedQuery) -> Response:
    """The level in force in the prefecture and in each county, what each asks for, and who ordered it."""
    return answer(told(query))


@router.post("/duty", dependencies=[needs("operate")])
async def order(request: Request, query: AskedQuery) -> Response:
    """Raise or lower a level: `{scope, level, reason}`; who does it comes from the login.

    Without `level` a county follows the whole area again, and that its profile. Required staff,
    thresholds and sounds follow at the next step.
    """
    body = await order_body(request, ("scope", "level", "reason"))
    return await anyio.to_thread.run_sync(_order, query, body)


def _order(query: Asked, body: dict[str, Any]) -> Response:
    if query.at is not None:
        expected = "nothing: nothing is ordered in the past"
        raise Problem("bad-time", where="at", got=query.at, expected=expected)
    desk, profile = query.board, query.board.profile
    scope, level = (text_of(body, name, longest=LONGEST_LEVEL) for name in ("scope", "level"))
    mine = desk.narrow(scope)
    if mine is None or (mine and mine not in desk.scopes):
        raise unknown_scope(desk, scope)
    known = [one.id for one in profile.spec.duty.levels]
    if level and level not in known:
        raise choice("bad-value", "level", level, known)
    reason = text_of(body, "reason", needed=True)
    if not set_level(desk, mine, level, reason):
        raise Problem("level-in-force", got=level, scope=mine)
    return answer(told(query))


def told(query: Asked) -> dict[str, Any]:
    """Everything about duty levels, as `GET /duty` tells it."""
    picture, desk = query.picture(), query.board
    profile = query.profile_of(picture)
    scopes = ["", *desk.scopes] if not query.scope else [query.scope]
    entries = history(desk, scopes, until=query.at)
    now = query.at is None
    orders = desk.orders if now else fold(NONE, entries)
    levels = levels_in_force(profile, orders) if now else picture.duty_levels
    names = {level.id: in_language(level.name, query.lang, profile) for level in profile.spec.duty.levels}
    return {
        **query.head(picture),
        "levels": [
            {"id": level.id, "name": names[level.id], "sounds": list(level.sounds)}
            for level in profile.spec.duty.levels
        ],
        "profile_level": profile.spec.duty.current,
        "scopes": [
            posture_row(profile, one, names, reach=desk.reach)
            for one in postures(profile, picture, orders, levels)
        ],
        "history": [
            {
                "at": moment(entry.at, profile.zone),
                "by": entry.who,
                "role": entry.role,
                "scope": entry.scope,
                "scope_name": profile.county_name.get(entry.scope, ""),
                "level": (level := str(entry.detail.get("level", ""))) or None,
                "level_name": names.get(level, level) or None,
                "reason": str(entry.detail.get("reason", "")),
            }
            for entry in entries[-HISTORY:][::-1]
        ],
    }


async def any_time(
    request: Request,
    scope: Annotated[str, Query(description="A county's adcode; empty for the whole area")] = "",
    at: Annotated[str, Query(description=f"{ANY_TIME}; empty for now")] = "",
    lang: Annotated[str, Query(description="zh-CN or en")] = "",
) -> tuple[Asked, int | None]:
    """A query about a time past or to come; the second is the time where it is to come."""
    seconds, now = parse_time(at) if at else None, request.app.state.desk.clock()
    if seconds is None or seconds <= now + AHEAD_S:
        return await asked(request, scope, at, lang), None
    if seconds > now + AHEAD_DAYS * 86_400:
        raise Problem("bad-time", where="at", got=at, expected=ANY_TIME)
    return await asked(request, scope, "", lang), seconds


@router.get("/roster")
def roster(query: Annotated[tuple[Asked, int | None], Depends(any_time)]) -> Response:
    """Every team's state at a moment, until when and what then; how many that are by county; and which
    teams that stand by could go to the sites that are short, where the moment is not to come."""
    now, ahead = query
    picture = now.picture()
    profile = now.profile_of(picture)
    if profile.roster is None:
        raise Problem("no-roster")
    at = picture.at if ahead is None else ahead
    duties = profile.roster.at(at, profile.zone)
    return answer(
        {
            **now.head(picture),
            "roster_at": moment(at, profile.zone),
            "teams": [_duty_row(profile, duty, now.lang) for duty in duties],
            "strength": _strength(duties),
            "counties": [
                {
                    "adcode": county,
                    "name": profile.county_name.get(county, county),
                    "strength": _strength([one for one in duties if one.team.county == county]),
                }
                for county in _counties(profile.roster)
            ],
            "short": [] if ahead is not None else _short(picture, profile),
            "next_change": moment(
                min((one.until for one in duties if one.until), default=None), profile.zone
            ),
        }
    )


def _counties(roster: Roster) -> list[str]:
    return list(dict.fromkeys(team.county for team in roster.teams))


def _strength(duties: list[Duty] | tuple[Duty, ...]) -> dict[str, dict[str, int]]:
    return {state or "unknown": asdict(one) for state, one in strengths(duties).items()}


def _duty_row(profile: Profile, duty: Duty, lang: str) -> dict[str, Any]:
    team = duty.team
    row = profile.sites.row.get(team.site_id)
    line = profile.line.get(team.line)
    return asdict(team) | {
        "county_name": profile.county_name.get(team.county, ""),
        "line_name": in_language(line.name, lang, profile) if line else "",
        "site_name": str(profile.sites.name[row]) if row is not None else "",
        "state": duty.state or "unknown",
        "until": moment(duty.until, profile.zone),
        "then": (duty.then or "unknown") if duty.until else None,
    }


def _short(picture: Picture, profile: Profile) -> list[dict[str, Any]]:
    """The sites that lack staff, most first, each with who could go there."""
    sites, state = picture.sites, picture.state
    lacks = state.staff_required - state.staff_on_duty
    rows = [row for row in lacks.argsort()[::-1].tolist() if lacks[row] > 0]
    return [
        {
            "site_id": str(sites.site_id[row]),
            "name": str(sites.name[row]),
            "county": str(sites.county[row]),
            "county_name": profile.county_name.get(str(sites.county[row]), ""),
            "staff_on_duty": number(float(state.staff_on_duty[row]), 0),
            "staff_required": number(float(state.staff_required[row]), 0),
            "teams": [_sending_row(one) for one in picture.sendings.get(str(sites.site_id[row]), ())],
        }
        for row in rows
    ]


def _sending_row(one: Sending) -> dict[str, Any]:
    """A team that could go; null for its id and name where it is another county's."""
    row = asdict(one) | {"km": number(one.km, 1)}
    return row if one.team_id else row | {"team_id": None, "name": None, "county": None}
