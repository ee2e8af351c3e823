"""When files are made by themselves: the slots of a schedule by the profile's clocks, and what each makes.

A slot is one moment of one schedule: a time of the day, or the end of a minute in which alerts of its
severities fired. It is the same whenever it is worked out again, so the journal tells which were made, also
after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from data.rota import WEEKDAYS, day_of, minutes_of
from data.spec_exports import FileKind, ScheduleSpec

ON_TIME_S = 300
"""A slot that is taken up no later than this is on time, and a picture no older than this when a file is made
of it is not one of the past: one that waited its turn is neither late nor a replay."""
TOGETHER_S = 60
"""Alerts that fire within the same minute are one slot: a storm of them is not a storm of files."""
_FIRED = "fired"

Key = tuple[str, int, str, str]
"""Schedule, slot (epoch seconds), scope and file."""


@dataclass(frozen=True)
class Slot:
    """One moment at which a schedule makes its files."""

    schedule: str
    at: int
    """Epoch seconds: the time of the picture, and what the slot is known by."""
    scopes: tuple[str, ...]
    alerts: Mapping[str, str] = field(default_factory=dict)
    """Scope to the first of the alerts that it is made for, as `Firing.alert` names it."""


@dataclass(frozen=True)
class Task:
    """One file of a slot."""

    schedule: str
    at: int
    """Its slot."""
    scope: str
    file: FileKind
    lang: str
    covers: Literal["last", "day", "week"]
    alert: str = ""
    """The first of the alerts that it is made for."""

    @property
    def key(self) -> Key:
        """What the journal knows it by."""
        return (self.schedule, self.at, self.scope, self.file)


@dataclass(frozen=True)
class Firing:
    """An alert as it fired."""

    at: int
    severity: str
    county: str
    """Adcode; "" for what is in none, or in more than one."""
    alert: str = ""
    """Its id and severity, or those of the first of several: what another server, which saw it in another
    minute, knows it by, too."""


def moments(
    spec: ScheduleSpec, zone: ZoneInfo, after: int, until: int, clock: str | None = None
) -> list[int]:
    """When a schedule is due by its times of the day (or one of them), after < t <= until, ascending.

    Where clocks are put forward, a time of day that does not exist is due as much later; where they are put
    back, one that comes twice is due the first time only.
    """
    if until <= after:
        return []
    wanted = spec.at if clock is None else [clock]
    times = {minute for text in wanted if (minute := minutes_of(text)) is not None}
    first = day_of(after, zone) - timedelta(1)
    found = set()
    for day in _days(first, day_of(until, zone)):
        if not spec.weekdays or WEEKDAYS[day.weekday()] in spec.weekdays:
            found |= {int(datetime.combine(day, _time(minute), zone).timestamp()) for minute in times}
    return sorted(moment for moment in found if after < moment <= until)


def waited_s(spec: ScheduleSpec) -> int:
    """How long after its moment a slot is still made."""
    return max(spec.late_h * 3600, ON_TIME_S)


def due(
    spec: ScheduleSpec, zone: ZoneInfo, counties: Sequence[str], since: Mapping[str, int], now: int
) -> list[Slot]:
    """The slots of the times of the day that are due and not too late, oldest first.

    `since`: each time of the day's mark (`marks`) to when it was first in the profile: what lies before was
    not missed. One without a mark has none due.
    """
    found = set()
    for clock in spec.at:
        known = since.get(_mark(spec, clock))
        if known is not None:
            # Of its own moment a slot is due: the second at which it was written down still counts.
            found |= {*moments(spec, zone, max(known - 1, now - waited_s(spec) - 1), now, clock)}
    scopes = scopes_of(spec, counties)
    return [Slot(spec.id, at, scopes) for at in sorted(found)]


def fired(
    spec: ScheduleSpec,
    counties: Sequence[str],
    firings: Iterable[Firing],
    *,
    since: Mapping[str, int],
    now: int,
) -> list[Slot]:
    """The slots of alerts that are due and not too late, oldest first; each when its minute is over."""
    known = since.get(_mark(spec, _FIRED))
    if not spec.severities or known is None:
        return []
    wanted = scopes_of(spec, counties)
    found: dict[int, dict[str, str]] = {}
    for firing in firings:
        at = (firing.at // TOGETHER_S + 1) * TOGETHER_S
        if firing.severity in spec.severities and firing.at >= known and now - waited_s(spec) <= at <= now:
            first = found.setdefault(at, {})
            for scope in {"", firing.county}.intersection(wanted):
                first[scope] = min(first.get(scope, firing.alert), firing.alert)
    return [
        Slot(spec.id, at, tuple(scope for scope in wanted if scope in first), first)
        for at, first in sorted(found.items())
        if first
    ]


def tasks(spec: ScheduleSpec, slot: Slot, languages: Sequence[str]) -> list[Task]:
    """The files of a slot, scope by scope, each once."""
    lang = spec.lang or languages[0]
    return [
        Task(spec.id, slot.at, scope, file, lang, spec.covers, slot.alerts.get(scope, ""))
        for scope in slot.scopes
        for file in dict.fromkeys(spec.files)
    ]


def late(task: Task, now: float) -> bool:
    """Whether a file that is taken up now was missed, and is marked so."""
    return now - task.at > ON_TIME_S


def scopes_of(spec: ScheduleSpec, counties: Sequence[str]) -> tuple[str, ...]:
    """The scopes of a schedule, each once; `*` stands for every county."""
    named = [each for scope in spec.scopes for each in (counties if scope == "*" else [scope])]
    return tuple(dict.fromkeys(named))


def marks(specs: Iterable[ScheduleSpec]) -> list[str]:
    """What is noted of schedules as of when it was first in the profile: each time of the day, and alerts."""
    return [
        _mark(spec, clock)
        for spec in specs
        for clock in (*dict.fromkeys(spec.at), *((_FIRED,) if spec.severities else ()))
    ]


def noted(known: Mapping[str, int], specs: Iterable[ScheduleSpec], now: int) -> dict[str, int]:
    """Each mark to when it was first there: as known, or now where it is new; marks that went are let go."""
    return {mark: known.get(mark, now) for mark in marks(specs)}


def _mark(spec: ScheduleSpec, clock: str) -> str:
    days = "+".join(day for day in WEEKDAYS if day in spec.weekdays)
    return f"{spec.id} {clock}" + (f" {days}" if days and clock != _FIRED else "")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
