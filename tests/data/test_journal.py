"""The journal: only added to, sealed entry by entry, and telling where it is not what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.journal import GENESIS, Broken, Draft, Entry, seal_of, sealed, verify
from data.store import open_store
from data.store.base import Store

DRAFTS = [
    Draft("alert.ack", "wait:c1:60", "zk-duty", "command", "900101", {"note": "已派人", "until": 900}),
    Draft("duty.set", "", "zk-duty", "command", "", {"level": "II", "reason": "节日"}),
    Draft("silence.add", "s0a1b2c3d", "zk-duty", "command", "", {"where": {"sites": ["c1"]}, "end": 9.5}),
    Draft("alert.sent", "wait:c1:60", "jia-duty", "county", "900101"),
]


def written() -> list[Entry]:
    first = sealed(DRAFTS[:2], after=None, at=100)
    return [*first, *sealed(DRAFTS[2:], after=first[-1], at=160)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = open_store(f"sqlite:///{tmp_path / 'j.sqlite'}")
    yield kept
    kept.close()


def test_entries_count_without_a_gap_and_each_seals_the_one_before() -> None:
    entries = written()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.at for entry in entries] == [100, 100, 160, 160]
    before = [GENESIS, *(entry.seal for entry in entries)]
    assert [entry.seal for entry in entries] == [
        seal_of(entry, seal) for entry, seal in zip(entries, before, strict=False)
    ]
    assert verify(entries) is None
    assert verify([]) is None


CHANGES: dict[str, Callable[[Entry], Entry]] = {
    "who": lambda entry: replace(entry, who="someone"),
    "role": lambda entry: replace(entry, role="administrator"),
    "action": lambda entry: replace(entry, action="alert.unack"),
    "subject": lambda entry: replace(entry, subject="other"),
    "scope": lambda entry: replace(entry, scope="900102"),
    "at": lambda entry: replace(entry, at=entry.at + 1),
    "detail": lambda entry: replace(entry, detail={**entry.detail, "note": "altered"}),
    "detail-gone": lambda entry: replace(entry, detail={}),
    "seal": lambda entry: replace(entry, seal="f" * 64),
}


@pytest.mark.parametrize("position", [0, 2])
@pytest.mark.parametrize("what", CHANGES)
def test_any_change_of_an_entry_shows_there(what: str, position: int) -> None:
    entries = written()
    entries[position] = CHANGES[what](entries[position])
    assert verify(entries) == Broken(position + 1, "seal")


def test_an_entry_that_is_sealed_anew_breaks_the_next() -> None:
    entries = written()
    forged = replace(entries[1], who="someone")
    entries[1] = replace(forged, seal=seal_of(forged, entries[0].seal))
    assert verify(entries) == Broken(3, "seal")


@pytest.mark.parametrize(
    ("order", "broken"),
    [
        ([1, 2, 3], Broken(1, "gap")),
        ([0, 2, 3], Broken(2, "gap")),
        ([0, 2, 1, 3], Broken(2, "gap")),
        ([0, 1, 1, 2], Broken(3, "gap")),
        ([0, 1, 2], None),
    ],
    ids=["first", "middle", "order", "twice", "end"],
)
def test_a_missing_entry_shows_but_at_the_end(order: list[int], broken: Broken | None) -> None:
    entries = written()
    assert verify([entries[position] for position in order]) == broken


def test_a_noted_head_shows_what_was_cut_off_and_what_was_written_anew() -> None:
    entries = written()
    head = (entries[3].seq, entries[3].seal)
    assert verify(entries, head=head) is None
    assert verify(entries[:3], head=head) == Broken(4, "head")
    assert verify([], head=head) == Broken(1, "head")
    # The whole chain made again, each seal right, after a change at its beginning.
    anew = sealed([replace(DRAFTS[0], who="someone"), *DRAFTS[1:]], after=None, at=100)
    assert verify(anew) is None
    assert verify(anew, head=head) == Broken(4, "head")
    # A journal that went on still holds it.
    assert verify([*entries, *sealed(DRAFTS[:1], after=entries[-1], at=200)], head=head) is None


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
NOTE = st.text(st.characters(codec="utf-8"), max_size=20)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | NOTE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
DRAFT = st.builds(
    Draft, st.just("alert.ack"), TEXT, TEXT, TEXT, TEXT, detail=st.dictionaries(TEXT, VALUE, max_size=3)
)


@settings(max_examples=25)
@given(batches=st.lists(st.lists(DRAFT, max_size=3), max_size=4))
def test_what_comes_back_from_the_store_is_what_was_sealed(
    batches: list[list[Draft]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('journal') / 'j.sqlite'}")
    try:
        told = [
            entry for number, batch in enumerate(batches) for entry in store.put_entries(batch, at=number)
        ]
        kept = store.entries()
        assert verify(kept) is None
        assert kept == told
        assert store.newest_entry() == len(told)
    finally:
        store.close()


def test_the_store_gives_entries_by_number_subject_action_and_time(store: Store) -> None:
    store.put_entries(DRAFTS[:2], at=100)
    store.put_entries(DRAFTS[2:], at=160)

    def seqs(entries: list[Entry]) -> list[int]:
        return [entry.seq for entry in entries]

    assert seqs(store.entries(2)) == [3, 4]
    assert seqs(store.entries(1, limit=2)) == [2, 3]
    assert seqs(store.entries(subjects=["wait:c1:60"])) == [1, 4]
    assert seqs(store.entries(actions=["duty.set", "silence.add"])) == [2, 3]
    assert seqs(store.entries(subjects=[""], actions=["alert.ack"])) == []
    assert seqs(store.entries_between(100, 160)) == [3, 4]
    assert seqs(store.entries_between(0, 160, limit=3)) == [2, 3, 4]
    assert seqs(store.entries(newest=True, limit=2)) == [3, 4]
    assert seqs(store.entries(scope="900101")) == [1, 4]
    assert seqs(store.entries(until=159)) == [1, 2]
    assert seqs(store.entries(until=159, newest=True, limit=1)) == [2]
    assert seqs(store.entries(scope="", newest=True, limit=1)) == [3]
    assert seqs(store.entries(scope="900101", actions=["alert.sent"])) == [4]
    assert store.put_entries([]) == []


def test_a_second_process_goes_on_where_the_first_stands(store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'j.sqlite'}")
    try:
        for number, draft in enumerate(DRAFTS):
            (store, other)[number % 2].put_entries([draft], at=number)
        assert verify(store.entries()) is None
        assert store.newest_entry() == other.newest_entry() == 4
    finally:
        other.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE journal SET who = 'someone' WHERE seq = 1", "DELETE FROM journal", "DROP_TAIL"]
)
def test_the_file_refuses_what_is_no_addition(store: Store, tmp_path: Path, statement: str) -> None:
    store.put_entries(DRAFTS, at=100)
    statement = statement.replace("DROP_TAIL", "DELETE FROM journal WHERE seq > 2")
    with sqlite3.connect(tmp_path / "j.sqlite") as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
    db.close()
    assert len(store.entries()) == 4


def test_pruning_leaves_the_journal_alone(store: Store) -> None:
    store.put_entries(DRAFTS, at=100)
    store.prune(10**10)
    assert len(store.entries()) == 4
    assert verify(store.entries()) is None


def test_one_that_cannot_be_kept_keeps_none_of_them(store: Store) -> None:
    store.put_entries(DRAFTS[:1], at=100)
    bad: Any = Draft("alert.ack", "a", detail={"note": object()})
    for draft in (bad, Draft("alert.ack", "a\0b")):
        with pytest.raises((TypeError, ValueError)):
            store.put_entries([DRAFTS[1], draft], at=200)
    assert len(store.entries()) == 1
