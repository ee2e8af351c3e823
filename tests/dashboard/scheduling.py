"""A board with schedules whose files cost nothing, for tests of when they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.jobs.parcel import Parcel, Sent
from dashboard.jobs.queue import Queue
from dashboard.jobs.scheduler import Scheduler
from dashboard.jobs.tasks import Step, Task
from dashboard.jobs.worker import NotMade
from dashboard.notify.way import Undelivered
from data.journal import Entry
from data.profile import Profile
from data.spec_exports import ScheduleSpec
from tests.serving import Clock, wait_for


@dataclass
class Hand:
    """A worker that draws nothing; `refuses` is why it makes no file for now."""

    refuses: str = ""
    tasks: list[Any] = field(default_factory=list)
    running = False

    def make(self, task: Task, step: Step) -> bytes:
        self.tasks.append(task)
        if self.refuses:
            raise NotMade(self.refuses)
        return b"a picture"

    def end(self) -> None:
        """Nothing is held."""


@dataclass
class Box:
    """A post that keeps parcels; `refuses` makes it take none, `breaks` is what it stumbles over."""

    refuses: bool = False
    breaks: Exception | None = None
    parcels: list[Parcel] = field(default_factory=list)
    tries: int = 0

    def send(self, parcel: Parcel) -> Sent:
        self.tries += 1
        if self.breaks is not None:
            raise self.breaks
        if self.refuses:
            raise Undelivered("cannot be reached")
        self.parcels.append(parcel)
        return Sent(len(parcel.to), 0)


def with_schedules(profile: Profile, *schedules: dict[str, Any]) -> Profile:
    """The same profile with files that are made by themselves."""
    usual = {"id": "morning", "files": ["snapshot.png"]}
    made = [ScheduleSpec.model_validate(usual | one) for one in schedules]
    return replace(profile, spec=profile.spec.model_copy(update={"schedules": made}))


class Desk:
    """A board, its queue and its scheduler; every time of the day is stepped to, none is waited for."""

    def __init__(self, board: Any, clock: Clock, box: Box | None = None) -> None:
        self.board, self.clock, self.hand, self.box = board, clock, Hand(), box
        self.restart()

    def restart(self) -> None:
        """As after a new start of the server: what is not in the store is forgotten."""
        self.queue = Queue(self.board, self.hand)
        self.scheduler = Scheduler(self.board, self.queue, self.box)
        self.scheduler.read()

    def look(self, at: float | None = None) -> None:
        """Let the scheduler look at a time until nothing is under way."""
        if at is not None:
            self.clock.now = float(at)
        while True:
            self.board.engine.step()
            self.scheduler.look()
            asked = [job for job in self.queue.jobs() if not job.finished]
            for job in asked:
                assert job.wait(60)
            if not asked:
                return

    def journal(self, action: str = "export") -> list[Entry]:
        return list(self.board.engine.store.entries(actions=[action]))

    def notices(self) -> list[str]:
        self.board.engine.step()
        return [one.id for one in self.board.engine.picture.notices]

    def close(self) -> None:
        self.queue.stop()


Desks = Callable[..., Desk]
__all__ = ["Box", "Desk", "Desks", "Hand", "wait_for", "with_schedules"]
