"""The picture of a past time, from the store alone."""

from __future__ import annotations

from data.adopted import Adopted
from data.alerts import look_again, restore
from data.answering import answer, settle
from data.build import build, look
from data.flapping import damping_of
from data.logbook import Logbook
from data.memory import load
from data.opened import Open, ids_of, target_of
from data.picture import Picture
from data.rounds import Rounds
from data.store.base import Store


def past(now: Adopted, store: Store, logbook: Logbook, at: int, *, simulated: bool) -> Picture:
    """The whole prefecture as it was known at a time, under the profile of today; its revision is 0."""
    profile = now.profile
    recent, watch = load(profile, store, at)
    rounds = Rounds(profile, store)
    rounds.load(store, at, known_at=at)
    open_, _ = restore(store.alerts(at), now.rules, now.rows, at, damping=damping_of(profile))
    orders = logbook.at(at, ids_of(open_, now.rules, now.ids))
    view = look(
        profile,
        recent,
        watch,
        at,
        now.since,
        video_late=rounds.late(at),
        orders=orders,
        usual=now.history.usual.then(at),
    )

    def as_then(rule: str, mine: Open) -> Open:
        ids = now.ids[target_of(now.rules[rule])]
        return settle(answer(look_again(mine, view.seen[rule]), rule, ids, orders.responses), at)

    return build(
        profile,
        view,
        {rule: as_then(rule, mine) for rule, mine in open_.items()},
        revision=0,
        simulated=simulated or now.history.simulated(at),
        today=now.history.today_by_scope(at),
        rounds=rounds.tallies(at),
    )
