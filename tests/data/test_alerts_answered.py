"""An answered alert is quiet until its time is over, after a restart and in a picture of the past too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.journal import Draft, verify
from data.picture import Alert
from data.spec_rules import RuleSpec
from data.store.sqlite import SqliteStore
from tests.data.places import NOON, small, wait
from tests.data.standing import WAIT, Bench, same


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.at(0, wait(45, 0))
    made.at(60, wait(46, 60))
    yield made
    made.store.close()


def alert(bench: Bench) -> Alert:
    (found,) = (one for one in bench.engine.picture.alerts if one.rule == WAIT)
    return found


def order(bench: Bench, action: str, who: str = "zk-duty", **detail: Any) -> None:
    mine = alert(bench)
    (entry,) = bench.engine.order([Draft(action, mine.id, who, "duty", mine.county, detail)])
    assert entry.at == int(bench.clock())


def ack(bench: Bench, seconds: int, **more: Any) -> None:
    until = int(bench.clock()) + seconds
    order(bench, "alert.ack", **{"note": "on it", "until": until, "severity": alert(bench).severity} | more)


def counted(bench: Bench) -> list[int]:
    return [line.alerts["critical"] for line in bench.engine.picture.lines]


def test_an_answer_quiets_the_ring_and_still_counts(bench: Bench) -> None:
    assert (alert(bench).state, alert(bench).asked_at, bench.site("c1", "alarm")) == (
        "firing", NOON + 60, "critical",
    )  # fmt: skip
    ack(bench, 600)
    bench.at(70)
    told = alert(bench)
    assert (told.state, bench.site("c1", "alarm"), counted(bench)) == ("acknowledged", "", [0, 0, 1])
    assert told.answer is not None
    assert (told.answer.by, told.answer.note, told.answered_at) == ("zk-duty", "on it", NOON + 60)


def test_after_its_time_it_asks_again(bench: Bench) -> None:
    ack(bench, 600)
    bench.at(659, wait(46, 659))
    assert alert(bench).state == "acknowledged"
    bench.at(660)
    assert (alert(bench).state, alert(bench).asked_at) == ("firing", NOON + 660)
    assert bench.site("c1", "alarm") == "critical"
    assert alert(bench).answer is not None  # who it was is still told
    ack(bench, 60)
    bench.at(661)
    assert (alert(bench).state, alert(bench).answered_at) == ("acknowledged", NOON + 60)


def test_a_graver_alert_asks_again_at_once(bench: Bench) -> None:
    ack(bench, 600, severity="warning")  # as it was when somebody answered
    bench.at(61)
    assert alert(bench).state == "firing"


def test_an_alert_that_grows_worse_asks_again_and_stays_as_grave(tmp_path: Path) -> None:
    profile = small()
    steps = [{"threshold": 60, "severity": "critical"}]
    rules = [
        RuleSpec.model_validate(rule.model_dump() | {"severity": "warning", "steps": steps})
        if rule.id == WAIT
        else rule
        for rule in profile.spec.rules
    ]
    bench = Bench(tmp_path, replace(profile, spec=profile.spec.model_copy(update={"rules": rules})))
    bench.at(0, wait(45, 0))
    bench.at(60, wait(45, 60))
    ack(bench, 3600)
    bench.at(120, wait(59, 120))
    assert (alert(bench).state, alert(bench).severity) == ("acknowledged", "warning")
    bench.at(180, wait(61, 180))
    told = alert(bench)
    assert (told.state, told.severity, told.asked_at) == ("firing", "critical", NOON + 180)
    assert told.answer is not None
    ack(bench, 3600)
    bench.at(240, wait(45, 240))
    assert (alert(bench).state, alert(bench).severity) == ("acknowledged", "critical")
    same(bench.engine.picture, bench.restart())
    then = bench.engine.picture_at(NOON + 130).alerts[0]
    assert (then.severity, then.state) == ("warning", "acknowledged")
    bench.store.close()


def test_an_answer_survives_a_restart(bench: Bench) -> None:
    ack(bench, 600)
    order(bench, "alert.sent", note="")
    before = bench.at(120, wait(46, 120))
    picture = bench.restart()
    same(before, picture)
    assert alert(bench).state == "acknowledged"
    bench.at(660)
    assert bench.restart()
    assert (alert(bench).state, alert(bench).sent_at) == ("firing", NOON + 60)
    assert verify(bench.store.entries()) is None


def test_the_past_is_shown_as_it_was_answered_then(bench: Bench) -> None:
    live = [bench.engine.picture]
    ack(bench, 300)
    live.append(bench.at(90, wait(46, 90)))
    bench.at(200)
    order(bench, "alert.arrived", note="")
    live += [bench.at(201), bench.at(360), bench.at(400, wait(47, 400))]
    bench.clock.at = NOON + 405
    ack(bench, 300)
    bench.at(410, wait(5, 410))
    assert not [one for one in bench.engine.picture.alerts if one.rule == WAIT]
    for picture in live[1:]:
        same(picture, bench.engine.picture_at(picture.at))
    assert bench.engine.picture_at(NOON + 59).alerts[0].answer is None


def test_what_another_process_ordered_is_followed(bench: Bench) -> None:
    mine = alert(bench)
    other = SqliteStore(bench.folder / "kept.db")
    detail = {"note": "by hand", "until": NOON + 900, "severity": mine.severity}
    other.put_entries([Draft("alert.ack", mine.id, "admin", "", mine.county, detail)], at=NOON + 61)
    other.close()
    assert bench.store.others_wrote()
    bench.engine.look_anew()
    bench.at(62)
    assert alert(bench).state == "acknowledged"
    ack(bench, 60)
    assert [entry.seq for entry in bench.store.entries()] == [1, 2]


def test_orders_between_two_processes_are_folded_in_their_order(bench: Bench) -> None:
    other = SqliteStore(bench.folder / "kept.db")
    drill = {"level": "I", "reason": "drill"}
    other.put_entries([Draft("duty.set", "", "admin", detail=drill)], at=NOON + 61)
    other.close()
    bench.engine.order([Draft("duty.set", "900101", "admin", detail={"level": "II", "reason": "rain"})])
    assert {scope: one.level for scope, one in bench.engine.orders.levels.items()} == {
        "": "I",
        "900101": "II",
    }
    picture = bench.at(62)
    assert (picture.duty_level, bench.engine.picture_at(scope="900101").duty_level) == ("I", "II")
    assert bench.engine.picture_at(scope="900102").duty_level == "I"
    assert bench.engine.picture_at(NOON + 59).duty_level == "III"
    assert bench.restart().duty_levels["900101"] == "II"


def test_answers_of_alerts_that_are_over_are_left_to_the_journal(bench: Bench) -> None:
    ack(bench, 600)
    bench.at(120, wait(5, 120))
    assert bench.engine.orders.responses == {}
    assert len(bench.store.entries()) == 1


def test_a_wait_that_swings_about_the_threshold_for_an_hour_is_one_alert(bench: Bench) -> None:
    for minute in range(2, 62):
        bench.at(60 * minute, wait(29 if minute % 2 else 31, 60 * minute))
    kept = [one for one in bench.store.alerts_between(NOON - 60, NOON + 3720) if one.rule == WAIT]
    assert [(one.state, one.started_at, one.fired_at) for one in kept] == [("firing", NOON, NOON + 60)]


def test_an_alert_that_comes_and_goes_is_damped_and_shown_as_such(bench: Bench) -> None:
    seen: list[tuple[bool, int]] = []
    for swing in range(8):
        for second, value in ((0, 45), (60, 45), (120, 5), (180, 5)):
            at = 120 + 240 * swing + second
            bench.at(at, wait(value, at))
            told = [one for one in bench.engine.picture.alerts if one.rule == WAIT]
            seen += [(one.flapping, one.flaps) for one in told]
    kept = [one for one in bench.store.alerts_between(NOON - 60, NOON + 9000) if one.rule == WAIT]
    assert len(kept) == 4  # the fourth stays open
    assert seen[-1] == (True, 8)
    same(bench.restart(), bench.engine.picture)
    assert alert(bench).flapping
    end = 120 + 240 * 7 + 120
    bench.at(end + 899, wait(5, end + 899))
    assert alert(bench).flapping
    bench.at(end + 900, wait(5, end + 900))
    assert bench.states() == {}


def test_a_site_closed_on_purpose_is_no_part_of_its_line_for_that_time(bench: Bench) -> None:
    before = bench.engine.picture
    where = {"sites": ["c1"]}
    detail = {
        "kind": "closure",
        "reason": "road works",
        "start": NOON + 100,
        "end": NOON + 200,
        "where": where,
    }
    bench.engine.order([Draft("silence.add", "s0000000a", "zk-duty", "duty", "", detail)])

    def told(seconds: int) -> tuple[object, ...]:
        picture = bench.at(seconds, wait(46, seconds))
        line = picture.lines[-1]
        return bench.site("c1", "status"), line.sites, line.online, bench.site("c1", "wait_min")

    sites, online = before.lines[-1].sites, before.lines[-1].online
    assert told(99) == ("congested", sites, online, 46)
    assert told(100) == ("closed", sites - 1, online - 1, 46)
    same(bench.engine.picture, bench.restart())
    assert told(199)[0] == "closed"
    assert bench.engine.picture_at(NOON + 99).lines[-1].sites == sites
    assert told(200) == ("congested", sites, online, 46)
    bench.engine.order([Draft("silence.end", "s0000000a", "zk-duty")])
    assert bench.engine.picture_at(NOON + 150).lines[-1].sites == sites - 1
