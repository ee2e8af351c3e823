"""The engine and its store: other writers, what is past its time, what is dated ahead, days that turn."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.engine import Engine
from data.retention import drop_old
from data.store import StoreError, sqlite
from data.store.sqlite import SqliteStore
from tests.data.places import MIDNIGHT, NOON, every, fence, one, small, wait
from tests.data.standing import Bench, Clock, same, until

DAY = 86400


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Engine]]:
    monkeypatch.setattr("data.upkeep.LOOK_S", 0.05)
    engines: list[Engine] = []

    def start(days: int = 30, **more: Any) -> Engine:
        profile = replace(small(), spec=small().spec.model_copy(update={"retention_days": days}))
        store = SqliteStore(tmp_path / "kept.db")
        engine = Engine(profile, store, **{"clock": Clock(), "step_s": 0.02, "min_gap_s": 0.0, **more})
        engines.append(engine)
        engine.start()
        return engine

    yield start
    for engine in engines:
        engine.stop()
        engine.store.close()


def waits(engine: Engine, site: str = "c1") -> float:
    return float(engine.picture.state.wait_min[small().sites.row[site]])


INGEST = """
import sys
from data.readings import Readings
from data.store import open_store
store = open_store(sys.argv[1])
at = int(sys.argv[2])
for end in (at - 3600, at):
    store.write(
        Readings.of(site_id=["c1", "c2"], observed_at=[end] * 2, wait_min=[41, 42], persons_in=[7, 8])
    )
store.close()
"""


def test_what_another_process_writes_is_in_the_newest_picture(running: Callable[..., Engine]) -> None:
    engine = running()
    clock = engine.clock
    engine.readings(wait(45, 0, "c3"))
    until(lambda: any(a.rule == "wait_over_30" for a in engine.picture.alerts))
    clock.at = NOON + 61
    engine.readings(wait(45, 61, "c3"))
    engine.refresh_today()
    until(
        lambda: "wait_over_30" in {alert.rule for alert in engine.picture.alerts if alert.state == "firing"}
    )
    before = [alert.id for alert in engine.picture.alerts if alert.rule == "wait_over_30"]
    command = [sys.executable, "-c", INGEST, str(engine.store.path), str(NOON + 30)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    until(lambda: (waits(engine, "c1"), waits(engine, "c2")) == (41, 42))
    # Of now and of an hour that had been summed up before.
    until(lambda: engine.picture.today.persons == 30 or engine.refresh_today() is not None)
    # An alert that was open goes on being the same one, and new ones begin.
    alerts = {alert.id: alert for alert in engine.picture.alerts if alert.rule == "wait_over_30"}
    assert alerts[before[0]].state == "firing"
    assert {alert.target_id for alert in alerts.values()} == {"c1", "c2", "c3"}
    assert engine.failed_steps == 0


def test_nothing_is_lost_between_this_process_and_another(running: Callable[..., Engine]) -> None:
    engine = running()
    sites = small().sites.site_id.tolist()
    other = SqliteStore(engine.store.path)

    def here() -> None:
        for back in range(39, -1, -1):
            engine.readings(one(sites[0], NOON - 60 * back, persons_in=1, wait_min=back))

    def there() -> None:
        for back in range(39, -1, -1):
            other.write(one(sites[1], NOON - 60 * back, persons_in=1, wait_min=back))

    threads = [threading.Thread(target=work) for work in (here, there)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: (waits(engine, sites[0]), waits(engine, sites[1])) == (0, 0))
    assert engine.picture.state.rates[60][0][:2].tolist() == pytest.approx([60, 60])
    engine.history.forget()
    assert engine.history.today(NOON).persons == 80
    other.close()
    assert engine.failed_steps == 0


def test_a_store_that_does_not_answer_is_asked_again(
    running: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([StoreError("not now"), True])

    def others_wrote(_: SqliteStore) -> bool:
        answer = next(answers, False)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(SqliteStore, "others_wrote", others_wrote)
    looked = threading.Event()
    monkeypatch.setattr(Engine, "look_anew", lambda _: looked.set())
    running()
    assert looked.wait(60)
    assert "not now" in caplog.text


def test_what_is_past_its_time_is_dropped_at_the_start(
    tmp_path: Path, running: Callable[..., Engine], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sqlite, "CHUNK", 5)
    monkeypatch.setattr("data.upkeep.PRUNE_PAUSE_S", 0.001)
    filled = SqliteStore(tmp_path / "kept.db")
    for back in range(6):
        filled.write(every(small(), NOON - back * DAY, persons_in=1))
    filled.write(one("c1", NOON - 100 * DAY, persons_in=1))
    filled.close()
    engine = running(days=3)
    until(lambda: "Dropped" in caplog.text)
    # Three days back from the newest reading: days 0 to 3 stay.
    assert engine.store.span() == (NOON - 3 * DAY, NOON)
    assert "Dropped 17 readings and reports from before 2026-09-20T04:00+00:00" in caplog.text
    assert "3 days" in caplog.text
    until(lambda: engine.history.today(NOON - 4 * DAY).persons is None)


def test_an_archive_stays_whole_however_long_ago(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    store = SqliteStore(tmp_path / "kept.db")
    assert drop_old(store, 1, lambda: True) == 0
    for day in range(30):
        store.write(one("c1", 1_580_000_000 + day * DAY, persons_in=1))
    assert drop_old(store, 400, lambda: True) == 0
    assert caplog.text == ""
    assert drop_old(store, 10, lambda: True) == 19
    store.close()


def test_dropping_is_tried_again_after_a_failure_and_ends_with_the_engine(
    running: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("data.upkeep.RETRY_S", 0.01)
    tries: list[int] = []

    def prune(_: SqliteStore, before: int, go_on: Callable[[], bool]) -> int:
        tries.append(before)
        if len(tries) == 1:
            raise StoreError("not now")
        while go_on():
            pass
        return 0

    monkeypatch.setattr(SqliteStore, "prune", prune)
    store_filled = threading.Event()
    monkeypatch.setattr(SqliteStore, "span", lambda _: store_filled.set() or (NOON - 90 * DAY, NOON))
    engine = running()
    until(lambda: len(tries) == 2)
    assert tries[0] == NOON - 30 * DAY
    engine.stop()  # between two parts
    assert "not now" in caplog.text
    assert "Did not end" not in caplog.text


def test_rows_dated_ahead_wait_through_a_restart(bench: Bench) -> None:
    bench.engine.reports(fence("f1", NOON + 200, "down"))
    bench.at(0, wait(10, 0), wait(40, 200))
    assert bench.site("c1", "wait_min") == 10
    bench.restart()
    assert bench.site("c1", "wait_min") == 10
    picture = bench.at(200)
    assert bench.site("c1", "wait_min") == 40
    assert picture.fences["f1"].state == "down"


def test_a_failing_step_loses_nothing_that_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.at(0, wait(10, 0), wait(40, 200))
    with monkeypatch.context() as patch:
        patch.setattr("data.adopted.look", lambda *_, **__: 1 / 0)
        bench.at(1, wait(11, 1))
    bench.at(2)
    assert bench.site("c1", "wait_min") == 11
    bench.at(200)
    assert bench.site("c1", "wait_min") == 40
    same(bench.restart(), bench.at(200))


def test_a_store_that_fails_while_it_is_read_again_is_read_once_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bench.at(0, wait(10, 0))
    other = SqliteStore(bench.store.path)
    other.write(wait(30, 1))
    other.close()
    bench.engine.look_anew()
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "read", lambda *_: 1 / 0)
        assert bench.at(1) is before
        assert bench.at(2, wait(35, 2)) is before
    bench.at(3)
    assert bench.site("c1", "wait_min") == 35


def test_a_clock_set_back_shows_again_what_comes_again(bench: Bench) -> None:
    bench.at(0, wait(10, 0))
    bench.at(300, wait(20, 300))
    bench.at(100)
    assert bench.site("c1", "wait_min") == 10
    bench.at(300)
    assert bench.site("c1", "wait_min") == 20


def test_yesterdays_totals_are_not_told_as_todays(bench: Bench) -> None:
    bench.at(DAY / 2 - 1, one("c1", NOON + 100, persons_in=5))
    bench.engine.refresh_today()
    assert bench.at(DAY / 2 - 1).today.persons == 5
    assert bench.at(DAY / 2).today.persons is None  # midnight
    bench.at(DAY / 2 + 60, one("c1", MIDNIGHT + DAY + 60, persons_in=7))
    bench.engine.refresh_today()
    assert bench.at(DAY / 2 + 61).today.persons == 7


def test_a_clock_set_far_back_reads_on_as_time_passes(bench: Bench) -> None:
    for minute in range(0, 90, 10):
        bench.at(60 * minute, wait(minute, 60 * minute))
    bench.at(60)
    seen = []
    for minute in range(5, 95, 10):
        bench.at(60 * minute)
        seen.append(bench.site("c1", "wait_min"))
    assert seen == list(range(0, 90, 10))
    assert bench.engine.failed_steps == 0


def test_a_clock_that_was_ahead_leaves_no_alerts_behind(bench: Bench) -> None:
    bench.at(0, every(small(), NOON, staff_on_duty=20))
    ahead = bench.at(7200)
    assert {(alert.rule, alert.state) for alert in ahead.alerts} == {
        ("no_data", "firing"),
        ("offline", "firing"),
    }
    back = bench.at(60)
    assert back.alerts == ()
    kept = bench.store.alerts_between(0, NOON + DAY)
    assert {(alert.state, alert.fired_at) for alert in kept} == {("resolved", None)}
    bench.engine.refresh_today()
    bench.at(7300, every(small(), NOON + 7300, staff_on_duty=20))
    bench.engine.refresh_today()
    assert bench.at(7301).today.alerts == 0
