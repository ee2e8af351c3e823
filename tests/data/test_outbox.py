"""What the store keeps of what is told beyond the room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.dispatch import Dispatch, before
from data.store import Store, open_store


def one(
    event: str = "fired", *, subject: str = "slow:A:1", at: int = 1000, county: str = "900101"
) -> Dispatch:
    return Dispatch(subject, event, at, "critical", county, {"words": {"en": {"what": "slow"}}})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'board'}.sqlite")
    yield opened
    opened.close()


def test_a_dispatch_is_kept_whole_and_numbered(store: Store) -> None:
    kept = store.put_dispatches([(one(), []), (one("resolved", at=1010), [])])
    assert [dispatch.id for dispatch in kept] == [1, 2]
    assert store.dispatches() == kept
    assert store.dispatches(subject="slow:A:1", since=1000) == kept[1:]
    assert store.dispatches(county="900102") == []
    assert store.dispatches(limit=1) == kept[1:]


def test_open_ones_are_those_whose_last_word_is_not_their_end(store: Store) -> None:
    store.put_dispatches(
        [
            (one(), []),
            (one(subject="slow:B:1"), []),
            (one("resolved"), []),
            (one("worse", subject="slow:B:1"), []),
        ]
    )
    assert [(told.subject, told.event) for told in store.open_dispatches()] == [("slow:B:1", "worse")]


def test_each_receiver_gets_its_own_in_order(store: Store) -> None:
    store.put_dispatches(
        [(one(), [("room", 1000), ("mail", 1000)]), (one("resolved", at=1010), [("room", 1010)])]
    )
    for event in ("fired", "resolved"):
        found = store.next_outgoing("room", 1010)
        assert found is not None
        assert (found.dispatch.event, found.tries) == (event, 0)
        store.settle(found.id, "sent", at=1020)
    assert store.next_outgoing("room", 1010) is None
    state = store.delivery_states(0)
    assert (state["room"].sent, state["room"].waiting, state["room"].last_sent_at) == (2, 0, 1020)
    assert (state["mail"].sent, state["mail"].waiting, state["mail"].last_sent_at) == (0, 1, None)


def test_a_failure_is_told_until_something_gets_through(store: Store) -> None:
    store.put_dispatches([(one(), [("room", 1000)])])
    found = store.next_outgoing("room", 1000)
    assert found is not None
    store.settle(found.id, "waiting", at=1001, why="HTTP 503", next_at=1005)
    store.settle(found.id, "waiting", at=1005, why="x" * 1000, next_at=1013)
    again = store.next_outgoing("room", 1006)
    assert again is not None
    assert (again.tries, again.next_at) == (2, 1013)
    state = store.delivery_states(0)["room"]
    assert (state.failing_since, state.next_at, len(state.why)) == (1001, 1013, 200)
    store.settle(found.id, "failed", at=1013, why="HTTP 400")
    state = store.delivery_states(0)["room"]
    assert (state.failing_since, state.next_at, state.failed) == (1001, None, 1)
    store.put_dispatches([(one("resolved"), [("room", 1020)])])
    last = store.next_outgoing("room", 1020)
    assert last is not None
    store.settle(last.id, "sent", at=1021)
    assert store.delivery_states(0)["room"].failing_since is None


def test_what_is_answered_in_time_is_not_told_later(store: Store) -> None:
    store.put_dispatches([(one(), [("chief", 1300)])])
    assert store.next_outgoing("chief", 1299) is None
    store.put_dispatches([(one("answered", at=1100), [("chief", 1100)])])
    assert store.next_outgoing("chief", 2000) is None
    assert store.delivery_states(0)["chief"].skipped == 1
    # The answer runs out: asked again, waited again; the end is told to who was told.
    store.put_dispatches(
        [(one("asks", at=2000), [("chief", 2300)]), (one("resolved", at=2400), [("chief", 2400)])]
    )
    events = []
    while (found := store.next_outgoing("chief", 2400)) is not None:
        events.append(found.dispatch.event)
        store.settle(found.id, "sent", at=2400)
    assert events == ["asks", "resolved"]


def test_what_is_answered_is_taken_back_from_who_is_not_told_of_answers(store: Store) -> None:
    store.put_dispatches([(one(), [("chief", 1300)]), (one("answered", at=1100), [])])
    assert store.next_outgoing("chief", 2000) is None


def test_what_is_hidden_is_held_until_it_shows_or_is_over(store: Store) -> None:
    store.put_dispatches([(one(), [("chief", 1300)]), (one(subject="slow:B:1"), [("chief", 1300)])])
    store.hold({"slow:A:1", "slow:B:1"})
    assert store.next_outgoing("chief", 2000) is None
    assert store.delivery_states(5000)["chief"].waiting == 2
    # One was over before it showed again: nobody was told of it, nor is of its end.
    store.put_dispatches([(one("resolved", at=2000), [("chief", 2000)])])
    store.hold(set())
    found = store.next_outgoing("chief", 2000)
    assert found is not None
    assert found.dispatch.subject == "slow:B:1"
    store.settle(found.id, "sent", at=2000)
    assert store.next_outgoing("chief", 3000) is None
    assert store.delivery_states(0)["chief"].skipped == 1


def test_what_was_tried_or_tells_an_end_is_not_held(store: Store) -> None:
    store.put_dispatches([(one(), [("room", 1000)])])
    first = store.next_outgoing("room", 1000)
    assert first is not None
    store.settle(first.id, "waiting", at=1000, next_at=1002)
    store.hold({"slow:A:1"})
    store.put_dispatches([(one("resolved", at=1010), [("room", 1010)])])
    store.hold({"slow:A:1"})
    for event in ("fired", "resolved"):
        found = store.next_outgoing("room", 1010)
        assert found is not None
        assert found.dispatch.event == event
        store.settle(found.id, "sent", at=1010)


def test_a_group_that_comes_again_is_another_matter(store: Store) -> None:
    def life(at: int, due: int) -> list[Dispatch]:
        made = [one(subject="slow@900101", at=at), one("resolved", subject="slow@900101", at=at + 10)]
        return store.put_dispatches([(made[0], [("chief", at + due)]), (made[1], [("chief", at + 10)])])

    # Told of the first in time; the second was over before it was to be told, and so is its end.
    told = [*life(1000, 0), *life(2000, 300)]
    assert [before(each, told) for each in told] == [[], [told[0]], [], [told[2]]]
    events = []
    while (found := store.next_outgoing("chief", 3000)) is not None:
        events.append((found.dispatch.at, found.dispatch.event))
        store.settle(found.id, "sent", at=3000)
    assert events == [(1000, "fired"), (1010, "resolved")]


def test_what_waits_for_a_receiver_that_is_gone_is_skipped(store: Store) -> None:
    store.put_dispatches([(one(), [("old", 1000), ("new", 1000)])])
    assert store.withdraw(["new"], at=1001) == 1
    assert store.next_outgoing("old", 1001) is None
    assert store.next_outgoing("new", 1001) is not None


def test_it_is_pruned_with_the_rest(store: Store) -> None:
    store.put_dispatches([(one(), [("room", 1000)]), (one(at=5000), [("room", 5000)])])
    store.prune(2000)
    assert [told.at for told in store.dispatches()] == [5000]
    assert store.delivery_states(0)["room"].waiting == 1


def test_it_survives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'board'}.sqlite"
    first = open_store(url)
    first.put_dispatches([(one(), [("room", 1000)])])
    first.close()
    again = open_store(url)
    found = again.next_outgoing("room", 1000)
    again.close()
    assert found is not None
    assert found.dispatch == one().__class__(**{**vars(one()), "id": 1})
