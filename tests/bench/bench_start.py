"""Cold start of `threeline serve` with Lincang's simulated feed, and the first page to its map drawn.

`serve`: from the start of the process to the first answer of `/api/health` that tells of a picture with
data: with an empty store, and with one that a first run has filled and left. `page`: from the beginning of
the navigation, in a browser without a cache, to the map drawn with every site and nothing left to load; its
parts are times since the same beginning. The browser itself runs already, and the files of both are in the
system's file cache.
"""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.browsing import READY_MS, SIZE, TAP, Traffic, chromium, keep, machine, spread
from tests.serving import ROOT, environment

ROUNDS = 7
GIVE_UP_S = 60
FILL_S = 90
"""How long the first run may take to fill in the past eight days."""
PAST_S = 8 * 86400
LOADED = "import dashboard.cli, dashboard.app, dashboard.board, data.feeds.simulated, data.store.sqlite"
"""What `serve` imports before it does anything."""
PAGE = """async () => {
  const T = () => window.threeline, bench = window.bench, parts = {};
  const until = async (name, test) => {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 4));
    parts[name] = performance.now();
  };
  await until("picture", () => T().state && T().state.at > 0);
  await until("map_ready", () => T().map && T().map.ready);
  const map = T().map.instance;
  await until("settled", () => map.loaded() && !map.isMoving());
  await bench.still(map);
  parts.finished = performance.now();
  const navigation = performance.getEntriesByType("navigation")[0];
  parts.page_received = navigation.responseEnd;
  parts.scripts_run = navigation.domContentLoadedEventEnd;
  return parts;
}"""
PARTS = ("page_received", "scripts_run", "picture", "map_ready", "settled", "finished")


@contextmanager
def serving(store: Path) -> Iterator[tuple[str, float]]:
    """`threeline serve` as a process of its own: its address, and seconds until its first healthy answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "dashboard", "serve", "--profile", "lincang", "--simulate",
        "--port", str(port), "--store", str(store),
    ]  # fmt: skip
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    try:
        while not healthy(port):
            if process.poll() is not None or time.monotonic() - begun > GIVE_UP_S:
                raise SystemExit("the server does not start")
            time.sleep(0.005)
        yield f"http://127.0.0.1:{port}", time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(timeout=20)


def healthy(port: int) -> bool:
    """Whether health answers, and with a picture that data stands behind."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", "/api/health")
            answer = connection.getresponse()
            said = json.loads(answer.read())
        except OSError:
            return False
    return answer.status == 200 and said["revision"] > 0 and said["data_age_s"] is not None


def ask(store: Path, what: str) -> int:
    """One number from a store that may be in use."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        return int(database.execute(f"SELECT {what} FROM readings").fetchone()[0])


def fill(store: Path) -> dict[str, Any]:
    """Let a first run fill in the past; how long that took and what the store holds."""
    begun = time.time()
    with serving(store):
        while time.time() - begun < FILL_S and ask(store, "min(observed_at)") > begun - PAST_S + 3600:
            time.sleep(1)
        took = time.time() - begun
    days = (begun - ask(store, "min(observed_at)")) / 86400
    return {"fill_s": round(took, 1), "readings": ask(store, "count(*)"), "days": round(days, 2)}


def timed_starts(stores: list[Path]) -> dict[str, float]:
    """Starts, one after another."""
    seconds = []
    for store in stores:
        with serving(store) as (_, ready_s):
            seconds.append(ready_s)
    return spread(seconds)


def timed_imports(rounds: int) -> dict[str, float]:
    """Seconds that Python takes to start and load the server's modules, alone."""
    seconds = []
    for _ in range(rounds):
        begun = time.monotonic()
        subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environment(), check=True)
        seconds.append(time.monotonic() - begun)
    return spread(seconds)


def timed_pages(browser: Any, url: str, rounds: int) -> dict[str, Any]:
    """First visits: milliseconds from the beginning of the navigation, and bytes as sent."""
    found, sizes, biggest = [], [], {}
    for _ in range(rounds):
        context = browser.new_context(viewport=SIZE)
        context.add_init_script(path=TAP)
        page = context.new_page()
        page.set_default_timeout(READY_MS)
        traffic = Traffic.of(page)
        page.goto(url, wait_until="commit")
        found.append(page.evaluate(PAGE))
        page.wait_for_timeout(200)
        sizes.append({"wire": traffic.wire, "frames": sum(one.wire for one in traffic.frames)})
        biggest = {one.url.removeprefix(url): one.wire for one in traffic.answers}
        context.close()
    top = sorted(biggest.items(), key=lambda item: -item[1])[:6]
    return {
        "settled_ms": spread([one["settled"] for one in found]),
        "parts_ms": {name: spread([one[name] for one in found])["median"] for name in PARTS},
        "bytes": spread([one["wire"] for one in sizes]),
        "bytes_of_socket": spread([one["frames"] for one in sizes])["median"],
        "biggest": {name.partition("?")[0]: size for name, size in top},
    }


def main(rounds: int = ROUNDS) -> None:
    """Measure starts and pages, print the table, write the JSON; an argument is the number of rounds."""
    with chromium() as browser, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(machine(browser))
        rows: dict[str, Any] = {"imports_s": timed_imports(min(rounds, 5))}
        rows["empty_store_s"] = timed_starts([folder / f"empty{turn}.sqlite" for turn in range(rounds)])
        full = folder / "full.sqlite"
        rows["full_store"] = fill(full)
        rows["full_store_s"] = timed_starts([full] * rounds)
        with serving(full) as (url, _):
            rows["page"] = timed_pages(browser, url, rounds)
        print(f"{'what':44} {'median':>8} {'p95':>8} {'max':>8}")
        held = f"{rows['full_store']['readings']:,} readings of {rows['full_store']['days']:.1f} days"
        for label, row in (
            ("Python and the modules alone, s", rows["imports_s"]),
            ("serve to first picture, empty store, s", rows["empty_store_s"]),
            (f"serve, {held}, s", rows["full_store_s"]),
            ("first page to map drawn, ms", rows["page"]["settled_ms"]),
            ("first page, bytes received", rows["page"]["bytes"]),
        ):
            print(f"{label:44} {row['median']:>8,} {row['p95']:>8,} {row['max']:>8,}")
        print("page, ms:", ", ".join(f"{part} {ms:.0f}" for part, ms in rows["page"]["parts_ms"].items()))
        print("page, bytes:", ", ".join(f"{path} {size:,}" for path, size in rows["page"]["biggest"].items()))
        print(f"the past was filled in within {rows['full_store']['fill_s']} s; aim: ready in 3 s")
        keep("start", browser, rows)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
