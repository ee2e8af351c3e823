"""A site that never reported is silent since the board began to wait for it, and nothing before that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.engine import Engine
from data.rules import words
from data.watching import watching_since
from tests.data.places import NOON, every, one, small
from tests.data.standing import Bench, same

ALL = dict.fromkeys(small().sites.site_id.tolist(), "firing")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def test_an_empty_store_is_no_peace(bench: Bench) -> None:
    quiet = bench.at(600)
    assert quiet.alerts == ()
    assert set(quiet.state.status) == {"no_data"}
    late = bench.at(660)
    assert bench.states("no_data") == ALL
    assert {alert.rule for alert in late.alerts} == {"no_data"}
    assert {(alert.value, alert.held) for alert in late.alerts} == {(660, False)}
    assert words(small(), late.alerts[0], late, "en")[0].endswith("no data for 660 s")
    assert set(late.state.status) == {"no_data"}
    gone = bench.at(1801)
    assert bench.states("no_data") == bench.states("offline") == ALL
    assert len(gone.alerts) == 2 * len(ALL)  # one per rule and site, however long it lasts
    assert set(gone.state.status) == {"offline"}
    bench.at(1802)
    for then in (quiet, late, gone):
        same(bench.engine.picture_at(then.at), then)
    same(Engine(bench.profile, bench.store, clock=bench.clock).picture_at(gone.at), gone)


def test_the_first_reading_ends_it(bench: Bench) -> None:
    bench.at(1801)
    bench.at(1860, every(small(), NOON + 1860, staff_on_duty=20))
    assert bench.engine.picture.alerts == ()
    assert bench.site("c1", "status") == "normal"


def test_a_restart_does_not_begin_the_wait_anew(bench: Bench) -> None:
    bench.at(300, one("c1", NOON + 300, staff_on_duty=20))
    before = bench.at(2000)
    assert bench.states("offline") == {site: "firing" for site in ALL if site != "c1"}
    same(bench.restart(), before)


def test_nothing_is_judged_before_the_board_began_to_wait(bench: Bench) -> None:
    bench.at(0, one("c1", NOON - 86400, staff_on_duty=20))
    bench.at(7200)
    past = bench.engine.picture_at(NOON - 3600)
    status = dict(zip(past.sites.site_id, past.state.status, strict=True))
    assert status.pop("c1") == "offline"
    assert set(status.values()) == {"no_data"}
    assert {alert.target_id for alert in past.alerts} == {"c1"}  # it was silent, though nobody was watching


def test_a_site_added_later_is_waited_for_from_then(bench: Bench) -> None:
    fewer = [site for site in ALL if site != "c1"]
    bench.store.set_meta("watched_since", "{}")
    assert set(watching_since(bench.store, fewer, NOON)) == {NOON}
    since = dict(zip(ALL, watching_since(bench.store, ALL, NOON + 500), strict=True))
    assert since.pop("c1") == NOON + 500
    assert set(since.values()) == {NOON}


def test_a_clock_set_back_before_the_wait_knows_nothing(bench: Bench) -> None:
    bench.at(-3600)
    assert bench.engine.picture.alerts == ()
    assert set(bench.engine.picture.state.status) == {"no_data"}
    assert bench.engine.picture.at == NOON - 3600


def test_silence_began_when_it_did_not_when_a_server_noticed(bench: Bench) -> None:
    bench.at(0, every(small(), NOON, staff_on_duty=20))
    bench.clock.at = NOON + 2040
    picture = bench.restart()
    (alert,) = (alert for alert in picture.alerts if (alert.rule, alert.target_id) == ("no_data", "c1"))
    # More than ten minutes after the reading: from the second after them.
    assert (alert.started_at, alert.fired_at, alert.value) == (NOON + 601, NOON + 2040, 2040)
    (alert,) = (alert for alert in picture.alerts if (alert.rule, alert.target_id) == ("offline", "c1"))
    assert (alert.started_at, alert.fired_at) == (NOON + 1801, NOON + 2040)


def test_silence_of_a_slow_site_begins_by_its_own_interval(bench: Bench) -> None:
    bench.at(0, every(small(), NOON, interval_s=900, staff_on_duty=20))
    picture = bench.at(2000)
    assert {(alert.rule, alert.started_at) for alert in picture.alerts} == {("no_data", NOON + 1351)}


def test_silence_of_a_site_never_heard_begins_when_it_was_waited_for_long_enough(bench: Bench) -> None:
    picture = bench.at(1000)
    assert {(alert.rule, alert.started_at) for alert in picture.alerts} == {("no_data", NOON + 601)}


def test_one_silence_is_one_alert_where_a_rule_ends_as_the_next_begins(tmp_path: Path) -> None:
    rules = [
        rule.model_copy(update={"until": 1800.0} if rule.id == "no_data" else {})
        for rule in small().spec.rules
    ]
    profile = replace(small(), spec=small().spec.model_copy(update={"rules": rules}))
    bench = Bench(tmp_path, profile)
    seen = []
    for seconds, interval in (
        (0, 60),
        (601, None),
        (1800, None),
        (1801, None),
        (1900, 900),
        (4600, None),
        (4601, None),
    ):
        bench.at(seconds, *([one("c1", NOON + seconds, interval_s=interval, wait_min=1)] if interval else []))
        seen.append([alert.rule for alert in bench.engine.picture.alerts if alert.target_id == "c1"])
    # The last three: a slower site is late, and gone, by its own interval.
    assert seen == [[], ["no_data"], ["no_data"], ["offline"], [], ["no_data"], ["offline"]]
    kept = [
        a
        for a in bench.store.alerts_between(NOON, NOON + 1850)
        if a.target_id == "c1" and a.rule == "no_data"
    ]
    assert [(a.started_at, a.fired_at, a.resolved_at) for a in kept] == [
        (NOON + 601, NOON + 601, NOON + 1801)
    ]
    bench.store.close()
