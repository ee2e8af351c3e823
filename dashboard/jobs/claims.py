"""What this run of the server has in hand, so that another one on the same store leaves it alone."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dashboard.jobs.order import UnreadableError
from data.store import Claim, StoreError
from data.threads import Threads

if TYPE_CHECKING:
    from dashboard.board import Board

LOG = logging.getLogger("threeline.exports")
LEASE_S, BEAT_S = 30, 5.0
"""So long what was taken is nobody else's, and so often that is renewed: a run that dies is missed soon."""
STOP_S = 5.0
SHOWN = 200
"""Letters that the log tells of what cannot be read."""


class Claims:
    """Kept in the store; any thread may call."""

    def __init__(self, board: Board, adopt: Callable[[Claim], None]) -> None:
        """`adopt` is given what a run that is gone has left."""
        self._store, self._clock, self._adopt = board.engine.store, board.clock, adopt
        self._holder = secrets.token_hex(8)
        self._again: set[str] = set()
        """What is had and could not be taken up yet."""
        self._threads = Threads()

    def start(self) -> None:
        """Renew from now on, and take up what is left."""
        self._threads.spawn("claims", self._run)

    def stop(self) -> None:
        """Leave everything to whoever comes next."""
        self._threads.stopping.set()
        self._threads.join(STOP_S)
        try:
            self._store.let_go(self._holder)
        except StoreError as error:
            LOG.warning("What is left is taken up half a minute later: %s", error)

    def take(self, claim_id: str, detail: Mapping[str, Any] | None = None) -> Claim | None:
        """Take a task; None where another run has it. Without `detail` it must be there."""
        now = int(self._clock())
        return self._store.claim(claim_id, self._holder, now=now, until=now + LEASE_S, detail=detail)

    def begin(self, claim_id: str, times: int = 1) -> int | None:
        """Count a try; the tries so far, or None where it is another run's by now."""
        return self._store.begin(claim_id, self._holder, times)

    def drop(self, claim_id: str) -> None:
        """A task is over."""
        self._store.drop(claim_id, self._holder)

    def beat(self) -> None:
        """Renew what is had, and take up what nobody has any more."""
        now = int(self._clock())
        self._store.renew(self._holder, until=now + LEASE_S)
        for left in self._store.claims():
            # One that is had for longer than that is of before a clock was set back.
            if now < left.until <= now + LEASE_S and left.id not in self._again:
                continue
            if (taken := self.take(left.id)) is not None:
                self._take_up(taken)

    def _take_up(self, left: Claim) -> None:
        """Adopt what was left; whatever is wrong with it, the others go on."""
        self._again.discard(left.id)
        if left.damaged:
            self._put_aside(left, f"its detail is no JSON object, but {left.damaged[:SHOWN]!r}")
        elif not left.detail:
            # Whoever knows what it is about, the schedules, takes it again.
            self.drop(left.id)
        else:
            try:
                self._adopt(left)
            except UnreadableError as error:
                self._put_aside(left, str(error))
            except Exception:
                LOG.exception("Order %s could not be taken up; tried again", left.id)
                self._again.add(left.id)

    def _put_aside(self, left: Claim, why: str) -> None:
        LOG.error("Order %s in the store cannot be read and is put aside, order it anew: %s", left.id, why)
        self.drop(left.id)

    def _run(self) -> None:
        while True:
            try:
                self.beat()
            except Exception:
                LOG.exception("What is in hand could not be renewed; tried again")
            if self._threads.stopping.wait(BEAT_S):
                return
