"""The bulletin of a day (通报): what video looks found, where again, and which looks nobody took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.due import Due, due_list
from data.picture import SEVERITIES
from data.profile import Profile
from data.rota import AHEAD_DAYS, day_of, midnight
from data.rounds import Floats
from data.store.base import Look

AGAIN_DAYS = 7
"""A site is told of as found again by what it was found for in so many days, the bulletin's own last."""
RESULTS = ("no_picture", "not_reachable")
"""What keeps a look from seeing; told of beside the findings."""


@dataclass(frozen=True)
class Counts:
    """Looks of the turns that were due on the day."""

    asked: int = 0
    in_time: int = 0
    late: int = 0
    missed: int = 0
    """Over without a look."""
    open: int = 0
    """Still to be taken, in time or not."""

    @property
    def done(self) -> int:
        """Looks taken."""
        return self.in_time + self.late


@dataclass(frozen=True)
class Found:
    """One look of the day that found something, or saw nothing."""

    look: Look
    row: int
    """Of the site."""
    severity: str
    """The worst of its findings; `notice` where there was no picture."""


@dataclass(frozen=True)
class Again:
    """A site that was found for the same more than once in `AGAIN_DAYS`."""

    row: int
    what: str
    """Id of a finding, or one of `RESULTS`."""
    times: int


@dataclass(frozen=True)
class Bulletin:
    """What is to be told of a day, of the prefecture or a county."""

    day: date
    scope: str
    counts: Counts
    by_county: Mapping[str, Counts]
    """Adcode to the county's own, in the profile's order; "" for sites outside all."""
    found: tuple[Found, ...]
    """By county in the profile's order, worst first, then by time."""
    again: tuple[Again, ...]
    """Most often first."""
    missed: tuple[Due, ...]
    simulated: bool
    """Whether any of the looks is made up."""


def bulletin(
    profile: Profile,
    looks: Sequence[Look],
    at: int,
    day: date,
    *,
    begun: Mapping[str, Floats],
    scope: str = "",
) -> Bulletin:
    """The bulletin of a local day as of a moment; `looks` are those that `span_for` asks for."""
    sites, zone = profile.sites, profile.zone
    start, end = (midnight(one, zone) for one in (day, day + timedelta(days=1)))
    here = [
        (look, row)
        for look in looks
        if (row := sites.row.get(look.site_id)) is not None and scope in ("", sites.county[row])
    ]
    order = _county_order(profile)
    gravity = {one.id: one.severity for one in profile.spec.video.findings} if profile.spec.video else {}
    found = [
        Found(look, row, _worst(look, gravity))
        for look, row in here
        if start <= look.seen_at < end and (look.findings or look.result in RESULTS)
    ]
    found.sort(
        key=lambda one: (
            order[sites.county[one.row]],
            -SEVERITIES.index(one.severity),
            one.look.seen_at,
        )
    )
    due = due_list(profile, begun, looks, at, day=day, scope=scope)
    counties = sorted({str(sites.county[one.row]) for one in due}, key=order.__getitem__)
    of_day = [look for look, _ in here if start <= look.seen_at < end]
    return Bulletin(
        day=day,
        scope=scope,
        counts=_counts(due),
        by_county={
            county: _counts([one for one in due if sites.county[one.row] == county]) for county in counties
        },
        found=tuple(found),
        again=_again(profile, here, found, end),
        missed=tuple(one for one in due if one.state == "missed"),
        simulated=any(look.simulated for look in of_day),
    )


def span_for(profile: Profile, day: date) -> tuple[int, int]:
    """Between which times (start < t <= end) looks matter for a bulletin; epoch seconds."""
    zone = profile.zone
    return (
        midnight(day - timedelta(days=AGAIN_DAYS - 1), zone) - 1,
        midnight(day + timedelta(days=AHEAD_DAYS), zone),
    )


def today_of(profile: Profile, at: float) -> date:
    """The local day of a moment."""
    return day_of(at, profile.zone)


def _county_order(profile: Profile) -> dict[str, int]:
    codes = [*profile.county_name, *sorted({*profile.sites.county.tolist()} - profile.county_name.keys())]
    return {code: place for place, code in enumerate(codes)}


def _worst(look: Look, gravity: Mapping[str, str]) -> str:
    """The worst severity; a finding that the profile has no longer counts as a notice."""
    told = [gravity.get(one, "notice") for one in look.findings]
    return max(told, key=SEVERITIES.index, default="notice")


def _counts(due: Sequence[Due]) -> Counts:
    asked = [one for one in due if one.state != "upcoming"]
    done = [one for one in asked if one.state == "done"]
    late = sum(one.late for one in done)
    missed = sum(one.state == "missed" for one in asked)
    return Counts(len(asked), len(done) - late, late, missed, len(asked) - len(done) - missed)


def _again(
    profile: Profile, here: Sequence[tuple[Look, int]], found: Sequence[Found], end: int
) -> tuple[Again, ...]:
    """What the day's finds have in common with those of the days before."""
    start = midnight(day_of(end - 1, profile.zone) - timedelta(days=AGAIN_DAYS - 1), profile.zone)
    times: dict[tuple[int, str], int] = {}
    for look, row in here:
        if start <= look.seen_at < end:
            for what in _whats(look):
                times[row, what] = times.get((row, what), 0) + 1
    told = dict.fromkeys((one.row, what) for one in found for what in _whats(one.look))
    again = [Again(row, what, times[row, what]) for row, what in told if times[row, what] > 1]
    return tuple(sorted(again, key=lambda one: -one.times))


def _whats(look: Look) -> tuple[str, ...]:
    return look.findings if look.result not in RESULTS else (*look.findings, look.result)
