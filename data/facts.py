"""What rules may look at in one moment: for each metric a value per target, and how old it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.balance import expected_queue, imbalance
from data.ground import ground_of
from data.holding import Gap, Stretch, open_km
from data.metrics import METRICS
from data.per_profile import per_profile
from data.picture import SiteState
from data.profile import Profile
from data.rules import FenceView
from data.targets import targets_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
HOUR_S = 3600
SITE_LAYERS = ("duty_points", "second_line_posts", "checkpoints")


@dataclass(frozen=True, eq=False)
class Column:
    """One metric: a value per target."""

    value: Floats
    """NaN where not known."""
    since: Floats
    """Epoch seconds of the report behind each value; of what grows with the clock, from when it counts."""
    interval_s: Floats | None = None
    """Silence that is explained by how seldom the target reports: no threshold means less than that."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything behind the metrics at one moment."""

    profile: Profile
    at: int
    state: SiteState
    fences: FenceView
    devices: FenceView
    gaps: tuple[Gap, ...] = ()
    unknown: tuple[Stretch, ...] = ()
    """Border of which nothing is known yet."""
    serves: Bools | None = None
    """Which sites are in service by their dates; None for all."""
    waited: Floats | None = None
    """From when each site is waited for, epoch seconds; None: who never reported is unknown."""
    video_late: Floats | None = None
    """From when a look at each site's video is late; None without rounds."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """County adcode, and "" for the prefecture, to the duty level in force."""
    board: Mapping[str, float] = field(default_factory=dict)
    """Metric of the board to from when it counts; one that is missing is not known."""

    def column(self, metric: str) -> Column:
        """A metric's values; raises KeyError for an unknown one."""
        return COLUMNS[metric](self)

    def levels_of(self, target: str) -> NDArray[np.object_]:
        """The duty level in force at each target of a kind: of its county, else of the prefecture."""
        prefecture = self.levels.get("", self.profile.spec.duty.current)
        counties = targets_of(self.profile)[target].counties
        return np.array([self.levels.get(code, prefecture) for code in counties.tolist()], dtype=object)


def last_heard(observed_at: Floats, at: int, watched_since: Floats | None) -> Floats:
    """From when each target is silent: its newest report; where there is none, the start of waiting."""
    if watched_since is None:
        return observed_at
    waiting = np.isnan(observed_at) & (watched_since <= at)
    return np.where(waiting, watched_since, observed_at)


@per_profile()
def feed_members(profile: Profile) -> tuple[tuple[str, Ints], ...]:
    """Of each feed, what kind of targets report through it, and their rows."""
    targets, layers = targets_of(profile), {layer.name: layer for layer in profile.spec.layers}
    found = []
    for name in targets["feed"].ids.tolist():
        kind = layers[name].kind
        target = "site" if kind in SITE_LAYERS else "fence" if kind == "fences" else "device"
        ids, row = profile.layers[name][f"{target}_id"].tolist(), targets[target].row
        found.append((target, np.array([row[one] for one in ids if one in row], dtype=np.int64)))
    return tuple(found)


def _of_state(name: str) -> Callable[[Facts], Column]:
    return lambda facts: Column(getattr(facts.state, name), facts.state.observed_at)


def _of_site(values: Callable[[SiteState, Facts], Floats]) -> Callable[[Facts], Column]:
    return lambda facts: Column(values(facts.state, facts), facts.state.observed_at)


def _short(state: SiteState, facts: Facts) -> Floats:
    return state.staff_required - state.staff_on_duty


def _closed(state: SiteState, facts: Facts) -> Floats:
    # More may be open than the profile knows of.
    return np.maximum(facts.profile.sites.lanes_total - state.lanes_open, 0)


def _surge(state: SiteState, facts: Facts) -> Floats:
    times = state.persons_per_hour / _over(state.usual_persons)
    times = np.where(np.isnan(times), state.vehicles_per_hour / _over(state.usual_vehicles), times)
    # Of a site that reports less than once an hour no hour can be told from another.
    return np.where(state.interval_s <= HOUR_S, times, np.nan)


def _over(usual: Floats) -> Floats:
    return np.where(usual > 0, usual, np.nan)


def _imbalance(state: SiteState, facts: Facts) -> Floats:
    spec = facts.profile.spec.balance
    return imbalance(state.queue_m, expected_queue(state, spec), spec)


def _age(facts: Facts) -> Column:
    heard = last_heard(facts.state.observed_at, facts.at, facts.waited)
    return Column(np.maximum(facts.at - heard, 0), heard, facts.state.interval_s)


def _late(facts: Facts) -> Column:
    late = np.full(len(facts.state.status), np.nan) if facts.video_late is None else facts.video_late
    return Column(np.maximum((facts.at - late) / 60, 0), late)


def _down(of: str) -> Callable[[Facts], Column]:
    def column(facts: Facts) -> Column:
        view: FenceView = getattr(facts, of)
        down = np.select([view.state == "down", view.state == "up"], [1.0, 0.0], np.nan)
        return Column(down, view.observed_at)

    return column


def _crossings(facts: Facts) -> Column:
    return Column(_plus(facts.fences.crossings_in, facts.fences.crossings_out), facts.fences.observed_at)


def _report_age(of: str) -> Callable[[Facts], Column]:
    def column(facts: Facts) -> Column:
        view: FenceView = getattr(facts, of)
        heard = last_heard(view.observed_at, facts.at, view.since)
        return Column(np.maximum(facts.at - heard, 0), heard)

    return column


def _county_km(gaps: Callable[[Gap], bool], judged: bool = False) -> Callable[[Facts], Column]:
    def column(facts: Facts) -> Column:
        # A county without a border has nothing to leave uncovered.
        has = ground_of(facts.profile).county_km
        if judged and facts.profile.spec.coverage.depth_km is None:
            has = {}
        unknown: list[Stretch] = [*facts.unknown]
        if judged:
            unknown += [gap for gap in facts.gaps if gap.backed is None]
        mine = [gap for gap in facts.gaps if gaps(gap)]
        return _open_km(facts, "county", has, mine, unknown, of=lambda one: one.county)

    return column


def _line_km(facts: Facts) -> Column:
    border = ground_of(facts.profile).border_lines
    return _open_km(facts, "line", border, facts.gaps, facts.unknown, of=lambda one: one.line)


def _open_km(
    facts: Facts,
    target: str,
    has: Container[str],
    gaps: Iterable[Stretch],
    unknown: Iterable[Stretch],
    *,
    of: Callable[[Stretch], str],
) -> Column:
    """Kilometres that are known to be open of each target that `has` any; `of` says whose a stretch is."""
    mine: defaultdict[str, list[Stretch]] = defaultdict(list)
    never: defaultdict[str, list[Stretch]] = defaultdict(list)
    for found, stretches in ((mine, gaps), (never, unknown)):
        for one in stretches:
            found[of(one)].append(one)
    ids = targets_of(facts.profile)[target].ids.tolist()
    km = [open_km(mine[name], never[name]) if name in has else None for name in ids]
    return _now(facts, np.array(km, dtype=np.float64))


def _line_short(facts: Facts) -> Column:
    state = facts.state
    known = state.in_service & ~np.isnan(state.staff_required) & ~np.isnan(state.staff_on_duty)
    return _now(facts, _by_line(facts, state.staff_required - state.staff_on_duty, known))


def _line_offline(facts: Facts) -> Column:
    there = facts.state.in_service
    off = _by_line(facts, (~facts.state.online).astype(np.float64), there)
    return _now(facts, 100.0 * off / _by_line(facts, np.ones(len(there)), there))


def _by_line(facts: Facts, values: Floats, which: Bools) -> Floats:
    """Sums over some sites by line, in the order of the lines' targets; NaN where there is none."""
    ground, count = ground_of(facts.profile), len(facts.profile.spec.lines)
    rows = ground.line_of[which]
    total = np.bincount(rows, weights=values[which], minlength=count)
    return np.where(np.bincount(rows, minlength=count) > 0, total, np.nan)


def _feed(facts: Facts) -> Column:
    heard, interval = [], []
    for target, rows in feed_members(facts.profile):
        if target == "site":
            observed, waited = facts.state.observed_at, facts.waited
        else:
            view = facts.fences if target == "fence" else facts.devices
            observed, waited = view.observed_at, view.since
        own = observed[rows]
        newest = np.nan
        if not np.isnan(own).all():
            newest = float(np.nanmax(own))
        elif waited is not None and len(rows) and waited[rows].min() <= facts.at:
            newest = float(waited[rows].min())
        heard.append(newest)
        told = facts.state.interval_s[rows] if target == "site" else np.empty(0)
        interval.append(np.nan if np.isnan(told).all() else float(np.nanmin(told)))
    since = np.array(heard, dtype=np.float64)
    return Column(np.maximum(facts.at - since, 0), since, np.array(interval, dtype=np.float64))


def _board(metric: str) -> Callable[[Facts], Column]:
    def column(facts: Facts) -> Column:
        since = np.array([facts.board.get(metric, np.nan)])
        return Column(np.maximum((facts.at - since) / 60, 0), since)

    return column


def _now(facts: Facts, values: Iterable[float] | Floats) -> Column:
    """What is worked out of many reports is as of this moment."""
    told = np.asarray(values, dtype=np.float64)
    return Column(told, np.full(len(told), float(facts.at)))


def _plus(a: Floats, b: Floats) -> Floats:
    return np.where(np.isnan(a), b, np.where(np.isnan(b), a, a + b))


COLUMNS: Mapping[str, Callable[[Facts], Column]] = {
    **{
        name: _of_state(name)
        for name in (
            "wait_min", "queue_m", "lanes_open", "staff_on_duty", "persons_per_hour", "vehicles_per_hour",
        )
    },
    "lanes_closed": _of_site(_closed),
    "staff_short": _of_site(_short),
    "surge": _of_site(_surge),
    "imbalance": _of_site(_imbalance),
    "data_age_s": _age,
    "video_overdue_min": _late,
    "fence_down": _down("fences"),
    "crossings": _crossings,
    "fence_age_s": _report_age("fences"),
    "device_down": _down("devices"),
    "device_age_s": _report_age("devices"),
    "km_uncovered": _county_km(lambda gap: True),
    "km_exposed": _county_km(lambda gap: gap.backed is False, judged=True),
    "line_km_uncovered": _line_km,
    "line_staff_short": _line_short,
    "line_offline": _line_offline,
    "feed_age_s": _feed,
    "profile_refused_min": _board("profile_refused_min"),
    "delivery_failing_min": _board("delivery_failing_min"),
    "export_failing_min": _board("export_failing_min"),
}  # fmt: skip
"""How each metric is read; the same names as METRICS."""
assert COLUMNS.keys() == METRICS.keys()
