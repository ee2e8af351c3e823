"""The alerts of a brief: what is open, what was answered, and how fast (1-3-5)."""

from __future__ import annotations

from typing import Any

from data.compliance import by, cases, limits, tally
from data.handover import Shift, about, answered, open_alert
from data.picture import SEVERITIES, Picture
from data.profile import Profile
from data.store.base import Alerted

Row = dict[str, Any]

MOST = 200
"""Rows of one list; how many more there are is told beside it."""


def open_alerts(profile: Profile, picture: Picture) -> Row:
    """Alerts that fired and are not over, most severe first, then oldest: `{counts, rows, left_off}`."""
    fired = [alert for alert in picture.alerts if alert.fired]
    return {
        "open": len(fired),
        "unanswered": sum(alert.asks for alert in fired),
        "answered": sum(alert.state == "acknowledged" for alert in fired),
        "by_severity": {grade: sum(one.severity == grade for one in fired) for grade in reversed(SEVERITIES)},
        "hidden": sum(bool(alert.hidden_by) and alert.state != "pending" for alert in picture.alerts),
        "pending": sum(alert.state == "pending" for alert in picture.alerts),
        **_listed([open_alert(profile, picture, alert) for alert in fired]),
    }


def answered_alerts(profile: Profile, shift: Shift) -> Row:
    """Alerts that somebody answered in the span, by when they did: `{rows, left_off}`."""
    return _listed(answered(profile, shift))


def response(profile: Profile, shift: Shift, scope: str) -> Row:
    """Of the alerts that fired in the span: how many were answered, sent to and arrived at in time."""
    found = cases(
        profile, shift.alerts, shift.responses,
        start=shift.start, end=shift.end, county=scope, hidden=shift.hidden,
    )  # fmt: skip
    within = limits(profile.spec.response)
    order, parts = [line.id for line in profile.spec.lines], by(found, lambda case: case.line, within)
    return {
        "from": shift.start,
        "to": shift.end,
        "limits": within,
        **tally(found, within).as_row(),
        "lines": [{"line": line} | parts[line].as_row() for line in (*order, "") if line in parts],
    }


def fired_in(profile: Profile, shift: Shift) -> Row:
    """What fired and what ended in the span: counts, and the ones that fired, gravest first."""
    fired = [
        alert
        for alert in shift.alerts
        if alert.fired_at is not None and shift.start <= alert.fired_at < shift.end
    ]
    ended = [
        alert for alert in shift.alerts if alert.fired_at is not None and _ended(alert, shift) is not None
    ]
    both = {alert.id: alert for alert in (*fired, *ended)}
    rows = sorted(both.values(), key=lambda one: (-SEVERITIES.index(one.severity), one.fired_at or 0, one.id))
    return {
        "fired": len(fired),
        "by_severity": {grade: sum(one.severity == grade for one in fired) for grade in reversed(SEVERITIES)},
        "resolved": len(ended),
        **_listed(
            [
                {
                    **about(profile, alert),
                    "fired_at": alert.fired_at,
                    "new": alert.fired_at is not None and alert.fired_at >= shift.start,
                    "resolved_at": _ended(alert, shift),
                }
                for alert in rows
            ]
        ),
    }


def _ended(alert: Alerted, shift: Shift) -> int | None:
    """When it ended, if that was in the span."""
    at = alert.resolved_at
    return at if at is not None and shift.start < at <= shift.end else None


def _listed(rows: list[Row]) -> Row:
    return {"rows": rows[:MOST], "left_off": max(len(rows) - MOST, 0)}
