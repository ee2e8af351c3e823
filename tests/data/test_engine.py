"""The engine draws pictures from what arrives, and never loses one to a fault, a restart or a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.engine import Engine
from data.journal import Draft
from data.picture import Picture
from data.trial import try_rules
from layers.faults import FaultsError
from tests.data.places import MIDNIGHT, NOON, every, fence, one, small, wait
from tests.data.standing import WAIT, Bench, same


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def test_rows_are_durable_and_in_the_next_picture(bench: Bench) -> None:
    first = bench.engine.picture
    written = bench.engine.readings(every(small(), NOON, persons_in=3, wait_min=20))
    assert (written.accepted, written.duplicate, written.corrected) == (8, 0, 0)
    assert len(bench.store.read(NOON - 60, NOON)) == 8
    picture = bench.engine.step()
    assert picture.revision == first.revision + 1
    assert set(picture.state.status) == {"busy"}
    assert set(first.state.status) == {"no_data"}  # what was handed out does not change
    written = bench.engine.readings(every(small(), NOON, persons_in=3, wait_min=20))
    assert (written.accepted, written.duplicate) == (0, 8)


def test_each_step_has_its_revision_even_when_nothing_happens(bench: Bench) -> None:
    revisions = [bench.at(second).revision for second in range(1, 4)]
    assert revisions == [2, 3, 4]
    assert bench.engine.picture.at == NOON + 3


def test_an_order_counts_from_when_it_was_given_not_from_the_report_before_it(tmp_path: Path) -> None:
    place = small()
    rules = [rule.model_copy(update={"by_level": {"I": 20}, "clear_for_s": 60}) for rule in place.spec.rules]
    bench = Bench(tmp_path, replace(place, spec=place.spec.model_copy(update={"rules": rules})))

    def level(name: str) -> None:
        bench.engine.order([Draft("duty.set", "", detail={"level": name, "reason": "drill"})])

    bench.at(400, wait(22, 400))
    assert bench.at(500).at == NOON + 500
    level("I")
    picture = bench.at(501)
    (alert,) = [one for one in picture.alerts if one.rule == WAIT]
    assert (alert.state, alert.started_at) == ("pending", NOON + 501)
    bench.at(560)
    assert bench.states() == {"c1": "pending"}
    bench.at(561)
    assert bench.states() == {"c1": "firing"}
    level("III")
    bench.at(562)
    bench.at(621)
    assert bench.states() == {"c1": "firing"}
    bench.at(622)
    assert bench.states() == {}
    # Tried afterwards on the same readings and orders, it fires and ends as it did: there an order is
    # followed in its own second, here in the next.
    (tried,) = try_rules(bench.profile, bench.store, rules[:1], NOON - 1, NOON + 700, step_s=1)
    assert [(one.fired_at, one.ended_at) for one in tried.firings] == [(NOON + 560, NOON + 621)]
    bench.store.close()


def test_a_wait_held_past_its_time_becomes_an_alert_and_clears(bench: Bench) -> None:
    bench.at(0, wait(45, 0))
    assert bench.states() == {"c1": "pending"}
    assert bench.site("c1", "alarm") == ""
    bench.at(60, wait(46, 60))
    assert bench.states() == {"c1": "firing"}
    assert bench.site("c1", "alarm") == "critical"
    assert [line.alerts["critical"] for line in bench.engine.picture.lines] == [0, 0, 1]
    for minute in range(2, 20):
        bench.at(60 * minute, wait(29 if minute % 2 else 31, 60 * minute))
    assert bench.states() == {"c1": "firing"}
    bench.at(1200, wait(20, 1200))
    assert bench.states() == {}
    assert bench.site("c1", "alarm") == ""
    kept = [a for a in bench.store.alerts_between(MIDNIGHT, NOON + 1200) if a.rule == WAIT]
    assert [(a.id, a.state, a.fired_at, a.resolved_at, a.value) for a in kept] == [
        (f"{WAIT}:c1:{NOON}", "resolved", NOON + 60, NOON + 1200, 46)
    ]


def test_losing_a_site_holds_its_alert(bench: Bench) -> None:
    bench.at(0, wait(45, 0))
    bench.at(60, wait(45, 60))
    for seconds in (700, 2000, 90000):
        bench.at(seconds)
        assert bench.states() == {"c1": "firing"}
        assert [a.held for a in bench.engine.picture.alerts if a.rule == WAIT] == [True]
    assert bench.states("offline")["c1"] == "firing"
    bench.at(90060, wait(5, 90060))
    assert bench.states() == {}
    assert "c1" not in bench.states("offline")


def test_a_restart_continues(bench: Bench) -> None:
    bench.at(0, wait(45, 0), wait(45, 0, "c2"), every(small(), NOON - 300, persons_in=4, wait_min=1))
    bench.at(60, wait(45, 60), wait(10, 60, "c2"), wait(45, 60, "c3"))
    bench.engine.reports(fence("f1", NOON + 30, "down", 2))
    before = bench.at(61)
    assert bench.states() == {"c1": "firing", "c3": "pending"}
    same(bench.restart(), before)
    bench.at(120, wait(45, 120), wait(45, 120, "c3"))
    assert bench.states() == {"c1": "firing", "c3": "firing"}
    fired = [a for a in bench.store.alerts(NOON + 120) if a.rule == WAIT]
    assert sorted(a.id for a in fired) == [f"{WAIT}:c1:{NOON}", f"{WAIT}:c3:{NOON + 60}"]


def test_after_a_restart_alerts_of_what_is_gone_are_closed(bench: Bench) -> None:
    bench.at(0, wait(45, 0))
    bench.at(60, wait(45, 60))
    fewer = replace(small(), spec=small().spec.model_copy(update={"rules": small().spec.rules[1:]}))
    Engine(fewer, bench.store, clock=bench.clock).resume()
    assert bench.store.alerts(NOON + 60) == []


def test_rows_out_of_order_and_corrections(bench: Bench) -> None:
    bench.at(600, wait(20, 600))
    bench.at(601, wait(90, 300))  # late: history, not now
    assert bench.site("c1", "wait_min") == 20
    assert bench.states() == {}
    assert bench.site("c1", "observed_at") == NOON + 600
    bench.at(602, wait(40, 600))  # the newest is corrected
    assert bench.site("c1", "wait_min") == 40
    assert bench.site("c1", "status") == "congested"
    minute = [one("c2", NOON + at, persons_in=at // 60) for at in (300, 60, 240, 120, 180)]
    bench.at(603, *minute)
    assert bench.site("c2", "persons_per_hour") == pytest.approx(15 / 5 * 60)


def test_old_rows_are_history_and_make_no_alerts(bench: Bench) -> None:
    bench.at(0, every(small(), NOON, wait_min=1, staff_on_duty=20))
    quiet = bench.engine.picture.alerts
    bench.at(1, *[every(small(), MIDNIGHT + hour * 3600, wait_min=99, persons_in=2) for hour in range(1, 10)])
    assert bench.engine.picture.alerts == quiet == ()
    assert set(bench.engine.picture.state.wait_min) == {1}
    bench.engine.refresh_today()
    assert bench.at(2).today.persons == 9 * 8 * 2


def test_a_site_that_only_ever_sent_old_rows_is_offline_not_unheard_of(bench: Bench) -> None:
    bench.at(0, one("c1", NOON - 86400, wait_min=99))
    assert bench.site("c1", "status") == "offline"
    assert np.isnan(bench.site("c1", "wait_min"))
    assert bench.states() == {}
    same(bench.restart(), bench.at(0))


def test_rows_from_the_future_wait_for_their_time(bench: Bench) -> None:
    bench.at(0, wait(20, 100), wait(10, 0))
    assert bench.site("c1", "wait_min") == 10
    bench.engine.reports(fence("f1", NOON + 100, "down"))
    bench.at(99)
    assert bench.site("c1", "wait_min") == 10
    assert bench.engine.picture.fences["f1"].state == "unknown"
    bench.at(100)
    assert bench.site("c1", "wait_min") == 20
    assert bench.engine.picture.fences["f1"].state == "down"


def test_rows_of_unknown_sites_do_not_hurt(bench: Bench) -> None:
    bench.at(0, one("nowhere", NOON, wait_min=99), wait(10, 0))
    assert bench.site("c1", "wait_min") == 10
    assert bench.engine.failed_steps == 0


def test_fence_reports_reach_the_picture(bench: Bench) -> None:
    assert bench.engine.reports(fence("f1", NOON, "down", 1, 2)) == 1
    picture = bench.at(0)
    assert picture.fences["f1"].state == "down"
    assert bench.states("fence_down") == {"f1": "firing"}
    assert bench.states("fence_crossed") == {"f1": "firing"}
    bench.engine.reports(fence("f1", NOON + 60, "up"))
    bench.at(60)
    assert bench.states("fence_down") == {}
    assert bench.states("fence_crossed") == {"f1": "firing"}  # within the hour
    bench.engine.reports(fence("f1", NOON + 3700, "up", 0, 0))
    bench.at(3700)
    assert bench.states("fence_crossed") == {}


def test_the_past_is_drawn_from_the_store_as_it_was(bench: Bench) -> None:
    drawn = {}
    for minute in range(30):
        rows = [
            one(site, NOON + 60 * minute, persons_in=minute, staff_on_duty=9) for site in ("c1", "c2", "p1")
        ]
        rows.append(wait(45 if 5 <= minute < 12 else 10, 60 * minute, "c3"))
        if minute < 8:
            rows.append(one("d1", NOON + 60 * minute, staff_on_duty=4))
        if minute == 3:
            bench.engine.reports(fence("f1", NOON + 170, "up", 3))
        drawn[minute] = bench.at(60 * minute, *rows)
    states = set()
    for minute, live in drawn.items():
        past = bench.engine.picture_at(NOON + 60 * minute)
        assert past.revision == (0 if minute < 29 else live.revision)
        same(past, live)
        states |= {(a.rule, a.state) for a in past.alerts}
    assert {(WAIT, "pending"), (WAIT, "firing"), ("no_data", "firing")} <= states


def test_a_past_picture_has_its_days_totals_and_its_scope(bench: Bench) -> None:
    bench.at(0, every(small(), NOON, persons_in=1))
    bench.at(600, every(small(), NOON + 600, persons_in=1))
    past = bench.engine.picture_at(NOON + 300, "900102")
    assert past.scope == "900102"
    assert past.today.persons == 4
    assert bench.engine.picture_at(NOON + 300).today.persons == 8
    assert bench.engine.picture_at(NOON + 600).revision == bench.engine.picture.revision
    assert bench.engine.picture_at(NOON + 9999) is bench.engine.picture
    assert bench.engine.picture_at(None, "900101").scope == "900101"
    with pytest.raises(FaultsError, match="no such county"):
        bench.engine.picture_at(NOON, "1")
    long_ago = bench.engine.picture_at(0)
    assert set(long_ago.state.status) == {"no_data"}


def test_subscribers_get_both_pictures_and_may_fail(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    got: list[tuple[int, int]] = []

    def broken(_old: Picture, _new: Picture) -> None:
        raise RuntimeError("of no use")

    bench.engine.subscribe(broken)
    end = bench.engine.subscribe(lambda old, new: got.append((old.revision, new.revision)))
    bench.at(1)
    bench.at(2)
    end()
    bench.at(3)
    assert got == [(1, 2), (2, 3)]
    assert "A subscriber failed at revision 2" in caplog.text
    assert bench.engine.failed_steps == 0


def test_a_failing_step_keeps_the_picture_and_the_next_one_catches_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = bench.at(0, wait(10, 0))
    with monkeypatch.context() as patch:
        patch.setattr("data.engine.build", lambda *_args, **_more: 1 / 0)
        assert bench.at(1, wait(40, 1)) is before
        assert bench.at(2, wait(41, 2)) is before
    assert "ZeroDivisionError" in caplog.text
    assert bench.engine.failed_steps == 2
    after = bench.at(3)
    assert after.revision == before.revision + 1
    assert bench.site("c1", "wait_min") == 41
    assert bench.states() == {"c1": "pending"}


def test_alerts_that_cannot_be_kept_now_are_kept_later(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "put_alerts", lambda _alerts: 1 / 0)
        bench.at(0, wait(45, 0))
        bench.at(60, wait(45, 60))
        assert bench.states() == {"c1": "firing"}
    assert bench.store.alerts(NOON + 60) == []
    bench.at(61)
    assert [a.state for a in bench.store.alerts(NOON + 61) if a.rule == WAIT] == ["firing"]


def test_a_little_back_is_waited_for(bench: Bench) -> None:
    bench.at(10, wait(10, 10))
    assert bench.at(8).at == NOON + 10
    assert bench.at(11).at == NOON + 11


def test_a_clock_set_back_is_followed(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.at(0, wait(10, 0), wait(45, 0, "c2"))
    bench.at(60, wait(45, 60, "c2"))
    bench.at(86400, wait(20, 86400), wait(45, 86400, "c3"))
    assert bench.states() == {"c2": "firing", "c3": "pending"}
    picture = bench.at(120)
    assert picture.at == NOON + 120
    assert "set back" in caplog.text
    assert bench.site("c1", "wait_min") == 10
    assert bench.states() == {"c2": "firing"}
    bench.at(180, wait(5, 180, "c2"))
    assert bench.states() == {}
    assert bench.engine.failed_steps == 0


def test_a_clock_put_forward_makes_silence_not_peace(bench: Bench) -> None:
    bench.at(0, wait(45, 0))
    bench.at(60, wait(45, 60))
    bench.at(86400)
    assert bench.site("c1", "status") == "offline"
    assert bench.states() == {"c1": "firing"}


def test_midnight_begins_a_new_day(bench: Bench) -> None:
    end_of_day = 12 * 3600
    bench.at(end_of_day, one("c1", NOON + end_of_day, persons_in=5))
    bench.engine.refresh_today()
    assert bench.at(end_of_day).today.persons is None
    assert bench.engine.picture_at(NOON + end_of_day - 1).today.persons is None
    bench.at(end_of_day + 60, one("c1", NOON + end_of_day + 60, persons_in=7))
    bench.engine.refresh_today()
    assert bench.at(end_of_day + 61).today.persons == 7
