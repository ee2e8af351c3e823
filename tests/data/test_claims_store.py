"""Claims in the store: one holder at a time, whoever asks at once; free when its holder is silent."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from data.store.base import Claim
from data.store.sqlite import SqliteStore

T0 = 1_780_000_000
ORDER = {"file": "snapshot.png", "at": T0}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "kept.db")
    yield made
    made.close()


def take(store: SqliteStore, holder: str, now: int = T0, detail: dict[str, object] | None = None) -> bool:
    return store.claim("x1", holder, now=now, until=now + 30, detail=detail) is not None


def test_a_task_is_one_holders_until_that_is_silent(store: SqliteStore) -> None:
    assert not take(store, "a")
    assert take(store, "a", detail=ORDER)
    assert not take(store, "b", T0 + 29, detail=ORDER)
    store.renew("a", until=T0 + 60)
    assert not take(store, "b", T0 + 59)
    assert store.claims() == store.claims("x1") == [Claim("x1", T0, ORDER, 0, T0 + 60)]
    # Whoever takes it over finds what was written down at first.
    assert store.claim("x1", "b", now=T0 + 60, until=T0 + 90, detail={}) == Claim("x1", T0, ORDER, 0, T0 + 90)
    assert store.begin("x1", "a") is None
    store.renew("a", until=T0 + 900)
    store.drop("x1", "a")
    assert [one.until for one in store.claims()] == [T0 + 90]


def test_a_clock_that_is_set_back_holds_no_task_of_a_server_that_is_gone(store: SqliteStore) -> None:
    assert take(store, "a", T0 + 3600, detail=ORDER)
    assert take(store, "b", T0)
    assert store.begin("x1", "a") is None
    assert not take(store, "a", T0)


def test_its_holder_may_take_it_again_and_leave_it(store: SqliteStore) -> None:
    assert take(store, "a", detail=ORDER)
    assert take(store, "a", T0 + 10)
    store.let_go("a")
    assert store.begin("x1", "a", 0) is None
    assert take(store, "b", T0 + 11)
    store.drop("x1", "b")
    assert store.claims() == []
    assert not take(store, "b", T0 + 12)


def test_tries_are_counted_and_outlive_a_restart(store: SqliteStore, tmp_path: Path) -> None:
    assert take(store, "a", detail=ORDER)
    assert [store.begin("x1", "a", times) for times in (1, 1, 0, -1)] == [1, 2, 2, 1]
    store.close()
    after = SqliteStore(tmp_path / "kept.db")
    assert [(one.tries, one.detail) for one in after.claims()] == [(1, ORDER)]
    after.close()


def test_of_many_that_ask_at_once_one_gets_it(store: SqliteStore, tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "kept.db") for _ in range(4)]
    ready = threading.Barrier(len(stores))

    def ask(number: int) -> int:
        ready.wait(60)
        # Ten tasks each, in the same order: at every one of them all meet.
        mine = stores[number]
        given = [mine.claim(f"s{task}", str(number), now=T0, until=T0 + 30, detail={}) for task in range(10)]
        return sum(one is not None for one in given)

    with ThreadPoolExecutor(len(stores)) as pool:
        assert sum(pool.map(ask, range(len(stores)))) == 10
    assert len(store.claims()) == 10
    for one in stores:
        one.close()


@pytest.mark.parametrize("text", ['{"file":', "[1]"])
def test_one_whose_detail_is_damaged_is_told_as_such_and_hides_no_other(
    store: SqliteStore, tmp_path: Path, text: str
) -> None:
    assert take(store, "a", detail=ORDER)
    store.claim("x2", "a", now=T0, until=T0 + 30, detail=ORDER)
    damage(tmp_path / "kept.db", "x1", text)
    told = [(one.id, one.detail, one.damaged) for one in store.claims()]
    assert told == [("x1", {}, text), ("x2", ORDER, "")]


def damage(path: Path, claim_id: str, text: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE claims SET detail = ? WHERE id = ?", [text, claim_id])
        db.commit()
