"""The maker: one file from its order to its place on the shelf and in the journal, or why there is none."""

from __future__ import annotations

import hashlib
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from dashboard.jobs.claims import Claims
from dashboard.jobs.job import Failure, Job
from dashboard.jobs.shelf import Shelf, file_name, folder_of
from dashboard.jobs.tasks import prepare
from dashboard.jobs.worker import NotMade, Worker
from data.journal import Draft
from data.store import StoreError
from layers.faults import FaultsError

if TYPE_CHECKING:
    from dashboard.board import Board

LOG = logging.getLogger("threeline.exports")
MOST_TRIES = 2
"""A file at which the worker, or the whole server, ended so often is not tried again."""
ENDED = "export-ended"
SWITCH_S = 0.0005


class TakenError(Exception):
    """Another server has taken the file over, while this one stood still."""


class Maker:
    """Used by the queue's thread alone, but for `fail` and `ending`."""

    def __init__(self, board: Board, worker: Worker, shelf: Shelf, claims: Claims) -> None:
        self._board, self.worker, self._shelf, self._claims = board, worker, shelf, claims
        self.made: Counter[tuple[str, str]] = Counter()
        """File and `done` or `failed` to how many, since the start."""
        self.ending = False
        """Whether this run ends: an order that lasts is then left to the next one."""

    def make(self, job: Job) -> bool:
        """Make one file, whatever goes wrong; False where it has to be tried again. Raises TakenError."""
        job.state = "making"
        try:
            self._begin(job)
            job.begin("figures")
            with _giving_way():
                task = prepare(self._board, job.wanted)
            job.at = task.at
            if self.ending:
                raise NotMade(ENDED)  # no worker is started any more
            content = self.worker.make(task, job.begin)
            self._finish(job, content)
        except NotMade as no:
            if self._again(job, no.failure):
                job.state, job.step, job.doing = "queued", 0, ""
                return False
            self.fail(job, no.failure)
        except TakenError:
            raise
        except FaultsError as error:
            first = error.faults[0]
            self.fail(job, Failure("cannot-draw", f"{first.what}. {first.hint}".strip()))
        except StoreError as error:
            LOG.error("A file could not be made: %s", error)
            self.fail(job, Failure("store-failed"))
        except OSError as error:
            LOG.error("A file could not be kept: %s", error)
            self.fail(job, Failure("export-not-kept"))
        except Exception:
            LOG.exception("A file could not be made")
            self.fail(job, Failure("export-failed"))
        return True

    def _begin(self, job: Job) -> None:
        """Count the try, and look whether whoever asked may still have it; raises TakenError and NotMade."""
        wanted = job.wanted
        if job.claim:
            tries = self._claims.begin(job.claim)
            if tries is None:
                raise TakenError
            job.tries = tries
        if not wanted.schedule and not self._board.grants(wanted.who, wanted.role, wanted.reach):
            raise NotMade("export-not-granted")

    def _again(self, job: Job, failure: Failure) -> bool:
        """Whether an order is left for another try: the worker ended at it once, or this run ends."""
        if not job.wanted.lasting or failure.why != ENDED:
            return False
        if self.ending:
            with suppress(StoreError):
                self._claims.begin(job.claim, -1)  # that was not its doing
            return True
        return job.tries < MOST_TRIES

    def _finish(self, job: Job, content: bytes) -> None:
        wanted, board = job.wanted, self._board
        at, profile = job.at if job.at is not None else job.made_at, board.profile
        name = file_name(profile.spec.id, wanted.file, at, profile.zone, wanted.lang)
        if wanted.keep:
            name = self._shelf.keep(content, folder_of(wanted.scope, at, profile.zone), name)
        told = {
            "lang": wanted.lang,
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        # First: nothing leaves the board that is not in the journal.
        try:
            if job.claim and self._claims.begin(job.claim, 0) is None:
                raise TakenError
            self._record("export", job, at=at, **told)
        except Exception:
            if wanted.keep:
                # Each further try would leave one more in the folder.
                self._shelf.drop(name)
            raise
        job.name, job.size = name, len(content)
        if wanted.returned:
            job.give(content)
        job.state = "done"
        self.made[wanted.file, "done"] += 1
        self._over(job)

    def fail(self, job: Job, failure: Failure) -> None:
        """A file is not made: told in the journal, and known as over."""
        job.failure = failure
        try:
            # A schedule tries again, and tells by itself when it gives up.
            if not job.wanted.schedule:
                self._record("export.failed", job, at=job.at, why=failure.why, tries=max(job.tries, 1))
        except Exception:
            LOG.exception("The journal does not take that a file was not made")
        else:
            self._over(job)
        job.state = "failed"
        self.made[job.wanted.file, "failed"] += 1

    def _over(self, job: Job) -> None:
        """Nobody needs to take it up any more: the journal tells what became of it."""
        try:
            if job.claim:
                self._claims.drop(job.claim)
        except StoreError as error:
            LOG.warning("That a file is over is found out at the next start: %s", error)

    def _record(self, action: str, job: Job, **more: Any) -> None:
        wanted = job.wanted
        detail = {
            "file": wanted.file,
            "form": wanted.form,
            "reach": wanted.reach,
            "schedule": wanted.schedule,
            "slot": wanted.slot,
            "alert": wanted.alert,
            "late": wanted.late,
            **more,
        }
        draft = Draft(action, job.id, wanted.who, wanted.role, wanted.scope, detail)
        self._board.engine.order([draft])


@contextmanager
def _giving_way() -> Iterator[None]:
    """Work in this process so that whoever else wants to go on waits a tenth as long for it: a live update
    passes through several threads, and each of them would wait the usual 5 ms."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
