"""The queue: one file after the other, bounded, each told in the journal, whatever becomes of it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.jobs import queue as queues
from dashboard.jobs import records
from dashboard.jobs.job import Wanted
from dashboard.jobs.queue import FullError, Queue
from dashboard.jobs.tasks import SnapshotTask, Step, Task
from dashboard.jobs.worker import NotMade
from data.journal import BOARD
from data.store import StoreError
from tests.conftest import NOON
from tests.serving import Clock, wait_for


class Hands:
    """A worker that makes what it is given when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.let.set()
        self.made: list[Task] = []
        self.no: Exception | None = None
        self.running = False
        self.ended = 0

    def make(self, task: Task, step: Step) -> bytes:
        step("map")
        assert self.let.wait(60)
        self.made.append(task)
        if self.no is not None:
            raise self.no
        return b"a file"

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def queue(board: Callable[..., Any], hands: Hands) -> Iterator[Queue]:
    made = Queue(board(), hands)
    yield made
    hands.let.set()
    made.stop()


def wanted(**more: Any) -> Wanted:
    return Wanted(**{"file": "snapshot.png", "lang": "zh-CN", "who": "zk-duty", "role": "command", **more})


def test_a_file_lies_on_the_shelf_and_stands_in_the_journal(queue: Queue) -> None:
    job = queue.put(wanted(scope="900101", reach="900101"))
    assert job.wait(60)
    assert (job.state, job.size, job.step, job.steps) == ("done", 6, 2, 2)
    assert job.name == "2026-06-03/900101/small-snapshot-20260603T120000-zh-CN.png"
    path = queue.shelf.path(job.name)
    assert path is not None
    assert path.read_bytes() == b"a file"
    (entry,) = queue.board.engine.store.entries(actions=("export",))
    assert (entry.subject, entry.who, entry.role, entry.scope) == (job.id, "zk-duty", "command", "900101")
    assert dict(entry.detail) == {
        "file": "snapshot.png", "form": "png", "at": NOON, "lang": "zh-CN", "name": job.name, "bytes": 6,
        "sha256": hashlib.sha256(b"a file").hexdigest(), "schedule": "", "slot": 0, "alert": "",
        "late": False, "reach": "900101",
    }  # fmt: skip
    assert queue.made == {("snapshot.png", "done"): 1}


def test_what_is_not_kept_is_given_once_and_in_the_journal_all_the_same(queue: Queue) -> None:
    job = queue.put(wanted(keep=False, returned=True))
    assert job.wait(60)
    assert job.take() == b"a file"
    with pytest.raises(LookupError):
        job.take()
    assert not queue.shelf.folder.exists()
    (entry,) = queue.board.engine.store.entries(actions=("export",))
    assert entry.detail["name"] == "small-snapshot-20260603T120000-zh-CN.png"


def test_what_nobody_waits_for_is_not_held(queue: Queue, hands: Hands) -> None:
    hands.let.clear()
    job = queue.put(wanted(keep=False, returned=True))
    wait_for(lambda: job.doing == "map", what="the making")
    job.leave()
    hands.let.set()
    assert job.wait(60)
    assert job.state == "done"
    with pytest.raises(LookupError):
        job.take()


def test_what_the_journal_does_not_take_is_not_left_on_the_shelf(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(queue.board.engine, "order", refuse)
        for _ in range(2):
            job = queue.put(wanted())
            assert job.wait(60)
            assert job.failure is not None
            assert job.failure.why == "store-failed"
    assert not list(queue.shelf.folder.rglob("*.png"))


def test_they_are_made_in_order_and_each_knows_its_place(queue: Queue, hands: Hands) -> None:
    hands.let.clear()
    jobs = [queue.put(wanted(lang=lang)) for lang in ("zh-CN", "en", "zh-CN")]
    wait_for(lambda: jobs[0].doing == "map", what="the first step")
    assert [job.state for job in jobs] == ["making", "queued", "queued"]
    assert [queue.place(job) for job in jobs] == [0, 1, 2]
    assert queue.waiting == 2
    assert queue.jobs() == jobs[::-1]
    hands.let.set()
    assert all(job.wait(60) for job in jobs)
    assert [task.lang for task in hands.made if isinstance(task, SnapshotTask)] == ["zh-CN", "en", "zh-CN"]
    assert [queue.place(job) for job in jobs] == [0, 0, 0]


def test_a_snapshot_shows_what_was_on_the_screen_when_it_was_asked_for(
    queue: Queue, hands: Hands, clock: Clock
) -> None:
    hands.let.clear()
    first, second = queue.put(wanted()), queue.put(wanted())
    then = queue.board.engine.picture
    clock.forward(60)
    queue.board.engine.step()
    hands.let.set()
    assert first.wait(60)
    assert second.wait(60)
    assert [task.picture for task in hands.made if isinstance(task, SnapshotTask)] == [then, then]
    assert second.at == then.at == queue.board.engine.picture.at - 60
    # It is not held any longer than it is needed.
    assert second.wanted.picture is None


def test_it_is_bounded_for_all_and_for_each_but_not_for_the_board(queue: Queue, hands: Hands) -> None:
    hands.let.clear()
    first = queue.put(wanted())
    wait_for(lambda: first.state == "making", what="the first one")
    for _ in range(queues.MOST_EACH):
        queue.put(wanted())
    with pytest.raises(FullError):
        queue.put(wanted())
    for _ in range(queues.MOST - queues.MOST_EACH):
        queue.put(wanted(who=BOARD))
    with pytest.raises(FullError) as full:
        queue.put(wanted(who="other"))
    assert full.value.retry_after_s >= 1
    assert queue.waiting == queues.MOST


@pytest.mark.parametrize("scope", ["", "900102"])
def test_nothing_beyond_the_readers_county_is_taken(queue: Queue, scope: str) -> None:
    with pytest.raises(PermissionError):
        queue.put(wanted(scope=scope, reach="900101"))
    assert queue.jobs() == []


def test_what_has_not_begun_can_be_taken_back(queue: Queue, hands: Hands) -> None:
    hands.let.clear()
    first, second = queue.put(wanted()), queue.put(wanted())
    wait_for(lambda: first.state == "making", what="the first one")
    assert queue.cancel(second.id)
    assert second.wait(0)
    assert not queue.cancel(first.id)
    hands.let.set()
    assert first.wait(60)
    assert queue.job(second.id) is None
    assert len(hands.made) == 1


@pytest.mark.parametrize(
    ("no", "why"),
    [
        (NotMade("export-ended"), "export-ended"),
        (OSError(28, "no space"), "export-not-kept"),
        (RuntimeError("x"), "export-failed"),
    ],
)
def test_one_that_fails_says_why_and_the_next_is_made(
    queue: Queue, hands: Hands, no: Exception, why: str
) -> None:
    hands.no = no
    job = queue.put(wanted())
    assert job.wait(60)
    hands.no = None
    after = queue.put(wanted())
    assert after.wait(60)
    assert (job.state, after.state) == ("failed", "done")
    assert job.failure is not None
    assert job.failure.why == why
    (entry,) = queue.board.engine.store.entries(actions=("export.failed",))
    assert (entry.subject, entry.detail["why"]) == (job.id, why)
    assert [one.state for one in records.recent(queue, "", 10)] == ["done", "failed"]


def test_a_county_that_has_gone_is_a_failure_in_words(queue: Queue) -> None:
    job = queue.put(wanted(file="brief.docx", scope="900109", at=NOON))
    assert job.wait(60)
    assert job.failure is not None
    assert job.failure.why == "cannot-draw"


def test_when_it_stops_nobody_waits_for_ever(queue: Queue, hands: Hands) -> None:
    hands.let.clear()
    first, second = queue.put(wanted()), queue.put(wanted())
    wait_for(lambda: first.state == "making", what="the first one")
    hands.let.set()
    queue.stop()
    assert second.wait(60)
    with pytest.raises(FullError):
        queue.put(wanted())


def test_a_worker_that_nobody_needs_lets_go(board: Callable[..., Any], hands: Hands) -> None:
    idle = Queue(board(), hands, idle_s=0.05)
    assert idle.put(wanted()).wait(60)
    wait_for(lambda: hands.ended, what="the end of the worker")
    idle.stop()


def test_old_files_are_dropped_as_the_profile_says(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    pruned: list[int] = []
    monkeypatch.setattr(queue.shelf, "prune", lambda days: pruned.append(days) or 0)
    assert queue.put(wanted()).wait(60)
    wait_for(lambda: pruned, what="pruning")
    assert pruned == [queue.board.profile.spec.exports.keep_days]


def test_the_list_goes_on_after_a_restart_and_is_cut_to_the_reader(
    board: Callable[..., Any], hands: Hands
) -> None:
    one = board()
    before = Queue(one, hands)
    asked = [{}, {"scope": "900101"}, {"scope": "900101", "reach": "900101"}, {"scope": "900102"}]
    jobs = [before.put(wanted(**more)) for more in asked]
    assert all(job.wait(60) for job in jobs)
    told = records.recent(before, "", 10)
    before.stop()
    after = Queue(one, hands)
    assert {record.id for record in told} == {job.id for job in jobs}
    names = {record.id: record.name for record in records.recent(after, "", 10)}
    assert names == {record.id: record.name for record in told}
    # One that the prefecture made of the county shows its neighbours, too.
    assert [record.id for record in records.recent(after, "900101", 10)] == [jobs[2].id]
    assert records.recent(after, "900102", 10) == []
    assert {record.id for record in records.recent(after, "", 10, "900101")} == {jobs[1].id, jobs[2].id}
    assert records.find(after, jobs[2].id, "900101") is not None
    assert all(records.find(after, job.id, "900102") is None for job in jobs)
    assert records.find(after, "x00000000", "") is None
    after.stop()
