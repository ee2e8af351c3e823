"""A profile that changes under a running engine: its threads, its feeds, its writers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.adopted import Adopted, Coming
from data.engine import Engine
from data.feeds.base import Sink
from data.picture import Picture
from data.profile import Profile
from data.store.base import Alerted
from data.store.sqlite import SqliteStore
from tests.data.edited import Edited
from tests.data.places import NOON, every, one
from tests.data.standing import status, until


class Telling:
    """A feed that says one thing of every site of its profile, again and again."""

    name, simulated = "telling", True

    def __init__(self, profile: Profile, clock: object) -> None:
        self.profile, self.clock = profile, clock
        self.prepared = self.said = 0
        self.stopped = threading.Event()

    def prepare(self, sink: Sink, now: int) -> None:
        self.prepared = now

    def run(self, sink: Sink) -> None:
        while not self.stopped.wait(0.01):
            sink.readings(every(self.profile, int(self.clock()), persons_in=1, staff_on_duty=20))  # type: ignore[operator]
            self.said += 1

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def running(edited: Edited, tmp_path: Path) -> Iterator[Engine]:
    store = SqliteStore(tmp_path / "running.db")
    engine = Engine(edited.load(), store, clock=lambda: NOON, step_s=0.02, min_gap_s=0.005)
    engine.start()
    yield engine
    engine.stop()
    store.close()


def test_a_step_that_has_begun_with_a_profile_is_waited_for(
    edited: Edited, running: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, over = threading.Event(), threading.Event(), threading.Event()
    take_up = running._take_up
    claim = Coming.claim

    def late(coming: Coming) -> bool:
        """Who waits for a step to begin gives up at once, but not before one has."""
        return (threading.current_thread() is not thread or begun.wait(60)) and claim(coming)

    monkeypatch.setattr("data.engine.ADOPT_S", 0.01)
    monkeypatch.setattr(Coming, "claim", late)

    def slow(new: Adopted, at: int) -> list[Alerted]:
        begun.set()
        assert go.wait(60)
        return take_up(new, at)

    monkeypatch.setattr(running, "_take_up", slow)
    edited.checkpoint("c9")
    profile = edited.load()
    feed = Telling(profile, lambda: NOON)

    def adopt() -> None:
        running.adopt(profile, lambda: [feed])
        over.set()

    thread = threading.Thread(target=adopt)
    thread.start()
    assert begun.wait(60)
    # The time for a step to begin is over, and this one has not ended.
    assert not over.wait(0.1)
    go.set()
    thread.join(60)
    assert over.is_set()
    assert running.profile is profile
    until(lambda: feed.said > 0)


def test_a_profile_that_no_step_began_with_is_never_shown(
    edited: Edited, running: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.engine.ADOPT_S", 0.05)
    stuck, go = threading.Event(), threading.Event()

    def block(_old: Picture, _new: Picture) -> None:
        stuck.set()
        assert go.wait(60)

    end = running.subscribe(block)
    assert stuck.wait(60)
    before = running.profile
    edited.checkpoint("c9")
    with pytest.raises(TimeoutError, match="no step took the profile up"):
        running.adopt(edited.load(), lambda: pytest.fail("feeds of a profile that is not shown"))
    end()
    go.set()
    revision = running.picture.revision
    until(lambda: running.picture.revision >= revision + 3)
    assert running.profile is before
    monkeypatch.setattr("data.engine.ADOPT_S", 60)
    later = edited.load()
    running.adopt(later)
    assert running.profile is later


def test_an_engine_that_runs_changes_its_feeds(edited: Edited, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kept.db")
    clock = [float(NOON)]
    old = Telling(edited.load(), lambda: clock[0])
    engine = Engine(old.profile, store, [old], clock=lambda: clock[0], step_s=0.02, min_gap_s=0.005)
    pictures: list[tuple[Picture, Picture]] = []
    engine.subscribe(lambda before, after: pictures.append((before, after)))
    engine.start()
    try:
        until(lambda: set(status(engine.picture).values()) == {"normal"})
        edited.checkpoint("c9")
        edited.remove_checkpoint("c1")
        profile = edited.load()
        new: list[Telling] = []

        def feeds() -> list[Telling]:
            assert old.stopped.is_set()
            new.append(Telling(profile, lambda: clock[0]))
            return new

        engine.adopt(profile, feeds)
        assert engine.picture.profile is profile
        assert engine.adopted_at == NOON
        until(lambda: status(engine.picture)["c9"] == "normal")
        assert new[0].prepared == NOON
        said = old.said
        until(lambda: new[0].said > 3)
        assert old.said == said
        assert engine.picture.simulated
        assert "c1" not in status(engine.picture)
        assert engine.failed_steps == 0
    finally:
        engine.stop()
        store.close()
    # Pictures follow one another without a hole, across the change.
    assert all(before.revision + 1 == after.revision for before, after in pictures)
    assert sum(before.profile is not after.profile for before, after in pictures) == 1


def test_a_profile_without_feeds_stops_them(edited: Edited, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kept.db")
    feed = Telling(edited.load(), lambda: NOON)
    engine = Engine(feed.profile, store, [feed], clock=lambda: NOON, step_s=0.02, min_gap_s=0.005)
    engine.start()
    try:
        until(lambda: feed.said > 0)
        engine.adopt(replace(feed.profile, spec=feed.profile.spec.model_copy(update={"simulation": None})))
        assert feed.stopped.is_set()
        said = feed.said
        engine.readings(one("c1", NOON, persons_in=7))
        until(lambda: bool(engine.picture.state.persons_per_hour[engine.picture.sites.row["c1"]] > 0))
        assert feed.said == said
    finally:
        engine.stop()
        store.close()


def test_readings_of_many_threads_find_their_rows_across_changes(edited: Edited, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kept.db")
    first = edited.load()
    edited.checkpoint("c0")
    edited.remove_checkpoint("c1")
    second = edited.load()
    engine = Engine(first, store, clock=lambda: NOON, step_s=0.01, min_gap_s=0.001)
    engine.start()
    try:
        ending = threading.Event()
        sites = ["c2", "c3", "d1", "p1"]

        def send(number: int) -> None:
            count = 0
            while not ending.is_set():
                count += 1
                engine.readings(
                    one(sites[number], NOON - 900 + count % 900, queue_m=number, staff_on_duty=20)
                )

        senders = [threading.Thread(target=send, args=(number,)) for number in range(len(sites))]
        for sender in senders:
            sender.start()
        for number in range(20):
            engine.adopt(second if number % 2 == 0 else first)
        ending.set()
        for sender in senders:
            sender.join()
        for number, site in enumerate(sites):
            engine.readings(one(site, NOON, queue_m=number, staff_on_duty=20))

        def shown(picture: Picture) -> dict[str, object]:
            return {site: picture.state.queue_m[picture.sites.row[site]] for site in sites}

        # Its own thread steps: two of them at once would share what has come between them.
        until(lambda: shown(engine.picture) == {site: number for number, site in enumerate(sites)})
        picture = engine.picture
    finally:
        engine.stop()
        store.close()
    assert engine.failed_steps == 0
    assert np.isnan(picture.state.observed_at[[picture.sites.row[site] for site in ("c1", "d2")]]).all()
