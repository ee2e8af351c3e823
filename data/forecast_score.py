"""The forecast's own score: made again for every past moment from what was known then, and held against
two plain guesses, "no change" and "the same time last week"."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE = 1e-3
"""How strongly the weights are drawn to zero, which is to no change."""
ROUNDS = 30
LOW, HIGH = 0.1, 0.9
"""What the interval spans: four in five."""
FEWEST = 96
"""Errors below which there is no interval, and moments below which there is no score."""
CALM = 3.0
"""Below this now and forecast, errors are of another kind than in a queue; minutes."""


@dataclass(frozen=True)
class Score:
    """Mean absolute errors over the same moments."""

    n: int
    """Moments at which the forecast, what came, and the value before were all known."""
    start: int
    end: int
    """The first and last of them, in the steps of the series."""
    mae: float
    no_change: float
    n_week: int
    """Those of which the value a week before was known, too."""
    mae_week: float
    """The forecast's over these."""
    last_week: float
    inside: float | None
    """The share of what came that lay in the interval that was told beforehand; None where none was."""

    @property
    def verdict(self) -> str:
        """ "" where the forecast beats both guesses, else which it does not, or `too_short`."""
        if self.n < FEWEST:
            return "too_short"
        if not self.mae < self.no_change:
            return "no_change"
        # A week that is hardly known judges nobody.
        return "last_week" if self.n_week >= FEWEST and not self.mae_week < self.last_week else ""


@dataclass(frozen=True, eq=False)
class Walked:
    """A walk through the past: what would have been told at each step, from what lay before it."""

    value: Floats
    """Forecast for `horizon` steps later; NaN where none could be made."""
    low: Floats
    high: Floats
    weights: Floats
    """Of the hints, by all of the past: for the forecast that is made now."""
    reach: tuple[float, float]
    """The greatest fall and rise that ever came: no forecast goes beyond."""
    calm: tuple[float, float]
    busy: tuple[float, float]
    """Low and high of errors, for the interval that is told now; those of `busy` are shares of the scale."""


def seasonal_hints(values: Floats, horizon: int, day: int, week: int) -> list[Floats]:
    """What a series says of itself about `horizon` steps ahead, as changes from now.

    The last step's change, the usual at that time of day over a week, the same time last week, and the change
    that came then. `day` and `week` are in steps; `horizon` is no longer than a day.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a time that was never reported has no mean
        usual = np.nanmean([before(values, day * k - horizon) for k in range(1, week // day + 1)], axis=0)
    then = before(values, week - horizon)
    return [values - before(values, 1), usual - values, then - values, then - before(values, week)]


def before(values: Floats, steps: int) -> Floats:
    """The series so many steps later: at each step the value of so many steps before; NaN at the start."""
    if not steps:
        return values
    shifted = np.full(len(values), np.nan)
    shifted[steps:] = values[:-steps]
    return shifted


def fit(hints: Floats, change: Floats, tolerance: float) -> Floats:
    """Weights of hints, shape (moments, hints), by least absolute errors: the score is a mean of those.

    Iteratively reweighted least squares with a small ridge; errors below `tolerance` are as good as none.
    """
    # A hint that hardly ever spoke is not blown up into one that shouts.
    size = np.sqrt((hints**2).mean(axis=0)) + tolerance if len(hints) else np.ones(hints.shape[1])
    scaled, weight = hints / size, np.ones(len(change))
    found = np.zeros(hints.shape[1])
    for _ in range(ROUNDS if len(change) else 0):
        weighted = scaled.T * weight
        pull = (RIDGE * weight.sum() + 1e-6) * np.eye(len(found))
        found = np.linalg.solve(weighted @ scaled + pull, weighted @ change)
        weight = 1.0 / np.maximum(np.abs(change - scaled @ found), tolerance)
    return np.asarray(found / size, dtype=np.float64)


def walk(
    hints: Sequence[Floats],
    values: Floats,
    horizon: int,
    *,
    warm: int,
    again: int,
    tolerance: float,
    most: float,
    back: Callable[[Floats], Floats] = lambda values: values,
) -> Walked:
    """Forecasts for every step from `warm` on, fitted anew every `again` steps to what had come by then.

    `values` may be on another scale, such as the logarithm; `back` leads from it, and errors are counted
    there. Hints are held within `most`; what a hint does not know counts as no change.
    """
    table = np.clip(np.nan_to_num(np.column_stack(list(hints))), -most, most)
    count = len(values)
    came = np.append(values[horizon:], np.full(min(horizon, count), np.nan))[:count]
    change, usable = came - values, ~np.isnan(came - values)
    now, truth = back(values), back(came)
    value, low, high = (np.full(count, np.nan) for _ in range(3))
    error, scale = np.full(count, np.nan), np.ones(count)
    for first in range(warm, count, again):
        part = slice(first, first + again)
        past = usable & (np.arange(count) < first - horizon)
        weights = fit(table[past], change[past], tolerance)
        value[part] = back(values[part] + told_change(table[part], weights, _reach(change[past])))
        value[part] = np.maximum(value[part], 0.0)
        scale[part] = CALM + np.maximum(value[part], now[part])
        known = np.arange(count) < first - horizon
        low[part], high[part] = interval(value[part], now[part], *_errors(error[known], scale[known]))
        error[part] = truth[part] - value[part]
    weights = fit(table[usable], change[usable], tolerance)
    return Walked(value, low, high, weights, _reach(change[usable]), *_errors(error, scale))


def told_change(hints: Floats, weights: Floats, reach: tuple[float, float]) -> Floats:
    """The change that hints of several moments tell, shape (moments, hints), kept within reach."""
    return np.clip(hints @ weights, *reach)


def _reach(change: Floats) -> tuple[float, float]:
    return (min(float(change.min()), 0.0), max(float(change.max()), 0.0)) if len(change) else (0.0, 0.0)


def interval(
    value: Floats, now: Floats, calm: tuple[float, float], busy: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Low and high around forecasts, from errors that were made before (split conformal)."""
    reach = np.maximum(value, now)
    scale = CALM + reach
    ends = [
        np.where(reach < CALM, value + quiet, value + share * scale)
        for quiet, share in zip(calm, busy, strict=True)
    ]
    return np.clip(ends[0], 0.0, value), np.maximum(ends[1], value)


def _errors(error: Floats, scale: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Low and high errors of calm moments, and of busy ones as shares of the scale."""
    known = ~np.isnan(error)
    calm, busy = known & (scale < 2 * CALM), known & (scale >= 2 * CALM)
    nothing = (np.nan, np.nan)
    ends = []
    for kind, by in ((calm, np.ones_like(scale)), (busy, scale)):
        # Few of a kind tell nothing, and those of the other kind nothing of this one.
        few = known.sum() < FEWEST or kind.sum() < FEWEST // 4
        low, high = nothing if few else np.quantile((error / by)[kind], (LOW, HIGH))
        ends.append((float(low), float(high)))
    return ends[0], ends[1]


def score(walked: Walked, values: Floats, horizon: int, week: int) -> Score:
    """How a walk did, on the scale that people see; `week` is in steps."""
    count = len(values)
    came = np.append(values[horizon:], np.full(min(horizon, count), np.nan))[:count]
    then = before(values, week - horizon) if week - horizon < count else np.full(count, np.nan)
    seen = ~np.isnan(walked.value) & ~np.isnan(came) & ~np.isnan(values)
    both = seen & ~np.isnan(then)
    told = seen & ~np.isnan(walked.low)
    inside = (walked.low <= came + 1e-9) & (came <= walked.high + 1e-9)
    at = np.flatnonzero(seen)
    return Score(
        n=int(seen.sum()),
        start=int(at[0]) if len(at) else 0,
        end=int(at[-1]) if len(at) else 0,
        mae=_mean(walked.value - came, seen),
        no_change=_mean(values - came, seen),
        n_week=int(both.sum()),
        mae_week=_mean(walked.value - came, both),
        last_week=_mean(then - came, both),
        inside=float(inside[told].mean()) if told.any() else None,
    )


def _mean(errors: Floats, which: Bools) -> float:
    return float(np.abs(errors[which]).mean()) if which.any() else float("nan")
