"""What the profile's rules say of the sites and fences at one moment, and in which words."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.fencing import nearest_working

if TYPE_CHECKING:  # the profile's check asks this module for PLACEHOLDERS
    from data.picture import Alert, Picture
    from data.profile import Profile

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLACEHOLDERS = (
    "value", "threshold", "clear", "minutes", "site", "line", "county",
    "required", "staff", "lanes_open", "lanes_total", "lanes_spare", "nearest",
)  # fmt: skip
"""What the templates of a rule may name; `minutes` is a value of seconds in minutes, `nearest` the working
site nearest to a fence among those inside or near it."""
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
    numbers = {
        "value": alert.value,
        "threshold": rule.threshold,
        "clear": rule.threshold if rule.clear is None else rule.clear,
        "minutes": None if alert.value is None else alert.value // 60,
    }
    row = picture.sites.row.get(alert.target_id) if alert.target == "site" else None
    name, near = alert.target_id, UNKNOWN
    if row is not None:
        name = picture.sites.name[row]
        numbers |= {
            "required": picture.state.staff_required[row],
            "staff": picture.state.staff_on_duty[row],
            "lanes_open": picture.state.lanes_open[row],
            "lanes_total": picture.sites.lanes_total[row],
            # More may be open than the profile knows of; where one is unknown, so is this.
            "lanes_spare": np.maximum(picture.sites.lanes_total[row] - picture.state.lanes_open[row], 0),
        }
    elif alert.target == "fence":
        found = profile.fences.loc[profile.fences["fence_id"] == alert.target_id, "name"]
        name = str(found.iloc[0]) if len(found) else name
        nearest = nearest_working(profile, alert.target_id, picture)
        near = nearest.name if nearest else UNKNOWN
    line = profile.line.get(alert.line)
    said = {key: number(numbers.get(key)) for key in PLACEHOLDERS} | {
        "site": name,
        "nearest": near,
        "line": in_language(line.name, lang, profile) if line else "",
        "county": profile.county_name.get(alert.county, alert.county),
    }
    return (
        in_language(rule.what, lang, profile).format_map(said),
        in_language(rule.advice, lang, profile).format_map(said),
    )


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


def unknown_placeholders(template: str) -> list[str]:
    """What a template names beyond PLACEHOLDERS; a template that cannot be read names itself."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return [template]
    names = [
        field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, field, spec, conversion in parts
        if field is not None
    ]
    return [name for name in names if name not in PLACEHOLDERS]
