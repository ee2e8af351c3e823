"""What is remembered of the video rounds: when each site was last looked at, and so which looks are late."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from data.begun import begun
from data.ground import ground_of
from data.profile import Profile
from data.rota import BACK_DAYS, Turns, day_of, members, midnight, rounds_of, turns_about
from data.store.base import Look, Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY_S = 86400


@dataclass(frozen=True)
class Tally:
    """How the turns that run now stand, over a scope."""

    due: int = 0
    """Sites still to be looked at, in time."""
    done: int = 0
    overdue: int = 0
    """Sites that nobody looked at by the end of the time."""
    stamp: int = 0
    """Another number whenever a look was recorded in the scope."""


@dataclass(frozen=True)
class Tallies:
    """The tally of the prefecture and of each county."""

    whole: Tally
    by: Mapping[str, Tally] = field(default_factory=dict)
    """Adcode to the county's own."""

    def of(self, scope: str) -> Tallies:
        """A county's own, as a whole."""
        return Tallies(self.by.get(scope, Tally()))


@dataclass(frozen=True, eq=False)
class Turn:
    """One turn of a round, with a value for each site that is asked for in it."""

    round_id: str
    number: int
    due: int
    until: int
    next_due: float
    """When the turn is over; infinity where the rota says no more."""
    rows: Ints
    """The sites asked for: on the round before the time was up, and in service all the while."""


def turn_of(profile: Profile, round_id: str, begun_at: Floats, turns: Turns, number: int) -> Turn:
    """A turn by its number; `begun_at` per member of the round."""
    ground, rows = ground_of(profile), members(profile, round_id)
    due, until = int(turns.due[number]), int(turns.until[number])
    asked = (begun_at < until) & (ground.opens[rows] <= due) & (until <= ground.closes[rows])
    return Turn(round_id, number, due, until, turns.next(number), rows[asked])


def late_from(profile: Profile, round_id: str, begun_at: Floats, last: Floats, turns: Turns) -> Floats:
    """From when a look at each member is late, epoch seconds: by the first turn since its last look.

    Infinity where no turn asks for it any more. `last` per site of the profile, minus infinity for never.
    """
    ground, rows = ground_of(profile), members(profile, round_id)
    first = np.maximum.reduce(
        [
            np.searchsorted(turns.due, last[rows], side="right"),
            np.searchsorted(turns.until, begun_at, side="right"),
            np.searchsorted(turns.due, ground.opens[rows], side="left"),
        ]
    )
    until = np.append(turns.until.astype(np.float64), np.inf)[first]
    return np.where(until <= ground.closes[rows], until, np.inf)


class Rounds:
    """The memory of one profile's rounds; looks may come from any thread, the rest is the engine's own."""

    def __init__(self, profile: Profile, store: Store) -> None:
        """Nothing is remembered yet; what the store knows of their beginnings is read."""
        self.profile = profile
        self.begun = begun(store, profile)
        self._ground = ground_of(profile)
        sites = len(profile.sites)
        self._last = {round_id: np.full(sites, -np.inf) for round_id in rounds_of(profile)}
        self._stamps = np.zeros(len(self._ground.counties), np.int64)
        self._lock = threading.Lock()
        self._late: tuple[float, Floats] | None = None
        """Until when the column holds, and the column."""
        self._tallies: tuple[float, float, Tallies] | None = None
        """From when until when they hold, and the tallies."""

    def __bool__(self) -> bool:
        """Whether the profile has any round."""
        return bool(self._last)

    def begin(self, store: Store, at: int) -> None:
        """Whoever is new to a round comes to it now."""
        self.begun = begun(store, self.profile, at)
        self._forget()

    def load(self, store: Store, at: int, *, known_at: int | None = None) -> None:
        """Read the last looks back from the store; `known_at`: as they were known then."""
        if not self:
            return
        last = {round_id: np.full(len(self.profile.sites), -np.inf) for round_id in self._last}
        row = self.profile.sites.row
        for round_id, site_id, seen in store.last_looks(at - (BACK_DAYS + 1) * DAY_S, known_at):
            if round_id in last and site_id in row:
                last[round_id][row[site_id]] = seen
        with self._lock:
            self._last = last
            self._stamps = self._stamps + 1
            self._forget()

    def put(self, looks: Sequence[Look]) -> None:
        """Take looks that became durable."""
        row = self.profile.sites.row
        ours = [(look, row[look.site_id]) for look in looks if look.site_id in row]
        if not self or not ours:
            return
        with self._lock:
            last = dict(self._last)
            for round_id in {look.round_id for look, _ in ours} & last.keys():
                column = last[round_id].copy()
                for look, at in ours:
                    if look.round_id == round_id:
                        column[at] = max(column[at], look.seen_at)
                last[round_id] = column
            self._last = last
            stamps = self._stamps.copy()
            np.add.at(stamps, self._ground.county_of[[at for _, at in ours]], 1)
            self._stamps = stamps
            self._forget()

    def late(self, at: int) -> Floats | None:
        """From when a look at each site is late, epoch seconds, perhaps in the future; None without rounds.

        NaN for sites of no round, infinity for those of which no turn asks any more. Worked out anew only
        when a look came or the day passed.
        """
        if not self:
            return None
        with self._lock:
            if self._late is None or at >= self._late[0]:
                column = np.full(len(self.profile.sites), np.nan)
                for round_id, last in self._last.items():
                    rows, turns = members(self.profile, round_id), turns_about(self.profile, round_id, at)
                    mine = late_from(self.profile, round_id, self.begun[round_id], last, turns)
                    column[rows] = np.fmin(column[rows], mine)
                self._late = (self._day_end(at), column)
            return self._late[1]

    def running(self, at: int) -> list[tuple[Turn, Bools]]:
        """The turn of each round that runs, with which of its sites were looked at."""
        found = []
        for round_id, last in self._last.items():
            turns = turns_about(self.profile, round_id, at)
            number = turns.running(at)
            if number >= 0:
                turn = turn_of(self.profile, round_id, self.begun[round_id], turns, number)
                found.append((turn, np.asarray(last[turn.rows] >= turn.due, bool)))
        return found

    def tallies(self, at: int) -> Tallies | None:
        """How the running turns stand, by county; the same value until a look comes or a time passes."""
        if not self:
            return None
        with self._lock:
            if self._tallies is None or not self._tallies[0] <= at < self._tallies[1]:
                self._tallies = self._count(at)
            return self._tallies[2]

    def _count(self, at: int) -> tuple[float, float, Tallies]:
        counties = self._ground.counties
        counts = np.zeros((3, len(counties)), np.int64)
        changes = [self._day_end(at)]
        closed = ~self._ground.in_service(at)
        for turn, seen in self.running(at):
            late = at >= turn.until
            county = self._ground.county_of[turn.rows]
            open_ = ~seen & ~closed[turn.rows]
            counts[2 if late else 0] += np.bincount(county[open_], minlength=len(counties))
            counts[1] += np.bincount(county[seen], minlength=len(counties))
            changes += [turn.next_due] if late else [turn.until, turn.next_due]
        for round_id in self._last:
            turns = turns_about(self.profile, round_id, at)
            changes.append(turns.next(turns.running(at)))
        stamps = self._stamps
        by = {
            county: _tally(counts[:, number], stamps[number])
            for number, county in enumerate(counties)
            if county
        }
        whole = _tally(counts.sum(axis=1), stamps.sum())
        return at, min(changes), Tallies(whole, by)

    def _day_end(self, at: int) -> float:
        zone = self.profile.zone
        return midnight(day_of(at, zone) + timedelta(days=1), zone)

    def _forget(self) -> None:
        self._late = self._tallies = None


def _tally(counts: Ints, stamp: np.int64) -> Tally:
    due, done, overdue = counts.tolist()
    return Tally(due, done, overdue, int(stamp))
