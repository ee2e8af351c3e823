"""A running engine: its threads, its feeds, its writers."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.engine import Engine
from data.feeds.base import Sink
from data.store.sqlite import SqliteStore
from tests.data.places import NOON, one, small, wait
from tests.data.standing import until


class Fake:
    """A feed that brings one reading at first and one when it runs."""

    name = "fake"

    def __init__(self, *, simulated: bool = False, faults: int = 0) -> None:
        self.simulated = simulated
        self.faults = faults
        self.ended = threading.Event()

    def prepare(self, sink: Sink, now: int) -> None:
        sink.readings(wait(10, now - NOON - 60))

    def run(self, sink: Sink) -> None:
        if self.faults:
            self.faults -= 1
            raise RuntimeError("the line is dead")
        sink.readings(wait(20, 0))
        self.ended.wait(60)

    def stop(self) -> None:
        self.ended.set()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    engines: list[Engine] = []
    # Another test's server may run on in this process.
    before = set(threading.enumerate())

    def start(*feeds: Fake, **more: float) -> Engine:
        engine = Engine(small(), SqliteStore(tmp_path / "kept.db"), feeds, clock=lambda: NOON, **more)
        engines.append(engine)
        engine.start()
        return engine

    yield start
    for engine in engines:
        engine.stop()
        engine.store.close()
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("threeline")]


def test_a_running_engine_steps_by_itself_and_sooner_when_rows_arrive(running: Callable[..., Engine]) -> None:
    engine = running(step_s=0.2, min_gap_s=0.01)
    first = engine.picture.revision
    until(lambda: engine.picture.revision >= first + 3)
    engine.step_s = 3600
    time.sleep(0.3)
    before = engine.picture.revision
    engine.readings(wait(40, 0))
    # Far sooner than the next step of its own.
    until(lambda: engine.picture.state.wait_min[small().sites.row["c1"]] == 40)
    assert engine.picture.revision > before


def test_feeds_prepare_before_the_first_picture_and_then_run(running: Callable[..., Engine]) -> None:
    engine = running(Fake(simulated=True), step_s=60)
    assert engine.picture.revision >= 1
    assert engine.picture.simulated
    row = small().sites.row["c1"]
    assert engine.picture.state.wait_min[row] in (10, 20)
    until(lambda: engine.picture.state.wait_min[row] == 20)


def test_a_feed_that_fails_is_run_again(
    running: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("data.feeding.FEED_PAUSE_S", 0.01)
    engine = running(Fake(faults=2), step_s=60)
    until(lambda: engine.picture.state.wait_min[small().sites.row["c1"]] == 20)
    assert caplog.text.count("RuntimeError: the line is dead\n") == 2


def test_today_follows_without_being_asked(running: Callable[..., Engine]) -> None:
    engine = running(step_s=0.05)
    engine.readings(one("c1", NOON, persons_in=5))
    engine.refresh_today()
    until(lambda: engine.picture.today.persons == 5)


def test_many_writers_lose_nothing(running: Callable[..., Engine]) -> None:
    engine = running(step_s=0.05, min_gap_s=0.0)
    sites = small().sites.site_id.tolist()

    def write(number: int) -> None:
        for at in range(25):
            engine.readings(one(sites[number], NOON - 60 * (24 - at), persons_in=1, wait_min=at))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(sites))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: set(engine.picture.state.wait_min) == {24})
    assert engine.picture.state.rates[60][0].tolist() == pytest.approx([60] * len(sites))
    assert engine.failed_steps == 0


def test_a_stopped_engine_says_nothing_more(
    running: Callable[..., Engine], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    engine = running(step_s=0.01)
    engine.stop()
    before = engine.picture.revision
    time.sleep(0.05)
    assert engine.picture.revision == before
    assert caplog.text == ""


def test_an_engine_runs_once(running: Callable[..., Engine]) -> None:
    engine = running()
    with pytest.raises(RuntimeError, match="make another"):
        engine.start()
    engine.stop()
    with pytest.raises(RuntimeError, match="make another"):
        engine.start()
    engine.stop()  # twice is no harm


def test_a_feed_that_cannot_be_stopped_holds_up_nobody(
    running: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("data.engine.STOP_S", 0.3)

    class Stubborn(Fake):
        name = "stubborn"

        def stop(self) -> None:
            raise RuntimeError("not now")

    def going() -> list[str]:
        return [one.name for one in threading.enumerate() if one.name.endswith("stubborn")]

    stubborn, other = Stubborn(), Fake()
    engine = running(stubborn, other, step_s=60)
    engine.stop()
    assert going()
    assert other.ended.is_set()
    assert "Feed stubborn could not be stopped" in caplog.text
    # On a busy machine others may need longer, too.
    assert re.search(r"Did not end within 0\.3 s: .*threeline feed stubborn", caplog.text)
    stubborn.ended.set()
    until(lambda: not going())


def test_many_may_subscribe_at_once(running: Callable[..., Engine]) -> None:
    engine = running(step_s=0.01, min_gap_s=0.0)
    heard: set[int] = set()
    ends: list[Callable[[], None]] = []

    def follow(number: int) -> None:
        mine = range(50 * number, 50 * number + 50)
        ends.extend(engine.subscribe(lambda _old, _new, me=one: heard.add(me)) for one in mine)

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(heard) == 400)
    for end in ends:
        end()
    assert engine._subscribers == []
    assert engine.failed_steps == 0
