"""One site's day: what it counted, what it reported last, and what befell it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import orjson

from data.picture import SEVERITIES
from data.profile import Profile
from data.readings import COUNTS, GAUGES, LEVELS, Readings
from data.store.base import Store

DAY_S = 86400
READINGS, CORRECTIONS, ENTRIES = 12, 10, 40
"""How many of each are told at most."""
REFUSED = 2000
"""The newest refused rows of all sites, among which a site's own are counted."""
TOLD = (*COUNTS, *GAUGES, *LEVELS)

What = Literal["reading", "corrected", "alert_began", "alert_ended"]


@dataclass(frozen=True)
class Entry:
    """One line of a site's log."""

    t: int
    """Epoch seconds."""
    what: What
    of: int | None = None
    """The time of the reading that was corrected."""
    rule: str = ""
    severity: str = ""
    values: dict[str, float | None] | None = None
    """Numbers of a reading that were reported."""
    was: dict[str, float | None] | None = None
    """Of a correction, what the numbers in `values` were before."""
    method: str = ""


@dataclass(frozen=True)
class SiteDay:
    """What is told of one site beside its state."""

    outcomes: dict[str, float]
    """Since local midnight, by name; empty where none was reported."""
    log: tuple[Entry, ...]
    """Newest first."""
    refused: int
    """Rows for the site that were refused in the last 24 hours."""


def site_day(profile: Profile, store: Store, site_id: str, at: int) -> SiteDay:
    """A site's outcomes of the day and its last 24 hours as a log, as of `at`, epoch seconds."""
    midnight = int(datetime.fromtimestamp(at, profile.zone).replace(hour=0, minute=0, second=0).timestamp())
    rows = store.read(min(midnight, at - DAY_S), at, [site_id])
    log = [*_readings(rows), *_corrections(store, site_id, at), *_alerts(store, site_id, at)]
    log.sort(key=lambda entry: -entry.t)
    return SiteDay(
        outcomes=outcomes_of(profile, rows.take(rows.observed_at > midnight)),
        log=tuple(log[:ENTRIES]),
        refused=_refused(store, site_id, at),
    )


def outcomes_of(profile: Profile, rows: Readings) -> dict[str, float]:
    """The outcomes of readings summed up by name: in the profile's order, then whatever else there is."""
    sums: dict[str, float] = {}
    for given in rows.outcomes.tolist():
        for name, count in (given or {}).items():
            sums[name] = sums.get(name, 0.0) + count
    listed = [name for name in profile.spec.outcomes if name in sums]
    return {name: sums[name] for name in [*listed, *sorted(sums.keys() - listed)]}


def _readings(rows: Readings) -> list[Entry]:
    found = []
    for row in range(len(rows) - 1, max(-1, len(rows) - 1 - READINGS), -1):
        values = {name: float(getattr(rows, name)[row]) for name in TOLD}
        known = {name: value for name, value in values.items() if math.isfinite(value)}
        found.append(
            Entry(int(rows.observed_at[row]), "reading", values=dict(known), method=str(rows.method[row]))
        )
    return found


def _corrections(store: Store, site_id: str, at: int) -> list[Entry]:
    """Each correction of the last day with what changed, against the reading that replaced it."""
    found = []
    newer: dict[int, dict[str, Any]] = {}
    for old in store.corrections(CORRECTIONS, site_id=site_id):
        of, received = int(old["observed_at"]), int(old["received_at"])
        if not at - DAY_S < received <= at:
            continue
        if of not in newer:
            now = store.read(of - 1, of, [site_id])
            newer[of] = {name: _cell(getattr(now, name)[0]) for name in TOLD} if len(now) else {}
        new, newer[of] = newer[of], old
        changed = [name for name in TOLD if new and _cell(old[name]) != _cell(new[name])]
        found.append(
            Entry(
                received, "corrected", of=of,
                values={name: _cell(new[name]) for name in changed},
                was={name: _cell(old[name]) for name in changed},
            )
        )  # fmt: skip
    return found


def _cell(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _alerts(store: Store, site_id: str, at: int) -> list[Entry]:
    """When the site's alerts began and ended; those that passed before they fired never were any."""
    found = []
    for alert in store.alerts_between(at - DAY_S, at):
        if alert.target != "site" or alert.target_id != site_id or alert.fired_at is None:
            continue
        severity = alert.severity if alert.severity in SEVERITIES else ""
        for t, what in ((alert.fired_at, "alert_began"), (alert.resolved_at, "alert_ended")):
            if t is not None and at - DAY_S < t <= at:
                found.append(Entry(t, what, rule=alert.rule, severity=severity))  # type: ignore[arg-type]
    return found


def _refused(store: Store, site_id: str, at: int) -> int:
    """How many rows that name the site were refused in the last day; what they held is not told here."""
    quoted = orjson.dumps(site_id).decode()
    rows = set()
    for kept in store.quarantined(REFUSED):
        if (
            at - DAY_S < kept["received_at"] <= at
            and quoted in kept["raw"]
            and _named(kept["raw"]) == site_id
        ):
            # A row with several faults is kept once for each.
            rows.add((kept["received_at"], kept["source"], kept["row"]))
    return len(rows)


def _named(raw: str) -> Any:
    """The site that a refused row names, or None where it is no row at all."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return row.get("site_id") if isinstance(row, dict) else None


def staff_by_level(profile: Profile, row: int) -> dict[str, float | None]:
    """Staff that a site needs at each duty level, highest first; None where the profile does not say."""
    levels = profile.sites.staff_required
    needed = {
        level.id: np.asarray(levels[level.id])[row]
        for level in profile.spec.duty.levels
        if level.id in levels
    }
    return {level: _cell(value) for level, value in needed.items()}
