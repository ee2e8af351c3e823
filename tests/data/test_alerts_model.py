"""Whatever happens in whatever order, alerts live as the plain model says, restarts and all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from data.alerts import advance, restore
from data.answering import GRADE, answer, settle
from data.flapping import AGO_S, Damping, Lately
from data.journal import Draft, verify
from data.logbook import Logbook
from data.opened import Open, ids_of
from data.picture import SEVERITIES, Alert
from data.rules import Seen
from data.showing import show
from data.spec import RuleSpec
from data.store.sqlite import SqliteStore
from data.targets import targets_of
from tests.data.alert_model import (
    CLEAR,
    CLEAR_FOR_S,
    FLAP_TIMES,
    FLAP_WITHIN_S,
    FOR_S,
    ORDER,
    STEPS,
    THRESHOLD,
    Target,
)
from tests.data.places import NOON, small

SITES = ("c1", "c2")
DAMPING = Damping(FLAP_TIMES, FLAP_WITHIN_S)
RULE = RuleSpec.model_validate(
    {
        "id": "wait", "name": {}, "metric": "wait_min", "threshold": THRESHOLD, "clear": CLEAR,
        "for_s": FOR_S, "clear_for_s": CLEAR_FOR_S, "severity": ORDER[0], "what": {},
    }
)  # fmt: skip
VALUES = st.sampled_from([None, 10.0, 27.0, 31.0, 50.0, 70.0])
PAUSES = st.sampled_from([1, 30, 61, 130, 400, 1300])


def seen(values: dict[str, float | None], ids: Any, at: int) -> Seen:
    """What the rule sees: a reading of this very moment from every site that has one."""
    value = np.array([np.nan if (one := values.get(site)) is None else one for site in ids.tolist()])
    grade = np.full(len(value), GRADE[RULE.severity])
    for threshold, severity in STEPS:
        grade[value > threshold] = GRADE[severity]
    since = np.full(len(value), float(at))
    return Seen(value > THRESHOLD, value <= CLEAR, ~np.isnan(value), value, since, grade=grade)


class Lives(RuleBasedStateMachine):
    """Two sites under one rule; the store is a real one, and so is the journal."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.profile, self.at = small(), NOON
        self.ids = {"site": self.profile.sites.site_id}
        self.rows = {"site": self.profile.sites.row, "fence": {}}
        self.values: dict[str, float | None] = {}
        self.model = {site: Target() for site in SITES}
        self.open_store()
        self.open = Open.none()
        self.lately = Lately()
        self.logbook.read([])

    def open_store(self) -> None:
        self.store = SqliteStore(self.folder / "kept.db", clock=lambda: self.at)
        self.logbook = Logbook(self.store)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert verify(self.store.entries()) is None
            self.store.close()
            shutil.rmtree(self.folder)

    def step(self) -> None:
        self.open, changed = advance(
            self.open, RULE, seen(self.values, self.ids["site"], self.at), self.ids["site"], self.at,
            lately=self.lately.of(RULE.id), damping=DAMPING,
        )  # fmt: skip
        self.lately.note(changed)
        self.store.put_alerts(changed)
        for site, target in self.model.items():
            target.read(self.at, self.values.get(site))
        self.draw()

    def draw(self) -> None:
        self.open = answer(self.open, RULE.id, self.ids["site"], self.logbook.orders.responses)
        self.open = settle(self.open, self.at)
        alerts = show({RULE.id: self.open}, [RULE], targets_of(self.profile), self.at, damping=DAMPING)
        self.shown = {alert.target_id: alert for alert in alerts}

    @rule(pause=PAUSES, one=VALUES, two=VALUES)
    def readings(self, pause: int, one: float | None, two: float | None) -> None:
        self.at += pause
        self.values = dict(zip(SITES, (one, two), strict=True))
        self.step()

    @rule(site=st.sampled_from(SITES), times=st.integers(1, 4), pause=st.sampled_from([61, 130]))
    def comes_and_goes(self, site: str, times: int, pause: int) -> None:
        for _ in range(times):
            for value in (31.0, 31.0, 10.0, 10.0):
                self.at += pause
                self.values |= {site: value}
                self.step()
                self.as_the_model_says()

    @rule(pause=PAUSES)
    def time(self, pause: int) -> None:
        self.at += pause
        self.step()

    def fired(self, site: str) -> Alert | None:
        alert = getattr(self, "shown", {}).get(site)
        return alert if alert is not None and alert.state != "pending" else None

    def order(self, action: str, alert: Alert, **detail: Any) -> None:
        draft = Draft(action, alert.id, "zk-duty", "duty", alert.county, detail)
        self.logbook.put([draft], self.at)

    @precondition(lambda self: any(self.fired(site) for site in SITES))
    @rule(data=st.data(), minutes=st.sampled_from([1, 5, 30]), wait=st.sampled_from([0, 10, 70]))
    def ack(self, data: st.DataObject, minutes: int, wait: int) -> None:
        site = data.draw(st.sampled_from([site for site in SITES if self.fired(site)]))
        self.at += wait
        alert = self.shown[site]
        until = self.at + 60 * minutes
        self.order("alert.ack", alert, note="on it", until=until, severity=alert.severity)
        self.model[site].ack(self.at, until)
        self.step()

    @precondition(lambda self: any(self.fired(site) for site in SITES))
    @rule(data=st.data())
    def unack(self, data: st.DataObject) -> None:
        site = data.draw(st.sampled_from([site for site in SITES if self.fired(site)]))
        self.order("alert.unack", self.shown[site])
        self.model[site].unack(self.at)
        self.step()

    @precondition(lambda self: any(self.fired(site) for site in SITES))
    @rule(data=st.data())
    def sent(self, data: st.DataObject) -> None:
        site = data.draw(st.sampled_from([site for site in SITES if self.fired(site)]))
        self.order("alert.sent", self.shown[site], note="")
        case = self.model[site].case
        assert case is not None
        case.sent = case.sent or self.at
        self.step()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open_store()
        open_, orphans = restore(
            self.store.alerts(self.at), {RULE.id: RULE}, self.rows, self.at, damping=DAMPING
        )
        assert orphans == []
        self.open, self.lately = open_[RULE.id], Lately()
        self.lately.note(self.store.alerts_between(self.at - AGO_S, self.at))
        self.logbook.read(ids_of(open_, {RULE.id: RULE}, self.ids))
        self.step()

    @invariant()
    def as_the_model_says(self) -> None:
        if not hasattr(self, "shown"):
            return
        for site, target in self.model.items():
            alert, case = self.shown.get(site), target.case
            assert ("none" if alert is None else alert.state) == target.state
            if alert is None or case is None:
                continue
            answer_ = alert.answer
            assert (alert.started_at, alert.fired_at, alert.severity) == (
                case.started,
                case.fired,
                case.severity,
            )
            assert (alert.asked_at, alert.answered_at, alert.sent_at) == (
                case.asked,
                case.answered,
                case.sent,
            )
            assert (None if answer_ is None else (answer_.at, answer_.until, answer_.severity)) == (
                None if case.answer is None else (case.answer.at, case.answer.until, case.answer.severity)
            )
            flapping = case.fired is not None and self.at < target.flaps_until()
            assert alert.flapping == flapping
            last = case.swings[-1] if case.swings else 0
            assert alert.flaps == sum(at > last - FLAP_WITHIN_S for at in case.swings)

    @invariant()
    def what_is_kept_is_what_is_shown(self) -> None:
        if not hasattr(self, "shown"):
            return
        kept = {one.target_id: (one.id, one.state, one.severity) for one in self.store.alerts(self.at)}
        told = {
            site: (alert.id, "pending" if alert.state == "pending" else "firing", alert.severity)
            for site, alert in self.shown.items()
        }
        assert kept == told


assert ORDER == SEVERITIES
TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=40)
