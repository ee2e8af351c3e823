"""News: what a picture says of alerts that was not told yet. A pure function of what was told and a picture.

Nothing between two pictures is needed for it: after a restart, or when pictures came faster than they were
told, what is missing is told once and nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.dispatch import Dispatch
from data.picture import SEVERITIES, Alert, Group, Picture


@dataclass(frozen=True)
class News:
    """One thing to tell."""

    subject: str
    event: str
    """One of `data.dispatch.EVENTS`."""
    severity: str
    county: str
    answered: bool = False
    alert: Alert | None = None
    group: Group | None = None
    """The one that it is about; neither for one that is over."""
    members: tuple[Alert, ...] = ()
    """Of the group."""


def news(told: Mapping[str, Dispatch], picture: Picture) -> list[News]:
    """What there is to tell, in the picture's order; what is over comes last.

    `told` is the newest dispatch of every subject that is not over, by subject. A group is one subject, and
    its alerts are none. What is hidden is not told; what was told before it was hidden is told again only
    when it is over.
    """
    found: list[News] = []
    present: set[str] = set()
    for subject in _subjects(picture):
        present.add(subject.subject)
        before = told.get(subject.subject)
        found += [_with(subject, event, before) for event in _events(before, subject)]
    # Hidden, or gathered in a group, is not over.
    present |= {alert.id for alert in picture.alerts}
    for subject_id, last in told.items():
        if subject_id not in present:
            answered = bool(last.detail.get("answered"))
            found.append(News(subject_id, "resolved", last.severity, last.county, answered))
    return found


def _subjects(picture: Picture) -> list[News]:
    """Every alert by itself and every group that fired and is shown, as if it were told now."""
    grouped: dict[str, list[Alert]] = {}
    alone: list[News] = []
    groups = {group.id: group for group in picture.groups}
    for alert in picture.alerts:
        if not alert.fired:
            continue
        if alert.group in groups:
            grouped.setdefault(alert.group, []).append(alert)
        else:
            answered = alert.state == "acknowledged"
            alone.append(News(alert.id, "fired", alert.severity, alert.county, answered, alert))
    whole = []
    for group_id, members in grouped.items():
        group = groups[group_id]
        counties = {alert.county for alert in members}
        whole.append(
            News(
                group_id,
                "fired",
                max((alert.severity for alert in members), key=SEVERITIES.index),
                counties.pop() if len(counties) == 1 else "",
                all(alert.state == "acknowledged" for alert in members),
                group=group,
                members=tuple(members),
            )
        )
    return whole + alone


def _events(before: Dispatch | None, now: News) -> list[str]:
    """What happened since it was told last; what fired or grew worse and is answered already, is two."""
    if before is None:
        return ["fired", "answered"] if now.answered else ["fired"]
    if SEVERITIES.index(now.severity) > SEVERITIES.index(before.severity):
        return ["worse", "answered"] if now.answered else ["worse"]
    if now.answered != bool(before.detail.get("answered")):
        return ["answered" if now.answered else "asks"]
    return []


def _with(now: News, event: str, before: Dispatch | None) -> News:
    """The news as they are kept: of what was told once, severity does not fall and the county stays."""
    severity, county = now.severity, now.county
    if before is not None:
        severity = max(severity, before.severity, key=SEVERITIES.index)
        county = before.county
    answered = event == "answered"
    return News(now.subject, event, severity, county, answered, now.alert, now.group, now.members)
