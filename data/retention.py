"""The promise of `retention_days`: what is older is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from data.store.base import Store

LOG = logging.getLogger("threeline.retention")
DAY_S = 86400


def drop_old(store: Store, days: int, go_on: Callable[[], bool]) -> int:
    """Drop what is more than so many days older than the newest reading; how many readings and reports.

    Counted from the newest reading (the newest look, of a store without readings) and not from the clock: an
    archive of another year stays whole. `go_on` is asked between parts, and may wait.
    """
    span = store.span()
    newest = span[1] if span is not None else store.newest_look()
    if newest is None:
        return 0
    before = newest - days * DAY_S
    dropped = store.prune(before, go_on)
    if dropped:
        LOG.warning(
            "Dropped %s readings and reports from before %s: the profile keeps %d days (retention_days)",
            f"{dropped:,}",
            datetime.fromtimestamp(before, UTC).isoformat(timespec="minutes"),
            days,
        )
    return dropped
