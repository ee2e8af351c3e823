"""What a rule sees at one moment, and in which words an alert of it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.balance import expected_queue
from data.fencing import nearest_working
from data.placeholders import PLACEHOLDERS
from data.targets import targets_of

if TYPE_CHECKING:
    from data.picture import Alert, Picture
    from data.profile import Profile

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_NAMES_TEAM = re.compile(r"(\s*)[^；;]*\{team(?:_staff|_km)?\}[^；;]*")
"""A clause of an advice, up to the next semicolon."""
UNKNOWN = "–"
"""Stands in a sentence for a number that nobody reported."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What one rule sees, one value per site or per fence."""

    holds: Bools
    """Known, past the threshold and not past `until`; false where the rule does not look."""
    clears: Bools
    """Known, and back past the clearing threshold or on past `until`."""
    known: Bools
    value: Floats
    """NaN where not known."""
    since: Floats
    """Epoch seconds of the report behind the value; of an age, when it came to hold."""
    looks: Bools | None = None
    """Where the rule looks; where it does not, its alerts end. None for everywhere."""
    grade: NDArray[np.int64] | None = None
    """Index into SEVERITIES that each value stands for; None for the rule's own severity everywhere."""


@dataclass(frozen=True, eq=False)
class FenceView:
    """The fences as columns."""

    state: NDArray[np.object_]
    """`up`, `down` or `unknown`."""
    observed_at: Floats
    """NaN where there never was a report."""
    crossings_in: Floats
    crossings_out: Floats
    """Counts of the last hour; NaN where nothing was reported."""
    since: Floats | None = None
    """From when each fence is waited for, epoch seconds; None: who never reported is unknown."""

    def part(self, start: int, end: int) -> FenceView:
        """Those from one row to before another."""
        rows = slice(start, end)
        return FenceView(
            self.state[rows],
            self.observed_at[rows],
            self.crossings_in[rows],
            self.crossings_out[rows],
            None if self.since is None else self.since[rows],
        )


def words(profile: Profile, alert: Alert, picture: Picture, lang: str) -> tuple[str, str]:
    """What happened and what to do about it, in a language; its first language where it lacks this one.

    The picture gives the numbers beside the value; it must hold the alert's site or fence.
    """
    rule = next((rule for rule in profile.spec.rules if rule.id == alert.rule), None)
    if rule is None:
        return f"{alert.rule}: {alert.target_id}", ""
    level = picture.duty_levels.get(alert.county, picture.duty_level)
    numbers = {
        "value": alert.value,
        "threshold": rule.threshold_at(level),
        "clear": rule.clear_at(level),
        "minutes": None if alert.value is None else alert.value // 60,
    }
    line, names = profile.line.get(alert.line), {one.id: one.name for one in profile.spec.duty.levels}
    said = {
        "more_lanes": UNKNOWN,
        "site": name_of(profile, alert.target, alert.target_id, lang),
        "nearest": UNKNOWN,
        "team": UNKNOWN,
        "line": in_language(line.name, lang, profile) if line else "",
        "county": profile.county_name.get(alert.county, alert.county),
        "level": in_language(names.get(level, {}), lang, profile) or level,
    }
    advice = in_language(rule.advice, lang, profile)
    row = picture.sites.row.get(alert.target_id) if alert.target == "site" else None
    if row is not None:
        numbers |= _site_numbers(profile, picture, row)
        said["more_lanes"] = more_lanes(numbers["lanes_spare"], lang)
        if any("{expected}" in text for text in (*rule.what.values(), *rule.advice.values())):
            one = picture.state.take(np.array([row]))
            numbers["expected"] = float(expected_queue(one, profile.spec.balance)[0])
        team = next(iter(picture.sendings.get(alert.target_id, ())), None)
        if team is not None:
            numbers |= {"team_staff": team.people, "team_km": team.km}
            said["team"] = team.name or ("外县队伍" if lang.startswith("zh") else "another county's team")
        elif picture.state.staff_required[row] > picture.state.staff_on_duty[row]:
            advice = no_team(advice, lang)
    elif alert.target == "fence":
        nearest = nearest_working(profile, alert.target_id, picture)
        said["nearest"] = nearest.name if nearest else UNKNOWN
    said = {key: number(numbers.get(key)) for key in PLACEHOLDERS} | said
    return (
        in_language(rule.what, lang, profile).format_map(said),
        advice.format_map(said),
    )


def _site_numbers(profile: Profile, picture: Picture, row: int) -> dict[str, float | None]:
    """What the sentences may say of one site beside the alert's own value."""
    state, lanes_total = picture.state, float(picture.sites.lanes_total[row])
    persons = not np.isnan(state.usual_persons[row])
    return {
        "required": float(state.staff_required[row]),
        "staff": float(state.staff_on_duty[row]),
        "lanes_open": float(state.lanes_open[row]),
        "lanes_total": lanes_total,
        # More may be open than the profile knows of; where one is unknown, so is this.
        "lanes_spare": float(np.maximum(lanes_total - state.lanes_open[row], 0)),
        "queue": float(state.queue_m[row]),
        "wait": float(state.wait_min[row]),
        "rate": float((state.persons_per_hour if persons else state.vehicles_per_hour)[row]),
        "usual": float((state.usual_persons if persons else state.usual_vehicles)[row]),
        "samples": float(state.usual_samples[row]),
    }


def more_lanes(spare: float | None, lang: str) -> str:
    """What can be done with a site's lanes: how many more can be opened, or that none can."""
    chinese = lang.startswith("zh")
    if spare is None or np.isnan(spare):
        return "增开车道" if chinese else "open more lanes"
    if spare <= 0:
        return "车道已全部开放" if chinese else "all lanes are open"
    return f"可增开车道 {number(spare)} 条" if chinese else f"open more lanes ({number(spare)} spare)"


def no_team(advice: str, lang: str) -> str:
    """An advice in which the clause that would name a team says that there is none to send."""
    none = "暂无备勤队伍可派" if lang.startswith("zh") else "no team that stands by can be sent"
    return _NAMES_TEAM.sub(lambda clause: clause[1] + none, advice)


def name_of(profile: Profile, target: str, target_id: str, lang: str) -> str:
    """What a target is called; its id where it has no name."""
    among = targets_of(profile).get(target)
    row = None if among is None else among.row.get(target_id)
    name = target_id if among is None or row is None else among.names[row]
    return name if isinstance(name, str) else in_language(name, lang, profile)


def in_language(text: Mapping[str, str], lang: str, profile: Profile) -> str:
    """The words in a language, or in the profile's first, or in any they have; "" where there are none."""
    for tag in (lang, *profile.spec.languages):
        if text.get(tag):
            return text[tag]
    return next(iter(text.values()), "")


def number(value: float | None) -> str:
    """A number for a sentence: no trailing zeros, at most one decimal."""
    if value is None or np.isnan(value):
        return UNKNOWN
    return f"{round(float(value), 1) + 0.0:.1f}".removesuffix(".0")
