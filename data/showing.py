"""Open alerts as people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.answering import asked_at
from data.flapping import Damping
from data.opened import Open, alert_id, target_of
from data.orders import NOBODY
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
        for position in np.flatnonzero(mine.shown == None).tolist():  # noqa: E711
            mine.shown[position] = _alert(
                mine, position, rule, targets[target_of(rule)], at=at, damping=damping
            )
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


def _alert(
    mine: Open,
    position: int,
    rule: RuleSpec,
    among: Targets,
    *,
    at: int,
    damping: Damping,
) -> Alert:
    row = int(mine.row[position])
    fired, value = float(mine.fired_at[position]), float(mine.value[position])
    pending = bool(np.isnan(fired))
    response = mine.response[position] or NOBODY
    return Alert(
        id=alert_id(rule.id, among.ids[row], mine.started_at[position]),
        rule=rule.id,
        target=target_of(rule),
        target_id=among.ids[row],
        line=among.lines[row],
        county=among.counties[row],
        severity=SEVERITIES[int(mine.grade[position])],
        state="pending" if pending else "acknowledged" if mine.quiet[position] else "firing",
        started_at=int(mine.started_at[position]),
        fired_at=None if pending else int(fired),
        value=None if np.isnan(value) else value,
        held=bool(mine.held[position]),
        asked_at=None if pending else asked_at(mine, position, at),
        answer=response.answer,
        answered_at=response.answered_at,
        sent_at=response.sent_at,
        arrived_at=response.arrived_at,
        flapping=bool(mine.flapping[position]),
        flaps=damping.count(mine.swings[position]),
    )
