"""The life of alerts: pending, firing, resolved; losing sight of a target never ends one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.answering import GRADE, blank
from data.flapping import Damping, Ended
from data.opened import Open, filled, kept, merged, target_of
from data.rules import Seen
from data.spec import RuleSpec
from data.store.base import Alerted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]
NOTHING: Mapping[str, Ended] = {}
DAMPING = Damping()


def advance(
    open_: Open,
    rule: RuleSpec,
    seen: Seen,
    ids: Strings,
    at: int,
    *,
    lately: Mapping[str, Ended] = NOTHING,
    damping: Damping = DAMPING,
) -> tuple[Open, list[Alerted]]:
    """One step of one rule: the alerts open after it, and those of which something is to be kept.

    `ids` names the targets by row, `lately` what ended on them. An alert is pending while its condition
    holds, fires once it has held for `for_s`, and resolves once its value has been back past the clearing
    threshold for `clear_for_s`; one that flaps, for the longer `damping.quiet_s`. A pending one ends when the
    condition no longer holds. Its severity rises with its value and never falls. While the value is unknown
    nothing moves; where the rule does not look any more, its alerts end at once.
    """
    holding = np.flatnonzero(seen.holds)
    new = holding[np.isin(holding, open_.row, assume_unique=True, invert=True)] if len(open_) else holding
    row, base = open_.row, GRADE[rule.severity]
    known, holds, clears = seen.known[row], seen.holds[row], seen.clears[row]
    began = np.minimum(seen.since, at)
    firing = ~np.isnan(open_.fired_at)
    clearing = firing & known & clears
    clear_since = np.where(
        clearing, np.where(np.isnan(open_.clear_since), began[row], open_.clear_since), np.nan
    )
    flapping = at < open_.calm_at
    clear_for = np.where(flapping, max(rule.clear_for_s, damping.quiet_s), rule.clear_for_s)
    ended = (~firing & known & ~holds) | (clearing & (at - clear_since >= clear_for))
    if seen.looks is not None:
        ended |= ~seen.looks[row]
    value = np.where(known, seen.value[row], open_.value)
    worse = np.fmax if rule.op.startswith(">") else np.fmin
    now = np.full(len(row), base) if seen.grade is None else seen.grade[row]
    grew = known & holds & (now > open_.grade)
    back = firing & known & holds & open_.swung
    moved = replace(
        open_,
        clear_since=clear_since,
        worst=np.where(known, worse(open_.worst, value), open_.worst),
        value=value,
        held=~known,
        grade=np.where(grew, now, open_.grade),
        grew_at=np.where(grew & firing, float(at), open_.grew_at),
        grades=_graver(open_.grades, grew, now, at),
        swung=(open_.swung | clearing) & ~back,
        flapping=flapping,
        shown=blank(
            open_.shown,
            (open_.held == known) | ~_same(open_.value, value) | grew | back | (flapping != open_.flapping),
        ),
    )
    moved = _swing(moved, back, at, damping)
    start = _starts(began, new, ids, lately, at)
    fresh_grade = np.full(len(new), base) if seen.grade is None else seen.grade[new]
    after = merged(moved.take(~ended), Open.of(new, start, seen.value[new], fresh_grade))
    due = (
        np.isnan(after.fired_at) & seen.holds[after.row] & ~after.held & (at - after.started_at >= rule.for_s)
    )
    after = replace(after, fired_at=np.where(due, float(at), after.fired_at), shown=blank(after.shown, due))
    after = _swing(_remembering(after, due, ids, lately), due, at, damping)
    turned = (np.isnan(clear_since) != np.isnan(open_.clear_since)) | (moved.swung != open_.swung)
    fresh = due | np.isin(after.row, row[grew | back | turned], assume_unique=True)
    fresh[np.searchsorted(after.row, new)] = True
    changed = kept(moved.take(ended), rule, ids, resolved_at=at) + kept(after.take(fresh), rule, ids)
    return after, changed


def _starts(began: Floats, new: Ints, ids: Strings, lately: Mapping[str, Ended], at: int) -> Floats:
    """When new alerts began: with their report, but never before the last one on their target ended."""
    start = began[new]
    if lately:
        for index, target in enumerate(ids[new].tolist()):
            last = lately.get(target)
            if last is not None and start[index] <= last.at:
                start[index] = at
    return start


def _remembering(open_: Open, due: Bools, ids: Strings, lately: Mapping[str, Ended]) -> Open:
    """What fires now takes over the swings of the alert before it."""
    if not lately or not due.any():
        return open_
    swings = open_.swings.copy()
    for index in np.flatnonzero(due).tolist():
        last = lately.get(ids[open_.row[index]])
        swings[index] = last.swings if last else ()
    return replace(open_, swings=swings)


def _swing(open_: Open, which: Bools, at: int, damping: Damping) -> Open:
    """These alerts fired, or held again, just now."""
    if not which.any():
        return open_
    swings, calm_at = open_.swings.copy(), open_.calm_at.copy()
    for index in np.flatnonzero(which).tolist():
        swings[index] = damping.swung(swings[index], at)
        calm_at[index] = damping.calm_at(swings[index])
    return replace(open_, swings=swings, calm_at=calm_at, flapping=open_.flapping | (at < calm_at))


def _graver(grades: Strings, grew: Bools, now: Ints, at: int) -> Strings:
    if not grew.any():
        return grades
    grades = grades.copy()
    for index in np.flatnonzero(grew).tolist():
        grades[index] = (*grades[index], (at, int(now[index])))
    return grades


def _same(a: Floats, b: Floats) -> Bools:
    return np.asarray((a == b) | (np.isnan(a) & np.isnan(b)), bool)


def restore(
    alerted: Sequence[Alerted],
    rules: Mapping[str, RuleSpec],
    rows: Mapping[str, Mapping[str, int]],
    at: int,
    *,
    damping: Damping = DAMPING,
) -> tuple[dict[str, Open], list[Alerted]]:
    """Open alerts from the store as they stood at a time, by rule id; and those that nothing stands for now.

    `rows` maps each kind of target to target id to row. The second list holds alerts of rules or targets that
    the profile no longer has, and all but the newest of several on one target.
    """
    newest: dict[tuple[str, str], Alerted] = {}
    orphans = []
    for alert in sorted(alerted, key=lambda alert: alert.started_at):
        rule = rules.get(alert.rule)
        there = alert.target_id in rows.get(alert.target, {})
        if rule is None or target_of(rule) != alert.target or not there:
            orphans.append(alert)
            continue
        before = newest.get((alert.rule, alert.target_id))
        if before:
            orphans.append(before)
        newest[alert.rule, alert.target_id] = alert
    open_ = {}
    for rule_id in rules:
        mine = [alert for (rule, _), alert in newest.items() if rule == rule_id]
        row = np.array([rows[alert.target][alert.target_id] for alert in mine], dtype=np.int64)
        order = np.argsort(row)
        started = np.array([alert.started_at for alert in mine], dtype=np.float64)
        value = np.array([np.nan if alert.value is None else alert.value for alert in mine], dtype=np.float64)
        fired = np.array(
            [np.nan if alert.fired_at is None or alert.fired_at > at else alert.fired_at for alert in mine],
            dtype=np.float64,
        )
        open_[rule_id] = _again(Open.of(row, started, value), mine, fired, at, damping).take(order)
    return open_, orphans


def _again(open_: Open, mine: Sequence[Alerted], fired: Floats, at: int, damping: Damping) -> Open:
    """What alerts had gone through by a time."""
    n = len(mine)
    grades, swings = filled(n, None), filled(n, ())
    grew_at, calm_at = np.full(n, np.nan), np.full(n, -np.inf)
    for index, alert in enumerate(mine):
        told = [(t, GRADE.get(severity, 0)) for t, severity in alert.grades if t <= at]
        grades[index] = tuple(told) or ((alert.started_at, GRADE.get(alert.severity, 0)),)
        later = [t for t, _ in grades[index][1:] if not t <= fired[index]]
        grew_at[index] = later[-1] if later and not np.isnan(fired[index]) else np.nan
        swings[index] = tuple(t for t in alert.swings if t <= at)
        calm_at[index] = damping.calm_at(swings[index])
    return replace(
        open_,
        fired_at=fired,
        grade=np.array([one[-1][1] for one in grades], dtype=np.int64),
        grades=grades,
        grew_at=grew_at,
        swings=swings,
        calm_at=calm_at,
        flapping=at < calm_at,
        clear_since=np.array(
            [np.nan if one.clear_since is None or one.clear_since > at else one.clear_since for one in mine],
            dtype=np.float64,
        ),
        swung=np.array([one.swung for one in mine], dtype=bool),
    )


def look_again(open_: Open, seen: Seen) -> Open:
    """The same alerts with the values of another moment, without transition; none where no rule looks."""
    if seen.looks is not None:
        open_ = open_.take(seen.looks[open_.row])
    known = seen.known[open_.row]
    return replace(
        open_,
        value=np.where(known, seen.value[open_.row], open_.value),
        held=~known,
        shown=filled(len(open_), None),
    )


def rewind(open_: Open, rule: RuleSpec, ids: Strings, at: int) -> tuple[Open, list[Alerted]]:
    """After the clock was set back: alerts that begin ahead of it end as if they never fired."""
    ahead = open_.started_at > at
    clear_since = np.where(open_.clear_since > at, np.nan, open_.clear_since)
    left = replace(open_, clear_since=clear_since).take(~ahead)
    gone = open_.take(ahead)
    return left, kept(replace(gone, fired_at=np.full(len(gone), np.nan)), rule, ids, resolved_at=at)
