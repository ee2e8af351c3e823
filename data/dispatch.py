"""Dispatch: what the board tells beyond the room of an alert, and how far each delivery of it has got."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

EVENTS = ("fired", "worse", "asks", "answered", "resolved")
"""What may happen to an alert that is worth telling; `asks` is when an answer has run out."""
CLOSING = ("answered", "resolved")
"""Told only to who was told of the alert before."""
STATES = ("waiting", "held", "sent", "skipped", "failed")
"""Of a dispatch on its way to one receiver; `held` while its alert is hidden, `skipped` where it was answered
or over before it was to be told."""


@dataclass(frozen=True)
class Dispatch:
    """What is told of an alert, or of a group of them, at one moment; never changed after."""

    subject: str
    """Id of the alert or of the group."""
    event: str
    """One of EVENTS."""
    at: int
    """When it was made, epoch seconds."""
    severity: str
    county: str
    """Adcode; "" where it concerns no single county."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON values: the words in each language, the place, the numbers (`dashboard.notify.facts`)."""
    id: int = 0
    """Given by the store; counts up over all counties, so it is told to nobody."""

    @cached_property
    def mark(self) -> str:
        """What it is known by beyond the room: 16 hexadecimal digits of its contents."""
        told = [self.subject, self.event, self.at, self.severity, self.county, dict(self.detail)]
        return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def before(dispatch: Dispatch, told: Sequence[Dispatch]) -> list[Dispatch]:
    """What was told of the same matter before, out of the dispatches of its subject in order.

    A group that comes again has the same subject: what had been over by then was another matter.
    """
    earlier = [one for one in told if one.id < dispatch.id]
    over = max((number for number, one in enumerate(earlier, 1) if one.event == "resolved"), default=0)
    return earlier[over:]


@dataclass(frozen=True)
class Outgoing:
    """A dispatch on its way to one receiver."""

    id: int
    delivery: str
    """Id of the profile's delivery."""
    dispatch: Dispatch
    due_at: int
    """Not sent before, epoch seconds."""
    tries: int = 0
    next_at: int = 0
    """When it is tried again after a failure."""


@dataclass(frozen=True)
class DeliveryState:
    """How one delivery stands."""

    delivery: str
    waiting: int = 0
    """With what is held back while its alert is hidden."""
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    """Given up; these four count what was written since the time that was asked for, but all that waits."""
    last_sent_at: int | None = None
    failing_since: int | None = None
    """Time of the first failure after which nothing has got through; None while all is well."""
    next_at: int | None = None
    """When the next try is, while it fails."""
    why: str = ""
    """What the last failure was."""
