"""Sums over past days: today's totals, the 24-hour curve, one site's series."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.baseline import Baseline
from data.ground import ground_of
from data.picture import DayTotals
from data.profile import Profile
from data.quarters import QUARTER_S, WHATS, Quarters, Sums, add
from data.series import series_of
from data.simulated_hours import SimulatedHours
from data.store.base import Store
from data.targets import targets_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY_S = 86400
WEEK_DAYS = 7
HOUR = 4
"""Quarters. Sites report at intervals of up to an hour: whether all were heard shows only over one."""
COMPLETE = 0.9
"""A week before is compared with only when this share of today's sites was heard, hour by hour."""
SETTLED_S = 30
"""... and nothing was written into it for so long: a backfill still running would be half a week."""
GRACE_S = 30
"""How long after its end a step is waited for: its last reports are still on their way."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Throughput per hour over 24 hours, and over the same hours a week before; NaN where not known."""

    step_s: int
    starts: Ints
    """Start of each step, epoch seconds."""
    persons: dict[str, Floats]
    """By line id."""
    vehicles: dict[str, Floats]
    persons_before: dict[str, Floats]
    vehicles_before: dict[str, Floats]

    def of(self, line: str, *, before: bool = False, what: str = "persons") -> list[float | None]:
        """One line's `persons` or `vehicles` per hour, None where not known."""
        return _optional(getattr(self, f"{what}_before" if before else what)[line])

    def total(self, *, before: bool = False, what: str = "persons") -> list[float | None]:
        """All lines together."""
        lines = np.array(list(getattr(self, f"{what}_before" if before else what).values()))
        known = ~np.isnan(lines)
        return _optional(np.where(known.any(axis=0), np.where(known, lines, 0).sum(axis=0), np.nan))


class History:
    """Answers about the past from the store; safe to call from any thread."""

    def __init__(
        self, profile: Profile, store: Store, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.profile = profile
        self.store = store
        self.usual = Baseline(profile, store)
        """What throughput is usual now."""
        self._quarters = Quarters(profile, store, clock)
        self._simulated = SimulatedHours(store)
        ground = ground_of(profile)
        self._lines = len(ground.lines)
        self._group = np.arange(self._quarters.groups)
        self._ground = ground
        self._scopes = ("", *ground.counties[:-1])

    def simulated(self, at: int) -> bool:
        """Whether anything a picture of this moment sums up may be simulated: its day and its last 24 hours,
        and the week before that both are compared with.
        """
        start = min(self.midnight(at), at - DAY_S - QUARTER_S)
        spans = (start, at), (self._days_earlier(start), self._days_earlier(at))
        return any(self._simulated.any(*span) for span in spans)

    def touch(self, observed_at: Ints) -> None:
        """Rows with these times became durable: what was kept of their time is no longer right."""
        self._quarters.touch(observed_at)
        self._simulated.touch(observed_at)

    def forget(self) -> None:
        """Something was written or dropped, and nobody knows for which time: read everything again."""
        self._quarters.forget()
        self._simulated.forget()

    def today(self, at: int, scope: str = "") -> DayTotals:
        """Sums since local midnight, for the prefecture or a county."""
        return self.today_by_scope(at)[scope]

    def today_by_scope(self, at: int) -> dict[str, DayTotals]:
        """Sums since local midnight of the prefecture ("") and of every county.

        The week before is None as long as it has not been heard of in full.
        """
        start = self.midnight(at)
        start_before, at_before = self._days_earlier(start), self._days_earlier(at)
        now, before = self._quarters.sum(start, at), self._quarters.nothing
        hours = max(-(-(at - start) // (QUARTER_S * HOUR)), 1)
        if self._quarters.touched_since(SETTLED_S, start_before, at_before):
            whole = {what: set[str]() for what in WHATS}
        else:
            before = self._quarters.sum(start_before, at_before)
            whole = {what: self._whole(what, at, at_before, hours) for what in WHATS}
        fired = self._fired(start, at)
        names = self._outcome_names(now)
        totals = {}
        for scope in self._scopes:
            groups = self._groups_of(scope)
            totals[scope] = DayTotals(
                persons=now.total("persons", groups),
                vehicles=now.total("vehicles", groups),
                outcomes={name: float(now.outcomes[name][groups].sum()) for name in names},
                persons_before=before.total("persons", groups) if scope in whole["persons"] else None,
                vehicles_before=before.total("vehicles", groups) if scope in whole["vehicles"] else None,
                alerts=fired.get(scope, 0),
            )
        return totals

    def over(self, start: int, end: int, scope: str = "") -> DayTotals:
        """Sums over start < t <= end, for the prefecture or a county."""
        sums, groups = self._quarters.sum(start, end), self._groups_of(scope)
        return DayTotals(
            persons=sums.total("persons", groups),
            vehicles=sums.total("vehicles", groups),
            outcomes={name: float(sums.outcomes[name][groups].sum()) for name in self._outcome_names(sums)},
        )

    def curve(self, at: int, *, scope: str = "", step_s: int = QUARTER_S) -> Curve:
        """The last 24 hours in whole steps up to `at`; a step is a multiple of a quarter of an hour."""
        if step_s <= 0 or step_s % QUARTER_S or DAY_S % step_s:
            raise ValueError(f"step_s is {step_s}; expected a multiple of {QUARTER_S} that divides a day")
        end = (at - GRACE_S) // step_s * step_s
        end_before = self._days_earlier(end)
        now, before = self._steps(end, step_s), None
        if not self._quarters.touched_since(SETTLED_S, end_before - DAY_S, end_before):
            before = self._steps(end_before, step_s)
        curve = Curve(step_s, np.arange(end - DAY_S, end, step_s), {}, {}, {}, {})
        for what in WHATS:
            # Whether a step is whole is judged by the prefecture: one site alone may well be late.
            whole = np.zeros(len(now), bool)
            if before is not None:
                whole = self._reach(what, end_before, step_s) >= COMPLETE * self._reach(what, end, step_s)
            for index, line in enumerate(self._ground.lines):
                mine = self._groups_of(scope) & (self._group % self._lines == index)
                here = _per_hour([step.total(what, mine) for step in now], step_s)
                then = _per_hour([step.total(what, mine) for step in before or now], step_s)
                getattr(curve, what)[line] = here
                getattr(curve, f"{what}_before")[line] = np.where(whole, then, np.nan)
        return curve

    def series(
        self, site_id: str, metric: str, start: int, end: int, step: int
    ) -> list[tuple[int, float | None]]:
        """One site's values by step: (start of the step, value), None where nothing was reported.

        Counts are summed, gauges averaged, levels are the last of the step. Raises FaultsError for an unknown
        metric or a span that makes no sense.
        """
        return series_of(self.profile, self.store, site_id, metric, start=start, end=end, step=step)

    def midnight(self, at: int) -> int:
        """When the local day of a moment began."""
        day = datetime.fromtimestamp(at, self.profile.zone)
        return int(day.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp())

    def _days_earlier(self, at: int) -> int:
        """The same time of day a week before, whatever clocks were put forward or back between."""
        return int((datetime.fromtimestamp(at, self.profile.zone) - timedelta(days=WEEK_DAYS)).timestamp())

    def _groups_of(self, scope: str) -> Bools:
        if not scope:
            return np.ones(len(self._group), bool)
        return np.asarray(self._group // self._lines == self._ground.counties.index(scope), bool)

    def _outcome_names(self, sums: Sums) -> list[str]:
        """In the profile's order, then whatever else was reported."""
        listed = list(self.profile.spec.outcomes)
        return [name for name in listed if name in sums.outcomes] + sorted(sums.outcomes.keys() - listed)

    def _fired(self, start: int, at: int) -> dict[str, int]:
        """How many alerts fired in start < t <= at, by scope."""
        counts: dict[str, int] = {}
        targets = targets_of(self.profile)
        for alert in self.store.alerts_between(start, at):
            if alert.fired_at is None or not start < alert.fired_at <= at:
                continue
            among = targets.get(alert.target)
            row = None if among is None else among.row.get(alert.target_id)
            county = "" if among is None or row is None else among.counties[row]
            for scope in {"", county}:
                counts[scope] = counts.get(scope, 0) + 1
        return counts

    def _whole(self, what: str, at: int, at_before: int, hours: int) -> set[str]:
        """The scopes of which enough was heard before the earlier time to compare it with the later."""
        now, before = (self._heard(what, t, hours).sum(axis=0) for t in (at, at_before))
        county = self._ground.county_of
        masks = [np.ones(len(county), bool), *(county == number for number in range(len(self._scopes) - 1))]
        return {
            scope
            for scope, mask in zip(self._scopes, masks, strict=True)
            if before[mask].sum() >= COMPLETE * now[mask].sum()
        }

    def _heard(self, what: str, at: int, hours: int) -> Bools:
        """Which sites were heard of in each hour back from the last whole quarter, shape (hours, sites)."""
        last = at // QUARTER_S
        quarters = self._quarters.heard(what, last - HOUR * hours, last)
        return np.asarray(quarters.reshape(hours, HOUR, -1).any(axis=1), bool)

    def _reach(self, what: str, end: int, step_s: int) -> Ints:
        """How many sites were heard of in each step of a day; of a short step, in the hour up to its end."""
        size, last = step_s // QUARTER_S, end // QUARTER_S
        span, count = max(size, HOUR), DAY_S // step_s
        quarters = self._quarters.heard(what, last - (count - 1) * size - span, last)
        return np.array([quarters[n * size : n * size + span].any(axis=0).sum() for n in range(count)])

    def _steps(self, end: int, step_s: int) -> list[Sums]:
        last, size = end // QUARTER_S, step_s // QUARTER_S
        taken = self._quarters.take(last - DAY_S // QUARTER_S, last)
        return [add(taken[first : first + size]) for first in range(0, len(taken), size)]


def _per_hour(counts: list[float | None], step_s: int) -> Floats:
    return np.array([np.nan if count is None else count * 3600 / step_s for count in counts])


def _optional(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values.tolist()]
