"""The facts of a brief (值班简报), as plain values: a function of pictures, a span and the day's curve.

Every number is the one that the interface answers for the same time, so no brief can say another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from data.brief_alerts import answered_alerts, open_alerts, response
from data.brief_changes import changes
from data.brief_rows import (
    county_rows,
    exit_rows,
    gap_rows,
    line_rows,
    site_rows,
    slowest,
    staffing,
    statuses,
    teams,
)
from data.handover import Shift
from data.history import Curve
from data.numbers import number
from data.picture import Picture
from data.profile import Profile
from data.schedule import ON_TIME_S

VERSION = 1
Facts = dict[str, Any]
"""JSON values: times are epoch seconds, names texts by language, what is not known is null."""
Compared = Literal["brief", "day", "week", "since"]


@dataclass(frozen=True)
class Occasion:
    """When, by whom and what for a brief is made."""

    made_at: int
    """Epoch seconds."""
    made_by: str = ""
    """The account; "" where nobody logs in, `board` for the board itself."""
    compared: Compared = "day"
    """What the span began with: the last brief, 24 hours or 7 days before, or a time that was asked for."""
    last: str = ""
    """Id of the last brief's export; "" where there is none."""
    link: Mapping[str, str] = field(default_factory=dict)
    """Language to the permanent address of the picture; empty where the board's own is not known."""
    marks: tuple[str, ...] = ()
    """Further marks: `late` for one made late, or words as they are."""


def brief_facts(
    picture: Picture, before: Picture | None, shift: Shift, curve: Curve, occasion: Occasion
) -> Facts:
    """What is told at the time of a picture, of its scope.

    `before`: the picture at the span's beginning; None where nothing is known of then. `shift` is the span up
    to the picture, `curve` the last 24 hours.
    """
    profile = picture.profile
    assert profile is not None
    spec, scope = profile.spec, picture.scope
    rows = site_rows(profile, picture)
    return {
        "version": VERSION,
        "profile": spec.id,
        "title": dict(spec.title),
        "place": dict(spec.place),
        **_paper(profile, picture.at),
        "scope": scope,
        "county": profile.county_name.get(scope, scope) if scope else "",
        "zone": spec.timezone,
        "languages": list(spec.languages),
        "at": picture.at,
        "data_at": int(picture.data_at) if math.isfinite(picture.data_at) else None,
        "made_at": occasion.made_at,
        "made_by": occasion.made_by,
        "simulated": picture.simulated or shift.simulated,
        "replay": occasion.made_at - picture.at > ON_TIME_S,
        "marks": list(occasion.marks),
        "link": dict(occasion.link),
        "source": dict(spec.map.source),
        "approval_number": spec.map.approval_number,
        "demonstration": spec.demonstration or "demonstration" in picture.sites.position_source,
        "compared": {"with": occasion.compared, "since": shift.start, "last": occasion.last},
        "names": _names(profile),
        "duty_level": picture.duty_level,
        "duty_levels": {code: level for code, level in picture.duty_levels.items() if code},
        "sites_by_status": statuses(picture),
        "today": _today(picture),
        "day": _day(curve),
        "lines": line_rows(picture),
        # A document counts the whole border; no county has a share of it.
        "km_stated": {} if scope else {line.id: line.stated_km for line in spec.lines if line.stated_km},
        "counties": county_rows(profile, picture, rows),
        "changes": changes(profile, picture, before, shift),
        "alerts": open_alerts(profile, picture),
        "answered": answered_alerts(profile, shift),
        "response": response(profile, shift, scope),
        "slowest": slowest(rows),
        "staffing": staffing(picture, rows) | {"teams": teams(profile, picture.at)},
        "gaps": gap_rows(picture),
        "depth_km": number(spec.coverage.depth_km, 2),
        "exits_open": exit_rows(picture),
        "thresholds": {
            "wait_min": number(spec.status.congested_wait_min),
            "queue_m": number(spec.status.congested_queue_m, 0),
            "window_min": spec.windows.main,
        },
        "sites": rows,
    }


def _paper(profile: Profile, at: int) -> Facts:
    """Heading, number and handling mark, as the profile says; null where it says nothing."""
    exports, day = profile.spec.exports, datetime.fromtimestamp(at, profile.zone)
    year, issue = f"{day:%Y}", str(day.timetuple().tm_yday)
    return {
        "heading": _text(exports.title),
        "handling": _text(exports.handling),
        "number": None
        if exports.number is None
        else {
            lang: text.replace("{year}", year).replace("{issue}", issue)
            for lang, text in exports.number.items()
        },
    }


def _names(profile: Profile) -> Facts:
    """What ids are called."""
    spec = profile.spec
    return {
        "lines": {line.id: dict(line.name) for line in spec.lines},
        "kinds": {kind: dict(one.name) for kind, one in spec.kinds.items()},
        "counties": dict(profile.county_name),
        "outcomes": {name: dict(text) for name, text in spec.outcomes.items()},
        "levels": {level.id: dict(level.name) for level in spec.duty.levels},
    }


def _today(picture: Picture) -> Facts:
    today = picture.today
    return {
        "persons": number(today.persons, 0),
        "vehicles": number(today.vehicles, 0),
        "persons_before": number(today.persons_before, 0),
        "vehicles_before": number(today.vehicles_before, 0),
        "outcomes": {name: number(count, 0) for name, count in today.outcomes.items()},
        "alerts": today.alerts,
    }


def _day(curve: Curve) -> Facts:
    """People and vehicles per hour over 24 hours, and over the same hours a week before."""
    return {
        "step_s": curve.step_s,
        "starts": curve.starts.tolist(),
        **{
            f"{what}_before" if before else what: [
                number(value) for value in curve.total(what=what, before=before)
            ]
            for what in ("persons", "vehicles")
            for before in (False, True)
        },
    }


def _text(text: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if text is None else dict(text)
