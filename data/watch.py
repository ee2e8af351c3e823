"""What the engine remembers of fences and devices: newest states, and crossings of the last hour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.readings import Reports
from data.rules import FenceView

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR_S = 3600
SLACK_S = 900
"""How much longer rows are kept than the hour that is counted, for a picture of a moment ago."""


class Watch:
    """A memory of reports, of the fences and then the devices; rows may come late, twice, in any order."""

    def __init__(self, fences: int) -> None:
        self._state = np.full(fences, "unknown", dtype=object)
        self._observed_at = np.full(fences, np.nan)
        self._fence = np.empty(0, np.int64)
        self._at = np.empty(0, np.int64)
        self._in = np.empty(0)
        self._out = np.empty(0)

    def put(self, fence_rows: Ints, reports: Reports) -> None:
        """Take reports in order of arrival; `fence_rows` is the row number of each report's target."""
        if not len(fence_rows):
            return
        for row, at, state in zip(
            fence_rows.tolist(), reports.observed_at.tolist(), reports.state.tolist(), strict=True
        ):
            if not at < self._observed_at[row]:
                self._observed_at[row] = at
                self._state[row] = state
        fence = np.concatenate([self._fence, fence_rows])
        at = np.concatenate([self._at, reports.observed_at])
        order = np.lexsort((at, fence))
        ends = np.append((np.diff(fence[order]) != 0) | (np.diff(at[order]) != 0), True)
        pick = order[ends & (at[order] > at.max() - HOUR_S - SLACK_S)]
        self._fence, self._at = fence[pick], at[pick]
        self._in = np.concatenate([self._in, reports.crossings_in])[pick]
        self._out = np.concatenate([self._out, reports.crossings_out])[pick]

    def view(self, at: int, silent_after_s: int) -> FenceView:
        """All of them at a moment; one that has been silent for longer is `unknown`."""
        fresh = at - self._observed_at <= silent_after_s
        state = np.full(len(self._state), "unknown", dtype=object)
        state[fresh] = self._state[fresh]
        now = (self._at > at - HOUR_S) & (self._at <= at)
        return FenceView(
            state=state,
            observed_at=self._observed_at.copy(),
            crossings_in=self._count(self._in, now),
            crossings_out=self._count(self._out, now),
        )

    def _count(self, counts: Floats, now: NDArray[np.bool_]) -> Floats:
        known = now & ~np.isnan(counts)
        n = len(self._state)
        total = np.bincount(self._fence[known], weights=counts[known], minlength=n)
        return np.where(np.bincount(self._fence[known], minlength=n) > 0, total, np.nan)
