"""What `profile.toml` may say of rules: a condition on a metric, where and when it is looked at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_table import Name, Severity, Table, Text, Weekday

Op = Literal[">", ">=", "<", "<="]
Month = Annotated[int, Field(ge=1, le=12)]
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""From a time of day to before another; over midnight where the second is the earlier."""


class Scope(Table):
    """Which sites are meant: those that every list names; an empty list means all."""

    kinds: list[str] = []
    """`checkpoint` names every kind that begins with `checkpoint.`."""
    lines: list[str] = []
    counties: list[str] = []
    sites: list[str] = []
    """Site ids; with other lists beside it, only those of them that all lists name."""


class RuleScope(Scope):
    """Which targets a rule looks at; what it may name depends on its metric (`data.metrics.SCOPES`)."""

    fences: list[str] = []
    """Fence ids."""


class StepSpec(Table):
    """From where on a rule's alerts are graver."""

    threshold: float
    severity: Severity


class GivenSpec(Table):
    """What must hold of the same target too."""

    metric: str
    op: Op = ">"
    threshold: float


class WhenSpec(Table):
    """When a rule is in force, by the profile's clocks; outside of it its alerts end. Empty means always."""

    months: list[Month] = []
    weekdays: list[Weekday] = []
    """A stretch of hours over midnight belongs to the day on which it begins."""
    hours: list[Hours] = []


class RuleSpec(Table):
    """A condition on one metric, held for a time, with its own clearing threshold."""

    id: Name
    name: Text
    metric: str
    """One of `data.metrics.METRICS`."""
    op: Op = ">"
    threshold: float
    clear: float | None = None
    """Resolves only when the value has come back past this; the threshold when absent."""
    until: float | None = None
    """Where a graver rule takes over: it holds no further than to where one with this threshold begins."""
    by_level: dict[str, float] = {}
    """Duty level to the threshold where it is in force; the clearing threshold moves by as much."""
    steps: list[StepSpec] = []
    """Graver from there on, in the order of their thresholds."""
    given: list[GivenSpec] = []
    when: WhenSpec = WhenSpec()
    for_s: Annotated[int, Field(ge=0)] = 0
    """How long the condition must hold before it fires."""
    clear_for_s: Annotated[int, Field(ge=0)] = 0
    """How long it must be clear before it resolves."""
    severity: Severity
    what: Text
    """What happened; what it may name stands in `data.placeholders.PLACEHOLDERS`."""
    advice: Text = {}
    where: RuleScope = RuleScope()
    hides: list[str] = []
    """Rules whose alerts on the same target are not heard while this one's is open: what it explains."""
    group: Literal["", "county", "line"] = ""
    """Its alerts in one county, or on one line, are one matter …"""
    group_min: Annotated[int, Field(ge=2)] = 3
    """… where there are so many of them."""

    def threshold_at(self, level: str) -> float:
        """The threshold at a duty level."""
        return self.by_level.get(level, self.threshold)

    def clear_at(self, level: str) -> float:
        """The clearing threshold at a duty level."""
        clear = self.threshold if self.clear is None else self.clear
        return clear + self.threshold_at(level) - self.threshold


class BalanceSpec(Table):
    """How long a queue stands on the road, for whether queue, wait and throughput can all be true."""

    vehicle_m: Annotated[float, Field(gt=0)] = 7.0
    """Length that a vehicle takes up in a queue."""
    person_m: Annotated[float, Field(gt=0)] = 0.8
    slack_m: Annotated[float, Field(gt=0)] = 60.0
    """Added to both lengths before they are compared, so that short queues do not differ by much."""


class UsualSpec(Table):
    """What throughput is compared with: the same weekday and hour of past weeks."""

    weeks: Annotated[int, Field(ge=1, le=26)] = 8
    samples_min: Annotated[int, Field(ge=1)] = 1
    """With fewer weeks that were heard of, what is usual is not known."""
