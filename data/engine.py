"""The loop: takes readings in, keeps them, and draws the newest picture from what it remembers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from data.alerts import Open, advance, look_again, restore, rewind, target_of
from data.build import Look, build, look, new_memory
from data.feeds.base import Feed
from data.ground import ground_of
from data.history import History
from data.inbox import Inbox
from data.memory import fence_rows, load, site_rows, watched_s
from data.picture import DayTotals, Picture, cut
from data.profile import Profile
from data.readings import Readings, Reports
from data.retention import DAY_S, drop_old
from data.store.base import Alerted, Store, Written
from data.watching import watching_since
from data.windows import lookback_s, reach_s

LOG = logging.getLogger("threeline.engine")
Subscriber = Callable[[Picture, Picture], None]

TODAY_S = 5.0
"""How often today's totals are summed up anew; less often when summing takes long."""
FEED_PAUSE_S = 5.0
"""How long a feed that failed rests before it is run again."""
LOOK_S = 1.0
"""How often the store is asked whether another process wrote; less often when taking that in takes long."""
PRUNE_PAUSE_S = 0.05
"""Left to others between two parts of what is dropped."""
RETRY_S = 600.0
"""How long after a failure dropping what is old is tried again."""
STOP_S = 10.0
"""How long `stop` waits for the threads, all together."""
AHEAD_S = 900
"""How far beyond the picture's time the store is read at once; what lies further ahead is read later."""
JITTER_S = 5
"""A clock that goes back by less is waited for; by more, it was set."""


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
        self.profile = profile
        self.store = store
        self.feeds = tuple(feeds)
        self.clock = clock
        self.step_s = step_s
        self.min_gap_s = min_gap_s
        self.history = History(profile, store)
        self.step_took_s = 0.0
        """How long the newest step took."""
        self.reload_took_s = 0.0
        """How long it took the last time to read the memories back from the store."""
        self.failed_steps = 0
        self._simulated = any(feed.simulated for feed in self.feeds)
        self._rules = {rule.id: rule for rule in profile.spec.rules}
        ground = ground_of(profile)
        self._ids = {"site": profile.sites.site_id, "fence": ground.fence_id}
        self._rows = {"site": profile.sites.row, "fence": ground.fence_row}
        self._reach = reach_s(profile.spec)
        self._watched_s = watched_s(profile)
        self._recent, self._watch = new_memory(profile)
        self._news: Inbox[Readings] = Inbox()
        self._fence_news: Inbox[Reports] = Inbox()
        self._open = {rule: Open.none() for rule in self._rules}
        self._simulated_past = False
        """Whether the sums beside the newest readings hold simulated ones."""
        self._today: tuple[int, dict[str, DayTotals]] = (0, {})
        """The midnight that they count from, and the totals by scope."""
        self._unsaved: dict[str, Alerted] = {}
        self._reload = threading.Event()
        self._read_on_at = np.inf
        """When the store must be read again, since it holds more that is dated ahead."""
        self._subscribers: list[Subscriber] = []
        self._subscribing = threading.Lock()
        # Of two values for one target and time, the one that the store took last is the one that is shown.
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        at = int(clock())
        self._since = watching_since(store, profile.sites.site_id)
        """From when each site is waited for."""
        self._view = look(profile, self._recent, self._watch, at, self._since)
        self.picture: Picture = build(profile, self._view, self._open, revision=0, simulated=self._simulated)

    def start(self) -> None:
        """Let feeds prepare, take up where the store left off, draw the first picture, and begin to step.

        An engine runs once; raises RuntimeError when it runs or has run.
        """
        if self._threads or self._stopping.is_set():
            raise RuntimeError("This engine runs or has run; make another one.")
        for feed in self.feeds:
            try:
                feed.prepare(self, int(self.clock()))
            except Exception:
                LOG.exception("Feed %s could not prepare; the board starts without it", feed.name)
        self.resume()
        self._spawn("steps", self._run)
        self._spawn("today", self._follow_today)
        self._spawn("store", self._follow_store)
        self._spawn("retention", self._follow_retention)
        for feed in self.feeds:
            self._spawn(f"feed {feed.name}", partial(self._feed, feed))

    def resume(self) -> Picture:
        """Take up where the store left off: readings, reports, open alerts; and draw the picture."""
        at = int(self.clock())
        self._since = watching_since(self.store, self.profile.sites.site_id, at)
        # Of the windows; the sums are not shown before they are summed up.
        self._simulated_past = self.store.has_simulated(at - lookback_s(self.profile.spec), at)
        self._begin_again(at)
        self._open, orphans = restore(self.store.alerts(at), self._rules, self._rows, at)
        self._keep([replace(alert, state="resolved", resolved_at=at) for alert in orphans])
        return self.step()

    def stop(self) -> None:
        """Stop feeds and steps and wait for them; the store stays open."""
        self._stopping.set()
        self._wake.set()
        for feed in self.feeds:
            try:
                feed.stop()
            except Exception:
                LOG.exception("Feed %s could not be stopped", feed.name)
        end = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(timeout=max(end - time.monotonic(), 0))
        stuck = [thread.name for thread in self._threads if thread.is_alive()]
        self._threads.clear()
        if stuck:
            LOG.warning("Did not end within %g s: %s", STOP_S, ", ".join(stuck))
        else:
            self._keep([])

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
            fences, back = fence_rows(self.profile, rows), int(self.clock()) - self._watched_s
            news = (fences >= 0) & (rows.observed_at > back)
            if news.any():
                self._fence_news.put(fences[news], rows.take(news))
                self._wake.set()
        return changed

    def subscribe(self, fn: Subscriber) -> Callable[[], None]:
        """Call fn(previous, new) after every step, in the engine's thread; returns how to end that."""
        with self._subscribing:
            self._subscribers = [*self._subscribers, fn]

        def end() -> None:
            with self._subscribing:
                self._subscribers = [other for other in self._subscribers if other is not fn]

        return end

    def picture_at(self, at: int | None = None, scope: str = "") -> Picture:
        """The newest picture, or the one of a past time from the store alone, cut to a scope.

        A picture of the past has revision 0. Raises FaultsError for a county that the profile does not know.
        """
        if at is None or at >= self.picture.at:
            return cut(self.picture, self.profile, scope)
        recent, watch = load(self.profile, self.store, at)
        view = look(self.profile, recent, watch, at, self._since)
        open_, _ = restore(self.store.alerts(at), self._rules, self._rows, at)
        picture = build(
            self.profile,
            view,
            {rule: look_again(mine, view.seen[rule]) for rule, mine in open_.items()},
            revision=0,
            simulated=self._simulated or self.history.simulated(at),
            today=self.history.today_by_scope(at),
        )
        return cut(picture, self.profile, scope)

    def step(self) -> Picture:
        """Draw the next picture and tell the subscribers; after a failure the last picture stays.

        Called by the engine's own thread once it runs.
        """
        begun = time.perf_counter()
        old = self.picture
        try:
            self.picture = self._next(self._time())
        except Exception:
            LOG.exception("A step failed; the picture of revision %d stays", old.revision)
            self.failed_steps += 1
            # What was taken from the inbox is in the store: begin the next step from there.
            self._reload.set()
            return old
        self.step_took_s = time.perf_counter() - begun
        for subscriber in self._subscribers:
            try:
                subscriber(old, self.picture)
            except Exception:
                LOG.exception("A subscriber failed at revision %d", self.picture.revision)
        return self.picture

    def refresh_today(self) -> None:
        """Sum up today for every scope; the next step shows it."""
        at = int(self.clock())
        # First: sums are never shown without the mark that belongs to them.
        self._simulated_past = self._simulated or self.history.simulated(at)
        self._today = (self.history.midnight(at), self.history.today_by_scope(at))

    def _announce(self, fresh: Readings) -> None:
        """Leave what is news for the next step; the rest is history."""
        self.history.touch(fresh.observed_at)
        sites = site_rows(self.profile, fresh)
        ours = sites >= 0
        sites, fresh = sites[ours], fresh.take(ours)
        # Too far before its site's newest reading is in no window; newer than that is news, however old.
        news = ~(fresh.observed_at <= self._recent.newest.observed_at[sites] - self._reach)
        if news.any():
            self._news.put(sites[news], fresh.take(news))
            self._wake.set()

    def _next(self, at: int) -> Picture:
        if self._reload.is_set() or at >= self._read_on_at:
            self._begin_again(at)
        self._take_in(at)
        view = look(self.profile, self._recent, self._watch, at, self._since)
        open_: dict[str, Open] = {}
        moved: list[Alerted] = []
        for rule_id, rule in self._rules.items():
            ids = self._ids[target_of(rule)]
            open_[rule_id], changed = advance(self._open[rule_id], rule, view.seen[rule_id], ids, at)
            moved += changed
        since, totals = self._today
        picture = build(
            self.profile,
            view,
            open_,
            revision=self.picture.revision + 1,
            simulated=self._simulated or self._simulated_past,
            # For a moment after midnight nothing is known of the new day.
            today=totals if since == self.history.midnight(at) else None,
            gaps=self.picture.gaps if _holds_as_before(self._view, view) else None,
        )
        self._view, self._open = view, open_
        self._keep(moved)
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
        for rule_id, rule in self._rules.items():
            ids = self._ids[target_of(rule)]
            self._open[rule_id], ended = rewind(self._open[rule_id], rule, ids, at)
            self._unsaved.update({alert.id: alert for alert in ended})
        return at

    def _take_in(self, at: int) -> None:
        for sites, readings in self._news.until(at):
            self._recent.put(sites, readings)
        for fences, reports in self._fence_news.until(at):
            self._watch.put(fences, reports)

    def _begin_again(self, at: int) -> None:
        """Read the memories back from the store as of a time; what is dated ahead waits in the inbox."""
        begun = time.perf_counter()
        # Before reading: who asks for it meanwhile has something that was perhaps not read.
        self._reload.clear()
        # Whatever is in the inbox is in the store, as long as nobody is between the two.
        with self._writing:
            self._news.clear()
            self._fence_news.clear()
            self._recent, self._watch = load(self.profile, self.store, at)
            end = at + AHEAD_S
            early, later = self.store.read(at, end), self.store.read_reports(at, end)
            sites, fences = site_rows(self.profile, early), fence_rows(self.profile, later)
            self._news.put(sites[sites >= 0], early.take(sites >= 0))
            self._fence_news.put(fences[fences >= 0], later.take(fences >= 0))
            span = self.store.span()
        # Ahead of a clock that was set back may be much.
        self._read_on_at = end if span is not None and span[1] > end else np.inf
        self.reload_took_s = time.perf_counter() - begun

    def _look_anew(self) -> None:
        """The store is not what it was, and nobody said where: read memories and sums again."""
        self.history.forget()
        self._reload.set()
        self._wake.set()

    def _keep(self, alerts: Sequence[Alerted]) -> None:
        """Put alerts into the store; what it refuses now is tried again at the next step."""
        self._unsaved.update({alert.id: alert for alert in alerts})
        if not self._unsaved:
            return
        try:
            self.store.put_alerts(list(self._unsaved.values()))
        except Exception:
            LOG.exception("%d alerts could not be kept; the next step tries again", len(self._unsaved))
        else:
            self._unsaved = {}

    def _run(self) -> None:
        while not self._stopping.is_set():
            begun = time.monotonic()
            self._wake.clear()
            self.step()
            if not self._stopping.wait(self.min_gap_s):
                self._wake.wait(max(self.step_s - (time.monotonic() - begun), 0))

    def _follow_today(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            begun = time.monotonic()
            try:
                self.refresh_today()
                # Read ahead what the first page asks for.
                self.history.curve(int(self.clock()))
            except Exception:
                LOG.exception("Today's totals could not be summed up; the last ones stay")
            pause = max(TODAY_S, 2 * (time.monotonic() - begun))

    def _follow_store(self) -> None:
        """Take in what other processes write, such as `threeline ingest`."""
        while not self._stopping.wait(max(LOOK_S, 10 * self.reload_took_s)):
            try:
                if self.store.others_wrote():
                    self._look_anew()
            except Exception:
                LOG.exception("The store does not say whether others wrote; asked again")

    def _follow_retention(self) -> None:
        """Drop what is past its time, at first and once a day."""
        days, pause = self.profile.spec.retention_days, 0.0
        while not self._stopping.wait(pause):
            try:
                if drop_old(self.store, days, lambda: not self._stopping.wait(PRUNE_PAUSE_S)):
                    self._look_anew()
                pause = float(DAY_S)
            except Exception:
                LOG.exception("What is past its time could not be dropped; tried again in %g s", RETRY_S)
                pause = RETRY_S

    def _feed(self, feed: Feed) -> None:
        while not self._stopping.is_set():
            try:
                feed.run(self)
            except Exception:
                LOG.exception("Feed %s failed; it is run again in %g s", feed.name, FEED_PAUSE_S)
                self._stopping.wait(FEED_PAUSE_S)
            else:
                return

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"threeline {name}", daemon=True)
        self._threads.append(thread)
        thread.start()


def _holds_as_before(old: Look, new: Look) -> bool:
    return np.array_equal(old.site_holds, new.site_holds) and np.array_equal(old.fence_holds, new.fence_holds)
