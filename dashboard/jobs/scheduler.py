"""The scheduler: has the files of the profile's schedules made, sends them, and says when that fails.

What was made and sent stands in the journal, so it goes on after a restart: a file that was missed is made
with the picture of its time, and marked. Of several servers on one store one takes a file and makes it, and
another does where that one dies. A failure is tried again; after some tries it is put into the journal, the
board says so, and it is tried further as long as the slot is waited for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dashboard.exports.look import Look
from dashboard.jobs.claims import BEAT_S
from dashboard.jobs.job import Wanted
from dashboard.jobs.kept import ACTIONS, MAIL, Kept, Made, Matter, Place, Work
from dashboard.jobs.noted import LONGEST_S, Noted
from dashboard.jobs.parcel import Parcel, Post, post_of
from dashboard.jobs.queue import FullError, Queue
from dashboard.notify.way import Undelivered
from dashboard.words import say
from data.journal import BOARD, Draft, Entry
from data.notices import unexported
from data.picture import Picture
from data.schedule import Key, Task, late, tasks
from data.size import parse_size
from data.spec_exports import LookSpec, ScheduleSpec
from data.threads import Threads

if TYPE_CHECKING:
    from dashboard.board import Board

LOG = logging.getLogger("threeline.exports")
LOOK_S, REST_S = 1.0, 15.0
"""How often it is looked for what is due, and how long it rests where that itself went wrong."""
STOP_S = 5.0
AT_ONCE = 2
"""Files in the queue at once: people's own wait behind so many at most."""
Due = dict[Key, tuple[ScheduleSpec, Task]]


class Scheduler:
    """Runs beside the engine, over the queue of files."""

    def __init__(self, board: Board, queue: Queue, post: Post | None = None) -> None:
        """`post` in place of the mail server that the board's settings name."""
        self._board, self._queue, self._store = board, queue, board.engine.store
        self._post = post if post is not None else post_of(board.settings)
        self._noted, self._kept = Noted(self._store), Kept()
        self._seq = 0
        """Of the newest entry of the journal that was read."""
        self._works: dict[Key, Work] = {}
        self._mails: dict[Place, Work] = {}
        self._complained: tuple[int, int] | None = (0, 0)  # nothing was told yet
        self._threads, self._lock = Threads(), threading.Lock()

    def start(self) -> None:
        """Take up what was done before, and look from now on."""
        self.read()
        self._threads.spawn("schedules", self._run)

    def stop(self) -> None:
        """End; files that were asked for are the queue's."""
        self._threads.stopping.set()
        if stuck := self._threads.join(STOP_S):
            LOG.warning("Did not end within %g s: %s", STOP_S, ", ".join(stuck))

    @property
    def failing(self) -> dict[Matter, int]:
        """What cannot be made or sent, and since when."""
        with self._lock:
            return dict(self._kept.failing)

    def read(self) -> None:
        """Read from the journal and the store what was done before."""
        self._noted.read()
        since = int(self._board.clock()) - 2 * LONGEST_S
        told = self._store.entries(actions=ACTIONS, newest=True)
        self._take_in([entry for entry in told if entry.at >= since])

    def _read_on(self) -> None:
        """Take in what was done since, here and by other servers."""
        self._take_in(self._store.entries(self._seq, actions=ACTIONS))

    def _take_in(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._kept.read(entry)
            self._seq = entry.seq

    def look(self) -> None:
        """Do what there is to do now; never waits for a file."""
        picture, now = self._board.engine.picture, int(self._board.clock())
        profile = picture.profile or self._board.profile
        specs = profile.spec.schedules
        with self._lock:
            self._noted.look(picture, specs, now)
            self._read_on()
            due = {
                self._kept.known(task.key, task.alert): (spec, task)
                for spec in specs
                for slot in self._noted.slots(profile, spec, now)
                for task in tasks(spec, slot, profile.spec.languages)
            }
            self._collect(due, now)
            self._make(due, picture, now)
            if self._post is not None:
                self._send(self._post, due, now)
            waiting = {(key[0], key[2], key[3]) for key in self._works}
            waiting |= {(schedule, scope, MAIL) for schedule, _, scope in self._mails}
            self._kept.forget({spec.id for spec in specs}, waiting, now, LONGEST_S)
            self._complain()

    def _run(self) -> None:
        stopping = self._threads.stopping
        while not stopping.is_set():
            wait = LOOK_S
            try:
                self.look()
            except Exception:
                LOG.exception("Schedules could not be looked at; tried again")
                wait = REST_S
            stopping.wait(wait)

    def _collect(self, due: Due, now: int) -> None:
        """What became of the files that were asked for; what is not due any more is let go."""
        for key, work in list(self._works.items()):
            job = work.job
            if job is not None and job.finished:
                work.job = None
                schedule, slot, scope, file = key
                if job.state == "done":
                    self._kept.put(key, Made(job.id, job.name, job.wanted.late, job.wanted.alert))
                elif job.failure is not None and work.failed(now):
                    told = {"form": job.wanted.form, "at": job.at, "why": job.failure.why}
                    self._fail((schedule, scope, file), slot, job.id, work, told)
            if work.job is None and (key not in due or key in self._kept.made):
                del self._works[key]

    def _make(self, due: Due, picture: Picture, now: int) -> None:
        """Ask for what is due and not there, oldest first."""
        busy = sum(one.job is not None for one in self._works.values())
        for key, (spec, task) in sorted(due.items(), key=lambda item: item[1][1].at):
            if key in self._kept.made:
                continue
            work = self._works.setdefault(key, Work())
            # Right at the moment of a slot the picture is not as far yet.
            ready = now >= work.next_at and picture.at >= task.at
            if work.job is None and busy < AT_ONCE and ready:
                busy += self._ask(key, work, self._wanted(spec, task, now), now)

    def _ask(self, key: Key, work: Work, wanted: Wanted, now: int) -> bool:
        """Ask for a file that nobody else is at; whether it was asked for."""
        # By the alert where it is made for one: another server may have seen that in another minute.
        schedule, slot, scope, file = key
        claim = self._taken((schedule, wanted.alert or slot, scope, file), work, now)
        if claim and self._kept.known(key, wanted.alert) not in self._kept.made:
            try:
                work.job = self._queue.put(wanted, claim)
                return True
            except FullError as full:
                work.next_at = now + full.retry_after_s
        if claim:
            self._queue.claims.drop(claim)
        return False

    def _taken(self, matter: tuple[object, ...], work: Work, now: int) -> str:
        """The claim by which something is taken, and everything known that was done of it; "" where another
        server has it: it is asked again soon."""
        claim = "|".join(map(str, matter))
        if self._queue.claims.take(claim, {}) is None:
            work.next_at = now + BEAT_S
            return ""
        self._read_on()
        return claim

    def _wanted(self, spec: ScheduleSpec, task: Task, now: int) -> Wanted:
        missed = late(task, now)
        return Wanted(
            task.file,
            task.lang,
            scope=task.scope,
            at=task.at,
            # What a county's readers may have, too.
            reach=task.scope,
            who=BOARD,
            size=parse_size(spec.size),
            look=look_of(spec),
            covers=task.covers,
            base=self._board.settings.address,
            marks=(say(task.lang, "export_late"),) if missed else (),
            schedule=task.schedule,
            slot=task.at,
            alert=task.alert,
            late=missed,
        )

    def _send(self, post: Post, due: Due, now: int) -> None:
        """Send what is made, slot by slot and scope by scope, once nothing of it is still to come soon."""
        places: dict[Place, tuple[ScheduleSpec, list[Key]]] = {}
        for key, (spec, _) in due.items():
            if spec.mail:
                places.setdefault(key[:3], (spec, []))[1].append(key)
        self._mails = {place: work for place, work in self._mails.items() if place in places}
        for place, (spec, keys) in places.items():
            coming = any((work := self._works.get(key)) and not work.told for key in keys)
            work = self._mails.get(place) or Work()
            if self._kept.unsent(keys) and not coming and now >= work.next_at:
                self._mails[place] = work
                if claim := self._taken((*place, MAIL), work, now):
                    try:
                        self._send_one(post, spec, place, self._kept.unsent(keys), now)
                    finally:
                        self._queue.claims.drop(claim)

    def _send_one(self, post: Post, spec: ScheduleSpec, place: Place, unsent: list[Made], now: int) -> None:
        if not unsent:  # another server was first
            return
        work, (schedule, slot, scope) = self._mails[place], place
        parcel = Parcel.of(self._board, spec, place, unsent, self._queue.shelf)
        ids = [one.id for one in unsent]
        if not parcel.files:  # somebody took them from the shelf
            return
        try:
            sent = post.send(parcel)
        except Exception as error:
            # Whatever it is: other mails go on, and somebody must hear of this one.
            if work.failed(now):
                why = error.why if isinstance(error, Undelivered) else type(error).__name__
                LOG.warning("Schedule %s: the mail is not taken: %s", schedule, why)
                self._fail((schedule, scope, MAIL), slot, ids[0], work, {"why": "export-not-sent"})
            return
        del self._mails[place]
        self._kept.sent(place, ids)
        detail = {
            "schedule": schedule,
            "slot": slot,
            "exports": ids,
            "receivers": sent.receivers,
            "left_out": sent.left_out,
        }
        self._board.engine.order([Draft("export.sent", ids[0], BOARD, scope=scope, detail=detail)])

    def _fail(self, matter: Matter, slot: int, subject: str, work: Work, told: Mapping[str, Any]) -> None:
        """Tell of something that failed several times; it is tried further."""
        schedule, scope, file = matter
        LOG.warning("Schedule %s: %s failed %d times, tried further", schedule, file, work.tries)
        self._kept.failing.setdefault(matter, int(self._board.clock()))
        detail = {"file": file, "at": slot, "schedule": schedule, "slot": slot, "tries": work.tries, **told}
        self._board.engine.order([Draft("export.failed", subject, BOARD, scope=scope, detail=detail)])

    def _complain(self) -> None:
        """Say on the board that files are not made or sent, or that they are again."""
        failing = self._kept.failing
        told = (len(failing), min(failing.values())) if failing else None
        if told != self._complained:
            self._complained = told
            self._board.engine.tell([unexported(*told)] if told else [], by="schedules")


def look_of(spec: LookSpec) -> Look:
    """How the snapshots of a schedule are to be seen."""
    return Look(
        theme=spec.theme,
        sheet=spec.sheet,
        line=spec.line,
        center=spec.center,
        zoom=spec.zoom,
        hidden=tuple(spec.hide),
        site=spec.site,
    )
