"""A server may die at any moment: what it said it has kept is kept, and others can read meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from data.readings import Readings
from data.store import open_store

ROOT = Path(__file__).parents[2]
T0 = 1_780_000_000
CYCLES = 15
WRITER = """
import sys
import numpy as np
from data.readings import Readings
from data.store import open_store

path, first, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = open_store(path)
print("open", flush=True)
batch = first
while True:
    numbers = batch * size + np.arange(size)
    written = store.write(Readings.of(
        site_id=[f"S{number % 97}" for number in numbers],
        observed_at=1_780_000_000 + numbers,
        persons_in=numbers,
        outcomes=[{"turned_back": int(number)} if number % 5 == 0 else None for number in numbers],
    ))
    assert written.accepted + written.duplicate == size, written
    print(batch, flush=True)
    batch += 1
"""
READER = """
import sys
from data.store import open_store

store = open_store(sys.argv[1])
seen = 0
while True:
    rows = store.read(0, 2**40)
    assert len(rows) >= seen, "rows went away"
    assert (rows.persons_in == rows.observed_at - 1_780_000_000).all()
    assert len(store.latest(2**40)) <= 97
    seen = len(rows)
    print(seen, flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> list[str]:
    """End a process as a power cut would, and return the lines it had got out."""
    os.kill(process.pid, signal.SIGKILL)
    assert process.stdout is not None
    assert process.stderr is not None
    # Not by `communicate`: it reads past what `readline` has taken in already.
    with process.stdout, process.stderr:
        out, err = process.stdout.read(), process.stderr.read()
    assert process.wait(60) == -signal.SIGKILL, err
    return out.splitlines()


def told(process: subprocess.Popen[str]) -> int:
    """The number that a process prints next."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return int(line)


def test_no_acknowledged_row_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    path, seed = tmp_path / "store.sqlite", random.Random(7)
    size, acknowledged = 200, -1
    for _ in range(CYCLES):
        writer = start(WRITER, path, acknowledged + 1, size)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        # Some batches are through, and at any moment of the next one it is over.
        batches = [told(writer) for _ in range(seed.randrange(5))]
        time.sleep(seed.uniform(0.0, 0.02))
        acknowledged = [acknowledged, *batches, *map(int, kill(writer))][-1]
        store = open_store(str(path))
        rows = store.read(0, 2**40)
        store.close()
        numbers = rows.observed_at - T0
        expected = (acknowledged + 1) * size
        assert np.isin(np.arange(expected), numbers).all(), "an acknowledged row is gone"
        # One batch may have been kept without the word getting out; it is there whole or not at all.
        assert len(rows) in (expected, expected + size)
        assert (rows.persons_in == numbers).all()
        assert rows.site_id.tolist() == [f"S{number % 97}" for number in numbers]
        assert all(
            outcomes == ({"turned_back": number} if number % 5 == 0 else None)
            for number, outcomes in zip(numbers.tolist(), rows.outcomes.tolist(), strict=True)
        )
    assert acknowledged >= CYCLES, "too few batches to prove anything"


def test_another_process_reads_while_one_writes_and_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    writer = start(WRITER, path, 0, 50)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    reader = start(READER, path)
    seen = [told(reader) for _ in range(3)]
    while seen[-1] < seen[0] + 2 * 50:
        seen.append(told(reader))
    kept = (int(kill(writer)[-1]) + 1) * 50
    while seen[-1] < kept:
        seen.append(told(reader))
    kill(reader)
    store = open_store(str(path))
    assert len(store.read(0, 2**40)) >= kept
    assert store.write(Readings.of(site_id=["S0"], observed_at=[1])).accepted == 1
    store.close()


def test_corrections_and_refused_rows_survive_too(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    code = """
import os, signal, sys
from data.readings import Readings
from data.store import Alerted, Refused, open_store
store = open_store(sys.argv[1])
store.write(Readings.of(site_id=["A"], observed_at=[10], persons_in=1))
store.write(Readings.of(site_id=["A"], observed_at=[10], persons_in=2))
store.quarantine([Refused(3, "{}", "site_id", "X", "a site")], source="post")
store.put_alerts([Alerted("1", "wait", "site", "A", "warning", "firing", 5, 6)])
store.set_meta("a", "b")
os.kill(os.getpid(), signal.SIGKILL)
"""
    process = start(code, path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, err
    store = open_store(str(path))
    assert store.read(0, 10).persons_in.tolist() == [2]
    assert [old["persons_in"] for old in store.corrections()] == [1]
    assert [json.loads(row["raw"]) for row in store.quarantined()] == [{}]
    assert [alert.state for alert in store.alerts(10)] == ["firing"]
    assert store.get_meta("a") == "b"
    store.close()
