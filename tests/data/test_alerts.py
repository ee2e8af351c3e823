"""An alert is held before it fires, clears past its own threshold, and is never ended by silence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts import DAMPING, advance, look_again, restore, rewind
from data.answering import GRADE
from data.flapping import Damping
from data.opened import Open, alert_id, kept
from data.rules import Seen
from data.showing import alarms, show
from data.spec import RuleSpec
from data.store.base import Alerted
from data.targets import targets_of
from tests.data.places import NOON, small

IDS = np.array(["a", "b", "c"], dtype=object)


def rule(**more: object) -> RuleSpec:
    base = {
        "id": "wait",
        "name": {},
        "metric": "wait_min",
        "threshold": 30,
        "clear": 25,
        "severity": "critical",
    }
    return RuleSpec.model_validate({**base, "what": {}, **more})


def seen(values: list[float | None], since: float, spec: RuleSpec) -> Seen:
    value = np.array([np.nan if one is None else one for one in values], dtype=float)
    back = spec.threshold if spec.clear is None else spec.clear
    return Seen(value > spec.threshold, value <= back, ~np.isnan(value), value, np.full(len(value), since))


@dataclass
class Life:
    """Steps of one rule over the three targets."""

    spec: RuleSpec
    open: Open = field(default_factory=Open.none)
    known: dict[str, str] = field(default_factory=dict)
    damping: Damping = DAMPING

    def step(self, at: int, *values: float | None, since: int | None = None) -> list[Alerted]:
        """One step; the alerts whose state is another than before."""
        changed = [one for one in self.kept(at, *values, since=since) if self.known.get(one.id) != one.state]
        self.known |= {one.id: one.state for one in changed}
        return changed

    def kept(self, at: int, *values: float | None, since: int | None = None) -> list[Alerted]:
        """One step; the alerts that are kept anew."""
        full = [*values, *[None] * (len(IDS) - len(values))]
        told = seen(full, at if since is None else since, self.spec)
        self.open, changed = advance(self.open, self.spec, told, IDS, at, damping=self.damping)
        return changed

    def states(self) -> dict[str, str]:
        return {one.target_id: one.state for one in kept(self.open, self.spec, IDS)}


def brief(changed: list[Alerted]) -> list[tuple[str, str]]:
    return [(one.target_id, one.state) for one in changed]


def test_a_wait_held_past_its_time_fires_once() -> None:
    life = Life(rule(for_s=300))
    assert brief(life.step(0, 45)) == [("a", "pending")]
    assert life.step(299, 45) == []
    fired = life.step(300, 47)
    assert fired == [
        Alerted(
            "wait:a:0",
            "wait",
            "site",
            "a",
            "critical",
            "firing",
            0,
            fired_at=300,
            resolved_at=None,
            value=47,
            grades=((0, "critical"),),
            swings=(300,),
        )
    ]
    assert life.step(600, 46) == []


def test_without_a_hold_it_fires_at_once() -> None:
    assert brief(Life(rule()).step(0, 31)) == [("a", "firing")]


def test_an_alert_begins_when_its_reading_was_taken() -> None:
    life = Life(rule(for_s=300))
    assert brief(life.step(1000, 45, since=700)) == [("a", "firing")]
    assert life.open.started_at.tolist() == [700]
    # A sender whose clock is ahead does not begin an alert in the future.
    assert life.step(1001, 45, 45, since=5000)[0].started_at == 1001


def test_a_swing_around_the_threshold_is_one_alert() -> None:
    life = Life(rule(for_s=60))
    changed = life.step(0, 31) + life.step(60, 31)
    for minute in range(2, 60):
        changed += life.step(60 * minute, 29 if minute % 2 else 31)
    assert brief(changed) == [("a", "pending"), ("a", "firing")]
    ended = life.step(3600, 25)
    assert [(one.id, one.state, one.resolved_at, one.value) for one in ended] == [
        ("wait:a:0", "resolved", 3600, 31)
    ]
    assert life.states() == {}


def test_a_pending_alert_that_does_not_hold_is_dropped_without_having_fired() -> None:
    life = Life(rule(for_s=300))
    life.step(0, 45)
    ended = life.step(60, 29)  # under the threshold, though not yet past the clearing one
    assert brief(ended) == [("a", "resolved")]
    assert ended[0].fired_at is None
    assert life.step(120, 45)[0].id == "wait:a:120"  # it begins anew


def test_clearing_must_hold_too() -> None:
    life = Life(rule(clear_for_s=120))
    life.step(0, 45)
    assert life.step(60, 20) == []
    assert life.step(120, 27) == []  # back in the band: the time to clear begins again
    assert life.step(180, 20) == []
    assert life.step(299, 20) == []
    assert brief(life.step(300, 20)) == [("a", "resolved")]


@pytest.mark.parametrize("for_s", [0, 300])
def test_silence_neither_fires_nor_resolves(for_s: int) -> None:
    life = Life(rule(for_s=for_s))
    life.step(0, 45)
    before = life.states()
    for at in (300, 3600, 86400):
        assert life.step(at, None) == []
        assert life.states() == before
        assert life.open.held.tolist() == [True]
        assert life.open.value.tolist() == [45]  # the newest that was known
    after = life.step(90000, 45)
    assert brief(after) == ([] if for_s == 0 else [("a", "firing")])
    assert life.open.held.tolist() == [False]


def test_silence_begins_the_time_to_clear_anew() -> None:
    life = Life(rule(clear_for_s=120))
    life.step(0, 45)
    life.step(60, 20)
    life.step(120, None)
    assert life.step(240, 20) == []
    assert brief(life.step(360, 20)) == [("a", "resolved")]


def test_targets_do_not_disturb_each_other() -> None:
    life = Life(rule(for_s=60))
    life.step(0, None, 45, None)
    life.step(30, 45, 45, None)
    assert brief(life.step(60, 45, 45, 20)) == [("b", "firing")]
    assert brief(life.step(90, 45, 10, 50)) == [("b", "resolved"), ("a", "firing"), ("c", "pending")]
    assert life.open.row.tolist() == [0, 2]


def test_the_worst_value_is_the_lowest_where_low_is_bad() -> None:
    spec = rule(op="<", threshold=2, clear=None, metric="lanes_open")
    value = np.array([1.0, 0.0])
    life, changed = advance(
        Open.none(), spec, Seen(value < 2, value >= 2, value >= 0, value, np.zeros(2)), IDS, 0
    )
    assert [one.value for one in changed] == [1, 0]
    value = np.array([0.0, 1.0])
    life, _ = advance(life, spec, Seen(value < 2, value >= 2, value >= 0, value, np.zeros(2)), IDS, 60)
    assert life.worst.tolist() == [0, 0]


def test_a_restart_continues() -> None:
    whole, first = Life(rule(for_s=300)), Life(rule(for_s=300))
    stored: dict[str, Alerted] = {}
    for at, a, b in ((0, 45, 45), (300, 50, 20), (360, 50, 45)):
        whole.step(at, a, b)
        stored |= {one.id: one for one in first.kept(at, a, b)}
    open_, orphans = restore(
        [one for one in stored.values() if one.state != "resolved"],
        {"wait": whole.spec},
        {"site": {"a": 0, "b": 1, "c": 2}, "fence": {}},
        400,
    )
    assert orphans == []
    second = Life(whole.spec, open_["wait"])
    assert second.states() == whole.states() == {"a": "firing", "b": "pending"}
    assert (
        brief(second.step(660, 20, 45))
        == brief(whole.step(660, 20, 45))
        == [("a", "resolved"), ("b", "firing")]
    )


def test_what_nothing_stands_for_now_is_handed_back() -> None:
    def alerted(id_: str, rule_id: str, target: str, target_id: str, started: int) -> Alerted:
        return Alerted(id_, rule_id, target, target_id, "critical", "firing", started, started)

    alerts = [
        alerted("1", "wait", "site", "a", 10),
        alerted("2", "wait", "site", "a", 20),
        alerted("3", "gone", "site", "a", 10),
        alerted("4", "wait", "site", "gone", 10),
        alerted("5", "wait", "fence", "f", 10),
    ]
    open_, orphans = restore(alerts, {"wait": rule()}, {"site": {"a": 0}, "fence": {"f": 0}}, 30)
    assert sorted(one.id for one in orphans) == ["1", "3", "4", "5"]
    assert open_["wait"].started_at.tolist() == [20]


def test_an_alert_is_as_it_stood_then() -> None:
    later = Alerted("wait:a:0", "wait", "site", "a", "critical", "resolved", 0, 300, 900, 60.0)
    rows = {"site": {"a": 0}, "fence": {}}
    for at, fired in ((200, False), (300, True)):
        open_ = restore([later], {"wait": rule()}, rows, at)[0]["wait"]
        assert np.isnan(open_.fired_at).tolist() == [not fired]
    again = look_again(open_, seen([44.0], 290, rule()))
    assert (again.value.tolist(), again.held.tolist()) == ([44], [False])
    again = look_again(open_, seen([None], 290, rule()))
    assert (again.value.tolist(), again.held.tolist()) == ([60], [True])


def test_after_the_clock_is_set_back_pending_alerts_begin_anew_and_firing_ones_stay() -> None:
    life = Life(rule(for_s=60))
    life.step(0, 45)
    life.step(5000, 45, 45)
    life.open, ended = rewind(life.open, life.spec, IDS, 100)
    assert brief(ended) == [("b", "resolved")]
    assert life.states() == {"a": "firing"}
    assert life.step(100, 45, 45)[0].id == "wait:b:100"


def test_what_people_see() -> None:
    profile = small()
    rules = {one.id: one for one in profile.spec.rules}
    open_ = {name: Open.none() for name in rules}

    def begin(name: str, rows: list[int], started: list[int], fired: list[float]) -> None:
        some = Open.of(
            np.array(rows), np.array(started, float), np.full(len(rows), 40.0), GRADE[rules[name].severity]
        )
        some.fired_at[:] = fired
        open_[name] = some

    c1, c2, p1 = (profile.sites.row[site] for site in ("c1", "c2", "p1"))
    begin("wait_over_30", sorted([c1, c2]), [NOON, NOON - 60], [NOON + 60, np.nan])
    begin("queue_over_500", [p1], [NOON - 600], [NOON - 540])
    begin("no_data", [c1], [NOON - 900], [NOON - 900])
    begin("fence_down", [1], [NOON - 30], [NOON - 30])
    alerts = show(open_, list(rules.values()), targets_of(profile), NOON)
    assert [(one.rule, one.target_id, one.state) for one in alerts] == [
        ("wait_over_30", "c2", "pending"),
        ("fence_down", "f2", "firing"),
        ("wait_over_30", "c1", "firing"),
        ("queue_over_500", "p1", "firing"),
        ("no_data", "c1", "firing"),
    ]
    assert [(one.line, one.county) for one in alerts[:3]] == [
        ("third", "900102"), ("first", "900102"), ("third", "900101"),
    ]  # fmt: skip
    assert alerts[2].id == alert_id("wait_over_30", "c1", NOON) == f"wait_over_30:c1:{NOON}"
    # Those that did not change are the same values again.
    assert [
        one is two
        for one, two in zip(alerts, show(open_, list(rules.values()), targets_of(profile), NOON), strict=True)
    ] == [True] * 5
    alarm = alarms(alerts, profile.sites.row, len(profile.sites))
    assert {site: alarm[row] for site, row in profile.sites.row.items() if alarm[row]} == {
        "c1": "critical", "p1": "warning",
    }  # fmt: skip


@dataclass
class Plain:
    """The same life, told for one target by hand."""

    spec: RuleSpec
    started: int | None = None
    fired: int | None = None
    clear_since: int | None = None

    def step(self, at: int, value: float | None) -> str:
        if value is not None:
            if self.started is None and value > 30:
                self.started = at
            if self.started is not None and self.fired is None:
                if value <= 30:
                    self.started = None
                elif at - self.started >= self.spec.for_s:
                    self.fired = at
            elif self.fired is not None:
                if value > 25:
                    self.clear_since = None
                else:
                    self.clear_since = at if self.clear_since is None else self.clear_since
                    if at - self.clear_since >= self.spec.clear_for_s:
                        self.started = self.fired = self.clear_since = None
        else:
            self.clear_since = None
        return "none" if self.started is None else "pending" if self.fired is None else "firing"


VALUES = st.sampled_from([None, 10.0, 25.0, 27.0, 30.0, 31.0, 60.0])


@given(
    for_s=st.sampled_from([0, 60, 150]),
    clear_for_s=st.sampled_from([0, 60, 150]),
    steps=st.lists(st.tuples(st.integers(1, 120), VALUES, VALUES, VALUES), max_size=40),
)
def test_the_life_of_many_is_the_life_of_each(
    for_s: int, clear_for_s: int, steps: list[tuple[int, float | None, float | None, float | None]]
) -> None:
    spec = rule(for_s=for_s, clear_for_s=clear_for_s)
    # Flapping has a model of its own (test_alerts_model.py).
    life, plain, at = Life(spec, damping=Damping(times=1000)), [Plain(spec) for _ in IDS], NOON
    stored: dict[str, Alerted] = {}
    for pause, *values in steps:
        at += pause
        stored |= {one.id: one for one in life.kept(at, *values)}
        told = [one.step(at, value) for one, value in zip(plain, values, strict=True)]
        assert [life.states().get(target, "none") for target in IDS] == told
        # What the store holds is enough to go on from.
        still = {one.target_id: one.state for one in stored.values() if one.state != "resolved"}
        assert still == life.states()
