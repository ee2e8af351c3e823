"""The demonstration's video rounds: made-up looks, a function of seed, round and turn alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np

from data.adopted import PAST_S
from data.feeds.base import Sink
from data.profile import Profile
from data.rota import day_of, members, rounds_of, turns
from data.rounds import Turn, turn_of
from data.store.base import Look

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""How often looks are brought."""
PACE_S = 70
"""From one site to the next; less where the time would not do."""
FORGOTTEN, TARDY = 0.02, 0.02
"""Shares of sites that nobody looks at in a turn, and that are looked at too late."""
DARK, DEAF = 0.012, 0.006
"""Shares of looks without a picture, and without a connection."""
FOUND, AGAIN = 0.05, 0.35
"""Share of looks that find something; of the few sites that have a weakness, that find it again."""
WEAK = 0.04
"""Share of sites with a weakness."""


class SimulatedLooks:
    """A feed of looks; never in place of a look that somebody took."""

    name = "simulated rounds"
    simulated = True

    def __init__(self, profile: Profile, *, clock: Callable[[], float] = time.time) -> None:
        """Raises ValueError when the profile has no `[simulation]` or no `[video]` table."""
        if profile.spec.simulation is None or profile.spec.video is None:
            raise ValueError("the profile has no [simulation] or no [video] table: no looks to simulate")
        self._profile, self._clock, self._seed = profile, clock, profile.spec.simulation.seed
        self._findings = [one.id for one in profile.spec.video.findings]
        self._stop = threading.Event()
        self._done: int | None = None

    def generate(self, start: int, end: int) -> list[Look]:
        """Looks with start < seen_at <= end, ordered by time; the same arguments give the same looks."""
        found = [
            look
            for turn in self._turns(start, end)
            for look in self._looks(turn)
            if start < look.seen_at <= end
        ]
        return sorted(found, key=lambda look: look.seen_at)

    def _turns(self, start: int, end: int) -> Iterator[Turn]:
        profile = self._profile
        first = day_of(start - 2 * 86_400, profile.zone)
        days = (day_of(end, profile.zone) - first).days + 2
        for round_id, spec in rounds_of(profile).items():
            about = turns(spec, profile.zone, first, days)
            always = np.full(len(members(profile, round_id)), -np.inf)
            for number, due in enumerate(about.due.tolist()):
                if due <= end:
                    yield turn_of(profile, round_id, always, about, number)

    def _looks(self, turn: Turn) -> Iterator[Look]:
        """Those of one turn: site after site, most of them well."""
        chance = np.random.default_rng([self._seed, crc32(turn.round_id.encode()), turn.due])
        count, span = len(turn.rows), turn.until - turn.due
        pace = min(PACE_S, 0.75 * span / max(count, 1))
        fate, dark, found, which, jitter = chance.random((5, count))
        at = turn.due + 0.08 * span + pace * (np.arange(count) + 0.6 * jitter)
        tardy = (fate >= FORGOTTEN) & (fate < FORGOTTEN + TARDY)
        at[tardy] = turn.until + 300 + 1500 * jitter[tardy]
        for place in np.flatnonzero((fate >= FORGOTTEN) & (at < turn.next_due)).tolist():
            site_id = str(self._profile.sites.site_id[turn.rows[place]])
            result = "no_picture" if dark[place] < DARK else "seen"
            if DARK <= dark[place] < DARK + DEAF:
                result = "not_reachable"
            seen_at = int(at[place])
            yield Look(
                site_id=site_id,
                round_id=turn.round_id,
                due_at=turn.due,
                seen_at=seen_at,
                recorded_at=seen_at,
                result=result,
                findings=self._find(site_id, found[place], which[place]) if result == "seen" else (),
                simulated=True,
            )

    def _find(self, site_id: str, found: float, which: float) -> tuple[str, ...]:
        """What a look finds: mostly nothing; at a weak site, mostly its own weakness."""
        mark = crc32(f"{self._seed} {site_id}".encode())
        if (mark % 1000) / 1000 < WEAK and found < AGAIN:
            return (self._findings[(mark // 1000) % len(self._findings)],)
        # The later ones of the list are the more common.
        return (self._findings[int(which**0.5 * len(self._findings))],) if found < FOUND else ()

    def prepare(self, sink: Sink, now: int) -> None:
        """The rounds of the last days."""
        sink.looks(self.generate(now - PAST_S, now))
        self._done = now

    def run(self, sink: Sink) -> None:
        """Bring looks as they are taken, until told to stop."""
        done = int(self._clock()) if self._done is None else self._done
        while not self._stop.wait(EVERY_S):
            now = int(self._clock())
            if now > done:
                sink.looks(self.generate(done, now))
            done = self._done = now

    def stop(self) -> None:
        """End `run` at once."""
        self._stop.set()
