"""The roster (四班三运转): which team is on post, stands by or rests at any time; teams and numbers only.

Shifts are counted on the wall clock of the profile: who comes at eight comes at eight by the clocks there,
also where these are put forward or back. A shift that comes once goes before those that come again, so that
one row changes one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import gcd
from zoneinfo import ZoneInfo

STATES = ("on_post", "standby", "rest")
"""上岗查缉, 应急备勤, 轮换休整."""
UNKNOWN = ""
"""The state of a team that no shift speaks of."""
STEPS = 64
"""Shifts of one state in a row that are taken together."""


@dataclass(frozen=True)
class Team:
    """One team."""

    team_id: str
    name: str
    people: int
    county: str = ""
    """Adcode; "" for one of the prefecture's."""
    line: str = ""
    site_id: str = ""
    """Where it stands ready; "" where that is not said."""


@dataclass(frozen=True)
class Shift:
    """A team's state for a time, once or again and again; seconds of the wall clock."""

    team_id: str
    state: str
    """One of STATES."""
    starts: int
    ends: int
    every_s: int | None = None
    """From the start of one to the start of the next, the first at `starts`; None for once."""

    def holds(self, wall: int) -> tuple[int, int] | None:
        """Start and end of the one that holds at a moment; None where none does."""
        if wall < self.starts:
            return None
        begun = self.starts
        if self.every_s is not None:
            begun += (wall - begun) // self.every_s * self.every_s
        end = begun + self.ends - self.starts
        return (begun, end) if wall < end else None

    def next(self, wall: int) -> int | None:
        """When it begins next after a moment; None where it does not."""
        if wall < self.starts:
            return self.starts
        if self.every_s is None:
            return None
        return self.starts + ((wall - self.starts) // self.every_s + 1) * self.every_s


@dataclass(frozen=True)
class Duty:
    """A team's state at a moment."""

    team: Team
    state: str
    """One of STATES, or UNKNOWN."""
    until: int | None = None
    """Epoch seconds; None where it does not end, or not for long."""
    then: str = UNKNOWN
    """Its state after that."""


@dataclass(frozen=True)
class Strength:
    """So many teams, and people in them."""

    teams: int
    people: int


@dataclass(frozen=True)
class Roster:
    """All teams and their shifts."""

    teams: tuple[Team, ...]
    shifts: tuple[Shift, ...]

    def part(self, county: str) -> Roster:
        """One county's own."""
        teams = tuple(team for team in self.teams if team.county == county)
        mine = {team.team_id for team in teams}
        return Roster(teams, tuple(shift for shift in self.shifts if shift.team_id in mine))

    @cached_property
    def shifts_of(self) -> Mapping[str, tuple[tuple[Shift, ...], tuple[Shift, ...]]]:
        """Team to its shifts that come once, and those that come again."""
        found: dict[str, tuple[list[Shift], list[Shift]]] = {team.team_id: ([], []) for team in self.teams}
        for shift in self.shifts:
            found[shift.team_id][shift.every_s is not None].append(shift)
        return {team: (tuple(once), tuple(again)) for team, (once, again) in found.items()}

    def at(self, at: int, zone: ZoneInfo) -> tuple[Duty, ...]:
        """Every team's state at a moment, in the roster's order."""
        wall = wall_of(at, zone)
        return tuple(self._duty(team, wall, zone) for team in self.teams)

    def standing_by(self, at: int, zone: ZoneInfo) -> tuple[Team, ...]:
        """The teams that could be sent at a moment."""
        wall = wall_of(at, zone)
        return tuple(team for team in self.teams if self._state(team.team_id, wall)[0] == "standby")

    def _duty(self, team: Team, wall: int, zone: ZoneInfo) -> Duty:
        state, end = self._state(team.team_id, wall)
        for _ in range(STEPS):
            if end is None:  # nothing changes any more
                break
            then, after = self._state(team.team_id, end)
            if then != state:
                return Duty(team, state, epoch_of(end, zone), then)
            end = after
        return Duty(team, state)

    def _state(self, team_id: str, wall: int) -> tuple[str, int | None]:
        """A team's state at a moment of the wall clock, and when a shift begins or ends next."""
        once, again = self.shifts_of[team_id]
        coming = [begin for shift in once if (begin := shift.next(wall)) is not None]
        for shift in once:
            if (held := shift.holds(wall)) is not None:
                return shift.state, held[1]
        for shift in again:
            if (held := shift.holds(wall)) is not None:
                return shift.state, min([held[1], *coming])
        coming += [begin for shift in again if (begin := shift.next(wall)) is not None]
        return UNKNOWN, min(coming, default=None)


def strengths(duties: Iterable[Duty]) -> dict[str, Strength]:
    """How many teams and people are in each state; UNKNOWN only where there are any."""
    found = {state: [0, 0] for state in STATES}
    for duty in duties:
        count = found.setdefault(duty.state, [0, 0])
        count[0] += 1
        count[1] += duty.team.people
    return {state: Strength(teams, people) for state, (teams, people) in found.items()}


def wall_of(at: int, zone: ZoneInfo) -> int:
    """What the clocks of a zone show at a moment, as seconds."""
    shown = datetime.fromtimestamp(at, zone).replace(tzinfo=UTC)
    return int(shown.timestamp())


def epoch_of(wall: int, zone: ZoneInfo) -> int:
    """The moment at which the clocks of a zone show this; the first of two, where they show it twice."""
    shown = datetime.fromtimestamp(wall, UTC).replace(tzinfo=zone)
    return int(shown.timestamp())


def meet(a: Shift, b: Shift) -> bool:
    """Whether two shifts of one kind, both once or both again and again, ever hold at the same time."""
    if a.every_s is None or b.every_s is None:
        return a.starts < b.ends and b.starts < a.ends
    # Where both go on for ever, their starts are apart by every multiple of what both periods share.
    step = gcd(a.every_s, b.every_s)
    apart = (b.starts - a.starts) % step
    return apart < a.ends - a.starts or step - apart < b.ends - b.starts
