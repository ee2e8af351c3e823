"""A picture as plain JSON values, shared by the API and the live socket."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.encode_alerts import alert_rows, alert_rows_after, differing, group_rows
from dashboard.encode_silences import closure_rows
from dashboard.fault_words import in_line
from dashboard.words import say
from data.changes import changes
from data.holding import Near, Stretch
from data.numbers import SITE_DIGITS, number, plain, rounded
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language

Ints = NDArray[np.int64]
Row = dict[str, Any]

METRES = 3
"""Decimals of kilometres along the border: a gap may be some metres long, and its ends tell how long."""
LONGEST = 300
"""Letters of one fault that a notice tells."""


def site_rows(picture: Picture) -> dict[str, Row]:
    """Site id to its whole state."""
    cells = [plain(rounded(getattr(picture.state, name), name)) for name in SITE_DIGITS]
    return {
        site_id: dict(zip(SITE_DIGITS, row, strict=True))
        for site_id, row in zip(picture.sites.site_id.tolist(), zip(*cells, strict=True), strict=True)
    }


def site_changes(old: Picture, new: Picture, fields: Mapping[str, Ints]) -> dict[str, Row]:
    """Site id to the fields that a person could see differ; `fields` names the rows that differ at all."""
    found: dict[str, Row] = {}
    for name, rows in fields.items():
        before = rounded(getattr(old.state, name)[rows], name)
        after = rounded(getattr(new.state, name)[rows], name)
        differs = before != after
        if after.dtype != object:
            differs &= ~(np.isnan(before) & np.isnan(after))
        ids = new.sites.site_id[rows[differs]].tolist()
        for site_id, value in zip(ids, plain(after[differs]), strict=True):
            found.setdefault(site_id, {})[name] = value
    return found


def line_rows(picture: Picture) -> list[Row]:
    """The lines rolled up, border first."""
    return [
        asdict(line)
        | {
            "persons_per_hour": number(line.persons_per_hour),
            "vehicles_per_hour": number(line.vehicles_per_hour),
            "staff_on_duty": number(line.staff_on_duty, 0),
            "staff_required": number(line.staff_required, 0),
            "km": number(line.km, 2),
            "km_covered": number(line.km_covered, 2),
            "km_uncovered": number(line.km_uncovered, 2),
            "km_exposed": number(line.km_exposed, 2),
            "km_unknown": number(line.km_unknown, 2),
        }
        for line in picture.lines
    ]


def gap_rows(profile: Profile, picture: Picture) -> list[Row]:
    """The uncovered stretches of border, along it."""
    return [
        _stretch_row(profile, gap)
        | {
            "backed": gap.backed,
            "by": gap.by,
            "behind": near_row(gap.behind),
            "reserve": near_row(gap.reserve),
        }
        for gap in picture.gaps
    ]


def unknown_rows(profile: Profile, picture: Picture) -> list[Row]:
    """The stretches of border of which nobody can say yet whether they are held, along it."""
    return [_stretch_row(profile, one) for one in picture.unknown]


def _stretch_row(profile: Profile, one: Stretch) -> Row:
    return {
        "line": one.line,
        "county": one.county,
        "county_name": profile.county_name.get(one.county, ""),
        "from_km": number(one.from_km, METRES),
        "to_km": number(one.to_km, METRES),
        "km": number(one.km, METRES),
    }


def exit_rows(profile: Profile, picture: Picture) -> list[Row]:
    """The exits of rings that are known to be held by nobody, in the profile's order."""
    return [
        {
            "exit_id": one.exit_id,
            "name": one.name,
            "line": one.line,
            "county": one.county,
            "county_name": profile.county_name.get(one.county, ""),
            "lon": number(one.lon, 6),
            "lat": number(one.lat, 6),
            "nearest": near_row(one.nearest),
        }
        for one in picture.exits
        if one.open
    ]


def near_row(near: Near | None) -> Row | None:
    """A site and how far it is; null for its id and name where it is another county's."""
    if near is None:
        return None
    row = asdict(near) | {"km": number(near.km, 2)}
    return row if near.site_id else row | {"site_id": None, "name": None}


def fence_rows(picture: Picture) -> dict[str, Row]:
    """Fence id to its state."""
    return {
        fence_id: {
            "state": fence.state,
            "observed_at": fence.observed_at,
            "crossings_in": number(fence.crossings_in, 0),
            "crossings_out": number(fence.crossings_out, 0),
        }
        for fence_id, fence in picture.fences.items()
    }


def today_row(picture: Picture) -> Row:
    """Sums since local midnight."""
    today = picture.today
    return {
        "persons": number(today.persons, 0),
        "vehicles": number(today.vehicles, 0),
        "outcomes": {name: number(count, 0) for name, count in today.outcomes.items()},
        "persons_before": number(today.persons_before, 0),
        "vehicles_before": number(today.vehicles_before, 0),
        "alerts": today.alerts,
    }


def rounds_row(picture: Picture) -> Row | None:
    """How the video rounds stand; None where the profile has none."""
    return None if picture.rounds is None else asdict(picture.rounds.whole)


def notice_rows(profile: Profile, picture: Picture, lang: str) -> list[Row]:
    """What the board says about itself, in a language: one line, and a line for each fault told."""
    return [
        {
            "id": notice.id,
            "severity": notice.severity,
            "what": in_language(notice.what, lang, profile),
            "details": [in_line(fault, lang)[:LONGEST] for fault in notice.faults]
            + ([say(lang, "more_faults", n=notice.more)] if notice.more else []),
            "since": notice.since,
        }
        for notice in picture.notices
    ]


@dataclass(frozen=True, eq=False)
class Parts:
    """A picture taken apart into values that can be compared and sent."""

    profile: Profile
    picture: Picture
    lines: dict[str, Row]
    fences: dict[str, Row]
    gaps: list[Row]
    unknown: list[Row]
    exits: list[Row]
    """Those that nobody holds."""
    today: Row
    alerts: dict[str, dict[str, Row]]
    """Language to alert id to alert."""

    @property
    def head(self) -> Row:
        """What every message carries."""
        data_at = self.picture.data_at
        return {"at": self.picture.at, "data_at": int(data_at) if math.isfinite(data_at) else None}


def take_apart(
    profile: Profile, picture: Picture, langs: Iterable[str], before: Parts | None = None
) -> Parts:
    """A picture as values that can be compared and sent, its alerts in the languages asked for.

    `before` is an earlier picture of the same scope: what it worded already is taken over.
    """
    return Parts(
        profile=profile,
        picture=picture,
        lines={row["id"]: row for row in line_rows(picture)},
        fences=fence_rows(picture),
        gaps=before.gaps if before and before.picture.gaps is picture.gaps else gap_rows(profile, picture),
        unknown=before.unknown
        if before and before.picture.unknown is picture.unknown
        else unknown_rows(profile, picture),
        exits=before.exits
        if before and before.picture.exits is picture.exits
        else exit_rows(profile, picture),
        today=today_row(picture),
        alerts={
            lang: alert_rows_after(profile, before.picture, before.alerts[lang], picture, lang)
            if before and lang in before.alerts
            else alert_rows(profile, picture, lang)
            for lang in langs
        },
    )


def whole_message(parts: Parts, lang: str, *, epoch: str, version: str) -> Row:
    """The first message to a client: everything."""
    picture = parts.picture
    return {
        "type": "picture",
        "revision": picture.revision,
        "epoch": epoch,
        **parts.head,
        "version": version,
        "profile": parts.profile.tag,
        "simulated": picture.simulated,
        "scope": picture.scope,
        "duty_level": picture.duty_level,
        "sites": site_rows(picture),
        "lines": list(parts.lines.values()),
        "alerts": list(parts.alerts[lang].values()),
        "groups": group_rows(picture),
        "closures": closure_rows(parts.profile, picture),
        "notices": notice_rows(parts.profile, picture, lang),
        "fences": parts.fences,
        "gaps": parts.gaps,
        "unknown": parts.unknown,
        "exits": parts.exits,
        "today": parts.today,
        "rounds": rounds_row(picture),
    }


def delta_message(old: Parts, new: Parts) -> Row:
    """What turns the old picture into the new one, but for its alerts; a heartbeat where nothing differs."""
    message: Row = {
        "type": "delta",
        "from": old.picture.revision,
        "revision": new.picture.revision,
        **new.head,
    }
    for name in ("simulated", "duty_level"):
        if getattr(old.picture, name) != getattr(new.picture, name):
            message[name] = getattr(new.picture, name)
    if sites := site_changes(old.picture, new.picture, changes(old.picture, new.picture).fields):
        message["sites"] = sites
    if lines := differing(old.lines, new.lines):
        message["lines"] = list(lines.values())
    if fences := differing(old.fences, new.fences):
        message["fences"] = fences
    if old.picture.groups != new.picture.groups:
        message["groups"] = group_rows(new.picture)
    if old.picture.planned != new.picture.planned:
        message["closures"] = closure_rows(new.profile, new.picture)
    if (rounds := rounds_row(new.picture)) != rounds_row(old.picture):
        message["rounds"] = rounds
    for name in ("gaps", "unknown", "exits", "today"):
        if getattr(old, name) != getattr(new, name):
            message[name] = getattr(new, name)
    return message
