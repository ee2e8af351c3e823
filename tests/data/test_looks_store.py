"""Looks in the store: durable, once per turn, corrected by a later row, gone with the retention."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.retention import DAY_S, drop_old
from data.store.sqlite import SqliteStore
from tests.data.stores import T0, rows
from tests.data.walking import look
from tests.serving import ROOT

DUE = T0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "kept.db")
    yield made
    made.close()


def test_a_look_comes_back_as_it_was(store: SqliteStore) -> None:
    given = look("c1", DUE, T0 + 5, findings=("dress", "device"), note="雨天", by="zk-duty", simulated=True)
    (kept,) = store.put_looks([given])
    assert kept == look(
        "c1", DUE, T0 + 5, findings=("dress", "device"), note="雨天", by="zk-duty", simulated=True, id=kept.id
    )
    assert store.looks(T0, T0 + 5) == [kept]
    assert store.look(kept.id) == kept
    assert store.looks(T0 + 5, T0 + 50) == []


def test_a_turn_has_one_look_whoever_comes_second(store: SqliteStore) -> None:
    (first,) = store.put_looks([look("c1", DUE, T0 + 5)])
    assert store.put_looks([look("c1", DUE, T0 + 6, by="other"), look("c2", DUE, T0 + 6)])[0].site_id == "c2"
    assert [one.by for one in store.looks(T0, T0 + 50) if one.site_id == "c1"] == [""]
    assert store.last_looks(T0) == [("shift", "c1", T0 + 5), ("shift", "c2", T0 + 6)]
    assert first.id


def test_looks_outside_the_rota_are_as_many_as_there_are(store: SqliteStore) -> None:
    assert len(store.put_looks([look("c1", None, T0 + 5), look("c1", None, T0 + 6)])) == 2
    assert store.last_looks(T0) == []


def test_a_correction_stands_in_place_of_what_it_corrects_and_keeps_it(store: SqliteStore) -> None:
    (first,) = store.put_looks([look("c1", DUE, T0 + 5)])
    (second,) = store.put_looks(
        [look("c1", DUE, T0 + 5, recorded_at=T0 + 90, findings=("dress",), replaces=first.id)]
    )
    assert store.looks(T0, T0 + 50) == [second]
    assert store.look(first.id) == first
    assert store.looks(T0, T0 + 50, at=T0 + 60) == [first], "as it was known then"
    assert store.last_looks(T0) == [("shift", "c1", T0 + 5)], "the site was looked at once"
    assert store.put_looks([look("c1", DUE, T0 + 5, recorded_at=T0 + 95, replaces=first.id)]) == []


def test_looks_of_one_site_and_those_known_at_a_time(store: SqliteStore) -> None:
    store.put_looks([look("c1", DUE, T0 + 5), look("c2", DUE, T0 + 6), look("c1", DUE + 60, T0 + 70)])
    assert [one.seen_at for one in store.looks(T0, T0 + 99, site_id="c1")] == [T0 + 5, T0 + 70]
    assert store.last_looks(T0, T0 + 60) == [("shift", "c1", T0 + 5), ("shift", "c2", T0 + 6)]


def test_what_is_past_its_time_is_dropped_with_its_corrections(store: SqliteStore) -> None:
    (old,) = store.put_looks([look("c1", DUE, T0 + 5)])
    store.put_looks([look("c1", DUE, T0 + 5, recorded_at=T0 + 9 * DAY_S, replaces=old.id)])
    store.put_looks([look("c1", DUE + 5 * DAY_S, T0 + 5 * DAY_S)])
    drop_old(store, 2, lambda: True)
    assert [one.seen_at for one in store.looks(0, T0 + 99 * DAY_S)] == [T0 + 5 * DAY_S]
    assert store.look(old.id) is None


def test_the_newest_reading_says_what_is_old_where_there_is_one(store: SqliteStore) -> None:
    store.write(rows(("a", 0, 1)))
    store.put_looks([look("c1", DUE, T0 + 5), look("c1", DUE + 9 * DAY_S, T0 + 9 * DAY_S)])
    drop_old(store, 2, lambda: True)
    assert store.span() == (T0, T0), "an archive of another year stays whole"
    assert len(store.looks(0, T0 + 99 * DAY_S)) == 2


def test_a_store_of_before_gets_the_table_and_keeps_all_it_has(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    made = SqliteStore(path)
    made.write(rows(("a", 0, 1)))
    made.close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE looks")
    again = SqliteStore(path)
    assert again.span() == (T0, T0)
    assert len(again.put_looks([look("c1", DUE, T0 + 5)])) == 1
    again.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,), "a program of before can go on with it"


def test_looks_survive_the_death_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    script = (
        "import os, signal, sys\n"
        "from data.store.sqlite import SqliteStore\n"
        "from tests.data.walking import look\n"
        f"store = SqliteStore({str(path)!r})\n"
        f"store.put_looks([look('c1', {DUE}, {T0} + 5, findings=('dress',))])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == -9
    store = SqliteStore(path)
    assert [one.findings for one in store.looks(T0, T0 + 5)] == [("dress",)]
    store.close()
