"""A picture from what is remembered, the open alerts and a time: no clock, no store, no side effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.baseline import Usual
from data.facts import Facts
from data.flapping import damping_of
from data.gaps import depth_of, find_gaps, find_unknown
from data.ground import Ground, ground_of
from data.grouping import groups
from data.hiding import hidden_by
from data.holding import Exit, Gap, Stretch
from data.judging import judge
from data.notice import Notice
from data.opened import Open
from data.orders import NONE, Orders, level_at
from data.picture import Alert, DayTotals, FenceState, Picture, SiteState, roll_up
from data.profile import Profile
from data.readings import METHODS
from data.rings import find_exits, rings_of
from data.rounds import Tallies
from data.rules import FenceView, Seen
from data.showing import alarms, hide, show
from data.silences import closed_sites, planned
from data.standby import Ready, ready
from data.status import CLOSED, NAMES, NO_DATA, is_live, status_codes
from data.targets import targets_of
from data.unheard import Unheard, unheard
from data.watch import Watch
from data.windows import METHOD_NAMES, Recent, slots_for

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
SIMULATED = METHODS.index("simulated")


@dataclass(frozen=True, eq=False)
class Look:
    """What one moment shows before the alerts are drawn from it."""

    at: int
    state: SiteState
    """Without alarms."""
    fences: FenceView
    devices: FenceView
    gaps: tuple[Gap, ...]
    unknown: tuple[Stretch, ...]
    exits: tuple[Exit, ...]
    seen: Mapping[str, Seen]
    """By rule id."""
    site_holds: Bools
    """Which sites work and are manned: they hold border, stand behind a gap, hold an exit."""
    fence_holds: Bools
    unheard: Unheard
    """Who may do so, for all that is known."""
    spare: Floats
    """Staff on duty beyond what the duty level asks, of the sites that work; 0 of the others."""
    simulated: bool
    """Whether any newest reading says that it is."""
    orders: Orders
    """What people ordered."""
    levels: Mapping[str, str]
    """County adcode, and "" for the prefecture, to the duty level in force."""
    ready: Ready
    """Who stands by and could go where staff is short."""


def new_memory(profile: Profile) -> tuple[Recent, Watch]:
    """Empty memories of a profile's sites, and of its fences and devices."""
    spec = profile.spec
    minutes = tuple(dict.fromkeys([*spec.windows.minutes, spec.windows.main]))
    return Recent(len(profile.sites), slots_for(spec), minutes), Watch(watched(profile))


def watched(profile: Profile) -> int:
    """How many fences and devices there are."""
    return len(profile.fences) + len(targets_of(profile)["device"].ids)


def prepare(profile: Profile) -> None:
    """Work out what the first picture of a profile would otherwise wait for."""
    rings_of(profile)
    if profile.border is not None:
        depth_of(profile)


def look(
    profile: Profile,
    recent: Recent,
    watch: Watch,
    at: int,
    watched_since: Floats | None = None,
    *,
    video_late: Floats | None = None,
    orders: Orders = NONE,
    before: Look | None = None,
    usual: Usual | None = None,
    board: Mapping[str, float] | None = None,
) -> Look:
    """What the memories show at a moment; they must hold nothing observed after it.

    `watched_since`: from when each site, then each fence and device, is waited for, epoch seconds; None: who
    never reported is unknown. `video_late`: from when a look at each site's video is late; None without
    rounds. `orders`: what people ordered by then. `before`: what the same profile showed before; where the
    same holds as then, gaps and exits are not searched for anew. `usual`: throughput of past weeks. `board`:
    the board's own metrics, each with from when it counts; those that are missing are unknown.
    """
    spec, ground, newest = profile.spec, ground_of(profile), recent.newest
    reporting = watch.view(at, spec.readings.offline_after_s)
    sites, n_fences = len(profile.sites), len(ground.fence_id)
    usual = usual or Usual.unknown(sites)
    if watched_since is not None:
        reporting = replace(reporting, since=watched_since[sites:])
        watched_since = watched_since[:sites]
    fences, devices = reporting.part(0, n_fences), reporting.part(n_fences, len(reporting.state))
    open_ = serves = ground.in_service(at)
    levels = {scope: level_at(profile, orders, scope) for scope in ("", *ground.counties)}
    required = _required(profile, ground, levels)
    if ground.dated:
        # What was said before the day of opening says nothing of the site in service.
        said_early = newest.observed_at < ground.opens
        newest = replace(newest, observed_at=np.where(said_early, np.nan, newest.observed_at))
        if watched_since is not None:
            watched_since = np.maximum(watched_since, ground.opens)
        required = np.where(open_, required, np.nan)
    code = status_codes(
        newest,
        profile.sites.lanes_total,
        at,
        status=spec.status,
        readings=spec.readings,
        watched_since=watched_since,
    )
    code[~open_] = CLOSED
    silent = ~is_live(code) | ~open_
    if (closed := closed_sites(profile, orders, at)) is not None:
        # What it still reports stays known; but it is no part of its line, and nobody is asked to man it.
        code[closed] = CLOSED
        open_ = open_ & ~closed
        required = np.where(closed, np.nan, required)

    def live(values: Floats) -> Floats:
        shown = values.copy()
        shown[silent] = np.nan
        return shown

    rates = {
        minutes: (live(persons), live(vehicles)) for minutes, (persons, vehicles) in recent.rates.items()
    }
    state = SiteState(
        status=NAMES[code],
        observed_at=newest.observed_at.copy(),
        interval_s=newest.interval_s.copy(),
        persons_per_hour=rates[spec.windows.main][0],
        vehicles_per_hour=rates[spec.windows.main][1],
        rates=rates,
        queue_m=live(newest.queue_m),
        wait_min=live(newest.wait_min),
        wait_change=live(recent.wait_change),
        lanes_open=live(newest.lanes_open),
        staff_on_duty=live(newest.staff_on_duty),
        staff_required=required,
        method=METHOD_NAMES[newest.method],
        alarm=np.full(len(code), "", dtype=object),
        usual_persons=usual.persons,
        usual_vehicles=usual.vehicles,
        usual_samples=usual.samples,
        in_service=open_,
    )
    works, fences_up, spare = state.holding, fences.state == "up", _spare(state)
    waited = watched_since is not None
    never = unheard(
        ground,
        open_,
        (newest.observed_at, (code == NO_DATA) & waited),
        (fences.observed_at, _still_waited(fences, at, spec.readings.offline_after_s)),
    )
    if before is not None and _as_before(before, works, fences_up, spare, never):
        gaps, unknown, exits = before.gaps, before.unknown, before.exits
    else:
        gaps = find_gaps(profile, works, fences_up, spare, never)
        unknown = find_unknown(profile, works, fences_up, never)
        exits = find_exits(profile, works, never)
    return Look(
        at=at,
        state=state,
        fences=fences,
        devices=devices,
        gaps=gaps,
        unknown=unknown,
        exits=exits,
        seen=judge(
            spec.rules,
            Facts(
                profile,
                at,
                state,
                fences,
                devices,
                gaps=gaps,
                unknown=unknown,
                serves=serves if ground.dated else None,
                waited=watched_since,
                video_late=video_late,
                levels=levels,
                board=board or {},
            ),
        ),
        site_holds=works,
        fence_holds=fences_up,
        unheard=never,
        spare=spare,
        simulated=bool((newest.method == SIMULATED).any()),
        orders=orders,
        levels=levels,
        ready=ready(
            profile, state.staff_required - state.staff_on_duty, at, before.ready if before else None
        ),
    )


def build(
    profile: Profile,
    view: Look,
    open_: Mapping[str, Open],
    *,
    revision: int,
    simulated: bool = False,
    today: Mapping[str, DayTotals] | None = None,
    notices: tuple[Notice, ...] = (),
    rounds: Tallies | None = None,
    worn: dict[str, tuple[Alert, Alert]] | None = None,
) -> Picture:
    """The whole prefecture's picture.

    `open_` holds each rule's open alerts; `today` the day's totals by scope ("" for the prefecture); `worn`
    what `data.showing.hide` made of the alerts of the picture before.
    """
    ground, rules = ground_of(profile), profile.spec.rules
    alerts = show(open_, rules, targets_of(profile), view.at, damping=damping_of(profile))
    hidden = hidden_by(profile, view.orders, alerts, view.at)
    gathered, member = groups(profile, alerts, hidden)
    alerts = hide(alerts, hidden, member, {} if worn is None else worn)
    state = replace(view.state, alarm=alarms(alerts, profile.sites.row, len(profile.sites)))
    today = today or {}
    return Picture(
        at=view.at,
        revision=revision,
        scope="",
        simulated=simulated or view.simulated,
        duty_level=view.levels[""],
        duty_levels=view.levels,
        sites=profile.sites,
        state=state,
        lines=roll_up(
            profile, ground.line_of, state, alerts, view.gaps, unknown=view.unknown, exits=view.exits
        ),
        alerts=alerts,
        groups=gathered,
        planned=planned(view.orders, view.at),
        fences=fence_states(ground, view.fences),
        gaps=view.gaps,
        unknown=view.unknown,
        exits=view.exits,
        today=today.get("", DayTotals(None, None, {})),
        data_at=state.data_at,
        today_by={scope: totals for scope, totals in today.items() if scope},
        notices=notices,
        sendings=view.ready.sendings,
        rounds=rounds,
        profile=profile,
    )


def _still_waited(fences: FenceView, at: int, offline_after_s: int) -> Bools:
    """Which fences the board waits for, and has not yet waited for in vain."""
    if fences.since is None:
        return np.zeros(len(fences.state), dtype=np.bool_)
    return np.asarray(at - fences.since <= offline_after_s, np.bool_)


def _as_before(old: Look, sites: Bools, fences: Bools, spare: Floats, never: Unheard) -> bool:
    """Whether the same sites and fences hold or may, and the same ones have as much to spare."""
    return (
        old.unheard.same(never)
        and np.array_equal(old.site_holds, sites)
        and np.array_equal(old.fence_holds, fences)
        and np.array_equal(old.spare, spare)
    )


def _required(profile: Profile, ground: Ground, levels: Mapping[str, str]) -> Floats:
    """Staff that each site's duty level asks for; NaN where nothing is said."""
    in_force = np.array([levels[county] for county in ground.counties], dtype=object)[ground.county_of]
    required = ground.staff_required
    for level in set(levels.values()) - {profile.spec.duty.current}:
        asked = profile.sites.staff_required.get(level, np.full(len(required), np.nan))
        required = np.where(in_force == level, asked, required)
    return required


def _spare(state: SiteState) -> Floats:
    beyond = np.where(state.holding, state.staff_on_duty - state.staff_required, 0.0)
    return np.asarray(np.maximum(np.nan_to_num(beyond), 0.0))


def fence_states(ground: Ground, fences: FenceView) -> dict[str, FenceState]:
    """The fences as people see them, by id."""

    def known(value: float) -> float | None:
        return None if np.isnan(value) else value

    return {
        fence_id: FenceState(state, None if np.isnan(at) else int(at), known(in_), known(out))
        for fence_id, state, at, in_, out in zip(
            ground.fence_id.tolist(),
            fences.state.tolist(),
            fences.observed_at.tolist(),
            fences.crossings_in.tolist(),
            fences.crossings_out.tolist(),
            strict=True,
        )
    }
