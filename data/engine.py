"""The loop: takes readings in, keeps them, and draws the newest picture from what it remembers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from data.adopted import Adopted, Coming
from data.build import build, prepare
from data.feeding import Feeding
from data.feeds.base import Feed
from data.history import History
from data.inbox import Inbox
from data.journal import Draft, Entry
from data.logbook import Logbook
from data.memory import fence_rows, load, site_rows
from data.notice import Notice
from data.orders import Orders
from data.past import past
from data.picture import Picture, cut
from data.profile import Profile
from data.readings import Readings, Reports
from data.store.base import Alerted, Look, Store, Written
from data.threads import Threads
from data.unsaved import Unsaved
from data.upkeep import follow_retention, follow_store, follow_today
from data.windows import lookback_s

LOG = logging.getLogger("threeline.engine")
Subscriber = Callable[[Picture, Picture], None]

STOP_S = 10.0
"""How long `stop` waits for the threads, all together."""
AHEAD_S = 900
"""How far beyond the picture's time the store is read at once; what lies further ahead is read later."""
JITTER_S = 5
"""A clock that goes back by less is waited for; by more, it was set."""
ADOPT_S = 120.0
"""How long another profile waits for the step that takes it up."""


class Engine:
    """Holds the newest picture of the whole prefecture; the only thing here that changes with time."""

    def __init__(
        self,
        profile: Profile,
        store: Store,
        feeds: Sequence[Feed] = (),
        *,
        clock: Callable[[], float] = time.time,
        step_s: float = 1.0,
        min_gap_s: float = 0.1,
    ) -> None:
        self.store = store
        self.clock = clock
        self.step_s = step_s
        self.min_gap_s = min_gap_s
        self.step_took_s = 0.0
        """How long the newest step took."""
        self.reload_took_s = 0.0
        """How long it took the last time to read the memories back from the store."""
        self.failed_steps = 0
        self._threads = Threads()
        self._feeding = Feeding(feeds, self, clock, self._threads)
        self._news: Inbox[Readings] = Inbox()
        self._fence_news: Inbox[Reports] = Inbox()
        self._simulated_past = False
        """Whether the sums beside the newest readings hold simulated ones."""
        self._unsaved = Unsaved(store)
        self._logbook = Logbook(store)
        self._told: dict[str, tuple[Notice, ...]] = {}
        self._reload = threading.Event()
        self._read_on_at = np.inf
        """When the store must be read again, since it holds more that is dated ahead."""
        self._subscribers: list[Subscriber] = []
        self._subscribing = threading.Lock()
        # Of two values for one target and time, the one that the store took last is the one that is shown.
        self._writing = threading.Lock()
        self._adopting = threading.Lock()
        self._coming: Coming | None = None
        self._wake = threading.Event()
        at = int(clock())
        self._now = now = Adopted.of(profile, store, at)
        self.picture: Picture = build(
            profile,
            now.view,
            now.open,
            revision=0,
            simulated=self._feeding.simulated,
            notices=now.notices,
        )

    @property
    def profile(self) -> Profile:
        """The profile of the newest picture."""
        return self.picture.profile or self._now.profile

    @property
    def adopted_at(self) -> int:
        """Since when the profile runs, epoch seconds."""
        return self._now.at

    @property
    def history(self) -> History:
        """Answers about the past, under the profile in force."""
        return self._now.history

    def start(self) -> None:
        """Let feeds prepare, take up where the store left off, draw the first picture, and begin to step.

        An engine runs once; raises RuntimeError when it runs or has run.
        """
        if self._threads or self._threads.stopping.is_set():
            raise RuntimeError("This engine runs or has run; make another one.")
        self._feeding.prepare()
        self.resume()
        stopping = self._threads.stopping
        self._threads.spawn("steps", self._run)
        for name, follow in (
            ("today", follow_today),
            ("store", follow_store),
            ("retention", follow_retention),
        ):
            self._threads.spawn(name, partial(follow, self, stopping))
        self._feeding.start()

    def resume(self) -> Picture:
        """Take up where the store left off: readings, reports, open alerts; and draw the picture."""
        at, now = int(self.clock()), self._now
        now.begin(self.store, at, made_up=self._feeding.simulated)
        # Of the windows; the sums are not shown before they are summed up.
        self._simulated_past = self.store.has_simulated(at - lookback_s(now.profile.spec), at)
        self._begin_again(at)
        self._unsaved.keep(now.restore(self.store, at))
        self._logbook.read(now.alert_ids())
        return self.step()

    def stop(self) -> None:
        """Stop feeds and steps and wait for them; the store stays open."""
        self._threads.stopping.set()
        self._wake.set()
        self._feeding.stop()
        stuck = self._threads.join(STOP_S)
        if stuck:
            LOG.warning("Did not end within %g s: %s", STOP_S, ", ".join(stuck))
        else:
            self._unsaved.keep()

    def adopt(self, profile: Profile, feeds: Callable[[], Sequence[Feed]] = tuple) -> None:
        """Show another profile from the next step on; returns once the picture does and its feeds run.

        Sites and fences that stay keep their readings, and alerts go on where their rule and target do.
        `feeds` makes the feeds of the new profile, after the present ones have stopped. Raises what went
        wrong: then the picture and all behind it stay as they were.
        """
        with self._adopting:
            prepare(profile)
            at = int(self.clock())
            coming = Coming(Adopted.of(profile, self.store, at))
            history = coming.adopted.history
            # Summed up before the step, so that no picture lacks the day's totals for it.
            coming.adopted.today = (history.midnight(at), history.today_by_scope(at))
            self._coming = coming
            self._wake.set()
            if not self._threads:
                self.step()
            withdrawn = not coming.over.wait(ADOPT_S) and coming.claim()
            self._coming = None
            if withdrawn:
                raise TimeoutError(f"no step took the profile up within {ADOPT_S:g} s")
            # A step that has begun with it shows it or fails, however long that takes.
            coming.over.wait()
            if coming.error is not None:
                raise coming.error
            self._feeding.change(feeds)

    def tell(self, notices: Sequence[Notice], by: str = "profile") -> None:
        """What a part of the board has to say about itself, from the next picture on."""
        self._told = {**self._told, by: tuple(notices)}
        self._wake.set()

    def readings(self, rows: Readings) -> Written:
        """Keep readings, then let the next step see them; returns once they are durable."""
        with self._writing:
            written = self.store.write(rows)
            self._announce(written.fresh)
        return written

    def reports(self, rows: Reports) -> int:
        """Keep fence and device reports, then let the next step see the fences."""
        with self._writing:
            changed = self.store.write_reports(rows)
            fences, back = fence_rows(self._now.profile, rows), int(self.clock()) - self._now.watched_s
            news = (fences >= 0) & (rows.observed_at > back)
            if news.any():
                self._fence_news.put(fences[news], rows.take(news))
                self._wake.set()
        return changed

    def looks(self, looks: Sequence[Look]) -> list[Look]:
        """Keep video looks, then let the next step see them; those that were kept, with their ids."""
        with self._writing:
            kept = self.store.put_looks(looks)
            self._now.rounds.put(kept)
        self._wake.set()
        return kept

    def order(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Put orders into the journal, then let the next step follow them; returns once they are durable."""
        entries = self._logbook.put(drafts, int(self.clock()))
        self._wake.set()
        return entries

    @property
    def orders(self) -> Orders:
        """What is ordered now; the newest picture may be a moment behind."""
        return self._logbook.orders

    def subscribe(self, fn: Subscriber) -> Callable[[], None]:
        """Call fn(previous, new) after every step, in the engine's thread; returns how to end that.

        The two are of different sites where the step took up another profile.
        """
        with self._subscribing:
            self._subscribers = [*self._subscribers, fn]

        def end() -> None:
            with self._subscribing:
                self._subscribers = [other for other in self._subscribers if other is not fn]

        return end

    def picture_at(self, at: int | None = None, scope: str = "") -> Picture:
        """The newest picture, or the one of a past time from the store alone, cut to a scope.

        A picture of the past has revision 0, and is drawn under the profile of today: after an edit its
        sites, borders, radii and duty level are those of now. Raises FaultsError for an unknown county.
        """
        newest, now = self.picture, self._now
        profile = now.profile
        if at is None or at >= newest.at:
            return cut(newest, newest.profile or profile, scope)
        picture = past(now, self.store, self._logbook, at, simulated=self._feeding.simulated)
        return cut(picture, profile, scope)

    def step(self) -> Picture:
        """Draw the next picture and tell the subscribers; after a failure the last picture stays.

        Called by the engine's own thread once it runs.
        """
        begun = time.perf_counter()
        old, was = self.picture, self._now
        coming = self._coming
        coming = coming if coming and coming.claim() else None
        try:
            at = self._time()
            ended = self._take_up(coming.adopted, at) if coming else []
            self.picture = self._next(at, ended)
        except Exception as error:
            LOG.exception("A step failed; the picture of revision %d stays", old.revision)
            self.failed_steps += 1
            self._now = was
            # What was taken from the inbox is in the store: begin the next step from there.
            self._reload.set()
            if coming:
                coming.error = error
                coming.over.set()
            return old
        self.step_took_s = time.perf_counter() - begun
        for subscriber in self._subscribers:
            try:
                subscriber(old, self.picture)
            except Exception:
                LOG.exception("A subscriber failed at revision %d", self.picture.revision)
        if coming:
            coming.over.set()
        return self.picture

    def refresh_today(self) -> None:
        """Sum up today for every scope; the next step shows it."""
        at, now = int(self.clock()), self._now
        # First: sums are never shown without the mark that belongs to them.
        self._simulated_past = self._feeding.simulated or now.history.simulated(at)
        now.today = (now.history.midnight(at), now.history.today_by_scope(at))

    def look_anew(self) -> None:
        """The store is not what it was, and nobody said where: read memories and sums again."""
        self._now.history.forget()
        self._reload.set()
        self._wake.set()

    def _take_up(self, new: Adopted, at: int) -> list[Alerted]:
        """Go on under another profile; the alerts that end with the one before."""
        ended = new.take_over(self._now, at)
        new.begin(self.store, at)
        with self._writing:
            self._now = new
        # What arrived while its sums were prepared is not in them.
        new.history.forget()
        self._begin_again(at)
        return ended

    def _announce(self, fresh: Readings) -> None:
        """Leave what is news for the next step; the rest is history."""
        now = self._now
        now.history.touch(fresh.observed_at)
        sites = site_rows(now.profile, fresh)
        ours = sites >= 0
        sites, fresh = sites[ours], fresh.take(ours)
        # Too far before its site's newest reading is in no window; newer than that is news, however old.
        news = ~(fresh.observed_at <= now.recent.newest.observed_at[sites] - now.reach_s)
        if news.any():
            self._news.put(sites[news], fresh.take(news))
            self._wake.set()

    def _next(self, at: int, ended: Sequence[Alerted] = ()) -> Picture:
        if self._reload.is_set() or at >= self._read_on_at:
            self._begin_again(at)
        now, last = self._now, self.picture
        self._take_in(at)
        notices = (*sum(self._told.values(), ()), *now.notices)
        view = now.look(at, self.orders, notices)
        open_, moved = now.advance(view)
        since, totals = now.today
        picture = build(
            now.profile,
            view,
            open_,
            revision=last.revision + 1,
            simulated=self._feeding.simulated or self._simulated_past,
            # For a moment after midnight nothing is known of the new day.
            today=totals if since == now.history.midnight(at) else None,
            notices=notices,
            rounds=now.rounds.tallies(at),
            worn=now.worn,
        )
        now.view, now.open = view, open_
        for take_in in (now.lately.note, self._unsaved.keep, self._logbook.forget):
            take_in([*ended, *moved])
        return picture

    def _time(self) -> int:
        """The picture's time: the clock, but never a little back."""
        at, last = int(self.clock()), self.picture.at
        if at >= last:
            return at
        if last - at <= JITTER_S:
            return last
        LOG.warning("The clock was set back by %d s; the picture follows it", last - at)
        self._reload.set()
        self._unsaved.put(self._now.rewind(at))
        return at

    def _take_in(self, at: int) -> None:
        for sites, readings in self._news.until(at):
            self._now.recent.put(sites, readings)
        for fences, reports in self._fence_news.until(at):
            self._now.watch.put(fences, reports)

    def _begin_again(self, at: int) -> None:
        """Read the memories back from the store as of a time; what is dated ahead waits in the inbox."""
        begun, now = time.perf_counter(), self._now
        # Before reading: who asks for it meanwhile has something that was perhaps not read.
        self._reload.clear()
        # Whatever is in the inbox is in the store, as long as nobody is between the two.
        with self._writing:
            self._news.clear()
            self._fence_news.clear()
            now.recent, now.watch = load(now.profile, self.store, at)
            now.rounds.load(self.store, at)
            end = at + AHEAD_S
            early, later = self.store.read(at, end), self.store.read_reports(at, end)
            sites, fences = site_rows(now.profile, early), fence_rows(now.profile, later)
            self._news.put(sites[sites >= 0], early.take(sites >= 0))
            self._fence_news.put(fences[fences >= 0], later.take(fences >= 0))
            span = self.store.span()
            self._logbook.read_on()
        # Ahead of a clock that was set back may be much.
        self._read_on_at = end if span is not None and span[1] > end else np.inf
        self.reload_took_s = time.perf_counter() - begun

    def _run(self) -> None:
        stopping = self._threads.stopping
        while not stopping.is_set():
            begun, woken = time.monotonic(), self._wake.is_set()
            self._wake.clear()
            self.step()
            # What comes in bursts is taken together; the first to come after a quiet step waits for nothing.
            if not (woken and stopping.wait(self.min_gap_s)):
                self._wake.wait(max(self.step_s - (time.monotonic() - begun), 0))
