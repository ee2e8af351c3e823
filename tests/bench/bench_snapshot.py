"""How long a snapshot of the Lincang wall takes, and what memory: `python -m tests.bench.bench_snapshot`.

Every form is drawn in a process of its own: once cold (imports, fonts and all), then warm.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "snapshot.json"
CASES = [
    ("png", (1920, 1080)),
    ("png", (3840, 2160)),
    ("svg", (1920, 1080)),
    ("pdf", (1920, 1080)),
]
WARM = 7


def measure(form: str, size: tuple[int, int]) -> dict[str, Any]:
    """One case, in this process: seconds cold and warm, bytes, and peak memory in MB."""
    from data.profile import load_profile
    from tests.data.places import NOON, every, picture_of, view_of

    profile = load_profile("lincang")
    readings = every(profile, NOON, persons_in=30, vehicles_in=9, queue_m=120, wait_min=12, staff_on_duty=4)
    picture = picture_of(profile, view_of(profile, NOON, [readings]))
    before = peak_mb()
    times = []
    for _ in range(WARM + 1):
        start = time.perf_counter()
        # The import is part of the first one, as it is in the server.
        from dashboard.exports.snapshot import draw_snapshot

        drawn = draw_snapshot(picture, profile, form=form, size=size, made_at=NOON)
        times.append(time.perf_counter() - start)
    return {
        "form": form,
        "size": f"{size[0]}x{size[1]}",
        "sites": len(picture.sites),
        "cold_s": round(times[0], 3),
        "warm_s": round(statistics.median(times[1:]), 3),
        "kilobytes": round(len(drawn) / 1000),
        "peak_mb": round(peak_mb()),
        "peak_before_mb": round(before),
    }


def peak_mb() -> float:
    """The most memory this process ever held, in MB (Linux counts in kB, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if platform.system() == "Darwin" else 1000)


def main() -> None:
    """Measure every case, print a table, write it as JSON."""
    rows = []
    print(
        f"{'form':5} {'size':10} {'cold s':>7} {'warm s':>7} {'kB':>6} {'peak MB':>8} {'of which before':>16}"
    )
    for form, (width, height) in CASES:
        command = [sys.executable, "-m", "tests.bench.bench_snapshot", form, str(width), str(height)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(row)
        print(
            f"{row['form']:5} {row['size']:10} {row['cold_s']:7.2f} {row['warm_s']:7.2f} "
            f"{row['kilobytes']:6} {row['peak_mb']:8} {row['peak_before_mb']:16}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], (int(sys.argv[2]), int(sys.argv[3])))))
    else:
        main()
