"""The queue: files are made one after the other, in the order in which they were asked for."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.jobs import order
from dashboard.jobs.claims import Claims
from dashboard.jobs.job import Failure, Job, Wanted
from dashboard.jobs.maker import ENDED, MOST_TRIES, Maker, TakenError
from dashboard.jobs.shelf import FOLDER, Shelf
from dashboard.jobs.worker import Process, Worker
from dashboard.words import say
from data.journal import BOARD
from data.schedule import ON_TIME_S
from data.store import Claim
from data.store.files import path_of

if TYPE_CHECKING:
    from dashboard.board import Board

LOG = logging.getLogger("threeline.exports")
MOST, MOST_EACH = 32, 16
"""Files that wait at once, and of one account."""
KNOWN = 200
"""Jobs that are remembered after they are over; the journal remembers all of them."""
IDLE_S = 300.0
"""So long without a file, and the worker gives its memory back."""
OLDEST_S = 86_400
"""What was ordered longer ago, while no server ran, is not made any more."""
PRUNE_S = 3600.0
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
        self.shelf = Shelf(exports_folder(board))
        self.claims = Claims(board, self._adopt)
        self.maker = Maker(board, worker or Process(), self.shelf, self.claims)
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
        """Begin to work, to drop what is old, and to take up what was ordered before; `put` begins, too."""
        with self._lock:
            self._start()
        self.claims.start()

    def stop(self) -> None:
        """End the worker and wait for the thread; orders that last are left to the next run."""
        self.maker.ending = True
        with self._lock:
            self._stopping = True
            thread, self._thread = self._thread, None
            self._news.notify_all()
        self.maker.worker.end()
        if thread is not None:
            thread.join(10)
        for job in list(self._waiting):
            self.cancel(job.id)
        self.claims.stop()

    def put(self, wanted: Wanted, claim: str = "") -> Job:
        """Take an order for a file; one that lasts is durable then.

        `claim` is what whoever orders has taken it by; an order that lasts is taken by its own id.

        Raises:
            FullError: too many wait, or too many of this account.
            PermissionError: it is of more than the reader's county.
            StoreError: it cannot be written down.
        """
        if wanted.reach and wanted.scope != wanted.reach:
            raise PermissionError("a file beyond the reader's county")
        board = self.board
        at = wanted.at
        if at is None:
            # What is on the screen now, and not what will be when its turn comes.
            picture = wanted.picture or board.picture(wanted.scope)
            wanted, at = replace(wanted, picture=picture), picture.at
        job = Job(wanted, int(board.clock()), at=at, claim=claim)
        with self._lock:
            self._check_room(wanted)
        if wanted.lasting:
            job.claim = job.id
            self.claims.take(job.id, order.written(wanted, at))
        try:
            with self._lock:
                self._check_room(wanted)
                self._add(job)
        except FullError:
            if wanted.lasting:
                self.claims.drop(job.id)
            raise
        return job

    def _check_room(self, wanted: Wanted) -> None:
        mine = sum(1 for one in self._waiting if one.wanted.who == wanted.who != BOARD)
        if self._stopping or len(self._waiting) >= MOST or mine >= MOST_EACH:
            raise FullError(self._wait_s())

    def _add(self, job: Job) -> None:
        self._waiting.append(job)
        self._jobs[job.id] = job
        while len(self._jobs) > KNOWN + MOST:
            oldest = next((name for name, one in self._jobs.items() if one.finished), None)
            if oldest is None:
                break
            del self._jobs[oldest]
        self._start()
        self._news.notify_all()

    def _adopt(self, claim: Claim) -> None:
        """Take up an order of a run that is gone; what is too old, or ended too many, fails in words."""
        wanted, told = order.read(claim.detail), self.board.engine.store.entries(subjects=[claim.id])
        if told:  # it ended between the word and the deed
            self.claims.drop(claim.id)
            return
        now = int(self.board.clock())
        if wanted.at is not None and claim.at - wanted.at <= ON_TIME_S < now - claim.at:
            marks = (*wanted.marks, say(wanted.lang, "export_late"))
            wanted = replace(wanted, late=True, marks=marks)
        job = Job(wanted, claim.at, claim.id, at=wanted.at, claim=claim.id, tries=claim.tries)
        why = "export-old" if now - claim.at > OLDEST_S else ENDED if job.tries >= MOST_TRIES else ""
        with self._lock:
            if self._stopping:
                return
            if not why:
                self._add(job)
                return
            self._jobs[job.id] = job
        self.maker.fail(job, Failure(why))
        _end(job)

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
    def made(self) -> Counter[tuple[str, str]]:
        """File and `done` or `failed` to how many, since the start."""
        return self.maker.made

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
                self.maker.worker.end()
            self._prune()

    def _make(self, job: Job) -> None:
        """Make one file; whatever becomes of it, the queue goes on."""
        again = False
        try:
            again = not self.maker.make(job)
        except TakenError:
            LOG.warning("Another server has taken over what this one was at: %s", job.wanted.file)
            self._forget(job)
        finally:
            with self._lock:
                self._current = None
                if again:
                    self._waiting.appendleft(job)
            if not again:
                _end(job)

    def _forget(self, job: Job) -> None:
        """The store knows more of it than this run."""
        with self._lock:
            self._jobs.pop(job.id, None)
        job.state = "failed"

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


def _end(job: Job) -> None:
    # A picture is large, and what becomes of the job is known for long.
    job.wanted = replace(job.wanted, picture=None)
    job.over.set_result(None)


def exports_folder(board: Board) -> Path:
    """The folder of files: as set, or beside the store."""
    if board.settings.exports:
        return Path(board.settings.exports).expanduser()
    store = getattr(board.engine.store, "path", None) or path_of(board.store_url)
    return Path(store).parent / FOLDER
