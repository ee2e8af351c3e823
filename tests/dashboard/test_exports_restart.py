"""Orders outlive the server that took them: made once, by whoever is there, and only for who still may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.exports.look import Look
from dashboard.jobs import order, records
from dashboard.jobs.claims import LEASE_S
from dashboard.jobs.job import Job, Wanted
from dashboard.jobs.queue import OLDEST_S, Queue
from dashboard.jobs.tasks import SnapshotTask
from dashboard.jobs.worker import NotMade
from data.store import StoreError
from tests.conftest import NOON
from tests.dashboard.test_exports_queue import Hands, wanted
from tests.data.test_claims_store import damage
from tests.serving import Clock, make_account, wait_for


class Runs:
    """Runs of a server over one store, each with a worker of its own."""

    def __init__(self, board: Any, clock: Clock) -> None:
        self.board, self.clock = board, clock
        self.queues: list[Queue] = []

    def start(self) -> tuple[Queue, Hands]:
        hands = Hands()
        self.queues.append(Queue(self.board, hands))
        return self.queues[-1], hands

    def died(self, **more: Any) -> Job:
        """An order that a run has taken and not begun, as that is killed: nothing of it is heard again."""
        queue, hands = self.start()
        hands.let.clear()
        queue.put(wanted(schedule="morning", keep=False))
        job = queue.put(wanted(**more))
        assert job.state == "queued"
        return job

    def silence(self, seconds: float = LEASE_S) -> None:
        self.clock.forward(seconds)
        self.board.engine.step()

    def told(self, action: str = "export") -> list[Any]:
        return list(self.board.engine.store.entries(actions=[action]))

    def close(self) -> None:
        for queue in self.queues:
            queue.maker.worker.let.set()  # type: ignore[attr-defined]
            queue.stop()


@pytest.fixture
def runs(board: Callable[..., Any], clock: Clock) -> Iterator[Runs]:
    made = Runs(board(), clock)
    yield made
    made.close()


def under_way(job: Job) -> None:
    wait_for(lambda: job.doing == "map", what="the making")


LOOK = Look("light", "map", "first", (99.5, 24.25), 9.5, ("fences", "roads"), "c1")


def test_an_order_is_written_down_whole() -> None:
    given = wanted(file="snapshot.svg", scope="900101", reach="900101", size=(800, 600), look=LOOK)
    assert order.read(order.written(given, NOON)) == Wanted(**vars(given) | {"at": NOON})
    # What another version wrote beside does no harm.
    assert order.read({"file": "brief.docx", "lang": "en", "colour": "red"}) == Wanted("brief.docx", "en")


def test_what_was_ordered_is_made_after_the_server_died(runs: Runs) -> None:
    before = runs.died(scope="900101", look=LOOK)
    after, hands = runs.start()
    after.claims.beat()
    # Nobody knows yet whether the other run is alive; whoever asks is told that it waits.
    assert after.jobs() == []
    found = records.find(after, before.id, "")
    assert found is not None
    assert (found.state, found.at, found.who, found.scope) == ("queued", NOON, "zk-duty", "900101")
    assert [one.id for one in records.recent(after, "", 10)] == [before.id]
    assert records.find(after, before.id, "900102") is None
    runs.silence()
    after.claims.beat()
    job = after.job(before.id)
    assert job is not None
    assert job.wait(60)
    assert (job.state, job.made_at, job.at) == ("done", before.made_at, NOON)
    (task,) = hands.made
    assert isinstance(task, SnapshotTask)
    # The picture of when it was asked for, not of now.
    assert (task.picture.at, task.look.hidden, task.look.center) == (NOON, LOOK.hidden, LOOK.center)
    (entry,) = [one for one in runs.told() if one.subject == before.id]
    assert (entry.who, entry.scope, entry.detail["at"], entry.detail["late"]) == (
        "zk-duty", "900101", NOON, False,
    )  # fmt: skip
    assert after.board.engine.store.claims() == []


def test_what_was_left_at_an_orderly_end_is_taken_up_at_once(runs: Runs) -> None:
    before, hands = runs.start()
    hands.let.clear()
    making, waiting = before.put(wanted()), before.put(wanted(file="brief.docx"))
    under_way(making)
    hands.no = NotMade("export-ended")  # as the worker's end is told
    before.maker.worker.end = hands.let.set  # type: ignore[method-assign]
    before.stop()
    assert making.wait(60)
    assert waiting.wait(60)
    assert runs.told("export.failed") == []
    after, _ = runs.start()
    assert {one.state for one in records.recent(after, "", 10)} == {"queued"}
    after.claims.beat()
    for job in (after.job(making.id), after.job(waiting.id)):
        assert job is not None
        assert job.wait(60)
        # That the run ended was not the file's doing.
        assert (job.state, job.tries) == ("done", 1)
    assert {one.subject for one in runs.told()} == {making.id, waiting.id}


def test_they_are_taken_up_in_the_order_in_which_they_came(runs: Runs) -> None:
    jobs = [runs.died(lang=lang) for lang in ("zh-CN", "en") * 4]
    after, hands = runs.start()
    runs.silence()
    after.claims.beat()
    assert [one.id for one in after.jobs()] == [job.id for job in jobs[::-1]]
    wait_for(lambda: len(hands.made) == len(jobs), what="all of them")


def test_one_that_waited_for_long_is_marked(runs: Runs) -> None:
    before, asked = runs.died(lang="en"), runs.died(lang="en", at=NOON - 3600)
    after, hands = runs.start()
    runs.silence(600)
    after.claims.beat()
    for job in (after.job(before.id), after.job(asked.id)):
        assert job is not None
        assert job.wait(60)
    # Who asked for the past got the past: only what was to be of that moment is late.
    assert [task.look.marks for task in hands.made] == [("Made late",), ()]  # type: ignore[attr-defined]
    assert [entry.detail["late"] for entry in runs.told()] == [True, False]


def test_one_that_waited_too_long_fails_in_words(runs: Runs) -> None:
    before = runs.died()
    after, hands = runs.start()
    runs.silence(OLDEST_S + 1)
    after.claims.beat()
    found = records.find(after, before.id, "")
    assert found is not None
    assert (found.state, found.why, hands.made) == ("failed", "export-old", [])
    (entry,) = runs.told("export.failed")
    assert (entry.subject, entry.who, entry.detail["why"]) == (before.id, "zk-duty", "export-old")


def test_one_that_ended_two_workers_is_not_tried_again(runs: Runs) -> None:
    queue, hands = runs.start()
    hands.no = NotMade("export-ended")
    job = queue.put(wanted())
    assert job.wait(60)
    assert (job.state, job.tries, len(hands.made)) == ("failed", 2, 2)
    (entry,) = runs.told("export.failed")
    assert entry.detail["tries"] == 2
    # Once is not twice: what ends a worker the first time is made at the second.
    other = queue.put(wanted())
    wait_for(lambda: other.tries, what="the first try")
    hands.no = None
    assert other.wait(60)


def test_one_that_ended_two_servers_is_not_tried_again(runs: Runs) -> None:
    before = runs.died()
    store = runs.board.engine.store
    for number in range(3):
        after, hands = runs.start()
        hands.let.clear()
        runs.silence()
        after.claims.beat()
        if number < 2:
            job = after.job(before.id)
            assert job is not None
            under_way(job)
            assert [one.tries for one in store.claims(before.id)] == [number + 1]
            # Killed, and looked at from the next one before that takes it up.
            found = records.find(runs.start()[0], before.id, "")
            assert found is not None
            assert found.state == "making"
    found = records.find(after, before.id, "")
    assert found is not None
    assert (found.state, found.why) == ("failed", "export-ended")


def test_a_run_that_stood_still_leaves_what_another_took(runs: Runs) -> None:
    before, hands = runs.start()
    hands.let.clear()
    job = before.put(wanted())
    under_way(job)
    after, _ = runs.start()
    runs.silence()
    after.claims.beat()
    other = after.job(job.id)
    assert other is not None
    assert other.wait(60)
    hands.let.set()
    assert job.wait(60)
    assert [entry.subject for entry in runs.told()] == [job.id]
    assert len(list(before.shelf.folder.rglob("*.png"))) == 1
    # Both tell the same of it.
    found = records.find(before, job.id, "")
    assert found is not None
    assert (found.state, found.name) == ("done", other.name)


def test_one_that_was_over_is_not_made_twice(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, _ = runs.start()
    monkeypatch.setattr(queue.claims, "drop", lambda _: None)  # killed before it could
    job = queue.put(wanted())
    assert job.wait(60)
    after, hands = runs.start()
    runs.silence()
    after.claims.beat()
    assert (after.jobs(), hands.made, after.board.engine.store.claims()) == ([], [], [])
    assert len(runs.told()) == 1


@pytest.mark.parametrize("change", ["disabled", "another scope", "another role", "a login is asked"])
def test_who_may_not_have_it_any_more_gets_nothing(
    board: Callable[..., Any], clock: Clock, change: str
) -> None:
    one = board(login=True)
    runs, accounts = Runs(one, clock), one.accounts
    name, given = make_account(accounts, role="county", scope="900101"), {"scope": "900101"}
    given |= {"who": name, "role": "county", "reach": "900101"}
    if change == "a login is asked":
        given |= {"who": "", "role": "open", "reach": ""}
    before, other = runs.died(**given), runs.died(who=make_account(accounts))
    match change:
        case "disabled":
            accounts.disable(name, by="test")
        case "another scope":
            accounts.change(name, "county", "900102", by="test")
        case "another role":
            accounts.change(name, "administrator", by="test")
    after, hands = runs.start()
    runs.silence()
    after.claims.beat()
    for job in (after.job(before.id), after.job(other.id)):
        assert job is not None
        assert job.wait(60)
    found = records.find(after, before.id, "")
    assert found is not None
    assert (found.state, found.why) == ("failed", "export-not-granted")
    assert [entry.who for entry in runs.told()] == ["command"]
    assert len(hands.made) == 1
    runs.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"file":', "no JSON object"),
        ("[]", "no JSON object"),
        ('{"lang": "en"}', "missing 1 required"),
        ('{"file": "brief.docx", "lang": "en", "look": "light"}', "str"),
        ('{"file": "brief.doc", "lang": "en"}', "expected one of"),
        ('{"file": "brief.docx", "lang": "en", "at": "today"}', "epoch seconds"),
    ],
)
def test_an_order_that_cannot_be_read_is_put_aside_and_the_others_go_on(
    runs: Runs, caplog: pytest.LogCaptureFixture, text: str, why: str
) -> None:
    before, _ = runs.start()
    store = runs.board.engine.store
    before.claims.take("spoilt", {"file": "brief.docx"})
    left = runs.died()
    damage(store.path, "spoilt", text)
    after, _ = runs.start()
    assert [one.id for one in records.recent(after, "", 10)] == [left.id]
    assert records.find(after, "spoilt", "") is None
    runs.silence()
    after.claims.beat()
    job = after.job(left.id)
    assert job is not None
    assert job.wait(60)
    [line] = [record.getMessage() for record in caplog.records if "put aside" in record.getMessage()]
    assert "spoilt" in line
    assert why in line
    assert store.claims("spoilt") == []


def test_one_that_cannot_be_taken_up_now_holds_up_no_other_and_is_tried_again(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = runs.died(), runs.died()
    after, _ = runs.start()
    store, entries = runs.board.engine.store, runs.board.engine.store.entries

    def refuse(*args: Any, **asked: Any) -> Any:
        if asked.get("subjects") == [first.id]:
            raise StoreError("the disk is away")
        return entries(*args, **asked)

    runs.silence()
    with monkeypatch.context() as broken:
        broken.setattr(store, "entries", refuse)
        after.claims.beat()
    assert (after.job(first.id), after.job(other.id) is not None) == (None, True)
    after.claims.beat()
    assert after.job(first.id) is not None
