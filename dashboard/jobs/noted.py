"""What schedules remember beside the journal: since when each is in the profile, and which alerts fired."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import orjson

from data.picture import Alert, Picture
from data.profile import Profile
from data.schedule import Firing, Slot, due, fired, noted
from data.spec_exports import ScheduleSpec
from data.store import Store
from data.targets import BOARD as THE_BOARD

LOG = logging.getLogger("threeline.exports")
META = "schedules"
LONGEST_S = 169 * 3600
"""Longer than any slot is waited for (`late_h`)."""
MOST_FIRINGS = 2000
"""Alerts that are remembered; the oldest are let go."""


class Noted:
    """Kept in the store as one small fact, written when it changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since: dict[str, int] = {}
        self._firings: list[Firing] = []
        self._seen: set[tuple[str, str]] = set()
        """Alerts that are open, each with the severities at which it was seen."""
        self._begun = False
        self._looked: int | None = None
        """Time of the picture of which was written last: of alerts that fired later nobody knows yet."""
        self._written: tuple[dict[str, int], list[Firing]] = {}, []

    def read(self) -> None:
        """Take up what was noted before; what cannot be read is forgotten, and said."""
        text = self._store.get_meta(META)
        try:
            told = orjson.loads(text) if text else {}
            self._since = {str(mark): int(at) for mark, at in told.get("since", {}).items()}
            rows = told.get("fired", ())
            self._firings = [Firing(int(at), *map(str, more)) for at, *more in rows]
            self._looked = None if told.get("looked") is None else int(told["looked"])
            self._written = self._since, self._firings
        except (ValueError, TypeError, AttributeError):
            LOG.warning("What was noted of schedules cannot be read; they begin anew")

    def look(self, picture: Picture, specs: Sequence[ScheduleSpec], now: int) -> None:
        """Take in the schedules of a profile, and the alerts of a picture that have fired and are shown.

        What is open in the first picture and fired before was noted then; what fired since, as the board
        ended or began, is due. The board's own alerts make no files: one of them says that files cannot be
        made.
        """
        self._since = noted(self._since, specs, now)
        wanted: set[str] = {grade for spec in specs for grade in spec.severities}
        # All of them, so that a schedule that comes later does not take old ones for new.
        shown = {
            (alert.id, alert.severity): alert
            for alert in picture.alerts
            if alert.fired and alert.target != THE_BOARD
        }
        fresh = [shown[key] for key in shown.keys() - self._seen if key[1] in wanted]
        told = [self._firing(alert, picture) for alert in fresh]
        # Of those that are one matter, the first by its name.
        new = sorted((one for one in told if one is not None), key=lambda one: one.alert, reverse=True)
        first = {(one.at, one.severity, one.county): one for one in new}
        self._firings = [*self._kept(wanted, now), *first.values()]
        there = {alert.id for alert in picture.alerts}
        self._seen = {key for key in self._seen if key[0] in there} | {*shown}
        self._begun = True
        if (self._since, self._firings) != self._written:
            self._write(picture.at)

    def slots(self, profile: Profile, spec: ScheduleSpec, now: int) -> list[Slot]:
        """The slots of a schedule that are due and not too late, oldest first."""
        counties = tuple(profile.county_name)
        of_clock = due(spec, profile.zone, counties, self._since, now)
        of_alerts = fired(spec, counties, self._firings, since=self._since, now=now)
        return sorted([*of_clock, *of_alerts], key=lambda slot: slot.at)

    def _firing(self, alert: Alert, picture: Picture) -> Firing | None:
        """An alert that was not seen before; None where it was, before a restart."""
        at = picture.at if self._begun else alert.fired_at
        if at is None or not (self._begun or (self._looked is not None and at > self._looked)):
            return None
        return Firing(at, alert.severity, alert.county, f"{alert.id} {alert.severity}")

    def _kept(self, wanted: set[str], now: int) -> list[Firing]:
        """Those that may still make a file."""
        kept = [one for one in self._firings if one.severity in wanted and now - one.at <= LONGEST_S]
        return kept[-MOST_FIRINGS:]

    def _write(self, at: int) -> None:
        fired_ = [[one.at, one.severity, one.county, one.alert] for one in self._firings]
        told = {"since": self._since, "fired": fired_, "looked": at}
        self._store.set_meta(META, orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode())
        self._written = self._since, self._firings
