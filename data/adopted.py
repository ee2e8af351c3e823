"""A profile as an engine runs under it: what it fixes, and what is remembered under it between two steps."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.alerts import advance, restore, rewind
from data.answering import answer, settle
from data.build import Look, look, new_memory
from data.flapping import AGO_S, Lately, damping_of
from data.history import History
from data.judging import turned
from data.memory import watched_s
from data.notice import Notice
from data.notices import board_of, of_profile
from data.opened import Open, filled, ids_of, kept, target_of
from data.orders import Orders
from data.picture import Alert, DayTotals
from data.profile import Profile
from data.rounds import Rounds
from data.spec import RuleSpec
from data.store.base import Alerted, Store
from data.targets import targets_of
from data.watch import Watch
from data.watching import awaited, watching_since
from data.windows import Recent, reach_s

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]

PAST_S = 8 * 86_400
"""A feed that makes its past up makes up the rounds of so long."""


@dataclass(eq=False)
class Adopted:
    """Everything of an engine that changes with its profile; the engine's own thread fills the memories."""

    profile: Profile
    at: int
    """Since when it runs, epoch seconds."""
    history: History
    rules: Mapping[str, RuleSpec]
    ids: Mapping[str, Strings]
    """Each kind of target to the ids of all there are, by row."""
    rows: Mapping[str, Mapping[str, int]]
    """Each kind of target to id to row."""
    reach_s: int
    watched_s: int
    recent: Recent
    watch: Watch
    since: Floats
    """From when each site, then each fence and device, is waited for."""
    open: dict[str, Open]
    """Each rule's open alerts."""
    lately: Lately
    worn: dict[str, tuple[Alert, Alert]]
    """What `data.showing.hide` made of the alerts of the last picture."""
    view: Look
    notices: tuple[Notice, ...]
    rounds: Rounds
    today: tuple[int, Mapping[str, DayTotals]] = (0, {})
    """The midnight that today's totals count from, and the totals by scope."""

    @classmethod
    def of(cls, profile: Profile, store: Store, at: int) -> Adopted:
        """A profile with nothing remembered yet."""
        targets = targets_of(profile)
        recent, watch = new_memory(profile)
        since = watching_since(store, awaited(profile))
        rules = {rule.id: rule for rule in profile.spec.rules}
        return cls(
            profile=profile,
            at=at,
            history=History(profile, store),
            rules=rules,
            ids={name: among.ids for name, among in targets.items()},
            rows={name: among.row for name, among in targets.items()},
            reach_s=reach_s(profile.spec),
            watched_s=watched_s(profile),
            recent=recent,
            watch=watch,
            since=since,
            open={rule: Open.none() for rule in rules},
            lately=Lately(),
            worn={},
            view=look(profile, recent, watch, at, since),
            notices=of_profile(profile, at),
            rounds=Rounds(profile, store),
        )

    def begin(self, store: Store, at: int, *, made_up: bool = False) -> None:
        """Wait for every site and fence, and walk every round; `made_up`: by a feed that has a past."""
        self.since = watching_since(store, awaited(self.profile), at)
        self.rounds.begin(store, at - PAST_S * made_up)

    def restore(self, store: Store, at: int) -> list[Alerted]:
        """Take up the alerts that the store holds as open; those that nothing stands for, resolved."""
        self.open, orphans = restore(
            store.alerts(at), self.rules, self.rows, at, damping=damping_of(self.profile)
        )
        self.lately = Lately()
        self.lately.note(store.alerts_between(at - AGO_S, at))
        return [replace(alert, state="resolved", resolved_at=at) for alert in orphans]

    def alert_ids(self) -> set[str]:
        """The ids of the open alerts."""
        return ids_of(self.open, self.rules, self.ids)

    def look(self, at: int, orders: Orders, notices: Sequence[Notice] = ()) -> Look:
        """What the memories show at a moment; `notices` is what the board has to say of itself."""
        return look(
            self.profile, self.recent, self.watch, at, self.since,
            video_late=self.rounds.late(at), orders=orders, before=self.view,
            usual=self.history.usual.newest(), board=board_of(notices),
        )  # fmt: skip

    def advance(self, view: Look) -> tuple[dict[str, Open], list[Alerted]]:
        """One step of every rule: the alerts open after it, and those of which something changed."""
        open_: dict[str, Open] = {}
        moved: list[Alerted] = []
        damping, responses = damping_of(self.profile), view.orders.responses
        for rule_id, rule in self.rules.items():
            ids, mine = self.ids[target_of(rule)], self.open[rule_id]
            seen = turned(rule, view.seen[rule_id], self.view.seen.get(rule_id), view.at)
            mine, changed = advance(
                mine, rule, seen, ids, view.at,
                lately=self.lately.of(rule_id), damping=damping,
            )  # fmt: skip
            if responses is not self.view.orders.responses:
                mine = answer(mine, rule_id, ids, responses)
            open_[rule_id] = settle(mine, view.at)
            moved += changed
        return open_, moved

    def rewind(self, at: int) -> list[Alerted]:
        """The clock was set back: go on as if what begins ahead of it had not been; what ends so."""
        ended = []
        for rule_id, rule in self.rules.items():
            ids = self.ids[target_of(rule)]
            self.open[rule_id], gone = rewind(self.open[rule_id], rule, ids, at)
            ended += gone
        return ended

    def take_over(self, old: Adopted, at: int) -> list[Alerted]:
        """Go on with the open alerts of the profile before; returns those that end, resolved.

        An alert goes on where the rule still asks for the same and the site or fence is still there. Where
        the rule no longer looks at it, the next step ends it.
        """
        ended = []
        self.lately = old.lately
        for rule_id, rule in old.rules.items():
            was, ids, now = old.open[rule_id], old.ids[target_of(rule)], self.rules.get(rule_id)
            stays = np.zeros(len(was), bool)
            if now is not None and (now.metric, now.op) == (rule.metric, rule.op):
                rows = self.rows[target_of(now)]
                found = [rows.get(target, -1) for target in ids[was.row].tolist()]
                row = np.array(found, dtype=np.int64)
                stays = row >= 0
                # Line, county and name may be others now: every alert is written anew.
                moved = replace(was, row=row, shown=filled(len(was), None)).take(stays)
                self.open[rule_id] = moved.take(np.argsort(moved.row))
            ended += kept(was.take(~stays), rule, ids, resolved_at=at)
        return ended


class Coming:
    """Another profile on its way into the next step; `over` is set once that took it, or failed to."""

    def __init__(self, adopted: Adopted) -> None:
        self.adopted = adopted
        self.over = threading.Event()
        self.error: Exception | None = None
        self._claimed = threading.Lock()

    def claim(self) -> bool:
        """True for the first who asks: the step that takes it up, or who withdraws it."""
        return self._claimed.acquire(blocking=False)
