"""Alerts that come and go: counted, and kept open until they have been quiet for long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.store.base import Alerted

if TYPE_CHECKING:
    from data.profile import Profile

MOST = 64
"""How many swings of one alert are remembered."""
AGO_S = 86_400
"""How far back the store is asked for alerts that ended, after a restart."""


@dataclass(frozen=True)
class Damping:
    """From when on an alert flaps."""

    times: int = 4
    """So many swings …"""
    within_s: int = 3600
    """… within so many seconds."""

    @property
    def quiet_s(self) -> float:
        """How long one that flaps must be clear before it resolves: longer than its swings lie apart."""
        return self.within_s / self.times

    def swung(self, swings: tuple[int, ...], at: int) -> tuple[int, ...]:
        """Another swing, after those that still count."""
        return (*swings, at)[-MOST:]

    def calm_at(self, swings: tuple[int, ...]) -> float:
        """Until when an alert with these swings flaps; minus infinity where it never did."""
        return swings[-self.times] + self.within_s if len(swings) >= self.times else float("-inf")

    def count(self, swings: tuple[int, ...]) -> int:
        """How many swings there were in the time up to the last one."""
        return sum(at > swings[-1] - self.within_s for at in swings) if swings else 0


def damping_of(profile: Profile) -> Damping:
    """What the profile says."""
    asked = profile.spec.alerts
    return Damping(asked.flap_times, asked.flap_within_s)


@dataclass(frozen=True)
class Ended:
    """What must be known of the last alert of a rule on a target after its end."""

    at: int
    swings: tuple[int, ...] = ()


class Lately:
    """The alerts that ended lately, the last of each rule and target."""

    def __init__(self) -> None:
        self._ended: dict[str, dict[str, Ended]] = {}

    def of(self, rule: str) -> Mapping[str, Ended]:
        """Target id to what ended on it."""
        return self._ended.get(rule, {})

    def note(self, alerts: Iterable[Alerted]) -> None:
        """Take in alerts in the order in which they changed; those that did not end are passed over."""
        for alert in alerts:
            if alert.resolved_at is not None:
                mine = self._ended.setdefault(alert.rule, {})
                was = mine.get(alert.target_id)
                if was is None or was.at <= alert.resolved_at:
                    mine[alert.target_id] = Ended(alert.resolved_at, alert.swings)
