"""Alerts that the store does not have yet as they are now."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from data.store.base import Alerted, Store

LOG = logging.getLogger("threeline.engine")


class Unsaved:
    """Brings alerts into the store; what it refuses now is tried again the next time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._alerts: dict[str, Alerted] = {}

    def put(self, alerts: Sequence[Alerted]) -> None:
        """Note alerts for the next time; a later form of one takes the place of an earlier."""
        self._alerts |= {alert.id: alert for alert in alerts}

    def keep(self, alerts: Sequence[Alerted] = ()) -> None:
        """Put these alerts, and those noted before, into the store."""
        self.put(alerts)
        if not self._alerts:
            return
        try:
            self._store.put_alerts(list(self._alerts.values()))
        except Exception:
            LOG.exception("%d alerts could not be kept; the next step tries again", len(self._alerts))
        else:
            self._alerts = {}
