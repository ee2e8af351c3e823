"""The feeds of an engine: prepared, run in threads of their own, and changed for others while it runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from data.feeds.base import Feed, Sink
from data.threads import Threads

LOG = logging.getLogger("threeline.engine")
FEED_PAUSE_S = 5.0
"""How long a feed that failed rests before it is run again."""
END_S = 5.0
"""How long one that was told to stop is waited for before another takes its place."""


class Feeding:
    """Runs feeds into a sink."""

    def __init__(
        self, feeds: Sequence[Feed], sink: Sink, clock: Callable[[], float], threads: Threads
    ) -> None:
        self.feeds = tuple(feeds)
        self._sink, self._clock, self._threads = sink, clock, threads
        self._ended = threading.Event()
        """Set once the present feeds were told to stop."""
        self._running: list[threading.Thread] = []

    @property
    def simulated(self) -> bool:
        """Whether any of them makes its readings up."""
        return any(feed.simulated for feed in self.feeds)

    def prepare(self) -> None:
        """Let each bring what must be there before the first picture."""
        for feed in self.feeds:
            try:
                feed.prepare(self._sink, int(self._clock()))
            except Exception:
                LOG.exception("Feed %s could not prepare; the board runs without it", feed.name)

    def start(self) -> None:
        """Run each in a thread of its own."""
        for feed in self.feeds:
            run = partial(self._run, feed, self._ended)
            self._running.append(self._threads.spawn(f"feed {feed.name}", run))

    def change(self, make: Callable[[], Sequence[Feed]]) -> None:
        """Stop the present feeds, wait for them, and run others in their place; logs what fails."""
        self.stop()
        for thread in self._running:
            thread.join(timeout=END_S)
        self._running, self._ended = [], threading.Event()
        try:
            # Made only now: what the old ones wrote last is in the store that the new ones look at.
            self.feeds = tuple(make())
        except Exception:
            LOG.exception("The feeds of the new profile could not be made; the board runs without them")
            self.feeds = ()
        self.prepare()
        if not self._threads.stopping.is_set():
            self.start()

    def stop(self) -> None:
        """Tell each to stop."""
        self._ended.set()
        for feed in self.feeds:
            try:
                feed.stop()
            except Exception:
                LOG.exception("Feed %s could not be stopped", feed.name)

    def _run(self, feed: Feed, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                feed.run(self._sink)
            except Exception:
                LOG.exception("Feed %s failed; it is run again in %g s", feed.name, FEED_PAUSE_S)
                ended.wait(FEED_PAUSE_S)
            else:
                return
