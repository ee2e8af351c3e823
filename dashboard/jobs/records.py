"""What was exported, newest first: jobs of this run, orders of others, and what the journal tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dashboard.jobs import order
from dashboard.jobs.job import STEPS, Job
from dashboard.jobs.queue import Queue
from data.journal import BOARD, Entry
from data.store import Claim

ACTIONS = ("export", "export.failed")
MAIL = "mail"
"""Stands for the file where what failed is the sending."""


@dataclass(frozen=True)
class Record:
    """One export, on its way or over."""

    id: str
    file: str
    scope: str
    lang: str
    at: int | None
    """Epoch seconds of the picture; None where it is not there yet."""
    made_at: int
    """Epoch seconds: when it was asked for, or when it was over."""
    who: str
    role: str
    reach: str
    state: str
    place: int = 0
    step: int = 0
    doing: str = ""
    name: str = ""
    bytes: int = 0
    why: str = ""
    said: str = ""
    late: bool = False
    schedule: str = ""

    @property
    def steps(self) -> int:
        """How many steps its making takes."""
        return len(STEPS.get(self.file.partition(".")[0], ()))

    def is_for(self, reach: str) -> bool:
        """Whether a reader may know of it: of one county, only what was made of nothing else."""
        return not reach or reach == self.reach == self.scope


def of_job(queue: Queue, job: Job) -> Record:
    """A job of this run."""
    wanted, failure = job.wanted, job.failure
    return Record(
        job.id,
        wanted.file,
        wanted.scope,
        wanted.lang,
        job.at,
        job.made_at,
        wanted.who,
        wanted.role,
        wanted.reach,
        job.state,
        place=queue.place(job),
        step=job.step,
        doing=job.doing if job.state == "making" else "",
        name=job.name,
        bytes=job.size,
        why=failure.why if failure else "",
        said=failure.said if failure else "",
        late=wanted.late,
        schedule=wanted.schedule,
    )


def of_entry(entry: Entry) -> Record:
    """An export that the journal tells of."""
    told: Mapping[str, Any] = entry.detail
    done = entry.action == "export"
    file = str(told.get("file", ""))
    return Record(
        # A mail that was not taken stands under the id of a file that was to go with it.
        f"{entry.subject}-{MAIL}" if file == MAIL else entry.subject,
        file,
        entry.scope,
        str(told.get("lang", "")),
        told.get("at"),
        entry.at,
        "" if entry.who == BOARD else entry.who,
        entry.role,
        str(told.get("reach", "")),
        "done" if done else "failed",
        step=len(STEPS.get(file.partition(".")[0], ())) if done else 0,
        name=str(told.get("name", "")),
        bytes=int(told.get("bytes", 0)),
        why="" if done else str(told.get("why", "export-failed")),
        late=bool(told.get("late")),
        schedule=str(told.get("schedule", "")),
    )


def of_claim(claim: Claim) -> Record:
    """An order that is not this run's (yet): of another server, or of one that is gone; raises
    UnreadableError."""
    wanted = order.read(claim.detail)
    return Record(
        claim.id,
        wanted.file,
        wanted.scope,
        wanted.lang,
        wanted.at,
        claim.at,
        wanted.who,
        wanted.role,
        wanted.reach,
        "making" if claim.tries else "queued",
    )


def of_claims(claims: Iterable[Claim]) -> list[Record]:
    """The orders among claims; one that cannot be read is no export (`Claims.beat` puts it aside)."""
    found = []
    for claim in claims:
        if claim.detail:
            with suppress(order.UnreadableError):
                found.append(of_claim(claim))
    return found


def find(queue: Queue, export_id: str, reach: str) -> Record | None:
    """An export by its id, where it is the reader's."""
    job = queue.job(export_id)
    found = of_job(queue, job) if job is not None else None
    store = queue.board.engine.store
    if found is None:
        # Before the journal: that is told of what is over first.
        found = next(iter(of_claims(store.claims(export_id))), None)
    if found is None:
        told = store.entries(subjects=[export_id], actions=ACTIONS)
        found = next((of_entry(one) for one in reversed(told) if one.detail.get("file") != MAIL), None)
    return found if found is not None and found.is_for(reach) else None


def recent(queue: Queue, reach: str, limit: int, scope: str = "") -> list[Record]:
    """The reader's newest exports, newest first, those that are not over yet before all others; of one county
    where a scope is named."""
    # Each try of a schedule is a job; the journal tells when it gave up.
    mine = [of_job(queue, job) for job in queue.jobs() if not (job.wanted.schedule and job.state == "failed")]
    known = {one.id for one in mine}
    store = queue.board.engine.store
    mine += of_claims(one for one in store.claims() if one.id not in known)
    known |= {one.id for one in mine}
    told = store.entries(
        actions=ACTIONS, scope=scope or reach or None, newest=True, limit=limit * (4 if reach else 1)
    )
    before = [of_entry(entry) for entry in reversed(told) if entry.subject not in known]
    mine = [one for one in (*mine, *before) if one.is_for(reach) and scope in ("", one.scope)]
    return sorted(mine, key=lambda one: (one.state in ("done", "failed"), -one.made_at))[:limit]
