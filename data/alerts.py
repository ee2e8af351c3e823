"""The life of alerts: pending, firing, resolved; losing sight of a target never ends one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from data.ground import Ground
from data.picture import SEVERITIES, Alert
from data.rules import Seen
from data.spec import FENCE_METRICS, RuleSpec
from data.store.base import Alerted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Open:
    """One rule's open alerts as columns, ordered by target row; times are epoch seconds, NaN for not yet."""

    row: Ints
    started_at: Floats
    fired_at: Floats
    clear_since: Floats
    worst: Floats
    value: Floats
    """The newest known value."""
    held: Bools
    shown: Strings
    """The alert as people see it, or None where it must be written anew."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: NDArray[np.bool_] | Ints) -> Open:
        """The alerts of a mask or of positions."""
        return Open(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def of(cls, row: Ints, started_at: Floats, value: Floats) -> Open:
        """Alerts that have just begun."""
        n = len(row)
        return cls(
            row=row,
            started_at=started_at,
            fired_at=np.full(n, np.nan),
            clear_since=np.full(n, np.nan),
            worst=value,
            value=value,
            held=np.zeros(n, bool),
            shown=np.full(n, None, dtype=object),
        )

    @classmethod
    def none(cls) -> Open:
        """No alert."""
        return cls.of(np.empty(0, np.int64), np.empty(0), np.empty(0))


def target_of(rule: RuleSpec) -> str:
    """`site` or `fence`."""
    return "fence" if rule.metric in FENCE_METRICS else "site"


def alert_id(rule: str, target_id: str, started_at: float) -> str:
    """The same alert has the same id after a restart and in every picture."""
    return f"{rule}:{target_id}:{int(started_at)}"


def advance(open_: Open, rule: RuleSpec, seen: Seen, ids: Strings, at: int) -> tuple[Open, list[Alerted]]:
    """One step of one rule: the alerts open after it, and those that began, fired or ended.

    `ids` names the sites or fences by row. An alert is pending while its condition holds, fires once it has
    held for `for_s`, and resolves once its value has been back past the clearing threshold for `clear_for_s`.
    A pending one ends when the condition no longer holds. While the value is unknown nothing moves; where
    the rule does not look any more, its alerts end at once.
    """
    holding = np.flatnonzero(seen.holds)
    new = holding[np.isin(holding, open_.row, assume_unique=True, invert=True)] if len(open_) else holding
    row = open_.row
    known, holds, clears = seen.known[row], seen.holds[row], seen.clears[row]
    began = np.minimum(seen.since, at)
    firing = ~np.isnan(open_.fired_at)
    clearing = firing & known & clears
    clear_since = np.where(
        clearing, np.where(np.isnan(open_.clear_since), began[row], open_.clear_since), np.nan
    )
    ended = (~firing & known & ~holds) | (clearing & (at - clear_since >= rule.clear_for_s))
    if seen.looks is not None:
        ended |= ~seen.looks[row]
    value = np.where(known, seen.value[row], open_.value)
    worse = np.fmax if rule.op.startswith(">") else np.fmin
    moved = replace(
        open_,
        clear_since=clear_since,
        worst=np.where(known, worse(open_.worst, value), open_.worst),
        value=value,
        held=~known,
        shown=_blank(open_.shown, (open_.held == known) | ~_same(open_.value, value)),
    )
    after = _merge(moved.take(~ended), Open.of(new, began[new], seen.value[new]))
    due = (
        np.isnan(after.fired_at) & seen.holds[after.row] & ~after.held & (at - after.started_at >= rule.for_s)
    )
    after = replace(after, fired_at=np.where(due, float(at), after.fired_at), shown=_blank(after.shown, due))
    fresh = due.copy()
    fresh[np.searchsorted(after.row, new)] = True
    changed = kept(moved.take(ended), rule, ids, resolved_at=at) + kept(after.take(fresh), rule, ids)
    return after, changed


def kept(open_: Open, rule: RuleSpec, ids: Strings, *, resolved_at: int | None = None) -> list[Alerted]:
    """The alerts in the form that the store keeps."""
    rows = []
    for row, started, fired, worst in zip(
        open_.row.tolist(),
        open_.started_at.tolist(),
        open_.fired_at.tolist(),
        open_.worst.tolist(),
        strict=True,
    ):
        fired_at = None if np.isnan(fired) else int(fired)
        state = "pending" if fired_at is None else "firing"
        rows.append(
            Alerted(
                id=alert_id(rule.id, ids[row], started),
                rule=rule.id,
                target=target_of(rule),
                target_id=ids[row],
                severity=rule.severity,
                state=state if resolved_at is None else "resolved",
                started_at=int(started),
                fired_at=fired_at,
                resolved_at=resolved_at,
                value=None if np.isnan(worst) else worst,
            )
        )
    return rows


def restore(
    alerted: Sequence[Alerted],
    rules: Mapping[str, RuleSpec],
    rows: Mapping[str, Mapping[str, int]],
    at: int,
) -> tuple[dict[str, Open], list[Alerted]]:
    """Open alerts from the store as they stood at a time, by rule id; and those that nothing stands for now.

    `rows` maps `site` and `fence` to target id to row. The second list holds alerts of rules, sites or fences
    that the profile no longer has, and all but the newest of several on one target.
    """
    newest: dict[tuple[str, str], Alerted] = {}
    orphans = []
    for alert in sorted(alerted, key=lambda alert: alert.started_at):
        rule = rules.get(alert.rule)
        if rule is None or target_of(rule) != alert.target or alert.target_id not in rows[alert.target]:
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
        open_[rule_id] = replace(Open.of(row, started, value), fired_at=fired).take(order)
    return open_, orphans


def look_again(open_: Open, seen: Seen) -> Open:
    """The same alerts with the values of another moment, without transition; none where no rule looks."""
    if seen.looks is not None:
        open_ = open_.take(seen.looks[open_.row])
    known = seen.known[open_.row]
    return replace(
        open_,
        value=np.where(known, seen.value[open_.row], open_.value),
        held=~known,
        shown=np.full(len(open_), None, dtype=object),
    )


def show(
    open_: Mapping[str, Open], rules: Sequence[RuleSpec], ground: Ground, ids: Mapping[str, Strings]
) -> tuple[Alert, ...]:
    """The alerts as people see them, most severe first, then oldest; writes only those that changed."""
    alerts: list[Alert] = []
    keys: list[tuple[Ints, Floats]] = []
    for rule in rules:
        mine = open_[rule.id]
        if not len(mine):
            continue
        for position in np.flatnonzero(mine.shown == None).tolist():  # noqa: E711
            mine.shown[position] = _alert(mine, position, rule, ground, ids)
        alerts += mine.shown.tolist()
        keys.append((np.full(len(mine), -SEVERITIES.index(rule.severity)), mine.started_at))
    if not alerts:
        return ()
    order = np.lexsort((np.concatenate([key[1] for key in keys]), np.concatenate([key[0] for key in keys])))
    return tuple(alerts[index] for index in order.tolist())


def alarms(open_: Mapping[str, Open], rules: Sequence[RuleSpec], sites: int) -> Strings:
    """The worst severity of a firing alert per site, or ""."""
    alarm = np.full(sites, "", dtype=object)
    for rule in sorted(rules, key=lambda rule: SEVERITIES.index(rule.severity)):
        if target_of(rule) == "site":
            mine = open_[rule.id]
            alarm[mine.row[~np.isnan(mine.fired_at)]] = rule.severity
    return alarm


def _alert(mine: Open, position: int, rule: RuleSpec, ground: Ground, ids: Mapping[str, Strings]) -> Alert:
    target = target_of(rule)
    row = int(mine.row[position])
    fired, value = float(mine.fired_at[position]), float(mine.value[position])
    county = ground.counties[ground.county_of[row]] if target == "site" else ground.fence_county[row]
    return Alert(
        id=alert_id(rule.id, ids[target][row], mine.started_at[position]),
        rule=rule.id,
        target=target,
        target_id=ids[target][row],
        line=ground.target_line(target, row),
        county=county,
        severity=rule.severity,
        state="pending" if np.isnan(fired) else "firing",
        started_at=int(mine.started_at[position]),
        fired_at=None if np.isnan(fired) else int(fired),
        value=None if np.isnan(value) else value,
        held=bool(mine.held[position]),
    )


def _merge(a: Open, b: Open) -> Open:
    if not len(b):
        return a
    row = np.concatenate([a.row, b.row])
    order = np.argsort(row, kind="stable")
    return Open(*(np.concatenate([getattr(a, f.name), getattr(b, f.name)])[order] for f in fields(Open)))


def _blank(shown: Strings, which: Bools) -> Strings:
    shown = shown.copy()
    shown[which] = None
    return shown


def _same(a: Floats, b: Floats) -> Bools:
    return np.asarray((a == b) | (np.isnan(a) & np.isnan(b)), bool)


def ids_of(
    open_: Mapping[str, Open], rules: Mapping[str, RuleSpec], ids: Mapping[str, Strings]
) -> set[str]:
    """The ids of open alerts."""
    found: set[str] = set()
    for rule_id, mine in open_.items():
        names = ids[target_of(rules[rule_id])][mine.row].tolist()
        found |= {
            alert_id(rule_id, name, at) for name, at in zip(names, mine.started_at.tolist(), strict=True)
        }
    return found


def rewind(open_: Open, rule: RuleSpec, ids: Strings, at: int) -> tuple[Open, list[Alerted]]:
    """After the clock was set back: alerts that begin ahead of it end as if they never fired."""
    ahead = open_.started_at > at
    clear_since = np.where(open_.clear_since > at, np.nan, open_.clear_since)
    left = replace(open_, clear_since=clear_since).take(~ahead)
    gone = open_.take(ahead)
    return left, kept(replace(gone, fired_at=np.full(len(gone), np.nan)), rule, ids, resolved_at=at)
