"""News: what a picture says of alerts that was not told yet. A pure function of what was told and a picture.

Nothing between two pictures is needed for it: after a restart, or when pictures came faster than they were
told, what is missing is told once and nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.dispatch import Dispatch
from data.grouping import group_id
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
    alone, grouped, gone = _sorted(picture)
    groups = {group.id: group for group in picture.groups}
    for alert in alone:
        before, answered = told.get(alert.id), alert.state == "acknowledged"
        # There may be ten thousand, and mostly nothing has happened to any.
        if before is None or alert.severity != before.severity or answered != before.detail.get("answered"):
            now = News(alert.id, "", alert.severity, alert.county, answered, alert)
            found += [_with(now, event, before) for event in _events(before, now)]
    for name, members in grouped.items():
        before, now = told.get(name), _gathered(groups[name], members)
        found += [_with(now, event, before) for event in _events(before, now)]
    # Hidden, or gathered in a group, is not over; nor is a group of which some are hidden.
    present = {alert.id for alert in picture.alerts} | grouped.keys() | gone
    for subject, last in told.items():
        if subject not in present:
            answered = bool(last.detail.get("answered"))
            found.append(News(subject, "resolved", last.severity, last.county, answered))
    return found


def hidden(picture: Picture) -> set[str]:
    """The subjects that are hidden now; a group is where none of its alerts shows."""
    return _sorted(picture)[2]


def _sorted(picture: Picture) -> tuple[list[Alert], dict[str, list[Alert]], set[str]]:
    """The alerts told one by one, those of each group by its id, and the subjects that are hidden."""
    groups = {group.id for group in picture.groups}
    alone: list[Alert] = []
    grouped: dict[str, list[Alert]] = {}
    gone: set[str] = set()
    for alert in picture.alerts:
        if alert.fired:
            (grouped.setdefault(alert.group, []) if alert.group in groups else alone).append(alert)
        elif alert.state != "pending":
            gone |= {alert.id, group_id(alert.rule, alert.county), group_id(alert.rule, alert.line)}
    return alone, grouped, gone - grouped.keys()


def _gathered(group: Group, members: list[Alert]) -> News:
    """A group as if it were told now."""
    counties = {alert.county for alert in members}
    return News(
        group.id,
        "",
        max((alert.severity for alert in members), key=SEVERITIES.index),
        counties.pop() if len(counties) == 1 else "",
        all(alert.state == "acknowledged" for alert in members),
        group=group,
        members=tuple(members),
    )


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
