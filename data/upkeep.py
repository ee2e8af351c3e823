"""What runs beside the steps of an engine: today's totals, what other processes write, what is too old."""

from __future__ import annotations

import logging
import time
from threading import Event
from typing import TYPE_CHECKING

from data.retention import DAY_S, drop_old

if TYPE_CHECKING:
    from data.engine import Engine

LOG = logging.getLogger("threeline.engine")

TODAY_S = 5.0
"""How often today's totals are summed up anew; less often when summing takes long."""
LOOK_S = 1.0
"""How often the store is asked whether another process wrote; less often when taking that in takes long."""
PRUNE_PAUSE_S = 0.05
"""Left to others between two parts of what is dropped."""
RETRY_S = 600.0
"""How long after a failure dropping what is old is tried again."""


def follow_today(engine: Engine, stopping: Event) -> None:
    """Keep today's totals and what is usual now, and read ahead what the first page asks for."""
    pause = 0.0
    while not stopping.wait(pause):
        begun = time.monotonic()
        try:
            engine.refresh_today()
            engine.history.curve(int(engine.clock()))
            engine.history.usual.refresh(int(engine.clock()))
        except Exception:
            LOG.exception("Today's totals could not be summed up; the last ones stay")
        pause = max(TODAY_S, 2 * (time.monotonic() - begun))


def follow_store(engine: Engine, stopping: Event) -> None:
    """Take in what other processes write, such as `threeline ingest`."""
    while not stopping.wait(max(LOOK_S, 10 * engine.reload_took_s)):
        try:
            if engine.store.others_wrote():
                engine.look_anew()
        except Exception:
            LOG.exception("The store does not say whether others wrote; asked again")


def follow_retention(engine: Engine, stopping: Event) -> None:
    """Drop what is past its time, at first and once a day."""
    pause = 0.0
    while not stopping.wait(pause):
        days = engine.profile.spec.retention_days
        try:
            if drop_old(engine.store, days, lambda: not stopping.wait(PRUNE_PAUSE_S)):
                engine.look_anew()
            pause = float(DAY_S)
        except Exception:
            LOG.exception("What is past its time could not be dropped; tried again in %g s", RETRY_S)
            pause = RETRY_S
