"""The video rounds as far as they are the reader's: who is due, what was found, looks to record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from dashboard.board import Board
from data.begun import begun
from data.bulletin import Bulletin, bulletin, span_for
from data.due import RUNNING, Due, due_list, span_of
from data.profile import Profile
from data.store.base import Look

SAID = ("by", "result", "findings", "note")
"""What two looks at one site say, but for when."""
AGAIN_S = 60
"""The same look outside of the rota within so long is one that was sent twice."""
LAST_DAYS = 30
"""How far back the last looks at a site are told of."""


class NotDue(Exception):  # noqa: N818  # an answer, not an error
    """The site is not to be looked at in that turn now."""

    def __init__(self, due: Due | None, taken: Look | None = None) -> None:
        super().__init__("not due")
        self.due = due
        """The turn that runs; None where there is none for this site."""
        self.taken = taken
        """The look that was there first."""


@dataclass(frozen=True)
class VideoRounds:
    """Questions about the rounds of one reader; row numbers are those of `profile`."""

    profile: Profile
    """The whole one; what is told of it is cut by `scope`."""
    board: Board
    scope_of: Callable[[str], str]
    """A scope asked for to the reader's own; raises FaultsError where there is none such."""

    def due(
        self,
        at: int,
        scope: str = "",
        *,
        day: date | None = None,
        only: Iterable[str] = (),
        past: bool = False,
    ) -> list[Due]:
        """Who is due at a moment, or on a day; `past`: as it was known then."""
        store, profile = self.board.engine.store, self.profile
        start, end = span_of(profile, at, day)
        looks = store.looks(start, min(end, at), at=at if past else None)
        mine = self.scope_of(scope)
        return due_list(profile, begun(store, profile), looks, at, day=day, scope=mine, only=only)

    def bulletin(self, day: date, at: int, scope: str = "", *, past: bool = False) -> Bulletin:
        """The bulletin of a day as of a moment."""
        store, profile = self.board.engine.store, self.profile
        start, end = span_for(profile, day)
        looks = store.looks(start, min(end, at), at=at if past else None)
        return bulletin(profile, looks, at, day, begun=begun(store, profile), scope=self.scope_of(scope))

    def last(self, site_id: str, at: int) -> list[Look]:
        """The last looks at a site of the reader's, newest first; those of the rota and others."""
        if not self.knows(site_id):
            return []
        store = self.board.engine.store
        return store.looks(at - LAST_DAYS * 86_400, at, at=at, site_id=site_id)[::-1]

    def knows(self, site_id: str) -> bool:
        """Whether there is such a site for the reader."""
        row, mine = self.profile.sites.row.get(site_id), self.scope_of("")
        return row is not None and mine in ("", self.profile.sites.county[row])

    def record(self, look: Look) -> Look:
        """Keep a look at a site of the reader's; the same look again, as after a lost answer, is kept once.

        Raises:
            NotDue: the turn does not run, or somebody looked already.
        """
        due = None
        if look.round_id and look.replaces is None:
            due = self._running(look)
            if due is None or due.due_at != look.due_at:
                raise NotDue(due)
            if due.look is not None:
                return self._same(look, due, due.look)
        elif look.replaces is None and (twice := self._twice(look)) is not None:
            return twice
        kept = self.board.engine.looks([look])
        if kept:
            return kept[0]
        # Somebody was quicker, between the question and the answer.
        again = self._running(look)
        taken = again.look if again is not None else None
        if look.replaces is not None:
            before = self.board.engine.store.look(look.replaces)
            around = self.board.engine.store.looks(look.seen_at - 1, look.seen_at, site_id=look.site_id)
            taken = next((one for one in around if before and one.round_id == before.round_id), taken)
        if taken is None:
            raise NotDue(again)
        return self._same(look, again, taken)

    def correctable(self, look_id: int) -> Look | None:
        """A look by its id, where it is the reader's."""
        found = self.board.engine.store.look(look_id)
        return found if found is not None and self.knows(found.site_id) else None

    def _running(self, look: Look) -> Due | None:
        row = self.profile.sites.row[look.site_id]
        county = str(self.profile.sites.county[row])
        found = self.due(look.recorded_at, county, only=[look.round_id]) if look.round_id else []
        return next((one for one in found if one.row == row and one.state in RUNNING), None)

    def _twice(self, look: Look) -> Look | None:
        """The same look outside of the rota, sent a moment ago."""
        around = self.board.engine.store.looks(look.seen_at - AGAIN_S, look.seen_at, site_id=look.site_id)
        mine = [one for one in around if not one.round_id]
        return next((one for one in mine if all(getattr(one, n) == getattr(look, n) for n in SAID)), None)

    @staticmethod
    def _same(look: Look, due: Due | None, taken: Look) -> Look:
        """The look that is there, where it says the same; else it was somebody else's."""
        if all(getattr(look, name) == getattr(taken, name) for name in SAID):
            return taken
        raise NotDue(due, taken)
