"""What a site's wait will be in the next half hour: the queue's own course, mended by how it came out before.

A multi-server queue says what happens if lanes stay as they are, and if the site answers with one more; what
the wait has just done and usually does at this hour stand beside it. How much each of these hints counts is
learned from the site's own last weeks (`forecast_score.walk`), and the forecast shows only where it beats
both plain guesses there.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.forecast_score import (
    FEWEST,
    Score,
    Walked,
    before,
    interval,
    score,
    seasonal_hints,
    told_change,
    walk,
)
from data.queueing import waits_ahead
from data.service_rate import Service, arrivals_h
from data.site_past import STEP_S, SitePast

Floats = NDArray[np.float64]

DAY, WEEK = 86400 // STEP_S, 7 * 86400 // STEP_S
AHEAD = (1, 2)
"""Steps that are forecast: a quarter of an hour and half an hour."""
WEEKS = 4
"""What is learned from."""
TOLERANCE_MIN = 0.05
MOST_MIN = 60.0
"""A hint says no more than this much change."""
LONGEST_MIN = 180.0
DIVERTS_MIN = 18.0
"""Above some such wait sites act: a hint of its own, whose weight is learned."""
RECENT = (0.6, 0.4)
"""How the last two steps weigh in what comes now."""


@dataclass(frozen=True, eq=False)
class Learned:
    """What a site's last weeks taught, for each of AHEAD."""

    walks: tuple[Walked, ...]
    score: Score | None
    """Of the farthest; its steps are epoch seconds. None where nothing could be forecast."""


@dataclass(frozen=True)
class Point:
    """One forecast."""

    t: int
    """Epoch seconds."""
    wait_min: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SiteForecast:
    """The next half hour of a site's wait, and how such forecasts came out."""

    points: tuple[Point, ...]
    """Empty where there is nothing to forecast from."""
    score: Score | None
    why: str
    """"" where it is to be shown; else `no_wait`, `silent`, `too_short`, `no_change` or `last_week`."""
    now_min: float | None = None
    """The wait that it goes on from."""

    @property
    def shown(self) -> bool:
        """Whether it does better than the plain guesses on this site."""
        return not self.why


@dataclass(frozen=True, eq=False)
class Coming:
    """What comes to a site and what its queue would do with it, a value per step of its past."""

    recent_h: Floats
    """Per hour, in the last half hour."""
    usual_h: Floats
    """As is usual at the time of the farthest of AHEAD, over a week; the recent where that is not known."""


def coming(past: SitePast, service: Service) -> Coming:
    """Recent and usual arrivals at every step."""
    came = arrivals_h(past, service)
    recent = RECENT[0] * came + RECENT[1] * np.where(np.isnan(before(came, 1)), came, before(came, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a time that was never reported has no median
        usual = np.nanmedian([before(came, DAY * k - AHEAD[-1]) for k in range(1, 8)], axis=0)
    return Coming(recent, np.where(np.isnan(usual), recent, usual))


def hints(past: SitePast, service: Service | None, lanes_total: float, horizon: int) -> list[Floats]:
    """Everything that says something about the wait `horizon` steps later, as changes from now."""
    wait = past.wait_min
    trend, *seasonal = seasonal_hints(wait, horizon, DAY, WEEK)
    found = [trend, np.where(wait < 4.0, trend, 0.0), *seasonal]
    found += [wait, np.maximum(wait - DIVERTS_MIN, 0.0)]
    if service is None:
        return found
    flow, lanes = coming(past, service), np.nan_to_num(past.lanes, nan=1.0)
    more = np.maximum(lanes, np.minimum(lanes + 1, lanes_total)) if lanes_total > 0 else lanes
    for open_, come in ((lanes, flow.recent_h), (more, (flow.recent_h + flow.usual_h) / 2)):
        known = ~np.isnan(come) & ~np.isnan(wait)
        course = np.full(len(wait), np.nan)
        ahead = np.repeat(come[known, None], horizon, axis=1)
        course[known] = waits_ahead(
            # The same queue, before more lanes.
            (wait * lanes / np.maximum(open_, 1.0))[known],
            ahead,
            open_[known],
            service.per_lane_h,
            step_s=STEP_S,
            spread=service.spread,
        )[:, -1]
        found.append(np.minimum(course, LONGEST_MIN) - wait)
    return found


def learn(past: SitePast, service: Service | None, lanes_total: float) -> Learned:
    """Walk through a site's past: a forecast at every quarter of an hour, and what became of it."""
    wait = past.wait_min
    if np.count_nonzero(~np.isnan(wait)) < FEWEST:
        return Learned((), None)
    first = int(np.flatnonzero(~np.isnan(wait))[0])
    walks = tuple(
        walk(
            hints(past, service, lanes_total, horizon),
            wait,
            horizon,
            warm=first + 2 * DAY,
            again=DAY,
            tolerance=TOLERANCE_MIN,
            most=MOST_MIN,
        )
        for horizon in AHEAD
    )
    told = score(walks[-1], wait, AHEAD[-1], WEEK)
    dated = Score(**vars(told) | {name: int(past.ends[getattr(told, name)]) for name in ("start", "end")})
    return Learned(walks, dated)


def forecast(past: SitePast, service: Service | None, lanes_total: float, learned: Learned) -> SiteForecast:
    """The forecast from the last step of a past, which must reach a week back where there was one."""
    if not past.steps or np.isnan(past.wait_min).all():
        return SiteForecast((), learned.score, "no_wait")
    now = past.wait_min[-1:]
    if np.isnan(now).any():
        return SiteForecast((), learned.score, "silent")
    if not learned.walks or learned.score is None:
        return SiteForecast((), learned.score, "too_short")
    points = []
    for horizon, walked in zip(AHEAD, learned.walks, strict=True):
        table = np.column_stack([one[-1:] for one in hints(past, service, lanes_total, horizon)])
        if table.shape[1] != len(walked.weights):  # the service was learned of only since
            return SiteForecast((), learned.score, "too_short")
        table = np.clip(np.nan_to_num(table), -MOST_MIN, MOST_MIN)
        change = told_change(table, walked.weights, walked.reach)
        value = np.maximum(now + change, 0.0)
        low, high = interval(value, now, walked.calm, walked.busy)
        points.append(
            Point(int(past.ends[-1]) + horizon * STEP_S, float(value[0]), _known(low), _known(high))
        )
    return SiteForecast(tuple(points), learned.score, learned.score.verdict, float(now[0]))


def _known(values: Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])
