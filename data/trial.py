"""A rule tried on saved readings: when it would have fired, so that a threshold is chosen on evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.alerts import advance
from data.baseline import QUARTER_S, Usual, usual_at
from data.build import Look, look
from data.flapping import Lately, damping_of
from data.journal import Entry
from data.judging import turned
from data.memory import fence_rows, load, site_rows
from data.metrics import METRICS, VIDEO_METRIC
from data.opened import Open, kept, target_of
from data.orders import NONE, STANDING, fold
from data.profile import Profile
from data.rounds import Rounds
from data.rules import Seen, name_of
from data.spec_rules import RuleSpec
from data.store.base import Alerted, Store
from data.targets import targets_of
from data.watch import Watch
from data.watching import awaited, watching_since
from data.windows import Recent

STEP_S = 60
"""How far apart the moments lie that are judged, unless told."""
CHUNK_S = 3600
"""How much is read from the store at once."""
PAGE = 10_000
BOARD = tuple(name for name, metric in METRICS.items() if metric.target == "board")
"""Metrics that no store keeps."""
WITH_BORDER = ("km_uncovered", "km_exposed", "line_km_uncovered")


@dataclass(frozen=True)
class Firing:
    """One alert that would have fired."""

    target_id: str
    name: str
    fired_at: int
    ended_at: int | None
    """None where it still stood at the end."""
    worst: float | None
    severity: str
    """The gravest that it reached."""

    def lasted_s(self, end: int) -> int:
        """How long it stood, up to the end of the trial."""
        return (end if self.ended_at is None else self.ended_at) - self.fired_at


@dataclass(frozen=True)
class Trial:
    """What came of a rule between two moments."""

    rule: RuleSpec
    start: int
    end: int
    step_s: int
    targets: int
    """How many the rule looks at."""
    judged: int
    """Of how many of them the value was known at any step."""
    firings: tuple[Firing, ...]
    """In the order in which they fired."""

    @property
    def most_at_once(self) -> int:
        """How many stood at the same time at most."""
        turns = sorted(
            [(one.fired_at, 1) for one in self.firings]
            + [(self.end if one.ended_at is None else one.ended_at, -1) for one in self.firings]
        )
        here = np.cumsum([turn for _, turn in turns]) if turns else np.zeros(1)
        return int(here.max())

    @property
    def stood_s(self) -> int:
        """How long they stood, all together."""
        return sum(one.lasted_s(self.end) for one in self.firings)


def variant(
    rule: RuleSpec,
    *,
    threshold: float | None = None,
    clear: float | None = None,
    for_s: int | None = None,
    clear_for_s: int | None = None,
    sites: Sequence[str] = (),
) -> RuleSpec:
    """The rule with other numbers; a clearing threshold that is not given moves with the threshold.

    With another threshold the steps and the duty levels' own are left out: one number is tried.
    """
    changes: dict[str, object] = {}
    if threshold is not None:
        moved = None if rule.clear is None else rule.clear + threshold - rule.threshold
        changes |= {"threshold": threshold, "clear": moved, "by_level": {}, "steps": [], "until": None}
    for name, value in (("clear", clear), ("for_s", for_s), ("clear_for_s", clear_for_s)):
        if value is not None:
            changes[name] = value
    if sites:
        where = "fences" if METRICS[rule.metric].target == "fence" else "sites"
        changes["where"] = rule.where.model_copy(update={where: list(sites)})
    return rule.model_copy(update=changes)


def try_rules(
    profile: Profile,
    store: Store,
    rules: Sequence[RuleSpec],
    start: int,
    end: int,
    *,
    step_s: int = STEP_S,
    tell: Callable[[float], None] = lambda share: None,
) -> list[Trial]:
    """What would have come of each of some rules, one by one, from the store's readings of start < t <= end.

    The readings are walked through once, by the very steps that the board takes: what was ordered at the time
    (duty levels, closures) holds, alerts are not answered. `tell` hears how much is done, 0 to 1. A rule on a
    metric of the board itself, of which nothing is kept, fires nowhere.
    """
    # Every variant goes by a name of its own.
    tried = [rule.model_copy(update={"id": f"{rule.id}.{number}"}) for number, rule in enumerate(rules)]
    spec = profile.spec.model_copy(update={"rules": tried})
    bordered = any(rule.metric in WITH_BORDER for rule in rules)
    place = replace(profile, spec=spec, border=profile.border if bordered else None)
    targets, damping = targets_of(place), damping_of(place)
    open_ = {rule.id: Open.none() for rule in tried}
    lately = Lately()
    found: dict[str, dict[str, Alerted]] = {rule.id: {} for rule in tried}
    known = {rule.id: np.zeros(len(targets[target_of(rule)].ids), bool) for rule in tried}
    looked = {rule.id: np.zeros(len(targets[target_of(rule)].ids), bool) for rule in tried}
    before: Mapping[str, Seen] = {}
    for at, view in _walk(place, store, start, end, step_s):
        for rule in tried:
            ids = targets[target_of(rule)].ids
            seen = turned(rule, view.seen[rule.id], before.get(rule.id), at)
            open_[rule.id], changed = advance(
                open_[rule.id], rule, seen, ids, at, lately=lately.of(rule.id), damping=damping
            )
            lately.note(changed)
            found[rule.id].update((alert.id, alert) for alert in changed)
            looks = np.ones(len(ids), bool) if seen.looks is None else seen.looks
            known[rule.id] |= seen.known & looks
            looked[rule.id] |= looks
        before = view.seen
        tell((at - start) / (end - start))
    trials = []
    for rule, was in zip(tried, rules, strict=True):
        stands = kept(open_[rule.id], rule, targets[target_of(rule)].ids)
        # The store hears of an alert as it changes: how far one got that still stands is in what is open.
        found[rule.id].update((alert.id, alert) for alert in stands)
        firings = _firings(found[rule.id].values(), place)
        there, judged = int(looked[rule.id].sum()), int(known[rule.id].sum())
        trials.append(Trial(was, start, end, step_s, there, judged, firings))
    return trials


def _firings(alerts: Iterable[Alerted], profile: Profile) -> tuple[Firing, ...]:
    fired = [
        Firing(
            target_id=one.target_id,
            name=name_of(profile, one.target, one.target_id, profile.spec.languages[0]),
            fired_at=one.fired_at,
            ended_at=one.resolved_at,
            worst=one.value,
            severity=one.severity,
        )
        for one in alerts
        if one.fired_at is not None
    ]
    return tuple(sorted(fired, key=lambda one: (one.fired_at, one.target_id)))


def _walk(profile: Profile, store: Store, start: int, end: int, step_s: int) -> Iterator[tuple[int, Look]]:
    """What each moment showed."""
    recent, watch = load(profile, store, start)
    since = watching_since(store, awaited(profile))
    entries = _standing(store)
    orders, rounds = NONE, Rounds(profile, store)
    view: Look | None = None
    metrics = {rule.metric for rule in profile.spec.rules}
    metrics |= {given.metric for rule in profile.spec.rules for given in rule.given}
    usual: tuple[int, Usual] | None = None
    ahead = _Ahead(profile, store, start, end)
    for at in range(start + step_s, end + 1, step_s):
        while entries and entries[0].at <= at:
            orders = fold(orders, [entries.pop(0)])
        ahead.put(recent, watch, at)
        late = None
        if VIDEO_METRIC in metrics:
            rounds.load(store, at, known_at=at)
            late = rounds.late(at)
        if "surge" in metrics and (usual is None or usual[0] != at // QUARTER_S):
            usual = at // QUARTER_S, usual_at(profile, store, at)
        view = look(
            profile, recent, watch, at, since,
            video_late=late, orders=orders, before=view, usual=usual[1] if usual else None,
        )  # fmt: skip
        yield at, view


class _Ahead:
    """Readings and reports read in stretches and handed out as their time comes."""

    def __init__(self, profile: Profile, store: Store, start: int, end: int) -> None:
        self._profile, self._store, self._done, self._read_to, self._end = profile, store, start, start, end
        self._readings = store.read(start, start)
        self._reports = store.read_reports(start, start)

    def put(self, recent: Recent, watch: Watch, at: int) -> None:
        """Let the memories have what was observed since the last time."""
        while self._read_to < at:
            self._hand_out(recent, watch, self._read_to)
            start, self._read_to = self._read_to, min(self._read_to + CHUNK_S, self._end)
            self._readings = self._store.read(start, self._read_to)
            self._reports = self._store.read_reports(start, self._read_to)
        self._hand_out(recent, watch, at)

    def _hand_out(self, recent: Recent, watch: Watch, at: int) -> None:
        readings, reports = self._readings, self._reports
        first, last = np.searchsorted(readings.observed_at, [self._done, at], side="right").tolist()
        rows = readings.take(np.arange(first, last))
        sites = site_rows(self._profile, rows)
        recent.put(sites[sites >= 0], rows.take(sites >= 0))
        first, last = np.searchsorted(reports.observed_at, [self._done, at], side="right").tolist()
        told = reports.take(np.arange(first, last))
        fences = fence_rows(self._profile, told)
        watch.put(fences[fences >= 0], told.take(fences >= 0))
        self._done = at


def _standing(store: Store) -> list[Entry]:
    """Every order of the journal that is not about one alert, in order."""
    found: list[Entry] = []
    while page := store.entries(found[-1].seq if found else 0, limit=PAGE, actions=STANDING):
        found += page
    return found
