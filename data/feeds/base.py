"""The extension point for anything that brings readings in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from data.readings import Readings, Reports
from data.store.base import Look


class Sink(Protocol):
    """Where a feed puts what it brings; each call returns once the rows are durable."""

    def readings(self, rows: Readings) -> object:
        """Keep readings."""
        ...

    def reports(self, rows: Reports) -> object:
        """Keep fence and device reports."""
        ...

    def looks(self, looks: Sequence[Look]) -> object:
        """Keep video looks."""
        ...


class Feed(Protocol):
    """A source of readings that runs until it is told to stop."""

    name: str
    simulated: bool
    """True marks every screen and export."""

    def prepare(self, sink: Sink, now: int) -> None:
        """Bring what must be there before the first picture; `now` in epoch seconds."""

    def run(self, sink: Sink) -> None:
        """Bring readings until `stop` is called; runs in a thread of its own."""

    def stop(self) -> None:
        """Make `run` return within a second; may be called from any thread."""
