"""A site's last weeks on a grid that ends at a given moment: what forecasts are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.readings import Readings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_S = 900
"""The past of a demonstration comes by the quarter of an hour; most sites report more often."""
WAITS = ("vehicles", "persons")
"""What may stand in a queue."""


@dataclass(frozen=True, eq=False)
class SitePast:
    """Columns with a value per step, in order; NaN where nothing was reported."""

    ends: Ints
    """End of each step, epoch seconds."""
    wait_min: Floats
    """As last reported by the end of the step, if that was not long ago."""
    lanes: Floats
    """Open then; 1 where lanes are not reported."""
    counted_h: dict[str, Floats]
    """Of WAITS: how many were checked per hour, over what the step's readings cover."""

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(self.ends)


def site_past(rows: Readings, end: int, start: int, step_s: int = STEP_S) -> SitePast:
    """The grid from one site's readings, ordered by time, back from `end` to `start`, epoch seconds."""
    count = max((end - start) // step_s, 0)
    ends = end - step_s * np.arange(count)[::-1]
    at, interval = rows.observed_at, np.maximum(rows.interval_s, 1.0)
    last = np.searchsorted(at, ends, side="right") - 1
    held = np.maximum(step_s, 1.5 * interval)
    fresh = (last >= 0) & (ends - at[last] <= held[last]) if len(at) else np.zeros(count, bool)

    def level(values: Floats) -> Floats:
        found = np.full(count, np.nan)
        found[fresh] = values[last[fresh]]
        return found

    lanes = level(rows.lanes_open)
    counted = {
        "persons": _per_hour(rows, rows.persons_in, rows.persons_out, ends, step_s),
        "vehicles": _per_hour(rows, rows.vehicles_in, rows.vehicles_out, ends, step_s),
    }
    return SitePast(
        ends=ends.astype(np.int64),
        wait_min=level(rows.wait_min),
        lanes=np.where(np.isnan(lanes) & fresh, 1.0, lanes),
        counted_h=counted,
    )


def both_ways(one: Floats, other: Floats) -> Floats:
    """Both directions together; one that is not reported is left out."""
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, one + other))


def _per_hour(rows: Readings, one: Floats, other: Floats, ends: Ints, step_s: int) -> Floats:
    """A count per hour in each step; a reading that lies in two steps counts in each by its part."""
    counts = both_ways(one, other)
    known = ~np.isnan(counts)
    if not known.any():
        return np.full(len(ends), np.nan)
    counts, stop = counts[known], rows.observed_at[known].astype(np.float64)
    begin = np.maximum(stop - np.maximum(rows.interval_s[known], 1.0), np.append(-np.inf, stop[:-1]))
    at = np.column_stack([begin, stop]).reshape(-1)
    # Running sums that stand still where nothing was reported.
    total, covered = (
        np.column_stack([np.cumsum(part) - part, np.cumsum(part)]).reshape(-1)
        for part in (counts, stop - begin)
    )
    edges = np.append(ends - step_s, ends[-1:])
    sums, spans = np.diff(np.interp(edges, at, total)), np.diff(np.interp(edges, at, covered))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spans >= step_s / 3, sums * 3600.0 / spans, np.nan)
