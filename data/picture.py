"""The picture (态势): everything that is true at one moment, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from layers.sites import Sites

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]

STATUSES = ("normal", "busy", "congested", "no_data", "offline", "closed")
SEVERITIES = ("notice", "warning", "critical")


@dataclass(frozen=True, eq=False)
class SiteState:
    """What is known of every site, one value per site; NaN means not reported."""

    status: Strings
    observed_at: Floats
    """Epoch seconds of the newest reading; NaN where there never was one."""
    persons_per_hour: Floats
    vehicles_per_hour: Floats
    """Over the profile's main window."""
    rates: dict[int, tuple[Floats, Floats]]
    """Window in minutes to persons and vehicles per hour."""
    queue_m: Floats
    wait_min: Floats
    wait_change: Floats
    """Minutes of wait gained in the last quarter of an hour."""
    lanes_open: Floats
    staff_on_duty: Floats
    staff_required: Floats
    """At the duty level in force."""
    method: Strings
    """"" where nothing was ever reported."""
    alarm: Strings
    """The worst severity of a firing, unanswered alert on the site, or ""."""


@dataclass(frozen=True)
class Alert:
    """An open alert, in the form people see."""

    id: str
    rule: str
    target: str
    target_id: str
    """A site or a fence."""
    line: str
    county: str
    severity: str
    state: str
    """`pending` or `firing`; a resolved alert leaves the picture."""
    started_at: int
    fired_at: int | None
    value: float | None
    """The newest known value."""
    held: bool
    """True while data is missing, so that neither firing nor resolving can be judged."""


@dataclass(frozen=True)
class LineState:
    """One line rolled up."""

    id: str
    sites: int
    online: int
    persons_per_hour: float | None
    vehicles_per_hour: float | None
    staff_on_duty: float | None
    staff_required: float | None
    alerts: dict[str, int]
    """Severity to the number of firing alerts."""
    km: float | None
    """Border that the line should hold; None for a line without a border."""
    km_covered: float | None
    km_uncovered: float | None


@dataclass(frozen=True)
class Gap:
    """An uncovered stretch of border."""

    line: str
    county: str
    from_km: float
    to_km: float

    @property
    def km(self) -> float:
        return self.to_km - self.from_km


@dataclass(frozen=True)
class FenceState:
    """One fence: its state and counts of crossings in the last hour."""

    state: str
    """`up`, `down` or `unknown`."""
    observed_at: int | None
    crossings_in: float | None
    crossings_out: float | None


@dataclass(frozen=True)
class DayTotals:
    """Sums since local midnight, and at the same time of day a week before where known."""

    persons: float | None
    vehicles: float | None
    outcomes: dict[str, float]
    persons_before: float | None = None
    vehicles_before: float | None = None
    alerts: int = 0
    """Alerts that fired today."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything true at `at`; a function of a picture and a scope is all that people see."""

    at: int
    """Epoch seconds."""
    revision: int
    scope: str
    """"" for the prefecture, or a county's adcode."""
    simulated: bool
    duty_level: str
    sites: Sites
    state: SiteState
    lines: tuple[LineState, ...]
    alerts: tuple[Alert, ...]
    """Pending and firing, most severe first, then oldest."""
    fences: dict[str, FenceState]
    gaps: tuple[Gap, ...]
    today: DayTotals
    data_at: float = field(default=float("nan"))
    """Epoch seconds of the newest reading of any site."""

    def at_revision(self, revision: int) -> Picture:
        """The same picture under another revision number."""
        return replace(self, revision=revision)
