"""Which hours of the store hold simulated readings, remembered so that asking often costs little."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from data.store.base import Store

HOUR_S = 3600


class SimulatedHours:
    """A memory of whole hours; safe to use from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: dict[int, bool] = {}
        self._writes: dict[int, int] = {}
        """How often each hour was written into, so that an answer that a write overtook is not kept."""

    def any(self, start: int, end: int) -> bool:
        """Whether any reading is simulated from the hour that `start` lies in until `end`."""
        last = end // HOUR_S
        whole = any(self._hour(hour) for hour in range(start // HOUR_S, last))
        return whole or self._store.has_simulated(last * HOUR_S, end)

    def touch(self, observed_at: NDArray[np.int64]) -> None:
        """Rows with these times became durable."""
        with self._lock:
            for hour in np.unique((observed_at - 1) // HOUR_S).tolist():
                self._writes[hour] = self._writes.get(hour, 0) + 1
                self._known.pop(hour, None)

    def forget(self) -> None:
        """Anything may have been written or dropped."""
        with self._lock:
            self._known.clear()
            for hour in self._writes:
                self._writes[hour] += 1

    def _hour(self, hour: int) -> bool:
        with self._lock:
            if hour in self._known:
                return self._known[hour]
            writes = self._writes.setdefault(hour, 0)
        found = self._store.has_simulated(hour * HOUR_S, (hour + 1) * HOUR_S)
        with self._lock:
            if self._writes[hour] == writes:
                self._known[hour] = found
        return found
