"""The picture of a past time, from the store alone."""

from __future__ import annotations

from data.adopted import Adopted
from data.alerts import look_again, restore
from data.build import build, look
from data.memory import load
from data.picture import Picture
from data.rounds import Rounds
from data.store.base import Store


def past(now: Adopted, store: Store, at: int, *, simulated: bool) -> Picture:
    """The whole prefecture as it was known at a time, under the profile of today; its revision is 0."""
    profile = now.profile
    recent, watch = load(profile, store, at)
    rounds = Rounds(profile, store)
    rounds.load(store, at, known_at=at)
    view = look(profile, recent, watch, at, now.since, video_late=rounds.late(at))
    open_, _ = restore(store.alerts(at), now.rules, now.rows, at)
    return build(
        profile,
        view,
        {rule: look_again(mine, view.seen[rule]) for rule, mine in open_.items()},
        revision=0,
        simulated=simulated or now.history.simulated(at),
        today=now.history.today_by_scope(at),
        rounds=rounds.tallies(at),
    )
