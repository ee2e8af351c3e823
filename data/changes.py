"""What differs between two pictures of the same scope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.holding import Exit, Gap, Stretch
from data.picture import Alert, DayTotals, FenceState, LineState, Picture

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

FIELDS = (
    "status", "persons_per_hour", "vehicles_per_hour", "queue_m", "wait_min", "wait_change", "lanes_open",
    "staff_on_duty", "staff_required", "observed_at", "interval_s", "method", "alarm",
    "in_service",
)  # fmt: skip
"""The columns of a site's state that people see."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Only what changed; everything is empty or None where nothing did."""

    rows: Ints
    """Sites with any change, ascending."""
    fields: dict[str, Ints]
    """Column to the sites in which it changed, ascending."""
    lines: tuple[LineState, ...]
    alerts_put: tuple[Alert, ...]
    """New or different, in the new picture's order."""
    alerts_gone: tuple[str, ...]
    fences: dict[str, FenceState]
    gaps: tuple[Gap, ...] | None
    unknown: tuple[Stretch, ...] | None
    exits: tuple[Exit, ...] | None
    today: DayTotals | None

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(
            len(self.rows)
            or self.lines
            or self.alerts_put
            or self.alerts_gone
            or self.fences
            or self.gaps is not None
            or self.unknown is not None
            or self.exits is not None
            or self.today
        )


def changes(old: Picture, new: Picture) -> Changes:
    """What turns the old picture into the new one; both must be of the same scope and sites."""
    if old.sites is not new.sites:
        raise ValueError(f"pictures of {old.scope or 'all'} and {new.scope or 'all'} hold different sites")
    moved = np.zeros(len(new.sites), bool)
    fields: dict[str, Ints] = {}
    for name in FIELDS:
        before, after = getattr(old.state, name), getattr(new.state, name)
        if before is after:
            continue
        differs = before != after
        if after.dtype != object:
            differs &= ~(np.isnan(before) & np.isnan(after))
        rows = np.flatnonzero(differs)
        if len(rows):
            fields[name] = rows
            moved[rows] = True
    put, gone = _alert_changes(old.alerts, new.alerts)
    return Changes(
        rows=np.flatnonzero(moved),
        fields=fields,
        lines=tuple(line for line, was in zip(new.lines, old.lines, strict=True) if line != was),
        alerts_put=put,
        alerts_gone=gone,
        fences={key: fence for key, fence in new.fences.items() if old.fences.get(key) != fence},
        gaps=None if old.gaps == new.gaps else new.gaps,
        unknown=None if old.unknown == new.unknown else new.unknown,
        exits=None if old.exits == new.exits else new.exits,
        today=None if old.today == new.today else new.today,
    )


def _alert_changes(
    old: tuple[Alert, ...], new: tuple[Alert, ...]
) -> tuple[tuple[Alert, ...], tuple[str, ...]]:
    # An alert that did not change is mostly the very same value: look closely at the others only.
    before, after = set(map(id, old)), set(map(id, new))
    left = {alert.id: alert for alert in old if id(alert) not in after}
    came = [alert for alert in new if id(alert) not in before]
    put = tuple(alert for alert in came if left.get(alert.id) != alert)
    return put, tuple(sorted(left.keys() - {alert.id for alert in came}))
