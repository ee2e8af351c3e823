"""What `profile.toml` may say of rules: a condition on a metric, where and when it is looked at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_table import Name, Severity, Table, Text

SITE_METRICS = (
    "wait_min", "queue_m", "lanes_open", "staff_on_duty", "staff_short", "data_age_s",
    "persons_per_hour", "vehicles_per_hour", "video_overdue_min",
)  # fmt: skip
VIDEO_METRIC = "video_overdue_min"
"""Minutes since a video look should have been taken and was not; 0 where none is late."""
FENCE_METRICS = ("fence_down", "fence_age_s", "crossings")


class RuleScope(Table):
    """Which targets a rule looks at; an empty list means all."""

    kinds: list[str] = []
    lines: list[str] = []
    counties: list[str] = []


class RuleSpec(Table):
    """A condition on one metric, held for a time, with its own clearing threshold."""

    id: Name
    name: Text
    metric: str
    """One of SITE_METRICS or FENCE_METRICS."""
    op: Literal[">", ">=", "<", "<="] = ">"
    threshold: float
    clear: float | None = None
    """Resolves only when the value has come back past this; the threshold when absent."""
    until: float | None = None
    """Where a graver rule takes over: it holds no further than to where one with this threshold begins."""
    for_s: Annotated[int, Field(ge=0)] = 0
    """How long the condition must hold before it fires."""
    clear_for_s: Annotated[int, Field(ge=0)] = 0
    """How long it must be clear before it resolves."""
    severity: Severity
    what: Text
    """What happened; what it may name stands in `data.rules.PLACEHOLDERS`."""
    advice: Text = {}
    where: RuleScope = RuleScope()
