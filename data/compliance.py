"""How fast alerts were answered (1-3-5): which steps were in time, by line, county, shift or rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from data.hidden_times import Span, seconds
from data.numbers import number
from data.orders import NOBODY, Response
from data.profile import Profile
from data.roster import wall_of
from data.shift_hours import DAY_S, clock, shift_hours, shift_of
from data.spec import ResponseSpec
from data.store.base import Alerted
from data.targets import targets_of

STEPS = ("answered", "sent", "arrived")
BY = ("line", "county", "shift", "rule")
"""What it may be told by."""


NEVER: Mapping[str, Sequence[Span]] = {}
"""Where nothing was hidden."""


@dataclass(frozen=True)
class Case:
    """One alert that fired, and what people did about it."""

    line: str
    """"" where it belongs to none, as its county."""
    county: str
    shift: str
    """Its hours, such as `08:00-16:00`: of when it fired."""
    rule: str
    fired_at: int
    over_at: int
    """When it resolved, or up to when is known of it."""
    response: Response
    hidden: Sequence[Span] = ()
    """When something hid it: time that does not count."""


@dataclass(frozen=True)
class Step:
    """How one step of the response went, over some alerts."""

    kept: int = 0
    """Done in time."""
    late: int = 0
    missed: int = 0
    """Not done, and its time went by while the alert was open."""
    spared: int = 0
    """Not done, but the alert was over, or the count ends, before its time: counts neither way."""
    median_s: float | None = None
    """Of those done, seconds since the alert fired, without those that it was hidden."""

    @property
    def share(self) -> float | None:
        """Done in time of those that had to be done, 0 to 1; None where there were none."""
        due = self.kept + self.late + self.missed
        return self.kept / due if due else None


@dataclass(frozen=True)
class Tally:
    """Some alerts' steps."""

    alerts: int
    steps: Mapping[str, Step]
    """By name, as in STEPS."""

    def as_row(self) -> dict[str, Any]:
        """Plain values, rounded as they are told."""
        return {
            "alerts": self.alerts,
            "steps": {
                name: {
                    "kept": step.kept,
                    "late": step.late,
                    "missed": step.missed,
                    "spared": step.spared,
                    "share": number(step.share, 4),
                    "median_s": number(step.median_s, 0),
                }
                for name, step in self.steps.items()
            },
        }


def limits(spec: ResponseSpec) -> dict[str, float]:
    """Step to its time, seconds after the alert fired."""
    minutes = (spec.answer_min, spec.sent_min, spec.arrive_min)
    return {name: 60 * of for name, of in zip(STEPS, minutes, strict=True)}


def cases(
    profile: Profile,
    kept: Iterable[Alerted],
    responses: Mapping[str, Response],
    *,
    start: int,
    end: int,
    county: str = "",
    hidden: Mapping[str, Sequence[Span]] = NEVER,
) -> list[Case]:
    """The alerts that fired from `start` on and before `end`, of one county where one is named.

    `hidden`: alert id to when something hid it (`data.hidden_times`).
    """
    known, hours = targets_of(profile), shift_hours(profile)
    found = []
    for alert in kept:
        if alert.fired_at is None or not start <= alert.fired_at < end:
            continue
        among = known.get(alert.target)
        row = None if among is None else among.row.get(alert.target_id)
        line, where = ("", "") if among is None or row is None else (among.lines[row], among.counties[row])
        if county not in ("", where):
            continue
        begun, ends = shift_of(hours, wall_of(alert.fired_at, profile.zone) % DAY_S)
        over = end if alert.resolved_at is None else min(alert.resolved_at, end)
        shift, response = f"{clock(begun)}-{clock(ends)}", responses.get(alert.id, NOBODY)
        away = hidden.get(alert.id, ())
        found.append(Case(line, where, shift, alert.rule, alert.fired_at, over, response, away))
    return found


def tally(found: Sequence[Case], within: Mapping[str, float]) -> Tally:
    """The steps of some alerts; `within` is each step's time in seconds."""
    return Tally(len(found), {name: _step(found, name, limit) for name, limit in within.items()})


def by(found: Iterable[Case], of: Callable[[Case], str], within: Mapping[str, float]) -> dict[str, Tally]:
    """The same, taken apart by something of the alerts."""
    parts: dict[str, list[Case]] = {}
    for case in found:
        parts.setdefault(of(case), []).append(case)
    return {key: tally(part, within) for key, part in sorted(parts.items())}


def _step(found: Sequence[Case], name: str, limit: float) -> Step:
    kept = late = missed = spared = 0
    took: list[int] = []
    for case in found:
        done = _done_at(case.response, name)
        if done is not None:
            took.append(_counted(case, done))
            if took[-1] <= limit:
                kept += 1
            else:
                late += 1
        elif _counted(case, case.over_at) > limit:
            missed += 1
        else:
            spared += 1
    return Step(kept, late, missed, spared, median(took) if took else None)


def _done_at(response: Response, name: str) -> int | None:
    """When a step was done: whoever has sent somebody has answered, whoever is there was on the way."""
    times = [getattr(response, f"{step}_at") for step in STEPS[STEPS.index(name) :]]
    return min((at for at in times if at is not None), default=None)


def _counted(case: Case, until: int) -> int:
    """Seconds from when it fired that somebody was asked: what is hidden asks nobody."""
    return max(0, until - case.fired_at - seconds(case.hidden, case.fired_at, until))
