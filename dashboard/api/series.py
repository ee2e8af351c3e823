"""One site's values over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.problems import Problem, choice
from dashboard.api.query import AskedQuery, answer, epoch_seconds, whole_number
from dashboard.times import moment
from data.numbers import number
from data.series import METRICS, MOST_STEPS

DAY_S = 86400
STEP_S = 900
OUTCOMES = "outcomes."

router = APIRouter(prefix="/api/v1")


@router.get("/sites/{site_id:path}/series")
def series(
    query: AskedQuery,
    site_id: str,
    *,
    metric: Annotated[str, Query(description="A field of a reading, or a number of a site's picture")] = "",
    start: Annotated[str, Query(alias="from", description="Default: a day before `to`")] = "",
    to: Annotated[str, Query(description="Default: `at`, else now")] = "",
    step: Annotated[str, Query(description="Seconds")] = str(STEP_S),
) -> Response:
    """`[{t, value}]`: `t` is the start of each step, `value` null where nothing was reported."""
    # The site is looked up in the profile that its history is read under.
    history = query.board.history
    sites, zone = history.profile.sites, history.profile.zone
    row = sites.row.get(site_id)
    if row is None or (query.scope and sites.county[row] != query.scope):
        known = sites.site_id
        inside = known if not query.scope else known[sites.county == query.scope]
        raise choice("unknown-site", "site_id", site_id, inside.tolist())
    if metric not in METRICS and not (metric.startswith(OUTCOMES) and len(metric) > len(OUTCOMES)):
        raise choice("bad-value", "metric", metric, [*METRICS, f"{OUTCOMES}<name>"])
    now = query.board.clock()
    end = epoch_seconds(to, "to", now=now) if to else query.at or int(now)
    begin = epoch_seconds(start, "from", now=now) if start else end - DAY_S
    if begin >= end:
        raise Problem("bad-time", where="from", got=start, expected="a time before `to`")
    seconds = whole_number(step, "step", 1, 366 * DAY_S)
    points = -(-(end - begin) // seconds)
    if points > MOST_STEPS:
        shortest = -(-(end - begin) // MOST_STEPS)
        raise Problem(
            "too-many-points",
            where="step",
            got=points,
            expected=f"at most {MOST_STEPS} points, so a step of at least {shortest} s here",
        )
    found = history.series(site_id, metric, begin, end, seconds)
    return answer([{"t": moment(t, zone), "value": number(value, 3)} for t, value in found])
