"""What brings a slow site's wait back under the threshold: how many lanes, how many people, and by when."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from data.forecast import DAY, RECENT, SiteForecast
from data.queueing import waits_ahead
from data.service_rate import Service, arrivals_h
from data.site_past import STEP_S, SitePast

Floats = NDArray[np.float64]

LOOK_MIN = 120
"""How far ahead each number of lanes is followed."""
AIM_MIN = 30
"""The wait shall be back under the threshold within this time."""
PART_S = 300
"""Steps of what is followed."""
FADES_MIN = 60.0
"""So long it takes until what comes beyond the usual has shrunk to a third."""
MOST_LANES = 64


@dataclass(frozen=True)
class Option:
    """One number of lanes, and what follows."""

    lanes: int
    under_min: int | None
    """Minutes until the wait is under the threshold to stay so; None: not within LOOK_MIN."""
    wait_min: float
    """In half an hour."""


@dataclass(frozen=True)
class Advice:
    """What is advised; numbers that are not known are None."""

    what: str
    """`calm`: nothing to do. `wait`: it passes by itself in time. `open`: open lanes. `divert`: all lanes are
    not enough in time, send some another way. `unknown`: too little is known of the site."""
    threshold_min: float
    wait_min: float | None
    unit: str = ""
    """What queues: `vehicles` or `persons`."""
    per_lane_h: float | None = None
    lane_hours: float = 0.0
    """What the rate was measured in."""
    arrivals_h: float | None = None
    """Come now, per hour."""
    lanes_open: int | None = None
    lanes: int | None = None
    """To be open."""
    lanes_more: int | None = None
    staff_more: int | None = None
    """Needed on duty beyond those who are, for that many lanes; None where the profile does not say."""
    under_min: int | None = None
    """Minutes until the wait is under the threshold then."""
    divert_h: float | None = None
    """Per hour, for AIM_MIN minutes."""
    options: tuple[Option, ...] = ()


def ahead_h(past: SitePast, service: Service, minutes: int) -> Floats:
    """Arrivals per hour in the coming steps of PART_S: what comes now goes over into the usual.

    The usual is the median of the same time on the days of the last week; where that is not known, now stays.
    NaN where neither is.
    """
    came = arrivals_h(past, service)
    known = came[-2:][~np.isnan(came[-2:])]
    now = float(np.average(came[-2:][::-1], weights=RECENT)) if len(known) == len(RECENT) else np.nan
    now = float(known[-1]) if math.isnan(now) and len(known) else now
    parts = minutes * 60 // PART_S
    steps = np.arange(parts) * PART_S // STEP_S + 1  # the grid's step that each part lies in
    usual = _usual(came, np.append(0, steps))
    now = usual[0] if math.isnan(now) else now
    here = now if np.isnan(usual[0]) else usual[0]
    fade = np.exp(-(np.arange(parts) + 0.5) * PART_S / 60.0 / FADES_MIN)
    expected = np.where(np.isnan(usual[1:]), here, usual[1:])
    return np.asarray(np.maximum(expected + (now - here) * fade, 0.0), dtype=np.float64)


def _usual(came: Floats, steps: NDArray[np.int64]) -> Floats:
    """The median of the last seven days at so many steps after the last one."""
    at = len(came) - 1 + steps[None, :] - DAY * np.arange(1, 8)[:, None]
    values = np.where(at >= 0, came[np.maximum(at, 0)], np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a time that was never reported has no median
        usual: Floats = np.nanmedian(values, axis=0)
    return usual


def advise(
    past: SitePast,
    service: Service | None,
    *,
    threshold_min: float,
    lanes_total: float,
    staff_on_duty: float,
    staff_required: float,
    foreseen: SiteForecast | None = None,
) -> Advice:
    """What to do about a site's wait from the last step of its past on; NaN is not known.

    Lanes are staffed alike: with all of them open, as many are needed as the duty level in force requires.
    """
    wait = float(past.wait_min[-1]) if past.steps else math.nan
    lanes = float(past.lanes[-1]) if past.steps else math.nan
    if math.isnan(wait):
        return Advice("unknown", threshold_min, None)
    soon = foreseen is not None and foreseen.shown and foreseen.points[-1].wait_min >= threshold_min
    if service is None or not lanes_total > 0 or not lanes >= 0:
        return Advice("unknown" if wait >= threshold_min or soon else "calm", threshold_min, wait)
    come, open_ = ahead_h(past, service, LOOK_MIN), int(lanes)
    if np.isnan(come).any():
        return Advice("unknown" if wait >= threshold_min or soon else "calm", threshold_min, wait)
    most = min(max(int(lanes_total), open_, 1), MOST_LANES)
    options = follow(wait, come, (open_, most), service=service, threshold_min=threshold_min)
    known = partial(
        Advice,
        threshold_min=threshold_min,
        wait_min=wait,
        unit=service.unit,
        per_lane_h=service.per_lane_h,
        lane_hours=service.lane_hours,
        arrivals_h=float(come[0]),
        lanes_open=open_,
        options=options,
    )
    if wait < threshold_min and not soon:
        return known("calm")
    in_time = [one for one in options if one.under_min is not None and one.under_min <= AIM_MIN]
    best = in_time[0] if in_time else options[-1]
    what = "divert" if not in_time else "wait" if best.lanes == open_ else "open"
    return known(
        what,
        lanes=best.lanes,
        lanes_more=best.lanes - open_,
        staff_more=staff_for(best.lanes, lanes_total, staff_on_duty, staff_required),
        under_min=best.under_min,
        divert_h=None if in_time else divert_h(wait, come, options, service, threshold_min),
    )


def staff_for(lanes: int, lanes_total: float, on_duty: float, required: float) -> int | None:
    """How many more must come on duty so that these lanes can be manned; None where that is not known."""
    if not (lanes_total > 0 and required > 0 and on_duty >= 0):
        return None
    return max(math.ceil(lanes * required / lanes_total - 1e-9) - int(on_duty), 0)


def divert_h(
    wait: float, come: Floats, options: tuple[Option, ...], service: Service, threshold_min: float
) -> float:
    """How many per hour must go another way for AIM_MIN minutes, for the wait to be under the threshold then,
    with the most lanes open.

    By the fluid alone: what stands now and what comes, less what the lanes check and what may stand.
    """
    first, last = max(options[0].lanes, 1), max(options[-1].lanes, 1)
    pace, hours = last * service.per_lane_h, AIM_MIN / 60.0
    comes = float(come[: AIM_MIN * 60 // PART_S].mean())
    stands = wait / 60.0 * first * service.per_lane_h
    return max((stands - threshold_min / 60.0 * pace) / hours + comes - pace, 0.0)


def follow(
    wait: float, come: Floats, lanes: tuple[int, int], *, service: Service, threshold_min: float
) -> tuple[Option, ...]:
    """What follows if from now on as many lanes as now, or one more, and so on to the most, are open.

    `lanes` are those that are open now, and the most that could be.
    `come` is what comes per hour in steps of PART_S, as many as are to be followed.
    """
    now, most = lanes
    counts = np.arange(now, max(most, now) + 1)
    # The queue stays as long as it is; with more lanes whoever stands in it waits less.
    begins = wait * max(now, 1) / np.maximum(counts, 1.0)
    course = waits_ahead(
        begins, np.tile(come, (len(counts), 1)), counts.astype(np.float64), service.per_lane_h,
        step_s=PART_S, spread=service.spread,
    )  # fmt: skip
    course = np.column_stack([begins, course])
    options = []
    for count, row in zip(counts.tolist(), course, strict=True):
        over = np.flatnonzero(row >= threshold_min)
        first = int(over[-1]) + 1 if len(over) else 0
        under = None if first == len(row) else first * PART_S // 60
        options.append(Option(count, under, float(row[AIM_MIN * 60 // PART_S])))
    return tuple(options)
