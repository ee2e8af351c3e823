"""Several servers on one store: a file of a schedule is made and sent once, also where one of them dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.jobs.claims import BEAT_S, LEASE_S
from data.profile import Profile
from tests.conftest import NOON
from tests.dashboard.scheduling import Box, Desk, with_schedules
from tests.dashboard.test_exports_queue import Hands
from tests.dashboard.test_exports_scheduled import waits
from tests.serving import Clock, wait_for

MORNING = NOON + 20 * 3600
MORNINGS = {"at": ["08:00"], "files": ["snapshot.png", "brief.xlsx"], "mail": ["chief@example.org"]}


@pytest.fixture
def pair(board: Callable[..., Any], clock: Clock, profile: Profile) -> Iterator[tuple[Desk, Desk]]:
    """Two servers, each with its queue and its scheduler, over one store."""
    yield from paired(board(with_schedules(profile, MORNINGS)), clock)


@pytest.fixture
def watching(board: Callable[..., Any], clock: Clock, profile: Profile) -> Iterator[tuple[Desk, Desk]]:
    """The same, where an alert makes a file."""
    grave = {"id": "grave", "severities": ["critical"], "mail": ["chief@example.org"]}
    yield from paired(board(with_schedules(profile, grave)), clock)


def paired(one: Any, clock: Clock) -> Iterator[tuple[Desk, Desk]]:
    made = (Desk(one, clock, Box()), Desk(one, clock, Box()))
    for desk in made:
        desk.look()
    yield made
    for desk in made:
        desk.close()


def parcels(*desks: Desk) -> int:
    return sum(len(desk.box.parcels) for desk in desks if desk.box is not None)


def test_each_file_is_made_by_one_of_them_and_sent_once(pair: tuple[Desk, Desk], clock: Clock) -> None:
    one, other = pair
    clock.now = MORNING + 2
    one.board.engine.step()
    for _ in range(3):
        one.scheduler.look()
        other.scheduler.look()
        for desk in pair:
            assert all(job.wait(60) for job in desk.queue.jobs())
        clock.forward(BEAT_S)
    assert sorted(entry.detail["file"] for entry in one.journal()) == ["brief.xlsx", "snapshot.png"]
    assert len(one.hand.tasks) + len(other.hand.tasks) == 2
    assert (parcels(*pair), len(one.journal("export.sent"))) == (1, 1)
    assert one.board.engine.store.claims() == []


def test_where_the_one_that_was_at_it_dies_another_makes_it(pair: tuple[Desk, Desk], clock: Clock) -> None:
    one, other = pair
    hands = Hands()
    hands.let.clear()
    one.queue.maker.worker = hands
    clock.now = MORNING + 2
    one.board.engine.step()
    one.scheduler.look()
    wait_for(lambda: any(job.doing == "map" for job in one.queue.jobs()), what="the making")
    # From here on nothing is heard of it.
    other.look()
    other.look(MORNING + 2 + LEASE_S - 1)
    assert other.hand.tasks == []
    other.look(MORNING + 2 + LEASE_S + BEAT_S)
    other.look(MORNING + 2 + LEASE_S + 2 * BEAT_S)
    assert len(other.hand.tasks) == len(other.journal()) == 2
    assert parcels(other) == 1
    # Where it was only very slow, it leaves what it made, and nothing of it stays.
    hands.let.set()
    assert all(job.wait(60) for job in one.queue.jobs())
    one.look(MORNING + 60)
    assert len(other.journal()) == 2
    assert len([path for path in one.queue.shelf.folder.rglob("*") if path.is_file()]) == 2
    assert parcels(*pair) == 1


def seen_around_a_minute(pair: tuple[Desk, Desk]) -> None:
    """An alert that the one sees before a full minute, and the other after it; nothing is due yet."""
    one, other = pair
    waits(one, 4, seen=False)
    one.scheduler.look()
    one.clock.forward(60)
    one.board.engine.step()
    other.scheduler.look()


def test_an_alert_that_they_see_in_different_minutes_has_one_file(watching: tuple[Desk, Desk]) -> None:
    seen_around_a_minute(watching)
    one, other = watching
    for desk in (one, other, one, other):
        desk.look(one.clock() + 70)
    assert [len(desk.hand.tasks) for desk in watching] == [1, 0]
    assert (len(one.journal()), parcels(*watching)) == (1, 1)
    assert one.board.engine.store.claims() == []


def test_while_the_one_is_at_it_the_other_leaves_it_alone(watching: tuple[Desk, Desk]) -> None:
    one, other = watching
    hands = Hands()
    hands.let.clear()
    one.queue.maker.worker = hands
    seen_around_a_minute(watching)
    one.scheduler.look()
    wait_for(lambda: any(job.doing == "map" for job in one.queue.jobs()), what="the making")
    one.clock.forward(70)
    one.queue.claims.beat()
    other.look()
    assert other.hand.tasks == []
    hands.let.set()
    assert all(job.wait(60) for job in one.queue.jobs())
    other.look(one.clock() + BEAT_S)
    assert (len(other.hand.tasks), len(one.journal())) == (0, 1)
