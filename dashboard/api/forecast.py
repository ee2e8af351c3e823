"""What is ahead of one site: the forecast of its wait with its score, advice, what closing it would do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.order_body import order_body
from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, AskedQuery, answer
from dashboard.foretold import (
    advice_words,
    basis_words,
    forecast_words,
    note_words,
    outcome_words,
    required_now,
    score_words,
)
from dashboard.times import moment
from data.advice import AIM_MIN, Advice
from data.diversion import Outcome
from data.forecast import Point
from data.forecast_score import Score
from data.numbers import number
from data.profile import Profile

BODY_BYTES = 4096
MOST_LANES = 64
CLOSES = ("site", "lanes")
FIELDS = ("site_id", "close", "lanes")

router = APIRouter(prefix="/api/v1")


@router.get("/sites/{site_id:path}/forecast")
def forecast(query: AskedQuery, site_id: str) -> Response:
    """The next half hour of a site's wait as of `at`; no points where the forecast hides, and `why`."""
    profile = asked_site(query, site_id)
    zone, at = profile.zone, asked_at(query)
    told = query.board.history.ahead.forecast(site_id, at)
    return answer(
        {
            "site_id": site_id,
            "at": moment(at, zone),
            "shown": told.shown,
            "why": told.why or None,
            "text": forecast_words(told, query.lang, zone),
            "wait_min": number(told.now_min, 1),
            "points": [point_row(point, profile) for point in told.points] if told.shown else [],
            "threshold_min": profile.spec.status.congested_wait_min,
            "score": None if told.score is None else score_row(told.score, profile),
            "score_text": score_words(told, query.lang) or None,
        }
    )


@router.get("/sites/{site_id:path}/advice")
def advice(query: AskedQuery, site_id: str) -> Response:
    """How many lanes and staff bring a site's wait back under the threshold, and by when, as of `at`."""
    profile = asked_site(query, site_id)
    zone, at = profile.zone, asked_at(query)
    # Which duty level was in force then is not asked here.
    required = None if query.at else required_now(query.board, site_id)
    told = query.board.history.ahead.advice(site_id, at, staff_required=required)
    return answer(
        {"site_id": site_id, "at": moment(at, zone)}
        | advice_row(told, at, profile)
        | {
            "text": advice_words(told, query.lang, at, zone) or None,
            "basis": basis_words(told, query.lang) or None,
        }
    )


@router.post("/whatif")
async def what_if(query: AskedQuery, request: Request) -> Response:
    """Close a site or some of its lanes, and see its neighbours' waits in half an hour; nothing is kept.

    `{site_id, close: "site"}` or `{site_id, close: "lanes", lanes: 1}`. `outcome` is null where too little is
    known of the site; `text` says so.
    """
    site_id, lanes = read_what_if(await order_body(request, FIELDS, most=BODY_BYTES))
    return await anyio.to_thread.run_sync(follow, query, site_id, lanes)


def follow(query: Asked, site_id: str, lanes: int | None) -> Response:
    """The answer to a checked question."""
    profile = asked_site(query, site_id)
    at = asked_at(query)
    outcome = query.board.history.ahead.what_if(site_id, lanes, at)
    return answer(
        {
            "site_id": site_id,
            "at": moment(at, profile.zone),
            "in_min": AIM_MIN,
            "threshold_min": profile.spec.status.congested_wait_min,
            "outcome": None if outcome is None else outcome_row(outcome),
            "text": outcome_words(outcome, query.lang),
            "note": note_words(query.lang, own_only=bool(query.board.reach)),
        }
    )


def read_what_if(told: dict[str, Any]) -> tuple[str, int | None]:
    """Site and number of lanes to close, None for all of it; raises Problem."""
    close, lanes, site_id = told.get("close"), told.get("lanes"), told.get("site_id")
    if close not in CLOSES:
        raise choice("bad-value", "close", str(close)[:40], CLOSES)
    if not isinstance(site_id, str):
        raise Problem("unknown-site", where="site_id", got=site_id)
    if close == "site":
        return site_id, None
    if type(lanes) is not int or not 1 <= lanes <= MOST_LANES:
        raise Problem(
            "bad-number", where="lanes", got=lanes, expected=f"a whole number from 1 to {MOST_LANES}"
        )
    return site_id, lanes


def asked_site(query: Asked, site_id: str) -> Profile:
    """The profile that a site's past is read under; raises Problem where there is no such site to see."""
    profile = query.board.history.profile
    sites, row = profile.sites, profile.sites.row.get(site_id)
    if row is None or (query.scope and sites.county[row] != query.scope):
        known = sites.site_id
        inside = known if not query.scope else known[sites.county == query.scope]
        raise choice("unknown-site", "site_id", site_id, inside.tolist())
    return profile


def asked_at(query: Asked) -> int:
    """The moment asked for, epoch seconds."""
    return query.at or int(query.board.clock())


def point_row(point: Point, profile: Profile) -> dict[str, Any]:
    """One forecast as plain values."""
    return {
        "t": moment(point.t, profile.zone),
        "wait_min": number(point.wait_min, 1),
        "low": number(point.low, 1),
        "high": number(point.high, 1),
    }


def score_row(score: Score, profile: Profile) -> dict[str, Any]:
    """A score as plain values: mean absolute errors in minutes, over the same moments."""
    return {
        "from": moment(score.start, profile.zone) if score.n else None,
        "to": moment(score.end, profile.zone) if score.n else None,
        "moments": score.n,
        "mae": number(score.mae, 3),
        "mae_no_change": number(score.no_change, 3),
        "moments_with_week": score.n_week,
        "mae_with_week": number(score.mae_week, 3),
        "mae_last_week": number(score.last_week, 3),
        "inside": number(score.inside, 3),
        "verdict": score.verdict or "better",
    }


def advice_row(told: Advice, at: int, profile: Profile) -> dict[str, Any]:
    """An advice as plain values."""
    return {
        "what": told.what,
        "threshold_min": told.threshold_min,
        "wait_min": number(told.wait_min, 1),
        "unit": told.unit or None,
        "arrivals_per_hour": number(told.arrivals_h, 1),
        "per_lane_hour": number(told.per_lane_h, 1),
        "measured_lane_hours": number(told.lane_hours, 1),
        "lanes_open": told.lanes_open,
        "lanes": told.lanes,
        "lanes_more": told.lanes_more,
        "staff_more": told.staff_more,
        "by": None if told.under_min is None else moment(at + 60 * told.under_min, profile.zone),
        "divert_per_hour": number(told.divert_h, 0),
        "options": [asdict(one) | {"wait_min": number(one.wait_min, 1)} for one in told.options],
    }


def outcome_row(told: Outcome) -> dict[str, Any]:
    """What closing does as plain values, waits in half an hour."""
    waits = ("wait_min", "wait_without", "wait_with")
    row = asdict(told) | {name: number(getattr(told, name), 1) for name in waits}
    taken = [
        asdict(one)
        | {name: number(getattr(one, name), 1) for name in waits}
        | {"km": number(one.km, 1), "share": number(one.share, 3), "more_h": number(one.more_h, 1)}
        for one in told.taken_by
    ]
    return row | {"leaves_h": number(told.leaves_h, 1), "taken_by": taken}
