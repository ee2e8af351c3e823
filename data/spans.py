"""What was in a span of time up to a picture: its entries, its alerts, what people did, what was counted."""

from __future__ import annotations

from data.handover import Shift
from data.hidden_times import hidden_times
from data.history import History
from data.orders import ANSWERS, NONE, STANDING, fold
from data.picture import Picture
from data.store.base import Alerted, Store
from data.targets import targets_of

COUNTYS = ("site", "fence", "device", "county")
"""Kinds of targets that may be one county's; a line, a feed and the board are the prefecture's."""


def shift_over(store: Store, history: History, picture: Picture, start: int) -> Shift:
    """The span from `start` to the picture's time, of the picture's scope."""
    end, scope = picture.at, picture.scope
    entries = [one for one in store.entries_between(start, end) if scope in ("", one.scope)]
    everywhere = store.alerts_between(start, end)
    alerts = [one for one in everywhere if not scope or _within(picture, one)]
    ids = [one.id for one in alerts if one.fired_at is not None]
    answers = store.entries(subjects=ids, actions=ANSWERS)
    ordered = fold(NONE, [one for one in store.entries(actions=STANDING) if one.at <= end])
    assert picture.profile is not None
    hidden = hidden_times(
        picture.profile, alerts, everywhere, ordered.silences.values(), start=start, end=end
    )
    return Shift(
        start=start,
        end=end,
        entries=entries,
        alerts=alerts,
        responses=fold(NONE, [one for one in answers if one.at <= end]).responses,
        hidden=hidden,
        sums=history.over(start, end, scope),
        simulated=store.has_simulated(start, end),
    )


def _within(picture: Picture, alert: Alerted) -> bool:
    """Whether an alert is about something of the picture's county."""
    assert picture.profile is not None
    known = targets_of(picture.profile)
    return alert.target in COUNTYS and alert.target_id in known[alert.target].row
