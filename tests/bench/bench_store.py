"""How fast readings come in and out: parsing, writing and reading a day of 963 sites at five minutes.

`idle` is a process that does nothing else; `busy` is one in which another Python thread never rests, as the
engine's may. `row by row` is the plain way of Python's driver (executemany, fetchall) on the same file.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data.intake import Known, parse
from data.readings import Readings
from data.spec import ReadingsSpec
from data.store.sqlite import SqliteStore

RESULTS = Path(__file__).parent / "results" / "store.json"
SITES, STEPS, STEP_S = 963, 288, 300
DAY_S = STEPS * STEP_S
T0 = 1_780_012_800
ROWS = SITES * STEPS
NAMES = np.array([f"S-{number:04}" for number in range(SITES)], dtype=object)


def day(start: int) -> Readings:
    """A day of readings, in the order of time; a third with a queue, one in twenty with outcomes."""
    rng = np.random.default_rng(start)
    wait = np.where(rng.random(ROWS) < 0.3, (rng.random(ROWS) * 30).round(1), np.nan)
    outcomes = np.full(ROWS, None, dtype=object)
    for row in range(0, ROWS, 20):
        outcomes[row] = {"turned_back": row % 7, "isolated": 1}
    return Readings.of(
        site_id=np.tile(NAMES, STEPS),
        observed_at=np.repeat(start + STEP_S * np.arange(1, STEPS + 1), SITES),
        interval_s=STEP_S,
        persons_in=rng.poisson(30, ROWS),
        persons_out=rng.poisson(30, ROWS),
        vehicles_in=rng.poisson(9, ROWS),
        vehicles_out=rng.poisson(9, ROWS),
        queue_m=wait * 12,
        wait_min=wait,
        lanes_open=2,
        staff_on_duty=4,
        method=np.full(ROWS, "simulated", dtype=object),
        outcomes=outcomes,
    )


def part(rows: Readings, first: int, count: int) -> Readings:
    return rows.take(np.arange(first, first + count))


def seconds(work: Callable[[], Any], times: int = 5) -> float:
    """The median of several runs."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return median(spent)


@contextmanager
def busy() -> Iterator[None]:
    """Another thread of this process that never rests."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            for number in range(1000):
                number * number

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def bodies(rows: Readings) -> dict[str, bytes]:
    """The same rows as JSON and as CSV."""
    names = (
        "site_id",
        "interval_s",
        "persons_in",
        "persons_out",
        "vehicles_in",
        "vehicles_out",
        "wait_min",
        "method",
    )
    columns: dict[str, list[Any]] = {name: getattr(rows, name).tolist() for name in names}
    columns["observed_at"] = [datetime.fromtimestamp(at, UTC).isoformat() for at in rows.observed_at.tolist()]
    columns["wait_min"] = [None if np.isnan(wait) else wait for wait in columns["wait_min"]]
    records = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(records)
    return {"text/csv": text.getvalue().encode(), "application/json": json.dumps(records).encode()}


def intake(rows: Readings) -> dict[str, float]:
    """Seconds a body takes."""
    known, spec = Known(NAMES, [], [], ZoneInfo("Asia/Shanghai")), ReadingsSpec()
    result = {}
    for count in (100_000, 1):
        for kind, body in bodies(part(rows, 0, count)).items():
            result[f"{count:,} rows of {kind}"] = seconds(partial(parse, body, kind, spec, known), 3)
    body = bodies(part(rows, 0, 100_000))["text/csv"].replace(b"wait_min", b"wait_minutes", 1)
    result["100,000 rows of text/csv, all refused"] = seconds(
        partial(parse, body, "text/csv", spec, known), 1
    )
    return result


def writing(folder: Path, rows: Readings) -> dict[str, float]:
    """Seconds per row, so that sizes compare."""
    result = {}
    for size, count in ((10_000, 20), (1_000, 60), (1, 500)):
        store = SqliteStore(folder / f"write-{size}.sqlite")
        parts = [part(rows, number * size, size) for number in range(count)]
        start = time.perf_counter()
        for one in parts:
            store.write(one)
        result[f"batches of {size:,}"] = (time.perf_counter() - start) / (size * count)
        store.close()
    size = 10_000
    store, first = SqliteStore(folder / f"write-{size}.sqlite"), part(rows, 0, size)
    result["10,000 duplicates"] = seconds(partial(store.write, first)) / size
    others = [replace(first, persons_in=first.persons_in + turn) for turn in range(1, 6)]
    result["10,000 corrections"] = median(seconds(partial(store.write, other), 1) for other in others) / size
    store.close()
    return result


def reading(store: SqliteStore) -> dict[str, float]:
    end = T0 + DAY_S
    some = NAMES[:100].tolist()
    return {
        "read a day of every site": seconds(lambda: store.read(T0, end), 3),
        "read an hour of every site": seconds(lambda: store.read(end - 3600, end)),
        "read a day of one site": seconds(lambda: store.read(T0, end, some[:1])),
        "read a day of 100 sites": seconds(lambda: store.read(T0, end, some)),
        "newest of each site": seconds(lambda: store.latest(end)),
        "totals of a day by 5 minutes": seconds(lambda: store.totals(T0, end, 300), 3),
        "totals of a day by 15 minutes": seconds(lambda: store.totals(T0, end, 900), 3),
    }


def row_by_row(path: Path) -> dict[str, float]:
    """2,000 rows in and out by executemany and fetchall: seconds per row."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA synchronous = FULL")
    columns = [row[1] for row in db.execute("PRAGMA table_info(readings)")]
    rows = db.execute("SELECT * FROM readings LIMIT 2000").fetchall()
    place = columns.index("observed_at")
    turn = iter(range(1, 100))

    def write() -> None:
        shift = next(turn) * 10_000_000
        moved = [(*row[:place], row[place] + shift, *row[place + 1 :]) for row in rows]
        db.execute("BEGIN")
        db.executemany(f"INSERT INTO readings VALUES ({', '.join('?' * len(columns))})", moved)
        db.execute("COMMIT")

    result = {
        "write row by row": seconds(write, 1) / len(rows),
        "read row by row": seconds(lambda: db.execute("SELECT * FROM readings LIMIT 2000").fetchall(), 1)
        / len(rows),
    }
    db.close()
    return result


def main() -> None:
    """Measure, print the table, write the JSON."""
    rows = day(T0)
    result: dict[str, Any] = {"rows": ROWS, "sites": SITES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result["intake"] = intake(rows)
        result["writing"] = writing(folder, rows)
        store = SqliteStore(folder / "day.sqlite")
        for first in range(0, ROWS, 20_000):
            store.write(part(rows, first, min(20_000, ROWS - first)))
        result["reading"] = {"idle": reading(store)}
        result["row by row"] = {"idle": row_by_row(store.path)}
        with busy():
            result["reading"]["busy"] = reading(store)
            fresh = replace(part(rows, 0, 10_000), observed_at=part(rows, 0, 10_000).observed_at - 10 * DAY_S)
            result["writing"]["batches of 10,000, busy"] = seconds(lambda: store.write(fresh), 1) / 10_000
            result["row by row"]["busy"] = row_by_row(store.path)
        store.close()
        result["bytes_per_row"] = store.path.stat().st_size / (ROWS + 10_000)
    print("parsing")
    for what, spent in result["intake"].items():
        print(f"  {what:48} {spent * 1e3:>10,.1f} ms")
    print("writing, durable at each batch")
    for what, spent in result["writing"].items():
        print(f"  {what:48} {1 / spent:>10,.0f} rows/s")
    print(f"{'reading, ' + format(ROWS, ',') + ' rows kept':50} {'idle ms':>10} {'busy ms':>10}")
    for what, spent in result["reading"]["idle"].items():
        print(f"  {what:48} {spent * 1e3:>10,.1f} {result['reading']['busy'][what] * 1e3:>10,.1f}")
    print(f"{'the same file, row by row':50} {'idle rows/s':>12} {'busy rows/s':>12}")
    for what, spent in result["row by row"]["idle"].items():
        print(f"  {what:48} {1 / spent:>12,.0f} {1 / result['row by row']['busy'][what]:>12,.0f}")
    print(f"{result['bytes_per_row']:.0f} bytes a row on disk, indexes and all")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1), "utf-8")


if __name__ == "__main__":
    main()
