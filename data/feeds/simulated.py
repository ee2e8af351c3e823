"""The demonstration feed: a made-up prefecture at work, a function of seed, site and time alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.feeds.base import Sink
from data.feeds.day import DAY_S, Day, Group
from data.feeds.world import REPORT_S, World
from data.ground import ground_of
from data.profile import Profile
from data.readings import Readings, Reports
from data.targets import targets_of

Ints = NDArray[np.int64]

log = logging.getLogger(__name__)

PAST_DAYS = 8
FINE_S = 1800
"""The newest part of the past comes at the sites' own interval, the rest in coarser readings."""
COARSE_S = 900
"""Interval of the rest: whole quarters, so that sums over quarters are those of the fine readings."""
CHUNK_S = 2 * 3600
"""How much of the past is written between two looks at the clock."""
_PAUSE_S = 0.02
"""Left to others between two chunks of the past."""


class SimulatedFeed:
    """A feed for demonstrations; `span` is what the store already holds, and is not written again.

    Sites that the store never heard of (`unheard`), such as those an edit of the profile brought, get their
    past day all the same.
    """

    name = "simulated"
    simulated = True

    def __init__(
        self,
        profile: Profile,
        *,
        clock: Callable[[], float] = time.time,
        span: tuple[int, int] | None = None,
        unheard: Collection[str] = (),
    ) -> None:
        """Raises ValueError when the profile has no `[simulation]` table."""
        if profile.spec.simulation is None:
            raise ValueError("the profile has no [simulation] table, so there is nothing to simulate")
        self._world = World(profile, profile.spec.simulation)
        self._profile, self._clock, self._span = profile, clock, span
        self._unheard = frozenset(unheard)
        self._done: int | None = None
        self._stop = threading.Event()

    def generate(self, start: int, end: int, interval: int | None = None) -> Readings:
        """Readings with start < observed_at <= end, ordered by time, at the sites' own interval or longer.

        The same arguments give the same readings. A longer interval is rounded to whole intervals of a site.
        """
        parts = []
        for day in self._world.between(start, end):
            size = 1 if interval is None else _block(day.group, interval)
            parts.append(self._cut(day, *_within(day, start, end, size)))
        return _in_order(parts)

    def past(self, start: int, end: int, *, fine_from: int | None = None, joined: bool = False) -> Readings:
        """Readings with start < observed_at <= end that together cover every moment once, ordered by time.

        Coarse until `fine_from`, and from there on at the sites' own interval; coarse throughout without it.
        Then what belongs to a coarse reading later than `end` is left to the stretch that holds its end.
        `joined`: up to `start` readings at the sites' own interval are held already; none may overlap them.
        """
        parts = []
        for day in self._world.between(start, end):
            size = _block(day.group, COARSE_S)
            blocks = _within(day, start, end if fine_from is None else min(end, fine_from), size)
            if joined:
                clear = day.at(blocks.site, blocks.last - blocks.steps + 1) > start
                blocks = _Blocks(*(column[clear] for column in blocks))
            covered = np.zeros((len(day.group.rows), day.group.steps), dtype=bool)
            covered[blocks.site, blocks.last] = True
            own = _within(day, start, end, 1)
            ends_with = own.last // size * size + size - 1
            single = ~covered[own.site, ends_with]
            if fine_from is None:
                single &= day.at(own.site, ends_with) <= end
            parts += [self._cut(day, *blocks), self._cut(day, *(column[single] for column in own))]
        return _in_order(parts)

    def reports(self, start: int, end: int) -> Reports:
        """Reports of fences and devices with start < observed_at <= end, ordered by time."""
        targets = targets_of(self._profile)
        fences, devices = targets["fence"].ids, targets["device"].ids
        ids = np.concatenate([fences, devices])
        parts = []
        for number in range(self._world.number(start + 1), self._world.number(end) + 1):
            up, came, went = self._world.fences(number)
            nothing = np.full((len(devices), up.shape[1]), np.nan)
            came, went = np.concatenate([came, nothing]), np.concatenate([went, nothing])
            up = np.concatenate([up, self._world.devices(number)])
            # They report a few seconds after one another.
            late = np.arange(len(ids))[:, None] * 7 % REPORT_S
            at = self._world.begin(number) + np.arange(up.shape[1]) * REPORT_S + late
            row, step = np.nonzero((at > start) & (at <= end))
            parts.append(np.array([at[row, step], row, up[row, step], came[row, step], went[row, step]]))
        rows = np.concatenate(parts, axis=1) if parts else np.empty((5, 0))
        rows = rows[:, np.lexsort((rows[1], rows[0]))]
        return Reports(
            target=np.where(rows[1] < len(fences), "fence", "device").astype(object),
            target_id=ids[rows[1].astype(np.int64)],
            observed_at=rows[0].astype(np.int64),
            state=np.where(rows[2] > 0, "up", "down").astype(object),
            crossings_in=rows[3],
            crossings_out=rows[4],
        )

    def prepare(self, sink: Sink, now: int) -> None:
        """Fill in the past day, or what the store lacks of it."""
        start, joined = now - DAY_S, False
        if self._span is not None and self._span[1] > start:
            if self._span[0] - 1 > start:
                sink.readings(self.past(start, self._span[0] - 1))
                sink.reports(self.reports(start, self._span[0] - 1))
            start, joined = self._span[1], True
        if start < now:
            sink.readings(self.past(start, now, fine_from=now - FINE_S, joined=joined))
            sink.reports(self.reports(start, now))
        if self._unheard and self._span is not None:
            rows = self.past(now - DAY_S, min(self._span[1], now), fine_from=now - FINE_S)
            sink.readings(rows.take(np.isin(rows.site_id.astype(str), list(self._unheard))))
        self._done = now

    def run(self, sink: Sink) -> None:
        """Bring readings as their time comes, and the past eight days in between, newest first."""
        done = self._done if self._done is not None else int(self._clock())
        older = self._older(done)
        chunk = next(older, None)
        while not self._stop.is_set():
            try:
                now = int(self._clock())
                if now > done:
                    # The machine may have slept for days: in stretches, and no further than the past goes.
                    begin = max(done, now - PAST_DAYS * DAY_S)
                    until = min(now, begin + CHUNK_S)
                    sink.readings(self.generate(begin, until))
                    sink.reports(self.reports(begin, until))
                    self._done = done = until
                if chunk is not None:
                    start, end, joined = chunk
                    sink.readings(self.past(start, end, joined=joined))
                    sink.reports(self.reports(start, end))
                    chunk = next(older, None)
            except Exception:  # a store that is busy must not end the demonstration; the same rows go again
                log.exception("the simulated feed could not deliver; trying again")
                self._stop.wait(1.0)
            busy = chunk is not None or int(self._clock()) > done + 1
            self._stop.wait(_PAUSE_S if busy else 1.0 - self._clock() % 1.0)

    def stop(self) -> None:
        """Make `run` return within a second."""
        self._stop.set()

    def _older(self, now: int) -> Iterator[tuple[int, int, bool]]:
        """Stretches of the past still to be written, newest first: start, end, `joined`."""
        first, last = self._span or (now - DAY_S + 1, now)
        oldest, prepared = now - PAST_DAYS * DAY_S, now - DAY_S
        # What prepare left open after the store's last reading, then what lies before its first.
        after, before = (max(last, oldest), prepared, True), (oldest, min(first - 1, prepared), False)
        for low, high, joined in (after, before):
            end = high
            while end > low:
                start = max(end - CHUNK_S, low)
                yield start, end, joined and start == low
                end = start

    def _cut(self, day: Day, site: Ints, last: Ints, count: Ints) -> Readings:
        """Readings of sites that end at their step `last` and cover `count` steps; silent ones left out."""
        heard = ~day.silent[site, last]
        group, sites, ground = day.group, self._profile.sites, ground_of(self._profile)
        if ground.dated:
            # A reading speaks for its whole interval: all of it lies in the site's days of service.
            of, end = group.rows[site], day.at(site, last)
            heard &= (end - count * group.step_s >= ground.opens[of]) & (end <= ground.closes[of])
        site, last, count = site[heard], last[heard], count[heard]
        rows = group.rows[site]
        before = last + 1 - count
        counts = (day.counted[:, site, last + 1] - day.counted[:, site, before]).astype(np.float64)
        ended = day.outcomes[site, last + 1] - day.outcomes[site, before]
        has_lanes = ~np.isnan(sites.lanes_total[rows])
        return Readings.of(
            site_id=sites.site_id[rows],
            observed_at=day.at(site, last),
            interval_s=count * float(group.step_s),
            persons_in=counts[0],
            persons_out=counts[1],
            vehicles_in=counts[2],
            vehicles_out=counts[3],
            queue_m=np.round(day.queue_m[site, last].astype(np.float64)),
            wait_min=np.round(day.wait_min[site, last].astype(np.float64), 1),
            lanes_open=np.where(has_lanes, day.lanes[site, last], np.nan),
            staff_on_duty=day.staff[site, last],
            method="simulated",
            outcomes=self._outcomes(ended, self._world.checkpoint[rows]),
        )

    def _outcomes(self, ended: Ints, always: NDArray[np.bool_]) -> NDArray[np.object_]:
        """A dict per row: at checkpoints always, elsewhere only where there was something."""
        names = [(at, name) for at, name in enumerate(self._world.outcomes)]
        names = [(at, name) for at, name in names if name in self._profile.spec.outcomes]
        rows = np.full(len(ended), None, dtype=object)
        if names:
            for row in np.flatnonzero(always | (ended.sum(axis=1) > 0)).tolist():
                rows[row] = {name: int(ended[row, at]) for at, name in names}
        return rows


def _block(group: Group, interval: int) -> int:
    """How many of a group's steps make up an interval: a number that divides its day."""
    wanted = max(1, interval // group.step_s)
    return next(size for size in range(wanted, 0, -1) if group.steps % size == 0)


class _Blocks(NamedTuple):
    """Runs of steps: the site, the last step and the number of steps of each."""

    site: Ints
    last: Ints
    steps: Ints


def _within(day: Day, start: int, end: int, size: int) -> _Blocks:
    """The blocks of `size` steps that end within start < t <= end."""
    step = day.group.step_s
    low = max((start - day.start) // step - 1, 0)
    high = max(min((end - day.start) // step + 1, day.group.steps), low)
    ends = day.ends(low, high)
    site, column = np.nonzero((ends > start) & (ends <= end))
    last = column + low
    whole = (last + 1) % size == 0
    return _Blocks(site[whole], last[whole], np.full(np.count_nonzero(whole), size))


def _in_order(parts: list[Readings]) -> Readings:
    rows = Readings.concat(parts)
    return rows.take(np.argsort(rows.observed_at, kind="stable"))
