"""Alerts as plain JSON values: what each is about, what people did about it, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from dashboard.numbers import number
from data.changes import changes
from data.picture import Alert, Picture
from data.profile import Profile
from data.rules import in_language, words
from data.targets import targets_of

Row = dict[str, Any]
SPOKEN = ("lanes_open", "staff_on_duty", "staff_required")
"""What the words of an alert may take from its site's state, besides its own value."""
WORKING = ("status", "staff_on_duty")
"""What decides whether a site works, so that an alert of a fence may name it."""
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
        "name": target_name(profile, alert.target, alert.target_id, lang),
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
    kept = {alert.id: alert for alert in before.alerts}
    fields = changes(before, picture).fields
    rows = [fields[name] for name in SPOKEN if name in fields]
    touched = set(picture.sites.site_id[np.concatenate(rows)].tolist()) if rows else set()
    # The words of a fence's alert may name a site, which may have stopped working since.
    moved = any(name in fields for name in WORKING)
    told: dict[str, Row] = {}
    for alert in picture.alerts:
        was = kept.get(alert.id)
        # The engine keeps the same object while nothing of an alert changes; comparing thousands takes long.
        same = (was is alert or was == alert) and alert.target_id not in touched
        same = same and not (moved and alert.target == "fence")
        told[alert.id] = old[alert.id] if same else alert_row(profile, picture, alert, lang)
    return told


def target_name(profile: Profile, target: str, target_id: str, lang: str) -> str:
    """The name of what an alert is about; its id where the profile has it no longer."""
    among = targets_of(profile).get(target)
    row = None if among is None else among.row.get(target_id)
    if among is None or row is None:
        return target_id
    name = among.names[row]
    return name if isinstance(name, str) else in_language(name, lang, profile)


def alert_changes(old: Mapping[str, Row], new: Mapping[str, Row]) -> Row:
    """The `alerts` member of a delta; empty where no alert differs."""
    put = differing(old, new)
    gone = [alert_id for alert_id in old if alert_id not in new]
    return {"alerts": {"put": list(put.values()), "gone": gone}} if put or gone else {}


def differing(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, Row]:
    """The rows that are new or other than they were."""
    return {key: row for key, row in new.items() if (was := old.get(key)) is not row and was != row}
