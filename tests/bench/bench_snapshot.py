"""How long a snapshot of the Lincang wall takes, and what memory: `python -m tests.bench.bench_snapshot`.

Every form is drawn in a process of its own: once cold (imports, fonts and all), then warm. In the same run
Kaleido draws the page's own figure of the same picture, its browser kept warm, as `plotly.io.to_image` does.
Memory is the most that the process and its children held together, shared pages counted once (PSS).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "snapshot.json"
OURS = [
    ("png", (1920, 1080)),
    ("svg", (1920, 1080)),
    ("pdf", (1920, 1080)),
    ("png", (3840, 2160)),
    ("png", (7680, 4320)),
]
KALEIDO = [("png", (1920, 1080)), ("pdf", (1920, 1080))]
WARM, WARM_KALEIDO = 7, 4
LOOK_S = 0.05


def measure(who: str, form: str, size: tuple[int, int]) -> dict[str, Any]:
    """One case, in this process: seconds cold and warm, bytes, and peak memory in MB."""
    from data.profile import load_profile
    from tests.data.places import NOON, every, picture_of, view_of

    profile = load_profile("lincang")
    readings = every(profile, NOON, persons_in=30, vehicles_in=9, queue_m=120, wait_min=12, staff_on_duty=4)
    picture = picture_of(profile, view_of(profile, NOON, [readings]))
    before = held_mb(os.getpid())
    draw, warm = (
        (ours(picture, profile, form, size), WARM)
        if who == "ours"
        else (kaleido(picture, profile, form, size), WARM_KALEIDO)
    )
    times = []
    with watched() as peak:
        for _ in range(warm + 1):
            start = time.perf_counter()
            drawn = draw()
            times.append(time.perf_counter() - start)
    return {
        "who": who,
        "form": form,
        "size": f"{size[0]}x{size[1]}",
        "sites": len(picture.sites),
        "cold_s": round(times[0], 3),
        "warm_s": round(statistics.median(times[1:]), 3),
        "kilobytes": round(len(drawn) / 1000),
        "peak_mb": round(max(peak)),
        "peak_before_mb": round(before),
    }


def ours(picture: Any, profile: Any, form: str, size: tuple[int, int]) -> Callable[[], bytes]:
    """A snapshot drawn as the server's worker does, which lets go of it after each; the first one imports.

    Letting go is part of the time.
    """
    from dashboard.jobs.child import let_go
    from tests.data.places import NOON

    def draw() -> bytes:
        from dashboard.exports.snapshot import draw_snapshot

        drawn = draw_snapshot(picture, profile, form=form, size=size, made_at=NOON)
        let_go()
        return drawn

    return draw


def kaleido(picture: Any, profile: Any, form: str, size: tuple[int, int]) -> Callable[[], bytes]:
    """The page's figure with the sites in it; the first one starts the browser, which then stays."""
    import plotly.graph_objects as go

    from dashboard.figures.base_map import base_map, style
    from dashboard.theme import STATUS
    from dashboard.view import View

    figure = base_map(profile, View())
    figure.layout.map.style = style(profile, "")
    sites = picture.sites
    colours = [STATUS[str(status)] for status in picture.state.status]
    markers = {"size": 8, "color": colours}
    figure.add_trace(go.Scattermap(lon=sites.lon, lat=sites.lat, mode="markers", marker=markers))
    started = False

    def draw() -> bytes:
        nonlocal started
        if not started:
            import kaleido as renderer

            renderer.start_sync_server(path=shutil.which("chromium"), mathjax=False, silence_warnings=True)
            started = True
        return bytes(figure.to_image(format=form, width=size[0], height=size[1]))

    return draw


@contextmanager
def watched() -> Iterator[list[float]]:
    """Look at the memory of this process and its children all the while."""
    seen, done = [held_mb(os.getpid())], threading.Event()

    def look() -> None:
        while not done.wait(LOOK_S):
            seen.append(held_mb(os.getpid()))

    thread = threading.Thread(target=look)
    thread.start()
    yield seen
    done.set()
    thread.join()


def held_mb(pid: int) -> float:
    """MB that a process and all its children hold, a page that several share counted once."""
    total = 0.0
    for one in family(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
        except OSError:  # it ended meanwhile
            continue
        total += next((float(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")), 0.0)
    return total / 1000


def family(pid: int) -> list[int]:
    """A process and everything that it started."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text("ascii").split()]
            except OSError:
                continue
    return found


def main() -> None:
    """Measure every case, print a table, write it as JSON."""
    rows = []
    print(f"{'who':8} {'form':5} {'size':10} {'cold s':>7} {'warm s':>7} {'kB':>6} {'MB':>6} {'before':>7}")
    for who, cases in (("ours", OURS), ("kaleido", KALEIDO)):
        for form, (width, height) in cases:
            command = [sys.executable, "-m", "tests.bench.bench_snapshot", who, form, str(width), str(height)]
            row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            rows.append(row)
            print(
                f"{who:8} {form:5} {row['size']:10} {row['cold_s']:7.2f} {row['warm_s']:7.2f} "
                f"{row['kilobytes']:6} {row['peak_mb']:6} {row['peak_before_mb']:7}",
                flush=True,
            )
    mine, theirs = (next(row for row in rows if row["who"] == who) for who in ("ours", "kaleido"))
    for what, aim in (("warm_s", 0.25), ("peak_mb", 0.3)):
        print(f"{what} of PNG 1920x1080: {mine[what] / theirs[what]:.3f} of Kaleido's (aim: {aim})")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], sys.argv[2], (int(sys.argv[3]), int(sys.argv[4])))))
        # Kaleido's browser is ended with this process, whatever it still does.
        sys.stdout.flush()
    else:
        main()
