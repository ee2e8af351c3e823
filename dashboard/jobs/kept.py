"""What schedules have done: made, sent, and what fails; kept by the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dashboard.jobs.job import Job
from data.journal import Entry
from data.schedule import Key

ACTIONS = ("export", "export.failed", "export.sent")
TRIES = 3
"""Failures after which it is told …"""
PAUSES_S = (15.0, 60.0)
"""… after the first and the second of them, and …"""
LATER_S = 900.0
"""… from then on."""
FORGET_S = 86_400
"""What failed and can be made no more is complained of for so long, or until the next one is there."""
MOST_KEPT = 20_000
MAIL = "mail"
Place = tuple[str, int, str]
"""Schedule, slot and scope: what one mail holds."""
Matter = tuple[str, str, str]
"""Schedule, scope and file (MAIL for the sending): what fails, whichever slot it was."""


@dataclass
class Work:
    """A file or a mail that is not there yet."""

    tries: int = 0
    next_at: float = 0.0
    job: Job | None = None
    told: bool = False

    def failed(self, now: float) -> bool:
        """Count a failure; whether it is the one that is told."""
        self.tries += 1
        self.next_at = now + (PAUSES_S[self.tries - 1] if self.tries < TRIES else LATER_S)
        first = self.tries >= TRIES and not self.told
        self.told = self.told or first
        return first


@dataclass
class Made:
    """A file that a schedule made."""

    id: str
    """Of the export."""
    name: str
    """Its place on the shelf."""
    late: bool = False
    alert: str = ""
    """The first of those that it was made for (`data.schedule.Task.alert`)."""
    sent: bool = False


@dataclass
class Kept:
    """What is known of schedules' files."""

    made: dict[Key, Made] = field(default_factory=dict)
    _of_alert: dict[tuple[Matter, str], Key] = field(default_factory=dict)
    failing: dict[Matter, int] = field(default_factory=dict)
    """Since when, epoch seconds."""

    def read(self, entry: Entry) -> None:
        """Take in one entry of ACTIONS, in order."""
        told: Mapping[str, object] = entry.detail
        schedule, slot, file = told.get("schedule"), told.get("slot"), str(told.get("file"))
        if not isinstance(schedule, str) or not schedule or not isinstance(slot, int):
            return
        if entry.action == "export":
            name, late = str(told.get("name", "")), bool(told.get("late"))
            made = Made(entry.subject, name, late, str(told.get("alert", "")))
            self.put((schedule, slot, entry.scope, file), made)
        elif entry.action == "export.failed":
            self.failing.setdefault((schedule, entry.scope, file), entry.at)
        elif entry.action == "export.sent":
            ids = told.get("exports")
            self.sent((schedule, slot, entry.scope), ids if isinstance(ids, list) else [])

    def known(self, key: Key, alert: str) -> Key:
        """What a file goes by: where another server made it for the same alert, which it saw in another
        minute, by that one's slot."""
        schedule, _, scope, file = key
        return self._of_alert.get(((schedule, scope, file), alert), key)

    def unsent(self, keys: Iterable[Key]) -> list[Made]:
        """Those of some files that are made and did not go out yet."""
        return [made for key in keys if (made := self.made.get(key)) and not made.sent]

    def put(self, key: Key, made: Made) -> None:
        """A file is made: what failed of its kind before is over."""
        schedule, _, scope, file = key
        self.made[key] = made
        if made.alert:
            self._of_alert.setdefault(((schedule, scope, file), made.alert), key)
        self.failing.pop((schedule, scope, file), None)

    def sent(self, place: Place, ids: list[str]) -> None:
        """Files went out."""
        schedule, _, scope = place
        self.failing.pop((schedule, scope, MAIL), None)
        for key, one in self.made.items():
            one.sent = one.sent or (key[:3] == place and one.id in ids)

    def forget(self, schedules: set[str], waiting: set[Matter], now: int, longest_s: int) -> None:
        """Let go of what fails of schedules that are gone, or failed long ago and is not waited for."""
        for matter, since in list(self.failing.items()):
            if matter[0] not in schedules or (matter not in waiting and now - since > FORGET_S):
                del self.failing[matter]
        if len(self.made) > MOST_KEPT:
            self.made = {key: one for key, one in self.made.items() if now - key[1] < longest_s}
            self._of_alert = {one: key for one, key in self._of_alert.items() if key in self.made}
