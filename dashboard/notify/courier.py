"""A courier: takes what waits for one receiver to it, one after the other, and tries again until it is taken.

Order is kept: while the first thing that waits is not taken, the rest waits behind it. Whatever is not
confirmed is sent again, also after a restart, so a receiver may get a thing twice and knows it by its id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from dashboard.notify.cap import Sender
from dashboard.notify.way import Letter, Undelivered, Way
from data.dispatch import Outgoing, before
from data.journal import BOARD, Draft
from data.profile import Profile
from data.spec_delivery import DeliverySpec
from data.store import Store, StoreError

LOG = logging.getLogger("threeline.notify")
LOOK_S = 1.0
"""How often it is looked for what has become due."""
FIRST_S, LONGEST_S = 2.0, 300.0
"""The pause after the first failure; each next one is twice as long, up to the longest."""
REFUSED_TRIES = 3
"""Tries of what the receiver refuses outright."""
SET_BACK_S = 5.0
"""A clock that goes back by more was set."""
GIVE_UP_S = 86400
"""What could not be delivered for so long is given up, so that what is new gets through."""


def pause_s(tries: int) -> float:
    """How long to wait after so many failures."""
    return float(min(FIRST_S * 2 ** (min(tries, 30) - 1), LONGEST_S))


class Courier:
    """Serves one delivery of the profile; `tell` puts what was given up into the journal.

    `turned` is called when it begins to fail and when it gets through again.
    """

    def __init__(
        self,
        delivery: DeliverySpec,
        profile: Callable[[], Profile],
        store: Store,
        ways: Mapping[str, Way],
        *,
        clock: Callable[[], float],
        tell: Callable[[Draft], Any],
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self.delivery = delivery
        """May be another one of the same id after an edit of the profile."""
        self._profile, self._store, self._ways, self._clock, self._tell = profile, store, ways, clock, tell
        self._turned = turned
        self._fails: bool | None = None
        self._looked_at = float("-inf")
        self._stopping, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"threeline delivery {delivery.id}", daemon=True
        )

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to take."""
        self._wake.set()

    def stop(self) -> None:
        """End after what is under way; `join` waits for that."""
        self._stopping.set()
        self._wake.set()

    def join(self, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                wait = self.step()
            except StoreError as error:
                LOG.error("Delivery %s: %s", self.delivery.id, error)
                wait = FIRST_S
            except Exception:
                LOG.exception("Delivery %s failed", self.delivery.id)
                wait = LONGEST_S
            if wait > 0 and not self._stopping.is_set():
                self._wake.wait(min(wait, LOOK_S))

    def step(self) -> float:
        """Take one thing to the receiver, if there is one; how many seconds until there may be more to do."""
        now = self._clock()
        # By a clock that was set back, the next try may be a day away.
        set_back, self._looked_at = now < self._looked_at - SET_BACK_S, now
        found = self._store.next_outgoing(self.delivery.id, int(now))
        if found is None:
            return LOOK_S
        if found.next_at > now and not set_back:
            return found.next_at - now
        try:
            self._ways[self.delivery.kind].send(self._letter(found))
        except Undelivered as error:
            self._failed(found, error)
            fails = True
        else:
            if found.tries:
                LOG.warning("Delivery %s gets through again", self.delivery.id)
            self._store.settle(found.id, "sent", at=int(self._clock()))
            fails = False
        if fails != self._fails:
            self._fails = fails
            self._turned()
        return 0.0

    def _letter(self, found: Outgoing) -> Letter:
        told = self._store.dispatches(subject=found.dispatch.subject)
        sender = Sender.of(self._profile())
        return Letter(self.delivery, sender, found.dispatch, before(found.dispatch, told))

    def _failed(self, found: Outgoing, error: Undelivered) -> None:
        tries, at = found.tries + 1, int(self._clock())
        given_up = (error.refused and tries >= REFUSED_TRIES) or at - found.due_at >= GIVE_UP_S
        if tries == 1 or given_up:
            LOG.warning(
                "Delivery %s: %s (%s)", self.delivery.id, error.why, "given up" if given_up else "tried again"
            )
        if not given_up:
            wait = error.wait_s if error.wait_s is not None else pause_s(tries)
            # Not less than a second, or a receiver that asks for none would be asked without a pause.
            later = at + max(int(wait), 1)
            self._store.settle(found.id, "waiting", at=at, why=error.why, next_at=later)
            return
        self._store.settle(found.id, "failed", at=at, why=error.why)
        told = {"what": found.dispatch.subject, "tries": tries, "why": error.why}
        self._tell(
            Draft("delivery.failed", self.delivery.id, BOARD, scope=found.dispatch.county, detail=told)
        )
