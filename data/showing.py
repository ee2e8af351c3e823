"""Open alerts as people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from data.answering import asked_at
from data.flapping import Damping
from data.opened import Open, filled, names_of, target_of
from data.orders import NOBODY, Response
from data.picture import SEVERITIES, Alert
from data.spec import RuleSpec
from data.targets import Targets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Strings = NDArray[np.object_]


def show(
    open_: Mapping[str, Open],
    rules: Sequence[RuleSpec],
    targets: Mapping[str, Targets],
    at: int,
    *,
    damping: Damping | None = None,
) -> tuple[Alert, ...]:
    """The alerts as people see them, most severe first, then oldest; writes only those that changed."""
    damping = damping or Damping()
    alerts: list[Alert] = []
    keys: list[tuple[Ints, Floats]] = []
    for rule in rules:
        mine = open_[rule.id]
        if not len(mine):
            continue
        if len(anew := np.flatnonzero(mine.shown == None)):  # noqa: E711
            mine.shown[anew] = _alerts(mine.take(anew), rule, targets[target_of(rule)], at, damping=damping)
        alerts += mine.shown.tolist()
        keys.append((-mine.grade, mine.started_at))
    if not alerts:
        return ()
    order = np.lexsort((np.concatenate([key[1] for key in keys]), np.concatenate([key[0] for key in keys])))
    return tuple(alerts[index] for index in order.tolist())


def hide(
    alerts: Sequence[Alert],
    hidden_by: Mapping[str, str],
    group: Mapping[str, str],
    worn: dict[str, tuple[Alert, Alert]],
) -> tuple[Alert, ...]:
    """The same alerts with what hides each and the group that each stands in, by alert id.

    `worn` keeps what was made of each, so that one of which nothing changed stays the same value.
    """
    told: list[Alert] = []
    kept: dict[str, tuple[Alert, Alert]] = {}
    for alert in alerts:
        why, where = hidden_by.get(alert.id, ""), group.get(alert.id, "")
        if not why and not where:
            told.append(alert)
            continue
        bare, dressed = worn.get(alert.id, (None, alert))
        if bare is not alert or dressed.hidden_by != why or dressed.group != where:
            dressed = replace(alert, hidden_by=why, group=where)
        kept[alert.id] = alert, dressed
        told.append(dressed)
    worn.clear()
    worn.update(kept)
    return tuple(told)


def alarms(alerts: Sequence[Alert], rows: Mapping[str, int], sites: int) -> Strings:
    """The worst severity of an alert that asks, per site, or ""; `rows` maps site ids to rows."""
    alarm = np.full(sites, "", dtype=object)
    for alert in reversed(alerts):  # the most severe last, so that it stays
        if alert.target == "site" and alert.asks:
            alarm[rows[alert.target_id]] = alert.severity
    return alarm


def _alerts(mine: Open, rule: RuleSpec, among: Targets, at: int, *, damping: Damping) -> Strings:
    """One rule's alerts, written out."""
    target, told = target_of(rule), filled(len(mine), None)
    names, rows = names_of(mine, rule.id, among.ids), mine.row.tolist()
    columns = (
        mine.grade, mine.started_at, mine.fired_at, asked_at(mine, at), mine.value, mine.held, mine.quiet,
        mine.response, mine.flapping, mine.swings,
    )  # fmt: skip
    for index, (grade, started, fired, asked, value, held, quiet, response, flaps, swings) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        row, pending = rows[index], isnan(fired)
        did: Response = response or NOBODY
        told[index] = Alert(
            id=names[index],
            rule=rule.id,
            target=target,
            target_id=among.ids[row],
            line=among.lines[row],
            county=among.counties[row],
            severity=SEVERITIES[grade],
            state="pending" if pending else "acknowledged" if quiet else "firing",
            started_at=int(started),
            fired_at=None if pending else int(fired),
            value=None if isnan(value) else value,
            held=held,
            asked_at=None if pending else int(asked),
            answer=did.answer,
            answered_at=did.answered_at,
            sent_at=did.sent_at,
            arrived_at=did.arrived_at,
            flapping=flaps,
            flaps=damping.count(swings),
        )
    return told
