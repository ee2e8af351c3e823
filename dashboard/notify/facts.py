"""Facts: what is told of an alert, as JSON values that are kept and never changed after.

The words are those of the alert's own county, with nothing of another county in them: one dispatch has one
text, whoever reads it. Notes and accounts are not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from dashboard.encode_alerts import alert_row
from dashboard.notify.news import News
from dashboard.words import say
from data.dispatch import Dispatch
from data.numbers import number
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language

Row = dict[str, Any]

CORNERS = 100
"""The most corners of an area that are told; one with more is told by its county alone."""
DIGITS = 5
"""Decimals of a degree: a metre."""


def facts(told: News, picture: Picture, profile: Profile, last: Dispatch | None) -> Row:
    """What is told of news; `picture` and `profile` are cut to its county where it has one.

    Of what is over, what was told last stays true but for its state.
    """
    if told.alert is not None:
        found = _of_alert(told, picture, profile)
    elif told.group is not None:
        found = _of_group(told, picture, profile)
    else:
        found = dict(last.detail) if last is not None else {"words": {}}
    found["answered"] = told.answered
    found["simulated"] = picture.simulated
    return found


def _of_alert(told: News, picture: Picture, profile: Profile) -> Row:
    alert = told.alert
    assert alert is not None
    words = {}
    for lang in profile.spec.languages:
        row = alert_row(profile, picture, alert, lang)
        words[lang] = {
            "event": _rule_name(profile, alert.rule, lang),
            **{name: row[name] for name in ("name", "county_name", "what", "advice")},
        }
    return {
        "rule": alert.rule,
        "target": alert.target,
        "target_id": alert.target_id,
        "line": alert.line,
        "kind": _kind(picture, alert.target, alert.target_id),
        "alerts": 1,
        "started_at": alert.started_at,
        "fired_at": alert.fired_at,
        "asked_at": alert.asked_at,
        "value": number(alert.value),
        "area": _area(profile, picture, alert.target, alert.target_id),
        "words": words,
    }


def _of_group(told: News, picture: Picture, profile: Profile) -> Row:
    group = told.group
    assert group is not None
    fired = [alert.fired_at for alert in told.members if alert.fired_at is not None]
    lines = {alert.line for alert in told.members}
    kinds = {_kind(picture, alert.target, alert.target_id) for alert in told.members}
    words = {}
    for lang in profile.spec.languages:
        rule = _rule_name(profile, group.rule, lang)
        line = profile.line.get(group.key)
        place = profile.county_name.get(group.key, "") if group.by == "county" else ""
        place = in_language(line.name, lang, profile) if line and group.by == "line" else place
        words[lang] = {
            "event": rule,
            "name": place,
            "county_name": profile.county_name.get(told.county, ""),
            "what": say(lang, "notify_group", rule=rule, place=place, n=len(told.members)),
            "advice": "",
        }
    return {
        "rule": group.rule,
        "target": group.by,
        "target_id": group.key,
        "line": next(iter(lines)) if len(lines) == 1 else "",
        "lines": sorted(lines - {""}),
        "kind": "",
        "kinds": sorted(kinds - {""}),
        "counties": sorted({alert.county for alert in told.members if alert.county}),
        "alerts": len(told.members),
        "started_at": group.since,
        "fired_at": min(fired, default=None),
        "asked_at": None,
        "value": None,
        "area": {},
        "words": words,
    }


def _rule_name(profile: Profile, rule_id: str, lang: str) -> str:
    rule = next((rule for rule in profile.spec.rules if rule.id == rule_id), None)
    return in_language(rule.name, lang, profile) if rule is not None else rule_id


def _kind(picture: Picture, target: str, target_id: str) -> str:
    row = picture.sites.row.get(target_id) if target == "site" else None
    return "" if row is None else str(picture.sites.kind[row])


def _area(profile: Profile, picture: Picture, target: str, target_id: str) -> Row:
    """Where it is: a point, or the corners of an area; empty where it is told by its county alone."""
    if target == "site":
        row = picture.sites.row.get(target_id)
        if row is None:
            return {}
        point = [round(float(picture.sites.lat[row]), DIGITS), round(float(picture.sites.lon[row]), DIGITS)]
        return {"point": point, "source": str(picture.sites.position_source[row])}
    if target == "fence":
        shapes = profile.fences.loc[profile.fences["fence_id"] == target_id].geometry
        return {} if shapes.empty else _corners(shapes.iloc[0])
    return {}


def _corners(shape: Any) -> Row:
    if shapely.get_type_id(shape) != shapely.GeometryType.POLYGON:
        return {}
    ring = np.round(shapely.get_coordinates(shape.exterior)[:, ::-1], DIGITS)
    return {"polygon": ring.tolist()} if len(ring) <= CORNERS else {}


def words_of(dispatch: Dispatch, lang: str) -> Mapping[str, str]:
    """The words of a dispatch in a language, or in the first that it has."""
    known: Mapping[str, Mapping[str, str]] = dispatch.detail.get("words", {})
    blank = dict.fromkeys(("event", "name", "county_name", "what", "advice"), "")
    return blank | dict(known.get(lang) or next(iter(known.values()), {}))


def sentence(dispatch: Dispatch, lang: str) -> str:
    """What happened and where: a profile's words may leave the place to the list that they stand in."""
    told = words_of(dispatch, lang)
    what, name = told["what"] or dispatch.subject, told["name"]
    if not name or name in what:
        return what
    return say(lang, "notify_at", name=name, what=what)


def headline(dispatch: Dispatch, lang: str) -> str:
    """A dispatch in one line: what became of what."""
    mark = say(lang, "notify_simulated") if dispatch.detail.get("simulated") else ""
    became = say(lang, f"notify_{dispatch.event}")
    return f"{mark}{became}{sentence(dispatch, lang)}"
