"""The handovers of shifts as far as they are the reader's: those there are, one drawn up, one signed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.board import Board
from data.handover import facts_of
from data.journal import Draft, Entry
from data.orders import Orders
from data.roster import wall_of
from data.shift_hours import DAY_S, shift_hours, shift_of
from data.signoff import ACTIONS, Handover, Refusal, Signature, handovers, last_end
from data.spans import shift_over

LISTED = 60
"""Entries that a list is made of: two or three for each handover."""
EARLY_S = 3600
"""A shift is not handed over so soon after it began."""
DRAFTS = 24
"""Unsigned ones of a scope in a day."""
LONGEST_S = 24 * 3600


class NotSigned(Exception):  # noqa: N818  # an answer, not an error
    """A signature that does not count."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


class TooMany(Exception):  # noqa: N818  # an answer, not an error
    """Too many were drawn up in a day and not signed: the journal keeps each of them for good."""


@dataclass(frozen=True)
class Handovers:
    """Questions about handovers of one reader."""

    board: Board
    scope_of: Callable[[str], str]
    """A scope asked for to the reader's own; raises FaultsError where there is none such."""
    order: Callable[[Sequence[Draft]], list[Entry]]
    """Puts into the journal in the reader's name."""
    orders: Callable[[], Orders]
    """What is ordered now, as far as it is the reader's."""

    def known(self, scope: str = "", until: int | None = None) -> list[Handover]:
        """The newest handovers of exactly this scope, as they stood at a time, in order."""
        mine = self.scope_of(scope)
        store = self.board.engine.store
        told = store.entries(actions=ACTIONS, scope=mine, newest=True, limit=LISTED, until=until)
        return list(handovers(told).values())

    def find(self, handover_id: str) -> Handover | None:
        """A handover by its id, where it is the reader's."""
        told = self.board.engine.store.entries(subjects=[handover_id], actions=ACTIONS)
        found = handovers(told).get(handover_id)
        reach = self.scope_of("")
        return found if found is not None and reach in ("", found.scope) else None

    def usual_start(self, end: int, scope: str = "") -> int:
        """When the shift that ends now began: where the last handover ended, if that was not long ago; else
        when the roster says that it began."""
        last = last_end(self.known(scope), self.scope_of(scope))
        if last is not None and 0 < end - last <= LONGEST_S:
            return last
        hours, now = shift_hours(self.board.profile), wall_of(end, self.board.profile.zone) % DAY_S
        # Soon after a change, the shift to be handed over is the one that has just ended.
        within = (now - EARLY_S) % DAY_S
        begun, _ = shift_of(hours, within)
        return end - EARLY_S - (within - begun) % DAY_S

    def draw_up(self, scope: str, start: int, note: str) -> Handover:
        """Put what is handed over now into the journal, unsigned; raises TooMany where that has become a
        habit."""
        mine = self.scope_of(scope)
        engine, picture = self.board.engine, self.board.picture(mine)
        lately = [one for one in self.known(scope) if one.at > picture.at - DAY_S and not one.complete]
        if len(lately) >= DRAFTS:
            raise TooMany
        shift = shift_over(engine.store, engine.history, picture, start)
        facts = facts_of(picture, self.orders(), shift, note=note)
        (entry,) = self.order([Draft("handover.draft", f"h{secrets.token_hex(4)}", scope=mine, detail=facts)])
        return handovers([entry])[entry.subject]

    def sign(self, handover: Handover, mine: Signature, digest: str) -> Handover:
        """Sign for one side, what has this digest; raises NotSigned where that does not count."""
        if (why := handover.refusal(mine, digest)) is not None:
            raise NotSigned(why)
        detail = {"side": mine.side, "digest": digest, "post": mine.post}
        (entry,) = self.order([Draft("handover.sign", handover.id, scope=handover.scope, detail=detail)])
        signed = self.find(handover.id)
        assert signed is not None
        # Of two at the same moment the first counts: whether this is the one shows only now.
        if signed.head[0] < entry.seq:
            raise NotSigned(signed.refusal(mine, digest) or "side-signed")
        return signed
