"""Threads that are told to end together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Threads:
    """What an engine runs; each thread looks at `stopping` between two pieces of its work."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._running: list[threading.Thread] = []

    def __len__(self) -> int:
        return len(self._running)

    def spawn(self, name: str, run: Callable[[], None]) -> threading.Thread:
        """Run something in a thread of its own; the process does not wait for it."""
        thread = threading.Thread(target=run, name=f"threeline {name}", daemon=True)
        # One that ended, such as a feed that another took the place of, is let go.
        self._running = [one for one in self._running if one.is_alive()] + [thread]
        thread.start()
        return thread

    def join(self, seconds: float) -> list[str]:
        """Wait for all of them, so long in all; the names of those that did not end."""
        end = time.monotonic() + seconds
        for thread in self._running:
            thread.join(timeout=max(end - time.monotonic(), 0))
        stuck = [thread.name for thread in self._running if thread.is_alive()]
        self._running = []
        return stuck
