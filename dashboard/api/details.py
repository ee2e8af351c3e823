"""What is told of one site beside its state: staff by duty level, outcomes, video, its log."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.problems import choice
from dashboard.api.query import AskedQuery, answer
from dashboard.times import moment
from dashboard.video import player_link
from data.numbers import number
from data.profile import Profile
from data.rules import in_language
from data.site_day import Entry, staff_by_level

router = APIRouter(prefix="/api/v1")


@router.get("/sites/{site_id:path}/details")
def details(query: AskedQuery, site_id: str) -> Response:
    """A site as of `at`: outcomes since midnight, staff required by duty level, video, a day's log."""
    history = query.board.history
    profile = history.profile
    sites, row = profile.sites, profile.sites.row.get(site_id)
    if row is None or (query.scope and sites.county[row] != query.scope):
        known = sites.site_id
        inside = known if not query.scope else known[sites.county == query.scope]
        raise choice("unknown-site", "site_id", site_id, inside.tolist())
    at = query.at or int(query.board.clock())
    day, picture = history.site_day(site_id, at), query.picture()
    level = picture.duty_levels.get(str(sites.county[row]), picture.duty_level)
    outcomes = profile.spec.outcomes
    return answer(
        {
            "site_id": site_id,
            "at": moment(at, profile.zone),
            "staff_required_by_level": {
                level: number(value, 0) for level, value in staff_by_level(profile, row).items()
            },
            "duty_level": level,
            "roster": _on_duty(profile, row, at),
            "video": player_link(profile.spec, site_id, str(sites.video_url[row] or "")),
            "opened_on": str(sites.opened_on[row]) or None,
            "closed_on": str(sites.closed_on[row]) or None,
            "outcomes": [
                {
                    "name": name,
                    "label": in_language(outcomes[name], query.lang, profile) if name in outcomes else name,
                    "count": number(count, 0),
                }
                for name, count in day.outcomes.items()
            ],
            "log": [_told(profile, entry, query.lang) for entry in day.log],
            "refused": day.refused,
        }
    )


def _on_duty(profile: Profile, row: int, at: int) -> list[dict[str, Any]]:
    """The teams of a site's line in its county that are on post or stand by at a moment."""
    if profile.roster is None:
        return []
    sites = profile.sites
    here = str(sites.county[row]), str(sites.line[row])
    return [
        {
            "name": duty.team.name,
            "state": duty.state,
            "people": duty.team.people,
            "until": moment(duty.until, profile.zone),
        }
        for duty in profile.roster.at(at, profile.zone)
        if (duty.team.county, duty.team.line) == here and duty.state in ("on_post", "standby")
    ]


def _told(profile: Profile, entry: Entry, lang: str) -> dict[str, Any]:
    """A line of the log: only what its kind has."""
    told: dict[str, Any] = {"t": moment(entry.t, profile.zone), "what": entry.what}
    if entry.rule:
        names = {rule.id: rule.name for rule in profile.spec.rules}
        rule = names.get(entry.rule)
        told |= {"rule": in_language(rule, lang, profile) if rule else entry.rule}
        told |= {"severity": entry.severity}
    if entry.of is not None:
        told["of"] = moment(entry.of, profile.zone)
    for name in ("values", "was"):
        numbers = getattr(entry, name)
        if numbers is not None:
            told[name] = {key: number(value, 1) for key, value in numbers.items()}
    if entry.method:
        told["method"] = entry.method
    return told
