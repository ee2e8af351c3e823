"""The picture (态势): everything that is true at one moment, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.county import county_profile
from data.ground import ground_of, scoped
from data.holding import Exit, Gap, Stretch, border_sums, exit_for, exit_sums, gap_for
from data.notice import Notice
from data.orders import Answer, Silence
from data.profile import Profile
from data.rounds import Tallies
from data.silences import planned_for
from data.standby import NOBODY, Sendings, sendings_of
from layers.sites import Sites

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STATUSES = ("normal", "busy", "congested", "no_data", "offline", "closed")
SEVERITIES = ("notice", "warning", "critical")


@dataclass(frozen=True, eq=False)
class SiteState:
    """What is known of every site, one value per site; NaN means not reported."""

    status: Strings
    observed_at: Floats
    """Epoch seconds of the newest reading; NaN where there never was one."""
    interval_s: Floats
    """What the newest reading speaks for."""
    persons_per_hour: Floats
    vehicles_per_hour: Floats
    """Over the profile's main window."""
    rates: dict[int, tuple[Floats, Floats]]
    """Window in minutes to persons and vehicles per hour."""
    queue_m: Floats
    wait_min: Floats
    wait_change: Floats
    """Minutes of wait gained in the last quarter of an hour."""
    lanes_open: Floats
    staff_on_duty: Floats
    staff_required: Floats
    """At the duty level in force."""
    method: Strings
    """"" where nothing was ever reported."""
    alarm: Strings
    """The worst severity of a firing, unanswered alert on the site, or ""."""
    usual_persons: Floats
    usual_vehicles: Floats
    """Per hour at this weekday and hour in past weeks; NaN where not known."""
    usual_samples: Floats
    """How many past weeks that was told of."""
    in_service: Bools
    """Whether the moment lies between the site's day of opening and its day of closing. Outside of them it is
    closed: it is no part of its line, nothing is known of it and nothing is asked of it."""

    @property
    def online(self) -> Bools:
        """Whether a site is in service and its newest reading young enough to be shown as true now.

        One in service that reports no lane open is closed, and online.
        """
        return np.asarray((self.status != "no_data") & (self.status != "offline") & self.in_service, bool)

    @property
    def data_at(self) -> float:
        """Epoch seconds of the newest reading of a site in service; NaN where there is none."""
        known = self.observed_at[self.in_service & ~np.isnan(self.observed_at)]
        return float(known.max()) if len(known) else float("nan")

    @property
    def holding(self) -> Bools:
        """Whether a site works and is manned: online, not closed, and its staff not reported as none."""
        return np.asarray(self.online & (self.status != "closed") & (self.staff_on_duty != 0), bool)

    def take(self, which: NDArray[Any]) -> SiteState:
        """The sites of a boolean mask or of row numbers."""
        values: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        rates = {minutes: (p[which], v[which]) for minutes, (p, v) in values.pop("rates").items()}
        return SiteState(rates=rates, **{name: column[which] for name, column in values.items()})


@dataclass(frozen=True)
class Alert:
    """An open alert, in the form people see."""

    id: str
    rule: str
    target: str
    target_id: str
    """Of the kind that `target` names: a site, a fence, …"""
    line: str
    county: str
    severity: str
    """Now; while it is open it may rise and does not fall."""
    state: str
    """`pending`, `firing` (it asks) or `acknowledged`; a resolved alert leaves the picture."""
    started_at: int
    fired_at: int | None
    value: float | None
    """The newest known value."""
    held: bool
    """True while data is missing, so that neither firing nor resolving can be judged."""
    asked_at: int | None = None
    """When it last began to ask: as it fired, as its answer ran out or was taken back, as it grew worse."""
    answer: Answer | None = None
    """The last answer, also when it no longer holds."""
    answered_at: int | None = None
    sent_at: int | None = None
    arrived_at: int | None = None
    """When somebody first answered, set out and arrived, epoch seconds."""
    hidden_by: str = ""
    """`silence:ID`, `closure:ID`, `maintenance:ID`, or `alert:ID` of one that explains it; "" where it is
    shown. A hidden one counts nowhere: no ring, no roll-up, no sound, no delivery."""
    group: str = ""
    """Id of the group that it stands in."""
    flapping: bool = False
    """Whether it comes and goes so often that it stays open until it has been quiet for long."""
    flaps: int = 0
    """How often it began to hold within the profile's time for that."""

    @property
    def asks(self) -> bool:
        """Whether it wants an answer now."""
        return self.state == "firing" and not self.hidden_by

    @property
    def fired(self) -> bool:
        """Whether it fired and is shown, answered or not."""
        return self.state != "pending" and not self.hidden_by


@dataclass(frozen=True)
class Group:
    """Several alerts of one rule that are one matter."""

    id: str
    rule: str
    by: str
    """`county` or `line`."""
    key: str
    """An adcode or the id of a line."""
    severity: str
    """The worst of its alerts."""
    alerts: int
    """How many."""
    since: int
    """When the first of them began, epoch seconds."""


@dataclass(frozen=True)
class LineState:
    """One line rolled up."""

    id: str
    sites: int
    """In service."""
    online: int
    persons_per_hour: float | None
    vehicles_per_hour: float | None
    staff_on_duty: float | None
    staff_required: float | None
    alerts: dict[str, int]
    """Severity to the number of firing alerts."""
    km: float | None = None
    """Border that the line should hold; None for a line without a border."""
    km_covered: float | None = None
    km_uncovered: float | None = None
    """As far as is known; None in place of zero while some of it is unknown."""
    km_exposed: float | None = None
    """Uncovered and with nobody behind it; None where depth is not judged or not known."""
    km_unknown: float | None = None
    """Neither covered nor uncovered: who could hold it has never been heard."""
    exits: int | None = None
    """Exits of the ring that the line closes; None for a line that closes none."""
    exits_held: int | None = None
    """None also while nothing is known of any."""
    exits_unknown: int | None = None
    """Neither held nor open: who could hold them has never been heard."""


@dataclass(frozen=True)
class FenceState:
    """One fence: its state and counts of crossings in the last hour."""

    state: str
    """`up`, `down` or `unknown`."""
    observed_at: int | None
    crossings_in: float | None
    crossings_out: float | None


@dataclass(frozen=True)
class DayTotals:
    """Sums since local midnight, and at the same time of day a week before where known."""

    persons: float | None
    vehicles: float | None
    outcomes: dict[str, float]
    persons_before: float | None = None
    vehicles_before: float | None = None
    alerts: int = 0
    """Alerts that fired today."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything true at `at`; a function of a picture and a scope is all that people see."""

    at: int
    """Epoch seconds."""
    revision: int
    scope: str
    """"" for the prefecture, or a county's adcode."""
    simulated: bool
    duty_level: str
    """In force in the scope."""
    sites: Sites
    state: SiteState
    lines: tuple[LineState, ...]
    alerts: tuple[Alert, ...]
    """Pending, firing and acknowledged, most severe first, then oldest; hidden ones too."""
    fences: dict[str, FenceState]
    gaps: tuple[Gap, ...]
    today: DayTotals
    unknown: tuple[Stretch, ...] = ()
    """Border of which nobody can say yet whether it is held."""
    exits: tuple[Exit, ...] = ()
    """The exits of every ring, held or not."""
    data_at: float = field(default=float("nan"))
    """Epoch seconds of the newest reading of any site."""
    today_by: Mapping[str, DayTotals] = field(default_factory=dict)
    """Adcode to the county's own totals, so that a cut needs no history."""
    notices: tuple[Notice, ...] = ()
    """What the board says about itself now; none in a picture of the past."""
    duty_levels: Mapping[str, str] = field(default_factory=dict)
    """Adcode to the duty level in force in the county, "" for the prefecture; of a county, its own alone."""
    groups: tuple[Group, ...] = ()
    """Alerts that are one matter, in the order of their first alert."""
    planned: tuple[Silence, ...] = ()
    """Silences and closures that are not over, by when they begin."""
    sendings: Sendings = field(default_factory=lambda: NOBODY)
    """Which teams could go to the sites that are short of staff."""
    rounds: Tallies | None = None
    """How the video rounds stand; None where the profile has none."""
    profile: Profile | None = field(default=None, repr=False)
    """The profile that it was drawn from: its sites, lines and counties are those of this picture. A county's
    picture has the county's own profile."""

    def at_revision(self, revision: int) -> Picture:
        """The same picture under another revision number."""
        return replace(self, revision=revision)


def cut(picture: Picture, profile: Profile, scope: str) -> Picture:
    """The same picture for one county: its sites, alerts, fences, gaps, exits, totals; nothing of the others,
    and the county's own profile with it.

    A gap of the county may be backed by another county's site: that stays true, but the site has no name.
    An empty scope is the whole prefecture. Raises FaultsError for a county that the profile does not know.
    """
    if scope == picture.scope:
        return picture
    if picture.scope:
        raise ValueError(f"a picture of {picture.scope} cannot be cut to {scope or 'the prefecture'}")
    part, ground = scoped(profile, scope), ground_of(profile)
    state = picture.state.take(part.rows)
    alerts = tuple(alert for alert in picture.alerts if alert.county == scope)
    ours = part.sites.row.__contains__
    gaps = tuple(gap_for(gap, ours) for gap in picture.gaps if gap.county == scope)
    unknown = tuple(one for one in picture.unknown if one.county == scope)
    exits = tuple(exit_for(one, ours) for one in picture.exits if one.county == scope)
    return replace(
        picture,
        scope=scope,
        duty_level=picture.duty_levels.get(scope, picture.duty_level),
        duty_levels={scope: picture.duty_levels.get(scope, picture.duty_level)},
        groups=groups_of(picture.groups, alerts, scope),
        planned=planned_for(picture.planned, county_profile(profile, scope), scope),
        sites=part.sites,
        state=state,
        lines=roll_up(profile, part.line_of, state, alerts, gaps, unknown=unknown, exits=exits, scope=scope),
        alerts=alerts,
        fences={
            fence: value
            for fence, value in picture.fences.items()
            if ground.fence_county[ground.fence_row[fence]] == scope
        },
        gaps=gaps,
        unknown=unknown,
        exits=exits,
        today=picture.today_by.get(scope, DayTotals(None, None, {})),
        today_by={},
        sendings=sendings_of(picture.sendings, scope, part.sites.row),
        rounds=None if picture.rounds is None else picture.rounds.of(scope),
        data_at=state.data_at,
        notices=tuple(one.without_details() for one in picture.notices if not one.of_a_part),
        profile=county_profile(profile, scope),
    )


def groups_of(groups: Iterable[Group], alerts: Iterable[Alert], scope: str) -> tuple[Group, ...]:
    """The groups that a county may know of: its own, and of a line's the part that lies in it."""
    told = []
    for group in groups:
        mine = [alert for alert in alerts if alert.group == group.id]
        if not mine or (group.by == "county" and group.key != scope):
            continue
        worst = max(mine, key=lambda alert: SEVERITIES.index(alert.severity)).severity
        since = min(alert.started_at for alert in mine)
        told.append(replace(group, severity=worst, alerts=len(mine), since=since))
    return tuple(told)


def roll_up(
    profile: Profile,
    line_of: Ints,
    state: SiteState,
    alerts: Iterable[Alert],
    gaps: Sequence[Gap],
    *,
    unknown: Sequence[Stretch] = (),
    exits: Sequence[Exit] = (),
    scope: str = "",
) -> tuple[LineState, ...]:
    """Each line summed up over the given sites; `line_of` is each site's index into the profile's lines."""
    ground = ground_of(profile)
    n = len(ground.lines)
    firing = {line: dict.fromkeys(reversed(SEVERITIES), 0) for line in ground.lines}
    for alert in alerts:
        if alert.fired and alert.line in firing:
            firing[alert.line][alert.severity] += 1
    rings = {line.id for line in profile.spec.lines if line.ring_m is not None}
    judged = profile.spec.coverage.depth_km is not None
    whole_km = ground.county_km.get(scope) if scope else profile.border and profile.border.length_km
    sites = np.bincount(line_of[state.in_service], minlength=n)
    online = np.bincount(line_of[state.online], minlength=n)
    persons, vehicles, staff, required = (
        _sums(values, line_of, n)
        for values in (
            state.persons_per_hour,
            state.vehicles_per_hour,
            state.staff_on_duty,
            state.staff_required,
        )
    )
    lines = []
    for index, line in enumerate(ground.lines):
        held: dict[str, Any] = {}
        if whole_km and line in ground.border_lines:
            mine = [gap for gap in gaps if gap.line == line]
            held = border_sums(mine, [one for one in unknown if one.line == line], whole_km, judged=judged)
        if line in rings:
            held |= exit_sums([one for one in exits if one.line == line])
        lines.append(
            LineState(
                id=line,
                sites=int(sites[index]),
                online=int(online[index]),
                persons_per_hour=persons[index],
                vehicles_per_hour=vehicles[index],
                staff_on_duty=staff[index],
                staff_required=required[index],
                alerts=firing[line],
                **held,
            )
        )
    return tuple(lines)


def _sums(values: Floats, group: Ints, groups: int) -> Sequence[float | None]:
    """Sums per group over what is known; None where nothing is."""
    known = ~np.isnan(values)
    count = np.bincount(group[known], minlength=groups)
    total = np.bincount(group[known], weights=values[known], minlength=groups)
    return [float(value) if some else None for value, some in zip(total, count, strict=True)]
