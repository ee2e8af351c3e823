"""The due list of the video rounds: each site of each turn, and in which one state it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from data.ground import ground_of
from data.profile import Profile
from data.rota import AHEAD_DAYS, midnight, rounds_of, turns, turns_about
from data.rounds import Floats, Turn, turn_of
from data.store.base import Look

State = Literal["upcoming", "due", "done", "overdue", "missed"]
STATES: tuple[State, ...] = ("overdue", "due", "done", "missed", "upcoming")
RUNNING: tuple[State, ...] = ("due", "done", "overdue")
"""The states of a turn that runs."""


@dataclass(frozen=True)
class Due:
    """One site in one turn of a round."""

    round_id: str
    row: int
    """Of the site."""
    due_at: int
    until: int
    next_due: float
    state: State
    look: Look | None = None
    """The look that counts for it, as it stands."""

    @property
    def late(self) -> bool:
        """Whether it was looked at, but only after the time was up."""
        return self.look is not None and self.look.seen_at >= self.until


def state_of(due: float, until: float, next_due: float, at: float, *, seen: bool) -> State:
    """The one state of a site in a turn at a moment; a turn is over, done or missed, when the next is due."""
    if seen:
        return "done"
    if at < due:
        return "upcoming"
    if at < until:
        return "due"
    return "overdue" if at < next_due else "missed"


def due_list(
    profile: Profile,
    begun: Mapping[str, Floats],
    looks: Sequence[Look],
    at: int,
    *,
    day: date | None = None,
    scope: str = "",
    only: Iterable[str] = (),
) -> list[Due]:
    """Who is due at a moment: the turn of each round that runs; or, with a day, all turns of that local day.

    `looks` are those known at that moment; each counts for one turn at most, the one it was taken in. `only`
    names rounds; "" as scope is the whole prefecture. In the order of rounds, turns and sites.
    """
    ground, wanted = ground_of(profile), set(only)
    county = ground.counties.index(scope) if scope in ground.counties and scope else -1
    seen: dict[tuple[str, str], list[Look]] = {}
    for one in looks:
        seen.setdefault((one.round_id, one.site_id), []).append(one)
    found = []
    for round_id in rounds_of(profile):
        if wanted and round_id not in wanted:
            continue
        for turn in _turns(profile, round_id, begun[round_id], at, day):
            rows = turn.rows if county < 0 else turn.rows[ground.county_of[turn.rows] == county]
            for row in rows.tolist():
                mine = seen.get((round_id, str(profile.sites.site_id[row])), ())
                # The newest, should there be two from under another rota.
                look = next((one for one in reversed(mine) if turn.due <= one.seen_at < turn.next_due), None)
                state = state_of(turn.due, turn.until, turn.next_due, at, seen=look is not None)
                found.append(Due(round_id, row, turn.due, turn.until, turn.next_due, state, look))
    return found


def _turns(profile: Profile, round_id: str, begun_at: Floats, at: int, day: date | None) -> list[Turn]:
    if day is None:
        about = turns_about(profile, round_id, at)
        number = about.running(at)
        return [turn_of(profile, round_id, begun_at, about, number)] if number >= 0 else []
    start, end = midnight(day, profile.zone), midnight(date.fromordinal(day.toordinal() + 1), profile.zone)
    near = turns(rounds_of(profile)[round_id], profile.zone, day, 1 + AHEAD_DAYS)
    return [
        turn_of(profile, round_id, begun_at, near, number)
        for number, due in enumerate(near.due.tolist())
        if start <= due < end
    ]


def span_of(profile: Profile, at: int, day: date | None = None) -> tuple[int, int]:
    """Between which times (start < t <= end) looks matter for a due list; epoch seconds."""
    if day is None:
        back = min(
            (
                int(about.due[number])
                for round_id in rounds_of(profile)
                if (number := (about := turns_about(profile, round_id, at)).running(at)) >= 0
            ),
            default=at,
        )
        return back - 1, at
    start = midnight(day, profile.zone)
    return start - 1, midnight(date.fromordinal(day.toordinal() + AHEAD_DAYS), profile.zone)


def next_due(profile: Profile, round_id: str, at: int) -> float:
    """When a round is due next after a moment; infinity where the rota says no more."""
    about = turns_about(profile, round_id, at)
    return about.next(about.running(at))
