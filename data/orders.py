"""What stands of people's orders: answers to alerts, silences, duty levels, folded from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from data.journal import Entry

if TYPE_CHECKING:
    from data.profile import Profile

ANSWERS = ("alert.ack", "alert.unack", "alert.sent", "alert.arrived")
"""Entries about one alert; needed only while somebody looks at that alert."""
STANDING = ("silence.add", "silence.end", "duty.set")
"""Entries about more than one alert; few, and all of them are needed for any picture."""


@dataclass(frozen=True)
class Answer:
    """Somebody's word that they look after an alert."""

    by: str
    role: str
    at: int
    note: str
    until: int
    """Epoch seconds: from then on it asks again."""
    severity: str
    """Of the alert when it was answered; a graver one asks again."""


@dataclass(frozen=True)
class Response:
    """What people did about one alert."""

    answer: Answer | None = None
    """The last one, also when its time is over; None where there is none or it was taken back."""
    answered_at: int | None = None
    sent_at: int | None = None
    arrived_at: int | None = None
    """First times, epoch seconds."""
    sent_by: str = ""
    arrived_by: str = ""
    lapsed_at: int | None = None
    """When an answer before `answer` last ran out or was taken back."""
    lapsed_severity: str = ""
    """What that one was given at: an alert that was graver by then asked already."""


@dataclass(frozen=True)
class Where:
    """Which targets are meant: one that every list names; all lists empty means everything of its scope."""

    rules: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    fences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Silence:
    """Alerts that need not be heard for a time, or sites that are closed on purpose."""

    id: str
    kind: str
    """`silence` or `closure`."""
    by: str
    made_at: int
    reason: str
    start: int
    end: int
    """Epoch seconds, start <= t < end; earlier than first said where it was ended early."""
    scope: str = ""
    """The county it is made for; "" for the prefecture."""
    where: Where = Where()

    def holds(self, at: int) -> bool:
        """Whether it is in force at a moment."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class LevelOrder:
    """A duty level that was ordered."""

    level: str
    """"" where a county follows the prefecture again."""
    by: str
    at: int
    reason: str


@dataclass(frozen=True)
class Orders:
    """Everything that is ordered at one moment; a new value after every entry."""

    responses: Mapping[str, Response] = field(default_factory=dict)
    """By alert id."""
    silences: Mapping[str, Silence] = field(default_factory=dict)
    """By their own id, those that are over included."""
    levels: Mapping[str, LevelOrder] = field(default_factory=dict)
    """County adcode, or "" for the prefecture, to the last order."""


NONE = Orders()
NOBODY = Response()
"""Where nobody has done anything about an alert."""


def fold(orders: Orders, entries: Iterable[Entry]) -> Orders:
    """The orders after these entries, in their order; a mapping that none of them touches stays the same."""
    responses: dict[str, Response] | None = None
    silences: dict[str, Silence] | None = None
    levels: dict[str, LevelOrder] | None = None
    for entry in entries:
        if entry.action in ANSWERS:
            responses = dict(orders.responses) if responses is None else responses
            responses[entry.subject] = _responded(responses.get(entry.subject, Response()), entry)
        elif entry.action == "duty.set":
            levels = dict(orders.levels) if levels is None else levels
            told = entry.detail
            levels[entry.subject] = LevelOrder(
                _text(told, "level"), entry.who, entry.at, _text(told, "reason")
            )
        elif entry.action in STANDING:
            silences = dict(orders.silences) if silences is None else silences
            _hushed(silences, entry)
    return Orders(
        orders.responses if responses is None else responses,
        orders.silences if silences is None else silences,
        orders.levels if levels is None else levels,
    )


def level_at(profile: Profile, orders: Orders, county: str = "") -> str:
    """The duty level of a county: its own, else the prefecture's, else the profile's.

    A level that the profile no longer has counts as not ordered.
    """
    known = {level.id for level in profile.spec.duty.levels}
    for scope in dict.fromkeys((county, "")):
        order = orders.levels.get(scope)
        if order is not None and order.level in known:
            return order.level
    return profile.spec.duty.current


def _responded(was: Response, entry: Entry) -> Response:
    told = entry.detail
    if entry.action == "alert.ack":
        answer = Answer(
            by=entry.who,
            role=entry.role,
            at=entry.at,
            note=_text(told, "note"),
            until=int(told.get("until", entry.at)),
            severity=_text(told, "severity"),
        )
        before = was.answer
        if before and before.until <= entry.at:
            was = replace(was, lapsed_at=before.until, lapsed_severity=before.severity)
        first = entry.at if was.answered_at is None else was.answered_at
        return replace(was, answer=answer, answered_at=first)
    if entry.action == "alert.unack":
        before = was.answer
        if before is None:
            return was
        over = min(before.until, entry.at)
        return replace(was, answer=None, lapsed_at=over, lapsed_severity=before.severity)
    if entry.action == "alert.sent":
        return was if was.sent_at is not None else replace(was, sent_at=entry.at, sent_by=entry.who)
    return was if was.arrived_at is not None else replace(was, arrived_at=entry.at, arrived_by=entry.who)


def _hushed(silences: dict[str, Silence], entry: Entry) -> None:
    told = entry.detail
    if entry.action == "silence.end":
        was = silences.get(entry.subject)
        if was is not None:
            silences[entry.subject] = replace(was, end=min(was.end, entry.at))
        return
    given = told.get("where", {})
    silences[entry.subject] = Silence(
        id=entry.subject,
        kind=_text(told, "kind") or "silence",
        by=entry.who,
        made_at=entry.at,
        reason=_text(told, "reason"),
        start=int(told.get("start", entry.at)),
        end=int(told.get("end", entry.at)),
        scope=entry.scope,
        where=Where(**{name: tuple(given.get(name, ())) for name in Where.__dataclass_fields__}),
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    return str(told.get(name, ""))
