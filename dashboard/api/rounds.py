"""Video rounds: who is due, what was seen at a site, and a look that is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.look_body import FIELDS, Sent, read_look
from dashboard.api.order_body import order_body
from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.api.rights import needs
from dashboard.desk import Desk
from dashboard.rounds import NotDue, VideoRounds
from dashboard.times import moment
from dashboard.video import player_link
from data.due import STATES, Due, next_due
from data.picture import Picture
from data.profile import Profile
from data.rota import rounds_of
from data.rules import in_language
from data.store.base import Look

MOST = 5_000
"""Sites that one answer lists."""
DAY = "a day such as 2026-01-31, not in the future"

router = APIRouter(prefix="/api/v1")


@router.get("/rounds")
def rounds(
    query: AskedQuery,
    round_: Annotated[str, Query(alias="round", description="A round of the profile; empty for all")] = "",
    day: Annotated[str, Query(description="All turns of a day, YYYY-MM-DD; empty for those that run")] = "",
    state: Annotated[str, Query(description=f"One of {', '.join(STATES)}; empty for all")] = "",
) -> Response:
    """The rounds with their progress, and each site of the turns that run, or of a day's, in its one state.

    At most MOST sites are listed, `left_off` says how many more there are; the counts are of all.
    """
    picture, desk = query.picture(), video(query)
    profile, at = desk.profile, moment_of(query, picture)
    if round_ and round_ not in rounds_of(profile):
        raise choice("bad-value", "round", round_, rounds_of(profile))
    if state and state not in STATES:
        raise choice("bad-value", "state", state, STATES)
    on = day_asked(day, profile, at, ahead=True) if day else None
    found = desk.due(at, query.scope, day=on, only=[round_] if round_ else [], past=query.at is not None)
    listed = [one for one in found if state in ("", one.state)]
    return answer(
        {
            **query.head(picture),
            "day": on.isoformat() if on else None,
            "rounds": [
                round_row(
                    profile, round_id, [one for one in found if one.round_id == round_id], at, query.lang
                )
                for round_id in rounds_of(profile)
                if round_ in ("", round_id)
            ],
            "sites": [due_row(profile, one, query.lang) for one in listed[:MOST]],
            "left_off": max(len(listed) - MOST, 0),
        }
    )


@router.get("/sites/{site_id:path}/looks")
def looks(query: AskedQuery, site_id: str) -> Response:
    """The looks at a site in the last 30 days, newest first, as they stand."""
    picture, desk = query.picture(), video(query)
    if not desk.knows(site_id):
        raise unknown_site(query.board, site_id)
    found = desk.last(site_id, moment_of(query, picture))
    return answer({**query.head(picture), "looks": [look_row(desk.profile, look) for look in found]})


@router.post("/rounds", dependencies=[needs("operate")])
async def record(request: Request) -> Response:
    """Keep a look, as sent by whoever is logged in; answered once it is durable.

    `{site_id, round, due_at, result, findings, note}`; without `round` a look outside of the rota; with
    `replaces`, the id of a look, a correction of it. 409 where the turn does not run, or was looked at.
    """
    body = await order_body(request, FIELDS)
    return await anyio.to_thread.run_sync(keep, request.app.state.desk, body)


def keep(board: Desk, body: dict[str, Any]) -> Response:
    """Check a look and keep it."""
    desk, now = board.rounds, int(board.clock())
    profile = desk.profile
    if profile.spec.video is None:
        raise Problem("no-rounds")
    sent = read_look(body, profile)
    look = corrected(desk, sent, now) if sent.replaces is not None else fresh(board, desk, sent, now)
    look = Look(**vars(look) | {"by": board.access.who})
    try:
        kept = desk.record(look)
    except NotDue as no:
        if no.taken is not None:
            raise Problem("already-seen", look=look_row(profile, no.taken)) from no
        expected = moment(no.due.due_at, profile.zone) if no.due else "a round that is due at this site"
        raise Problem("not-due", got=sent.round_id, where="round", expected=expected) from no
    return answer({"look": look_row(profile, kept)})


def fresh(board: Desk, desk: VideoRounds, sent: Sent, now: int) -> Look:
    """A look that is taken now."""
    if not desk.knows(sent.site_id):
        raise unknown_site(board, sent.site_id)
    return Look(sent.site_id, sent.round_id, sent.due_at, now, now, sent.result, sent.findings, sent.note)


def corrected(desk: VideoRounds, sent: Sent, now: int) -> Look:
    """A look in the place of another, at the same site, turn and time."""
    old = desk.correctable(sent.replaces or 0)
    if old is None:
        raise Problem("unknown-look", where="replaces", got=sent.replaces)
    return Look(
        old.site_id, old.round_id, old.due_at, old.seen_at, now, sent.result, sent.findings, sent.note,
        replaces=old.id,
    )  # fmt: skip


def video(query: Asked) -> VideoRounds:
    """The rounds of a profile that has some; a Problem where it has none."""
    desk = query.board.rounds
    if desk.profile.spec.video is None:
        raise Problem("no-rounds")
    return desk


def moment_of(query: Asked, picture: Picture) -> int:
    """The moment asked for; now, where none was: a look may be younger than the newest picture."""
    return picture.at if query.at is not None else max(picture.at, int(query.board.clock()))


def unknown_site(board: Desk, site_id: str) -> Problem:
    """The problem of a site that there is not for the reader."""
    return choice("unknown-site", "site_id", site_id, board.profile.sites.site_id.tolist())


def day_asked(text: str, profile: Profile, at: int, *, ahead: bool = False) -> date:
    """A day of a query; no later than today, or than tomorrow where one may look `ahead`."""
    today = date.fromisoformat(str(moment(at + 86_400 * ahead, profile.zone))[:10])
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or day > today or day.year < 2000:
        raise Problem("bad-time", where="day", got=text, expected=DAY)
    return day


def round_row(profile: Profile, round_id: str, found: Iterable[Due], at: int, lang: str) -> dict[str, Any]:
    """A round and how it stands; its turn is that of its sites, the last where there are several."""
    found = list(found)
    counts: dict[str, int] = {state: sum(one.state == state for one in found) for state in STATES}
    last = found[-1] if found else None
    return {
        "id": round_id,
        "name": in_language(rounds_of(profile)[round_id].name, lang, profile),
        "asked": len(found),
        **counts,
        "due_at": moment(last.due_at, profile.zone) if last else None,
        "until": moment(last.until, profile.zone) if last else None,
        "next_due_at": moment(next_due(profile, round_id, at), profile.zone),
    }


def due_row(profile: Profile, due: Due, lang: str) -> dict[str, Any]:
    """One site of a turn."""
    sites, row, zone = profile.sites, due.row, profile.zone
    county, line = str(sites.county[row]), str(sites.line[row])
    return {
        "round": due.round_id,
        "site_id": str(sites.site_id[row]),
        "name": str(sites.name[row]),
        "kind_name": in_language(profile.spec.kinds[str(sites.kind[row])].name, lang, profile),
        "line": line,
        "line_name": in_language(profile.line[line].name, lang, profile),
        "county": county,
        "county_name": profile.county_name.get(county, county),
        "due_at": moment(due.due_at, zone),
        "until": moment(due.until, zone),
        "state": due.state,
        "late": due.late,
        "video": player_link(profile.spec, str(sites.site_id[row]), str(sites.video_url[row] or "")),
        "look": look_row(profile, due.look) if due.look else None,
    }


def look_row(profile: Profile, look: Look) -> dict[str, Any]:
    """A look as it stands."""
    zone = profile.zone
    return {
        "id": look.id,
        "site_id": look.site_id,
        "round": look.round_id,
        "due_at": moment(look.due_at, zone),
        "seen_at": moment(look.seen_at, zone),
        "recorded_at": moment(look.recorded_at, zone),
        "result": look.result,
        "findings": list(look.findings),
        "note": look.note,
        "by": look.by,
        "replaces": look.replaces,
        "simulated": look.simulated,
    }
