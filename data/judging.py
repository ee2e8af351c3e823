"""What the profile's rules say of everything they look at in one moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.applying import applies_of
from data.facts import Column, Facts
from data.in_force import in_force
from data.metrics import METRICS, Target, target_of
from data.picture import SEVERITIES
from data.rules import Seen
from data.silence import age_meant
from data.spec_rules import RuleSpec

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Limit = Floats | float

_HOLDS = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}
_CLEARS = {">": np.less_equal, ">=": np.less, "<": np.greater_equal, "<=": np.greater}
GRADE = {severity: grade for grade, severity in enumerate(SEVERITIES)}
UNIT_S = {"s": 1.0, "min": 60.0}


def judge(rules: Sequence[RuleSpec], facts: Facts) -> dict[str, Seen]:
    """What each rule sees, by rule id.

    The value of `data_age_s` is the true age, but its thresholds are never less than what a site's own
    interval explains: a site that reports once a day is not late after ten minutes. Who never reported is
    silent from when the board began to wait for it; without that, its silence is not known.
    What must hold too (`given`) and is not known leaves the whole unknown, unless some other part does not
    hold; where it is known not to hold, the rule does not hold, and its alerts clear.
    """
    columns: dict[str, Column] = {}
    levels: dict[Target, NDArray[np.object_]] = {}

    def column(metric: str) -> Column:
        if metric not in columns:
            columns[metric] = facts.column(metric)
        return columns[metric]

    def level_of(target: Target) -> NDArray[np.object_]:
        if target not in levels:
            levels[target] = facts.levels_of(target)
        return levels[target]

    return {rule.id: _seen(rule, facts, column, level_of) for rule in rules}


def turned(rule: RuleSpec, seen: Seen, was: Seen | None, at: int) -> Seen:
    """The same, but what came to hold, or to clear, without another report did so now.

    `was` is what the rule saw at the step before. A duty level that is ordered, hours that begin, a closure
    that ends: none of them was so when the site reported last.
    """
    if was is None or METRICS[rule.metric].grows or len(was.since) != len(seen.since):
        return seen
    other = (seen.holds & ~was.holds) | (seen.clears & ~was.clears)
    now = other & seen.known & was.known & (seen.since == was.since)
    return replace(seen, since=np.where(now, float(at), seen.since)) if now.any() else seen


def _seen(
    rule: RuleSpec,
    facts: Facts,
    column: Callable[[str], Column],
    level_of: Callable[[Target], NDArray[np.object_]],
) -> Seen:
    """One rule at every target of its kind."""
    target, main = target_of(rule.metric), column(rule.metric)
    looks = _looks(rule, target, facts)
    value, known = main.value, ~np.isnan(main.value)
    past: Limit = rule.threshold
    back: Limit = rule.threshold if rule.clear is None else rule.clear
    if rule.by_level:
        in_force_here = level_of(target)
        levels = set(in_force_here.tolist())
        past, back = (
            np.select([in_force_here == level for level in levels], [limit(level) for level in levels])
            for limit in (rule.threshold_at, rule.clear_at)
        )
    # Where no other rule takes over.
    until: Limit = (np.inf if rule.op.startswith(">") else -np.inf) if rule.until is None else rule.until
    past, back, until = (_meant(limit, main, facts) for limit in (past, back, until))
    over = _HOLDS[rule.op](value, until)
    holds, clears = _HOLDS[rule.op](value, past) & ~over, _CLEARS[rule.op](value, back) | over
    since = _since(rule, main, (past, until), over, facts.at)
    failed = np.zeros(len(value), bool)
    for given in rule.given:
        other = column(given.metric)
        limit = _meant(given.threshold, other, facts)
        also = _HOLDS[given.op](other.value, limit)
        there = ~np.isnan(other.value)
        holds, failed, known = holds & also, failed | (there & ~also), known & there
        since = np.fmax(since, np.minimum(_begun(given.metric, given.op, other, limit, facts.at), facts.at))
    if rule.given:
        # One part that is known not to hold is enough, whatever is not known of the others.
        known |= failed | (~np.isnan(value) & ~_HOLDS[rule.op](value, past))
        clears |= failed
        since = np.where(np.isnan(since), facts.at, since)
    grows = METRICS[rule.metric].grows
    # What grows is told by the minute, or every silent site would change every second.
    told = np.floor(value / 60) * 60 if grows == "s" else np.floor(value) if grows else value
    return Seen(
        holds=holds & looks,
        clears=clears,
        known=known,
        value=told,
        since=since,
        looks=looks,
        grade=_grade(rule, main, facts) if rule.steps else None,
    )


def _looks(rule: RuleSpec, target: Target, facts: Facts) -> Bools:
    """Where a rule looks now."""
    looks = applies_of(facts.profile)[rule.id]
    if target == "site" and facts.serves is not None:
        looks = looks & facts.serves
    return looks if in_force(rule.when, facts.at, facts.profile.zone) else np.zeros(len(looks), bool)


def _meant(limit: Limit, column: Column, facts: Facts) -> Limit:
    """A limit at each target: no silence is one that the target's own interval explains."""
    if column.interval_s is None or not np.isfinite(limit).all():
        return limit
    return age_meant(limit, column.interval_s, facts.profile.spec.readings)


def _since(rule: RuleSpec, column: Column, limits: tuple[Limit, Limit], over: Bools, at: int) -> Floats:
    """The time of the report behind each value; of what grows, when it came to hold or went past `until`."""
    if not METRICS[rule.metric].grows:
        return column.since
    past, until = limits
    ended = _begun(rule.metric, rule.op, column, until, at)
    return np.where(over, ended, _begun(rule.metric, rule.op, column, past, at))


def _begun(metric: str, op: str, column: Column, limit: Limit, at: int) -> Floats:
    """When a value came to hold; of what grows, the first whole second at which it did, never after now."""
    grows, since = METRICS[metric].grows, column.since
    if not grows:
        return since
    if grows == "min":  # what was due has a time of its own, and is late from then on
        return np.asarray(since + np.asarray(limit) * UNIT_S[grows], np.float64)
    if op == ">":
        first = np.floor(since + limit) + 1
    elif op == ">=":
        first = np.ceil(since + limit)
    else:  # an age under a threshold holds from the report on
        first = since
    return np.where(np.isnan(first), at, np.minimum(first, at))


def _grade(rule: RuleSpec, column: Column, facts: Facts) -> NDArray[np.int64]:
    """The severity that each value stands for."""
    grade = np.full(len(column.value), GRADE[rule.severity], dtype=np.int64)
    for step in rule.steps:
        past = _HOLDS[rule.op](column.value, _meant(step.threshold, column, facts))
        grade[past] = np.maximum(grade[past], GRADE[step.severity])
    return grade
