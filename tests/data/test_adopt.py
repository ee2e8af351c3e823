"""The engine takes up another profile between two pictures, and keeps what stays."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.adopted import Adopted
from data.engine import Engine
from data.feeds.base import Sink
from data.ground import ground_of
from data.picture import Picture
from data.profile import Profile
from data.store.base import Alerted
from data.store.sqlite import SqliteStore
from layers.faults import FaultsError
from tests.data.edited import Edited
from tests.data.places import MIDNIGHT, NOON, every, fence, one, wait
from tests.data.standing import WAIT, Bench, same, until


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def bench(edited: Edited, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, edited.load())
    yield made
    made.store.close()


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


def status(picture: Picture) -> dict[str, str]:
    return dict(zip(picture.sites.site_id, picture.state.status, strict=True))


def test_sites_come_and_go_and_what_stays_keeps_its_data(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON, persons_in=3, wait_min=20, staff_on_duty=20))
    bench.engine.reports(fence("f1", NOON, into=2))
    before = bench.at(10)
    edited.checkpoint("c9", name="新卡点")
    edited.remove_checkpoint("c2")
    bench.engine.adopt(edited.load())
    after = bench.engine.picture
    assert (after.revision, after.profile) == (before.revision + 1, bench.engine.profile)
    assert bench.engine.profile is not bench.profile
    assert status(after) == {site: "busy" for site in status(before) if site != "c2"} | {"c9": "no_data"}
    kept = [after.sites.row[site] for site in ("c1", "c3", "d1")]
    was = [before.sites.row[site] for site in ("c1", "c3", "d1")]
    for name in ("persons_per_hour", "wait_min", "observed_at", "staff_required"):
        np.testing.assert_array_equal(getattr(after.state, name)[kept], getattr(before.state, name)[was])
    assert after.fences == before.fences
    assert after.gaps == before.gaps
    # What comes now goes to the right rows.
    later = bench.at(20, one("c9", NOON + 20, wait_min=1), one("c2", NOON + 20, wait_min=99))
    assert (status(later)["c9"], status(later)["c3"]) == ("normal", "busy")
    assert later.state.wait_min[later.sites.row["c9"]] == 1
    assert "c2" not in status(later)


def test_a_picture_is_the_same_as_after_a_restart(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON, persons_in=3, wait_min=45, staff_on_duty=2))
    bench.at(60)
    edited.checkpoint("c0", name="在前")
    edited.remove_checkpoint("c1")
    edited.replace("profile.toml", "held_m = 3000", "held_m = 1500")
    bench.engine.adopt(edited.load())
    live = bench.at(61)
    assert sum(gap.km for gap in live.gaps) > 0
    bench.profile = edited.load()
    same(bench.restart(), live)
    past = bench.engine.picture_at(NOON + 60)
    assert status(past).keys() == status(live).keys()


def test_alerts_go_on_where_their_site_and_rule_do(edited: Edited, bench: Bench) -> None:
    bench.at(0, *(wait(45, 0, site) for site in ("c1", "c2", "c3")))
    bench.at(60, *(wait(45, 60, site) for site in ("c1", "c2", "c3")))
    assert bench.states() == dict.fromkeys(("c1", "c2", "c3"), "firing")
    ids = {alert.target_id: alert.id for alert in bench.engine.picture.alerts if alert.rule == WAIT}
    # One is moved to another row and has another name, one goes, and one is no longer looked at.
    edited.remove_checkpoint("c2")
    edited.checkpoint("c3", name="改名", kind="checkpoint.level2")
    edited.replace(
        "profile.toml",
        'for_s = 60\nseverity = "critical"',
        'for_s = 60\nseverity = "critical"\nwhere = { kinds = ["checkpoint.level2"] }',
    )
    bench.engine.adopt(edited.load())
    assert bench.states() == {"c3": "firing"}
    (alert,) = [alert for alert in bench.engine.picture.alerts if alert.rule == WAIT]
    assert (alert.id, alert.started_at) == (ids["c3"], NOON)
    kept = {kept.target_id: kept for kept in bench.store.alerts_between(MIDNIGHT, NOON + 60)}
    assert {site: (kept[site].state, kept[site].resolved_at) for site in ("c1", "c2")} == dict.fromkeys(
        ("c1", "c2"), ("resolved", NOON + 60)
    )
    assert kept["c3"].state == "firing"
    # It still clears as it would have.
    bench.at(120, wait(5, 120, "c3"))
    assert bench.states() == {}


def test_alerts_of_a_rule_that_is_gone_or_asks_something_else_end(edited: Edited, bench: Bench) -> None:
    bench.at(0, one("c1", NOON, wait_min=45, queue_m=900, staff_on_duty=20))
    bench.at(60)
    assert bench.states() == bench.states("queue_over_500") == {"c1": "firing"}
    edited.replace("profile.toml", 'id = "wait_over_30"', 'id = "wait_over_40"')
    edited.replace(
        "profile.toml", 'metric = "queue_m"\nop = ">"\nthreshold = 500\nclear = 400',
        'metric = "wait_min"\nop = ">"\nthreshold = 50\nclear = 40',
    )  # fmt: skip
    bench.engine.adopt(edited.load())
    assert bench.states() == bench.states("queue_over_500") == {}
    # The value behind the new rule is as old as the reading.
    assert bench.states("wait_over_40") == {"c1": "firing"}
    assert not [kept for kept in bench.store.alerts(NOON + 60) if kept.rule in (WAIT, "queue_over_500")]


def test_a_new_site_is_waited_for_from_now_and_one_that_returns_anew(edited: Edited, bench: Bench) -> None:
    bench.at(500)
    edited.checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(700)
    assert bench.states("no_data").keys() == status(bench.engine.picture).keys() - {"c9"}
    edited.remove_checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(1000)
    edited.checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(1500)
    assert "c9" not in bench.states("no_data")
    bench.at(1661)
    assert bench.states("no_data")["c9"] == "firing"


def test_todays_totals_and_the_curve_follow(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON - 60, persons_in=10))
    bench.engine.refresh_today()
    assert bench.at(1).today.persons == 80
    edited.remove_checkpoint("c2")
    bench.engine.adopt(edited.load())
    assert bench.engine.picture.today.persons == 70
    bench.at(2, one("c1", NOON + 2, persons_in=5))
    bench.engine.refresh_today()
    assert bench.at(3).today.persons == 75
    assert bench.engine.history.profile is bench.engine.profile


def test_a_failing_adoption_changes_nothing(
    edited: Edited, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.at(0, every(bench.profile, NOON, wait_min=45, staff_on_duty=20))
    before = bench.at(60)
    edited.checkpoint("c9")
    new = edited.load()

    def broken(profile: Profile, *_: object) -> object:
        if profile is new:
            raise OSError("the store is busy")
        return whole(profile, *_)  # type: ignore[arg-type]

    import data.engine as module

    whole = module.load
    monkeypatch.setattr(module, "load", broken)
    with pytest.raises(OSError, match="the store is busy"):
        bench.engine.adopt(new)
    assert bench.engine.picture is before
    assert bench.engine.profile is bench.profile
    after = bench.at(61, one("c1", NOON + 61, wait_min=2, staff_on_duty=20))
    assert after.sites is before.sites
    assert status(after)["c1"] == "normal"
    assert {alert.id for alert in after.alerts} == {a.id for a in before.alerts if a.target_id != "c1"}
    assert not [kept for kept in bench.store.alerts(NOON + 61) if kept.state == "resolved"]
    monkeypatch.setattr(module, "load", whole)
    bench.engine.adopt(new)
    assert "c9" in status(bench.engine.picture)


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
    monkeypatch.setattr("data.engine.ADOPT_S", 0.05)
    begun, go, over = threading.Event(), threading.Event(), threading.Event()
    take_up = running._take_up

    def slow(new: Adopted, at: int) -> list[Alerted]:
        begun.set()
        assert go.wait(30)
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
    assert begun.wait(30)
    # Much longer than it waits for a step to begin.
    assert not over.wait(0.3)
    go.set()
    thread.join(30)
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
        assert go.wait(30)

    end = running.subscribe(block)
    assert stuck.wait(30)
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


def test_what_was_worked_out_of_a_profile_goes_with_it(edited: Edited, bench: Bench) -> None:
    bench.engine.picture_at(scope="900101")
    gone = []
    for number in range(3):
        gone.append(weakref.ref(bench.engine.profile))
        edited.checkpoint(f"n{number}")
        bench.engine.adopt(edited.load())
        ground_of(bench.engine.profile)
        bench.engine.picture_at(scope="900101")
    bench.profile = bench.engine.profile
    gc.collect()
    assert [ref() for ref in gone] == [None] * 3


def test_counties_follow(edited: Edited, bench: Bench) -> None:
    edited.replace("counties.geojson", '"900102"', '"900109"')
    for file in ("checkpoints.geojson", "duty_points.csv"):
        edited.write(file, edited.text(file).replace("900102", "900109"))
    if "900102" in edited.text("fences.geojson"):
        edited.write("fences.geojson", edited.text("fences.geojson").replace("900102", "900109"))
    bench.engine.adopt(edited.load())
    assert len(bench.engine.picture_at(scope="900109").sites) > 0
    with pytest.raises(FaultsError):
        bench.engine.picture_at(scope="900102")


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
        picture = engine.step()
    finally:
        engine.stop()
        store.close()
    assert engine.failed_steps == 0
    shown = {site: picture.state.queue_m[picture.sites.row[site]] for site in sites}
    assert shown == {site: number for number, site in enumerate(sites)}
    assert np.isnan(picture.state.observed_at[[picture.sites.row[site] for site in ("c1", "d2")]]).all()
