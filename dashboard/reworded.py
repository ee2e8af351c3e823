"""Whose words may be others than in an earlier picture, though the alert itself is the same."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache

import numpy as np

from data.changes import changes
from data.per_profile import per_profile
from data.picture import Alert, Picture
from data.profile import Profile

RATES = ("persons_per_hour", "vehicles_per_hour")
USUAL = ("usual_persons", "usual_vehicles", "usual_samples")
BEHIND: Mapping[str, tuple[str, ...]] = {
    "required": ("staff_required",),
    "staff": ("staff_on_duty",),
    "lanes_open": ("lanes_open",),
    "lanes_spare": ("lanes_open",),
    "more_lanes": ("lanes_open",),
    "queue": ("queue_m",),
    "wait": ("wait_min",),
    "rate": (*RATES, *USUAL),
    "usual": USUAL,
    "samples": USUAL,
    "expected": ("queue_m", "wait_min", "lanes_open", *RATES),
}
"""What the words of a rule may name, to the columns of the sites' state that it is taken from."""
TEAM = ("team", "team_staff", "team_km")
WORKING = ("status", "staff_on_duty")
"""What decides whether a site works, so that an alert of a fence may name it."""


class Reworded:
    """Answers of one pair of pictures of the same scope."""

    def __init__(self, profile: Profile, before: Picture, picture: Picture) -> None:
        self._named = named(profile)
        self._before, self._picture = before, picture
        self._fields = changes(before, picture).fields
        # Another duty level may mean other thresholds, required staff and names.
        self._all = before.duty_levels != picture.duty_levels or before.duty_level != picture.duty_level
        self._moved = any(name in self._fields for name in WORKING)
        self._of_rule = cache(self._sites)

    def __call__(self, alert: Alert) -> bool:
        """Whether this alert's words must be told anew."""
        if self._all or alert.target not in ("site", "fence"):
            return self._all
        if alert.target == "fence":
            return self._moved
        return alert.target_id in self._of_rule(alert.rule)

    def _sites(self, rule: str) -> frozenset[str]:
        """The sites of which something changed that the rule's words name."""
        names = self._named.get(rule, frozenset())
        columns = {column for name in names for column in BEHIND.get(name, ())}
        ids, found = self._picture.sites.site_id, set[str]()
        for column in columns:
            found.update(ids[self._rows(column)].tolist())
        if not names.isdisjoint(TEAM):
            old, new = self._before.sendings, self._picture.sendings
            if old is not new:
                found.update(site for site in {*old, *new} if old.get(site) != new.get(site))
        return frozenset(found)

    def _rows(self, column: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        if column not in USUAL:
            return self._fields.get(column, np.empty(0, dtype=np.int64))
        old, new = (getattr(picture.state, column) for picture in (self._before, self._picture))
        if old is new:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero((old != new) & ~(np.isnan(old) & np.isnan(new)))


@per_profile()
def named(profile: Profile) -> Mapping[str, frozenset[str]]:
    """Rule id to what its words name."""
    return {
        rule.id: frozenset(
            field
            for text in (*rule.what.values(), *rule.advice.values())
            for _, field, _, _ in string.Formatter().parse(text)
            if field
        )
        for rule in profile.spec.rules
    }
