"""How long one engine step takes and what it holds, at 963, 10,000 and 100,000 sites.

Each size runs in a process of its own. A day of readings goes in first, every site every five minutes, in 288
batches with a step after each. Then three kinds of step are timed; a step is everything from the inbox to the
new picture (windows, status, rules, alerts and their durable write, roll-ups, gaps), and the diff against the
picture before is added to it. `cpu` is the processor time of the same, which other work on the
machine hardly lengthens:

- `live`: one second's share of the sites has reported (a three-hundredth of them)
- `quiet`: nobody has
- `burst`: every site has reported since the last step
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

SIZES = (963, 10_000, 100_000)
DAY_S, INTERVAL_S = 86400, 300
STEPS = {"live": 120, "quiet": 40, "burst": 12}
RESULTS = Path(__file__).parent / "results"


def resident_mb(what: str = "VmRSS") -> float:
    """Memory of this process as the kernel counts it; VmHWM is the most it ever was."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(what)


def measure(sites: int) -> dict[str, Any]:
    """One size, in this process."""
    from data.changes import changes
    from data.engine import Engine
    from tests.bench.crowd import Forgetful, crowd, report

    profile = crowd(sites)
    rng = np.random.default_rng(1)
    every = np.arange(sites)
    start = 1_790_000_000 // DAY_S * DAY_S
    now = [float(start)]
    before_mb = resident_mb()
    with tempfile.TemporaryDirectory() as folder:
        store = Forgetful(Path(folder) / "bench.db")
        engine = Engine(profile, store, clock=lambda: now[0])
        begun = time.perf_counter()
        for _ in range(DAY_S // INTERVAL_S):
            now[0] += INTERVAL_S
            engine.readings(report(profile, every, int(now[0]), rng))
            engine.step()
        day_s = time.perf_counter() - begun

        # Who reports in which second of the five minutes, so that each second has its share.
        turn = rng.permutation(sites) % INTERVAL_S

        def live() -> None:
            rows = every[turn == int(now[0]) % INTERVAL_S]
            engine.readings(report(profile, rows, int(now[0]), rng))

        def burst() -> None:
            engine.readings(report(profile, every, int(now[0]), rng))

        fill: dict[str, Callable[[], None]] = {"live": live, "quiet": lambda: None, "burst": burst}
        # A whole round first: what is measured is the steady state, not the end of the synchronous day.
        for _ in range(INTERVAL_S):
            now[0] += 1
            live()
            engine.step()
        result: dict[str, Any] = {"sites": sites, "day_s": day_s, "open_alerts": len(engine.picture.alerts)}
        for kind, count in STEPS.items():
            step_ms, diff_ms, cpu_ms, rows = [], [], [], []
            for _ in range(count):
                now[0] += 1
                fill[kind]()
                old = engine.picture
                at, cpu = time.perf_counter(), time.thread_time()
                new = engine.step()
                mid = time.perf_counter()
                found = changes(old, new)
                step_ms.append((mid - at) * 1e3)
                diff_ms.append((time.perf_counter() - mid) * 1e3)
                cpu_ms.append((time.thread_time() - cpu) * 1e3)
                rows.append(len(found.rows))
            whole = [a + b for a, b in zip(step_ms, diff_ms, strict=True)]
            result[kind] = {
                "median_ms": median(whole),
                "max_ms": max(whole),
                "cpu_median_ms": median(cpu_ms),
                "diff_median_ms": median(diff_ms),
                "changed_sites": median(rows),
            }
        assert engine.failed_steps == 0
        result["memory_mb"] = resident_mb() - before_mb
        result["peak_mb"] = resident_mb("VmHWM")
        store.close()
    return result


def main() -> None:
    """Run each size in a process of its own, print the table, write the JSON."""
    results: list[dict[str, Any]] = []
    print(
        f"{'sites':>8} {'step':>6} {'changed':>8} {'median ms':>10} {'max ms':>8} {'cpu ms':>8}"
        f" {'diff ms':>8} {'holds MB':>9} {'peak MB':>8}"
    )
    for sites in SIZES:
        command = [sys.executable, "-m", "tests.bench.bench_engine", str(sites)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        one = json.loads(done.stdout)
        results.append(one)
        for kind in STEPS:
            part = one[kind]
            print(
                f"{sites:>8,} {kind:>6} {part['changed_sites']:>8,.0f} {part['median_ms']:>10.2f}"
                f" {part['max_ms']:>8.2f} {part['cpu_median_ms']:>8.2f}"
                f" {part['diff_median_ms']:>8.2f}"
                f" {one['memory_mb']:>9.0f} {one['peak_mb']:>8.0f}",
                flush=True,
            )
    for less, more in pairwise(results):
        growth = more["live"]["cpu_median_ms"] / less["live"]["cpu_median_ms"]
        print(
            f"{less['sites']:,} to {more['sites']:,}: {more['sites'] / less['sites']:.1f} times the sites,"
            f" {growth:.1f} times the live step's processor time"
        )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "engine.json").write_text(json.dumps(results, indent=1), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
