"""Alerts as plain JSON values: what each is about, what people did about it, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dashboard.reworded import Reworded
from data.numbers import number
from data.picture import Alert, Picture
from data.profile import Profile
from data.rules import name_of, words

Row = dict[str, Any]
TIMES = ("started_at", "fired_at", "asked_at", "answered_at", "sent_at", "arrived_at")
"""Fields of a row that are epoch seconds, with `acknowledged_at` and `until`."""


def alert_row(profile: Profile, picture: Picture, alert: Alert, lang: str) -> Row:
    """An alert with its target's name and its words in a language."""
    what, advice = words(profile, alert, picture, lang)
    return {
        "id": alert.id,
        "rule": alert.rule,
        "target": alert.target,
        "target_id": alert.target_id,
        "name": name_of(profile, alert.target, alert.target_id, lang),
        "line": alert.line,
        "county": alert.county,
        "county_name": profile.county_name.get(alert.county, ""),
        "severity": alert.severity,
        "state": alert.state,
        **{name: getattr(alert, name) for name in TIMES},
        "value": number(alert.value),
        "held": alert.held,
        **answer_row(alert),
        "hidden_by": alert.hidden_by,
        "group": alert.group,
        "flapping": alert.flapping,
        "flaps": alert.flaps,
        "what": what,
        "advice": advice,
    }


def answer_row(alert: Alert) -> Row:
    """Who answered last, when, with which words, and until when that holds; nulls where nobody has."""
    answer = alert.answer
    return {
        "acknowledged_by": answer.by if answer else None,
        "acknowledged_role": answer.role if answer else None,
        "acknowledged_at": answer.at if answer else None,
        "note": answer.note if answer else None,
        "until": answer.until if answer else None,
        # Its time is over, or the alert has grown worse: it asks again.
        "expired": answer is not None and alert.state == "firing",
    }


def group_rows(picture: Picture) -> list[Row]:
    """The groups of alerts."""
    return [asdict(group) for group in picture.groups]


def alert_rows(profile: Profile, picture: Picture, lang: str) -> dict[str, Row]:
    """Alert id to alert, in the picture's order."""
    return {alert.id: alert_row(profile, picture, alert, lang) for alert in picture.alerts}


def alert_rows_after(
    profile: Profile, before: Picture, old: Mapping[str, Row], picture: Picture, lang: str
) -> dict[str, Row]:
    """The same as `alert_rows`, but what cannot have changed since an earlier picture, which was told as
    `old`, is not worded again.
    """
    kept, reworded = {alert.id: alert for alert in before.alerts}, Reworded(profile, before, picture)
    told: dict[str, Row] = {}
    for alert in picture.alerts:
        was = kept.get(alert.id)
        # The engine keeps the same object while nothing of an alert changes; comparing thousands takes long.
        same = (was is alert or was == alert) and not reworded(alert)
        told[alert.id] = old[alert.id] if same else alert_row(profile, picture, alert, lang)
    return told


def alert_changes(old: Mapping[str, Row], new: Mapping[str, Row]) -> Row:
    """The `alerts` member of a delta; empty where no alert differs."""
    put = differing(old, new)
    gone = [alert_id for alert_id in old if alert_id not in new]
    return {"alerts": {"put": list(put.values()), "gone": gone}} if put or gone else {}


def differing(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, Row]:
    """The rows that are new or other than they were."""
    return {key: row for key, row in new.items() if (was := old.get(key)) is not row and was != row}
