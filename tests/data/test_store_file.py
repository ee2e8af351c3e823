from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from data.readings import Readings
from data.store import StoreError, open_store
from data.store.sqlite import SqliteStore
from layers.faults import FaultsError
from tests.data.stores import T0, rows, told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite", clock=lambda: 42.0)
    yield store
    store.close()


def test_urls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, path in (
        (f"sqlite:///{tmp_path}/deep/er/a.sqlite", tmp_path / "deep/er/a.sqlite"),
        (f"{tmp_path}/b.sqlite", tmp_path / "b.sqlite"),
        ("sqlite:///c.sqlite", tmp_path / "c.sqlite"),
        ("d.sqlite", tmp_path / "d.sqlite"),
    ):
        open_store(url).close()
        assert path.is_file()
    for url in ("postgresql://host/db", "sqlite://x", ":memory:", "", "sqlite:///"):
        with pytest.raises(FaultsError, match="sqlite:///path"):
            open_store(url)


def test_a_store_is_opened_again(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "a.sqlite"))
    store.write(rows(("A", 0, 1)))
    store.close()
    store = open_store(str(tmp_path / "a.sqlite"))
    assert store.write(rows(("A", 0, 1), ("B", 0, 2))).duplicate == 1
    assert sorted(told(store.read(0, T0))) == [("A", 0, 1), ("B", 0, 2)]
    store.close()


def test_other_users_of_the_machine_cannot_read_it(store: SqliteStore, tmp_path: Path) -> None:
    store.write(rows(("A", 0, 1)))
    files = list(tmp_path.glob("store.sqlite*"))
    assert len(files) == 3, "with what SQLite keeps beside it"
    assert [path.stat().st_mode & 0o007 for path in files] == [0, 0, 0]


def spoil_header(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be one" * 100)


def spoil_middle(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(bytes(body))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def make_newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def make_anothers(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (a)")
    db.close()


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (spoil_header, "damaged, or is not SQLite"),
        (spoil_middle, "damaged"),
        (cut_short, "damaged"),
        (make_newer, r"newer version.*version 99.*expected version 1"),
        (make_anothers, "another program's"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, spoil: Callable[[Path], None], match: str) -> None:
    path = tmp_path / "store.sqlite"
    store = SqliteStore(path)
    store.write(rows(*[("A", at, 1) for at in range(2000)]))
    store.close()
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(FaultsError, match=match):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="cannot be opened"):
        SqliteStore(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(FaultsError, match="cannot be opened"):
        SqliteStore(tmp_path / "file" / "store.sqlite")


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.read(0, 1)
    with pytest.raises(StoreError, match="closed"):
        store.write(rows(("A", 0, 1)))
    store.close()


def test_a_write_that_fails_keeps_nothing(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1)))
    size = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {size}")  # a disk that is full
    many = rows(*[(f"S{n}", n, 1) for n in range(20_000)])
    with pytest.raises(StoreError, match=r"full.*Make room on the disk"):
        store.write(many)
    assert told(store.read(0, T0 + 10**6)) == [("A", 0, 1)]
    store._db.execute("PRAGMA max_page_count = 1073741823")
    assert store.write(many).accepted == 20_000
    assert len(store.read(0, T0 + 10**6)) == 20_001


def test_a_busy_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.files.BUSY_S", 0.1)
    store = SqliteStore(tmp_path / "store.sqlite")
    other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked.*try again"):
        store.write(rows(("A", 0, 1)))
    other.execute("ROLLBACK")
    other.close()
    assert store.write(rows(("A", 0, 1))).accepted == 1
    store.close()


def test_another_process_reads_and_writes_the_same_file(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1), ("B", 0, 2)))
    code = """
import sys
from data.readings import Readings
from data.store import open_store
store = open_store(sys.argv[1])
print(len(store.read(0, 2**40)))
print(store.write(Readings.of(site_id=["Z", "C", "A"], observed_at=[1, 1, 1])).accepted)
store.close()
"""
    here = Path(__file__).parents[2]
    command = [sys.executable, "-c", code, str(store.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.split() == ["2", "3"]
    assert sorted(store.read(0, 1).site_id) == ["A", "C", "Z"]
    assert store.write(rows(("C", 0, 5), ("Y", 0, 6))).accepted == 2
    assert sorted(store.read(T0 - 1, T0).site_id) == ["A", "B", "C", "Y"]


def test_many_threads(store: SqliteStore) -> None:
    wrong: list[BaseException] = []
    written = threading.Event()

    def write(name: str) -> None:
        try:
            for at in range(30):
                store.write(rows(*[(f"{name}{n}", at, n) for n in range(20)]))
        except BaseException as error:
            wrong.append(error)

    def read() -> None:
        try:
            while not written.is_set():
                readings = store.read(0, T0 + 100)
                assert len(readings) % 20 == 0  # a batch is there whole or not at all
                totals = store.totals(T0 - 1, T0 + 100, 101)
                assert np.nansum(totals.persons) >= readings.persons_in.sum()
        except BaseException as error:
            wrong.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in "PQR"]
    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in writers + readers:
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert len(store.read(0, T0 + 100)) == 3 * 30 * 20


def test_a_busy_thread_does_not_starve_the_store(store: SqliteStore) -> None:
    """Row by row, each would wait for the interpreter's lock: five milliseconds, 20,000 times."""
    at, site = np.divmod(np.arange(20_000), 100)
    many = Readings.of(site_id=[f"S{n}" for n in site], observed_at=T0 + at, persons_in=1, wait_min=0.5)
    done = threading.Event()

    def busy() -> None:
        while not done.is_set():
            sum(range(1000))

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        finished = threading.Event()

        def use() -> None:
            store.write(many)
            store.write(many)
            assert len(store.read(0, T0 + 10**6)) == 20_000
            store.totals(T0 - 1, T0 + 200, 10)
            finished.set()

        user = threading.Thread(target=use)
        user.start()
        user.join(timeout=30)
        assert finished.is_set()
    finally:
        done.set()
        thread.join()
        user.join()
