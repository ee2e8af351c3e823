"""When alerts were hidden, looked back upon: what nobody was asked for is not counted against anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from data.calendar import windows
from data.hiding import Target, feeds_of, hides_of
from data.orders import Silence
from data.rota import day_of
from data.silences import Hush, hush_of, meant, where_of
from data.store.base import Alerted
from data.targets import targets_of

if TYPE_CHECKING:
    from data.profile import Profile

Span = tuple[int, int]
"""Start <= t < end, epoch seconds."""


def hidden_times(
    profile: Profile,
    found: Iterable[Alerted],
    among: Iterable[Alerted],
    silences: Iterable[Silence],
    *,
    start: int,
    end: int,
) -> dict[str, tuple[Span, ...]]:
    """Alert id to when something hid it, in order and apart; those that nothing hid from `start` to `end` are
    left out.

    `among` are the alerts that may explain others, as `data.hiding` says: those of feeds, which are the
    prefecture's, included.
    """
    ordered, explained = _ordered(profile, silences, start, end), _explained(profile, among, end)
    feeds = feeds_of(profile) if any(target == "feed" for (target, _), _ in explained) else {}
    times: dict[str, tuple[Span, ...]] = {}
    for alert in found if ordered or explained else ():
        here = (alert.target, alert.target_id)
        spans = [
            span for rules, mine in ordered.get(here, ()) if not rules or alert.rule in rules for span in mine
        ]
        spans += explained.get((here, alert.rule), ())
        if here in feeds:
            spans += explained.get((("feed", feeds[here]), alert.rule), ())
        if spans:
            times[alert.id] = _joined(spans)
    return times


def seconds(spans: Sequence[Span], start: int, end: int) -> int:
    """How much of a time some spans take up."""
    return sum(max(0, min(ends, end) - max(begins, start)) for begins, ends in spans)


def _ordered(
    profile: Profile, silences: Iterable[Silence], start: int, end: int
) -> Mapping[Target, list[tuple[frozenset[str], Sequence[Span]]]]:
    """What people ordered or planned: target to rules, empty for all, and when."""
    told: list[tuple[Hush, Sequence[Span]]] = [
        (hush_of(one), [(one.start, one.end)]) for one in silences if one.start < end and one.end > start
    ]
    first = day_of(start, profile.zone) - timedelta(days=1)
    days = (day_of(end, profile.zone) - first).days + 1
    for work in profile.spec.maintenance:
        spans: Sequence[Span] = [(one.start, one.end) for one in windows(work, profile.zone, first, days)]
        told.append((Hush(f"maintenance:{work.id}", where_of(work.where)), spans))
    found: dict[Target, list[tuple[frozenset[str], Sequence[Span]]]] = {}
    for hush, when in told:
        rules = frozenset(hush.where.rules)
        for target, mask in meant(profile, hush).items():
            for name in targets_of(profile)[target].ids[np.flatnonzero(mask)].tolist():
                found.setdefault((target, name), []).append((rules, when))
    return found


def _explained(
    profile: Profile, among: Iterable[Alerted], end: int
) -> Mapping[tuple[Target, str], list[Span]]:
    """Where graver alerts were: target and the rule that they explain there to when."""
    hides = hides_of(profile)
    found: dict[tuple[Target, str], list[Span]] = {}
    for alert in among:
        for rule in hides.get(alert.rule, ()) if alert.fired_at is not None else ():
            span = (alert.fired_at or 0, end if alert.resolved_at is None else alert.resolved_at)
            found.setdefault(((alert.target, alert.target_id), rule), []).append(span)
    return found


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same times, each once."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return tuple(joined)
