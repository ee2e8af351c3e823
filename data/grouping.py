"""Alerts that are one matter: so many of one rule in one county, or on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.picture import SEVERITIES, Alert, Group
from data.profile import Profile


def group_id(rule: str, key: str) -> str:
    """What a group goes by; `key` is an adcode or a line's id."""
    return f"{rule}@{key}"


def groups(
    profile: Profile, alerts: Sequence[Alert], hidden: Mapping[str, str]
) -> tuple[tuple[Group, ...], dict[str, str]]:
    """The groups, in the order of their first alert, and alert id to group id.

    Only alerts that fired and that nothing hides are counted; answered ones stay in. A group keeps its id
    while alerts come and go. A target without a county, or on no line, stands alone.
    """
    by = {rule.id: rule for rule in profile.spec.rules if rule.group}
    gathered: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts if by else ():
        rule = by.get(alert.rule)
        if rule is None or alert.state == "pending" or alert.id in hidden:
            continue
        key = alert.county if rule.group == "county" else alert.line
        if key:
            gathered.setdefault((alert.rule, key), []).append(alert)
    found: list[Group] = []
    member: dict[str, str] = {}
    for (rule_id, key), mine in gathered.items():
        if len(mine) < by[rule_id].group_min:
            continue
        group = Group(
            id=group_id(rule_id, key),
            rule=rule_id,
            by=by[rule_id].group,
            key=key,
            severity=max((alert.severity for alert in mine), key=SEVERITIES.index),
            alerts=len(mine),
            since=min(alert.started_at for alert in mine),
        )
        found.append(group)
        member |= dict.fromkeys((alert.id for alert in mine), group.id)
    return tuple(found), member
