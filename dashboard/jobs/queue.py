"""The queue: files are made one after the other, in the order in which they were asked for."""

from __future__ import annotations

import hashlib
import logging
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.jobs.job import Job, Wanted
from dashboard.jobs.shelf import FOLDER, Shelf, file_name, folder_of
from dashboard.jobs.tasks import prepare
from dashboard.jobs.worker import NotMade, Process, Worker
from data.journal import BOARD, Draft
from data.store import StoreError
from data.store.files import path_of
from layers.faults import FaultsError

if TYPE_CHECKING:
    from dashboard.board import Board

LOG = logging.getLogger("threeline.exports")
MOST, MOST_EACH = 32, 16
"""Files that wait at once, and of one account."""
KNOWN = 200
"""Jobs that are remembered after they are over; the journal remembers all of them."""
IDLE_S = 300.0
"""So long without a file, and the worker gives its memory back."""
PRUNE_S = 3600.0
SWITCH_S = 0.0005
USUAL_S = 3.0
"""What a file takes where none was made yet."""


class FullError(Exception):
    """Too many files wait; nothing was taken."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class Queue:
    """One for a board. Methods may be called from any thread; the files are made in one of its own."""

    def __init__(self, board: Board, worker: Worker | None = None, *, idle_s: float = IDLE_S) -> None:
        self.board = board
        self.worker: Worker = worker or Process()
        self.shelf = Shelf(exports_folder(board))
        self.made: Counter[tuple[str, str]] = Counter()
        """File and `done` or `failed` to how many, since the start."""
        self._idle_s = idle_s
        self._waiting: deque[Job] = deque()
        self._current: Job | None = None
        self._jobs: dict[str, Job] = {}
        self._lately: deque[float] = deque(maxlen=10)
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._pruned_at = -PRUNE_S

    def start(self) -> None:
        """Begin to work, and to drop what is old; `put` does so, too."""
        with self._lock:
            self._start()

    def stop(self) -> None:
        """Fail what waits, end the worker and wait for the thread."""
        with self._lock:
            self._stopping = True
            thread, self._thread = self._thread, None
            self._news.notify_all()
        self.worker.end()
        if thread is not None:
            thread.join(10)
        for job in list(self._waiting):
            self.cancel(job.id)

    def put(self, wanted: Wanted) -> Job:
        """Take an order for a file.

        Raises:
            FullError: too many wait, or too many of this account.
            PermissionError: it is of more than the reader's county.
        """
        if wanted.reach and wanted.scope != wanted.reach:
            raise PermissionError("a file beyond the reader's county")
        board = self.board
        if wanted.what == "snapshot" and wanted.at is None and wanted.picture is None:
            # What is on the screen now, and not what will be when its turn comes.
            wanted = replace(wanted, picture=board.picture(wanted.scope))
        picture = wanted.picture
        at = wanted.at if wanted.at is not None else picture.at if picture is not None else None
        job = Job(wanted, int(board.clock()), at=at)
        with self._lock:
            mine = sum(1 for one in self._waiting if one.wanted.who == wanted.who != BOARD)
            if self._stopping or len(self._waiting) >= MOST or mine >= MOST_EACH:
                raise FullError(self._wait_s())
            self._waiting.append(job)
            self._jobs[job.id] = job
            while len(self._jobs) > KNOWN + MOST:
                oldest = next((name for name, one in self._jobs.items() if one.finished), None)
                if oldest is None:
                    break
                del self._jobs[oldest]
            self._start()
            self._news.notify_all()
        return job

    def job(self, job_id: str) -> Job | None:
        """A job that is not over, or was over lately."""
        with self._lock:
            return self._jobs.get(job_id)

    def jobs(self) -> list[Job]:
        """The jobs that are known, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def place(self, job: Job) -> int:
        """How many files are made before this one; 0 for the one that is being made, and for one that is
        over."""
        with self._lock:
            if job not in self._waiting:
                return 0
            return self._waiting.index(job) + (self._current is not None)

    def cancel(self, job_id: str) -> bool:
        """Forget a job that has not begun; whether that could be."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job not in self._waiting:
                return False
            self._waiting.remove(job)
            del self._jobs[job_id]
        job.state = "failed"
        job.over.set_result(None)
        return True

    @property
    def waiting(self) -> int:
        """How many wait, the one that is being made not counted."""
        return len(self._waiting)

    def _start(self) -> None:
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._run, name="threeline exports", daemon=True)
            self._thread.start()

    def _wait_s(self) -> int:
        """When there will be room again, about."""
        usual = sum(self._lately) / len(self._lately) if self._lately else USUAL_S
        return max(int(usual * 2), 2)

    def _run(self) -> None:
        idle_since = time.monotonic()
        while True:
            with self._lock:
                if not self._waiting and not self._stopping:
                    self._news.wait(min(self._idle_s, PRUNE_S))
                if self._stopping:
                    return
                job = self._current = self._waiting.popleft() if self._waiting else None
            if job is not None:
                begun = time.monotonic()
                self._make(job)
                idle_since = time.monotonic()
                self._lately.append(idle_since - begun)
            elif time.monotonic() - idle_since >= self._idle_s:
                self.worker.end()
            self._prune()

    def _make(self, job: Job) -> None:
        """Make one file: nothing that goes wrong with it stops the queue."""
        job.state = "making"
        try:
            job.begin("figures")
            with _giving_way():
                task = prepare(self.board, job.wanted)
            job.at = task.at
            content = self.worker.make(task, job.begin)
            self._finish(job, content)
        except NotMade as no:
            self._fail(job, no)
        except FaultsError as error:
            self._fail(job, NotMade("cannot-draw", f"{error.faults[0].what}. {error.faults[0].hint}".strip()))
        except StoreError as error:
            LOG.error("A file could not be made: %s", error)
            self._fail(job, NotMade("store-failed"))
        except OSError as error:
            LOG.error("A file could not be kept: %s", error)
            self._fail(job, NotMade("export-not-kept"))
        except Exception:
            LOG.exception("A file could not be made")
            self._fail(job, NotMade("export-failed"))
        finally:
            # A picture is large, and what becomes of the job is known for long.
            job.wanted = replace(job.wanted, picture=None)
            with self._lock:
                self._current = None
            job.over.set_result(None)

    def _finish(self, job: Job, content: bytes) -> None:
        wanted, board = job.wanted, self.board
        at, profile = job.at if job.at is not None else job.made_at, board.profile
        name = file_name(profile.spec.id, wanted.file, at, profile.zone, wanted.lang)
        if wanted.keep:
            name = self.shelf.keep(content, folder_of(wanted.scope, at, profile.zone), name)
        told = {
            "lang": wanted.lang,
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        # First: nothing leaves the board that is not in the journal.
        try:
            self._record("export", job, at=at, **told)
        except Exception:
            if wanted.keep:
                # Each further try would leave one more in the folder.
                self.shelf.drop(name)
            raise
        job.name, job.size = name, len(content)
        if wanted.returned:
            job.give(content)
        job.state = "done"
        self.made[wanted.file, "done"] += 1

    def _fail(self, job: Job, no: NotMade) -> None:
        job.failure = no.failure
        try:
            # A schedule tries again, and tells by itself when it gives up.
            if not job.wanted.schedule:
                self._record("export.failed", job, at=job.at, why=no.failure.why, tries=1)
        except Exception:
            LOG.exception("The journal does not take that a file was not made")
        job.state = "failed"
        self.made[job.wanted.file, "failed"] += 1

    def _record(self, action: str, job: Job, **more: Any) -> None:
        wanted = job.wanted
        detail = {
            "file": wanted.file,
            "form": wanted.form,
            "reach": wanted.reach,
            "schedule": wanted.schedule,
            "slot": wanted.slot,
            "late": wanted.late,
            **more,
        }
        draft = Draft(action, job.id, wanted.who, wanted.role, wanted.scope, detail)
        self.board.engine.order([draft])

    def _prune(self) -> None:
        now = time.monotonic()
        if now - self._pruned_at < PRUNE_S:
            return
        self._pruned_at = now
        try:
            dropped = self.shelf.prune(self.board.profile.spec.exports.keep_days)
        except OSError as error:
            LOG.error("Old files could not be dropped: %s", error)
            return
        if dropped:
            LOG.info("Dropped %d files that are past their time (keep_days)", dropped)


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


def exports_folder(board: Board) -> Path:
    """The folder of files: as set, or beside the store."""
    if board.settings.exports:
        return Path(board.settings.exports).expanduser()
    store = getattr(board.engine.store, "path", None) or path_of(board.store_url)
    return Path(store).parent / FOLDER
