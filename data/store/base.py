"""The `Store` protocol and the values that pass through it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from data.dispatch import DeliveryState, Dispatch, Outgoing
from data.journal import Draft, Entry
from data.readings import Readings, Reports


class StoreError(RuntimeError):
    """The store could not read or write (disk full, file in use or damaged); nothing of the call is kept."""


@dataclass(frozen=True, eq=False)
class Written:
    """What became of the rows of one write."""

    accepted: int
    duplicate: int
    corrected: int
    fresh: Readings
    """The rows that were new or that replaced another: what the engine must look at."""


@dataclass(frozen=True)
class Refused:
    """A row that was refused, as it came, with why; values of personal data are already blanked."""

    row: int
    raw: str
    """The row as JSON text."""
    field: str
    got: str
    expected: str


@dataclass(frozen=True)
class Alerted:
    """An alert as the store keeps it; replaced as a whole whenever its state changes."""

    id: str
    rule: str
    target: str
    """`site` or `fence`."""
    target_id: str
    severity: str
    """`critical`, `warning` or `notice`."""
    state: str
    """`pending`, `firing` or `resolved`."""
    started_at: int
    """When the condition began to hold, epoch seconds."""
    fired_at: int | None = None
    resolved_at: int | None = None
    value: float | None = None
    """The worst value while open, in the metric's unit."""
    grades: tuple[tuple[int, str], ...] = ()
    """(time, severity) from its start on, a pair each time it grew worse; `severity` is the last of them."""
    swings: tuple[int, ...] = ()
    """When it fired or held again, those of the alerts before it on its target that still count included."""
    clear_since: int | None = None
    """Since when it has been clear, while it waits to resolve."""
    swung: bool = False
    """Whether it was clear since it last held."""


@dataclass(frozen=True)
class Look:
    """One look at a site's video, as it is kept; a correction is another one in its place."""

    site_id: str
    round_id: str
    """"" for a look outside of the rota."""
    due_at: int | None
    """Of the turn that it was taken for, epoch seconds; None outside of the rota."""
    seen_at: int
    """A correction keeps that of what it corrects."""
    recorded_at: int
    result: str
    """`seen`, `no_picture` or `not_reachable`."""
    findings: tuple[str, ...] = ()
    """Ids of the profile's findings; empty where all was well."""
    note: str = ""
    by: str = ""
    """The account; "" where nobody logs in."""
    replaces: int | None = None
    """Id of the look that it corrects."""
    simulated: bool = False
    id: int = 0
    """Given by the store."""


@dataclass(frozen=True)
class Claim:
    """A task that is one server's at a time, and is another's once it has not been heard of for a while."""

    id: str
    at: int
    """When it was first taken, epoch seconds."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON values: what it takes to do it somewhere else; empty where whoever takes it knows."""
    tries: int = 0
    """How often it was begun."""
    until: int = 0
    """Until when it is somebody's, epoch seconds."""
    damaged: str = ""
    """The detail as it stands where it is no JSON object; `detail` is empty then."""


@dataclass(frozen=True, eq=False)
class Totals:
    """Sums per site and step; NaN in a cell where nothing was reported."""

    site_id: NDArray[np.object_]
    starts: NDArray[np.int64]
    """Start of each step, epoch seconds."""
    persons: NDArray[np.float64]
    """Shape (sites, steps): in plus out."""
    vehicles: NDArray[np.float64]
    outcomes: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    """Outcome name to an array of shape (sites, steps)."""


class Store(Protocol):
    """Durable: a write returns only when its rows survive `kill -9`. Safe to call from any thread."""

    def write(self, rows: Readings) -> Written:
        """Keep readings: new ones, duplicates (ignored), corrections (replace, the old value is logged)."""
        ...

    def write_reports(self, rows: Reports) -> int:
        """Keep fence and device reports; the number of new or changed rows."""
        ...

    def quarantine(self, rows: Sequence[Refused], *, source: str) -> None:
        """Keep refused rows for a person to look at."""
        ...

    def quarantined(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest refused rows, newest first."""
        ...

    def read(self, start: int, end: int, site_ids: Sequence[str] | None = None) -> Readings:
        """Readings with start < observed_at <= end, ordered by time."""
        ...

    def latest(self, end: int, site_ids: Sequence[str] | None = None) -> Readings:
        """Each site's newest reading with observed_at <= end."""
        ...

    def read_reports(self, start: int, end: int, *, newest: bool = False) -> Reports:
        """Reports with start < observed_at <= end, ordered by time."""
        ...

    def totals(self, start: int, end: int, step: int) -> Totals:
        """Sums per site and step of readings with start < observed_at <= end, steps counted from start."""
        ...

    def put_alerts(self, alerts: Sequence[Alerted]) -> None:
        """Keep alerts, replacing those with the same id."""
        ...

    def alerts(self, at: int) -> list[Alerted]:
        """Alerts as they stood at a time: begun by then, and not resolved, or resolved after it."""
        ...

    def alerts_between(self, start: int, end: int) -> list[Alerted]:
        """Alerts that were open at any moment of start < t <= end."""
        ...

    def alert(self, alert_id: str) -> Alerted | None:
        """An alert by its id, open or over."""
        ...

    def put_looks(self, looks: Sequence[Look]) -> list[Look]:
        """Keep looks, all that may be kept of them; those kept, with their ids.

        Left out are a look for a turn of a site that has one, and one in place of a look that is replaced.
        """
        ...

    def looks(self, start: int, end: int, *, at: int | None = None, site_id: str | None = None) -> list[Look]:
        """What stands of the looks with start < seen_at <= end, as known at a time (now), ordered by time."""
        ...

    def look(self, look_id: int) -> Look | None:
        """A look by its id, whether or not another took its place."""
        ...

    def last_looks(self, after: int, at: int | None = None) -> list[tuple[str, str, int]]:
        """Round, site and time of the last look of each, of those after a time; as known at a time (now)."""
        ...

    def newest_look(self) -> int | None:
        """When the newest look was taken, or None."""
        ...

    def put_entries(self, drafts: Sequence[Draft], *, at: int | None = None) -> list[Entry]:
        """Add to the journal, all or nothing, as of a time (now); the entries as they stand in it."""
        ...

    def entries(
        self,
        after: int = 0,
        *,
        limit: int = 100_000,
        subjects: Sequence[str] | None = None,
        actions: Sequence[str] | None = None,
        scope: str | None = None,
        until: int | None = None,
        newest: bool = False,
    ) -> list[Entry]:
        """Entries with a number above `after`, in order, at most `limit`: the first of them, or the `newest`;
        of these subjects, these actions and this scope alone, and not after a time, where given.
        """
        ...

    def newest_entry(self) -> int:
        """The number of the newest entry; 0 where there is none."""
        ...

    def entries_between(self, start: int, end: int, *, limit: int = 100_000) -> list[Entry]:
        """Entries with start < at <= end, in order, at most `limit`: the newest of them."""
        ...

    def put_dispatches(self, told: Sequence[tuple[Dispatch, Sequence[tuple[str, int]]]]) -> list[Dispatch]:
        """Keep dispatches, each with the deliveries that it is for and when it is due there; all or nothing.

        An alert that is answered or over takes back what was not due yet, or is held back, for everybody,
        also for whoever would not be told of that itself; only who knows of the alert is told.
        """
        ...

    def dispatches(
        self,
        *,
        subject: str | None = None,
        county: str | None = None,
        since: int = 0,
        limit: int = 1000,
    ) -> list[Dispatch]:
        """The newest dispatches made after a time, at most `limit`, in order; of one subject or county."""
        ...

    def open_dispatches(self) -> list[Dispatch]:
        """The newest dispatch of every alert that was told and has not been told to be over."""
        ...

    def next_outgoing(self, delivery: str, at: int) -> Outgoing | None:
        """The first thing that waits for a receiver and is due; it may have to wait for its next try."""
        ...

    def settle(self, outgoing: int, state: str, *, at: int, why: str = "", next_at: int = 0) -> None:
        """What became of a try: `sent`, `failed` for good, or `waiting` for the next one."""
        ...

    def hold(self, hidden: Collection[str]) -> None:
        """Hold back what was not tried yet of these subjects, and let go of what is held of all others.

        How an alert was answered or ended is not held: it is only for who was told of it.
        """
        ...

    def withdraw(self, deliveries: Sequence[str], *, at: int) -> int:
        """Skip what waits for receivers that are none of these: the profile names them no longer."""
        ...

    def delivery_states(self, since: int) -> dict[str, DeliveryState]:
        """How every delivery stands that was ever used; counts are of what was written after a time."""
        ...

    def claim(
        self, claim_id: str, holder: str, *, now: int, until: int, detail: Mapping[str, Any] | None = None
    ) -> Claim | None:
        """Take a task, which nobody else can until that time; None where another has it.

        One that is had for longer than it is asked for here is free: a clock was set back since.

        With `detail` it is put there where it is not; without, only one that is there is taken.
        """
        ...

    def renew(self, holder: str, *, until: int) -> None:
        """Keep everything that a holder has until a later time."""
        ...

    def begin(self, claim_id: str, holder: str, times: int = 1) -> int | None:
        """Count a try of a task; the tries so far, or None where the task is the holder's no more."""
        ...

    def drop(self, claim_id: str, holder: str) -> None:
        """A task of the holder's is over."""
        ...

    def let_go(self, holder: str) -> None:
        """Leave everything that a holder has to whoever takes it."""
        ...

    def claims(self, claim_id: str | None = None) -> list[Claim]:
        """The tasks that are not over, oldest first; or the one of this id."""
        ...

    def mark(self, site_id: str, start: int, end: int) -> tuple[int, int]:
        """What differs once a reading of a site with start < observed_at <= end came, changed or went."""
        ...

    def span(self) -> tuple[int, int] | None:
        """The first and last observed_at kept, or None when empty."""
        ...

    def prune(self, before: int, go_on: Callable[[], bool] = ...) -> int:
        """Drop what is older than a time: readings, reports, corrections, refused rows, looks, ended alerts.

        In parts, so that writers wait for one of them at most; after each, `go_on` may wait and says whether
        there shall be another. Gives the number of readings and reports dropped.
        """
        ...

    def others_wrote(self) -> bool:
        """Whether another process has written since this was last asked."""
        ...

    def has_simulated(self, start: int, end: int) -> bool:
        """Whether any reading with start < observed_at <= end is simulated."""
        ...

    def corrections(self, limit: int = 100, *, site_id: str | None = None) -> list[dict[str, Any]]:
        """The newest readings that were replaced, newest first: their old values and when that was.

        Of one site they are looked for among the newest thousands of all.
        """
        ...

    def get_meta(self, key: str) -> str | None:
        """A small fact about the store, or None."""
        ...

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact about the store."""
        ...

    def close(self) -> None:
        """Release files; the store must not be used after."""
        ...
