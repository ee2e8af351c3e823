"""What arrived since the last step; what is dated in the future waits for its time."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.readings import Readings, Reports

Ints = NDArray[np.int64]
Rows = TypeVar("Rows", Readings, Reports)


class Inbox(Generic[Rows]):
    """Filled from any thread, emptied by the engine's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Ints, Rows]] = []

    def put(self, targets: Ints, rows: Rows) -> None:
        """Leave rows, with the row number of each one's site or fence."""
        with self._lock:
            self._waiting.append((targets, rows))

    def clear(self) -> None:
        """Let go of everything, since it is going to be read back from the store."""
        with self._lock:
            self._waiting = []

    def until(self, at: int) -> list[tuple[Ints, Rows]]:
        """Take what was observed by a time, in order of arrival.

        A picture of a moment holds nothing observed after it, so that the same moment asked for later from
        the store looks the same, and a sender whose clock is ahead cannot look alive into the future.
        """
        due: list[tuple[Ints, Rows]] = []
        # All under the lock: what arrives meanwhile comes after what waits on.
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for targets, rows in waiting:
                early = rows.observed_at > at
                if not early.any():
                    due.append((targets, rows))
                    continue
                self._waiting.append((targets[early], rows.take(early)))
                if not early.all():
                    due.append((targets[~early], rows.take(~early)))
        return due
