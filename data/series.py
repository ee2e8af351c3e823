"""One site's values over time, by step: what a chart or a table of a site draws."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from data.ground import ground_of
from data.profile import Profile
from data.readings import COUNTS, GAUGES, LEVELS, Readings
from data.store.base import Store
from layers.faults import Fault, FaultsError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Series = list[tuple[int, float | None]]

SUMS = {**{name: (name,) for name in COUNTS}, "persons": COUNTS[:2], "vehicles": COUNTS[2:]}
RATES = {"persons_per_hour": COUNTS[:2], "vehicles_per_hour": COUNTS[2:]}
METRICS = (*SUMS, *RATES, *GAUGES, *LEVELS, "interval_s", "staff_required", "data_age_s")
"""What can be asked for, beside `outcomes.<name>`."""
MOST_STEPS = 20_000


def series_of(
    profile: Profile, store: Store, site_id: str, metric: str, *, start: int, end: int, step: int
) -> Series:
    """Pairs of a step's start and its value; None where nothing was reported.

    A step holds start < observed_at <= start + step. Counts are summed, gauges averaged, the last level of a
    step holds; rates are the counted per hour that the readings cover; the age of data is at the step's end.
    Raises FaultsError for an unknown site or metric and for a span that makes no sense.
    """
    _check(profile, site_id, metric, start=start, end=end, step=step)
    count = -(-(end - start) // step)
    rows = store.read(start, end, [site_id])
    at = (rows.observed_at - start - 1) // step
    if metric == "staff_required":
        required = ground_of(profile).staff_required[profile.sites.row[site_id]]
        values = np.full(count, required)
    elif metric == "data_age_s":
        values = _ages(store, site_id, rows, start, np.minimum(start + step * np.arange(1, count + 1), end))
    elif metric in LEVELS:
        values = _last(getattr(rows, metric), at, count)
    elif metric in (*GAUGES, "interval_s"):
        values = _sum(getattr(rows, metric), at, count, per=np.ones(len(rows)))
    elif metric in RATES:
        values = _sum(_both(rows, RATES[metric]), at, count, per=rows.interval_s / 3600)
    elif metric in SUMS:
        values = _sum(_both(rows, SUMS[metric]), at, count)
    else:
        name = metric.removeprefix("outcomes.")
        counts = [np.nan if one is None else one.get(name, np.nan) for one in rows.outcomes.tolist()]
        values = _sum(np.array(counts, dtype=np.float64), at, count)
    starts = range(start, end, step)
    return [(t, None if np.isnan(v) else v) for t, v in zip(starts, values.tolist(), strict=True)]


def _check(profile: Profile, site_id: str, metric: str, *, start: int, end: int, step: int) -> None:
    faults = []
    if site_id not in profile.sites.row:
        near = get_close_matches(site_id, profile.sites.row, n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else ""
        faults.append(
            Fault("There is no such site", field="site_id", got=site_id, hint=hint, expected="a site id")
        )
    if metric not in METRICS and not (metric.startswith("outcomes.") and len(metric) > len("outcomes.")):
        near = get_close_matches(metric, METRICS, n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        expected = f"one of {', '.join(METRICS)} or outcomes.<name>"
        faults.append(
            Fault("There is no such metric", field="metric", got=metric, hint=hint, expected=expected)
        )
    if step <= 0:
        faults.append(
            Fault("A step must be positive", field="step", got=str(step), expected="seconds above 0")
        )
    elif end <= start:
        faults.append(Fault("The span is empty", field="to", got=str(end), expected=f"later than {start}"))
    elif -(-(end - start) // step) > MOST_STEPS:
        faults.append(
            Fault(
                "The span has too many steps",
                field="step",
                got=str(step),
                expected=f"at least {-(-(end - start) // MOST_STEPS)}",
                hint="Ask for a longer step or a shorter span.",
            )
        )
    if faults:
        raise FaultsError(faults)


def _both(rows: Readings, names: tuple[str, ...]) -> Floats:
    """Several counts together; one that is not reported is left out, NaN where none is."""
    columns = np.array([getattr(rows, name) for name in names]).reshape(len(names), len(rows))
    known = ~np.isnan(columns)
    return np.where(known.any(axis=0), np.where(known, columns, 0).sum(axis=0), np.nan)


def _sum(values: Floats, at: Ints, count: int, per: Floats | None = None) -> Floats:
    """Sums by step, divided by the sums of `per` where that is given."""
    known = ~np.isnan(values)
    reports = np.bincount(at[known], minlength=count)
    total: Floats = np.bincount(at[known], weights=values[known], minlength=count).astype(np.float64)
    if per is not None:
        total = total / np.maximum(np.bincount(at[known], weights=per[known], minlength=count), 1e-9)
    return np.where(reports > 0, total, np.nan)


def _last(values: Floats, at: Ints, count: int) -> Floats:
    """The last known value of each step; rows are ordered by time."""
    known = ~np.isnan(values)
    last = np.full(count, np.nan)
    last[at[known]] = values[known]
    return last


def _ages(store: Store, site_id: str, rows: Readings, start: int, ends: Ints) -> Floats:
    """Seconds from the newest reading to each step's end; NaN before there ever was one."""
    before = store.latest(start, [site_id]).observed_at
    times = np.concatenate([before, rows.observed_at])
    newest = np.searchsorted(times, ends, side="right") - 1
    return np.where(newest >= 0, ends - times[newest], np.nan) if len(times) else np.full(len(ends), np.nan)
