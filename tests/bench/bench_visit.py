"""A first visit to the wall and a second one: bytes, time to the map drawn, and how busy the browser's main
thread is; against `plain_app`, in the same run.

Both show Lincang's sites on the same map, at the same size, from a server on this machine; the browser's
cache is empty on the first visit and kept for the second. `drawn`: from the beginning of the navigation to
the map with every site and nothing left to load or to draw. Main thread, until then: `task` all of it,
`script` what ran in scripts; `blocked` is Lighthouse's total blocking time, what long tasks (over 50 ms) take
beyond 50 ms, and `longest` the longest of them. Bytes are those received, as sent, with headers and frames.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from data.profile import load_profile
from tests.bench.bench_start import PAGE
from tests.bench.browsing import READY_MS, SIZE, TAP, Traffic, chromium, keep, machine, spread
from tests.bench.made_profile import Made, reports
from tests.bench.rivals import plain_server
from tests.browser.seeing import iso
from tests.serving import ROOT, LiveServer

ROUNDS = 4
LINCANG = ROOT / "data" / "samples" / "lincang"
VISITS = ("first", "second")
TASKS = """window.tasks = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.tasks.push([task.startTime, task.duration]);
}).observe({ type: "longtask", buffered: true });"""
PLAIN = """async () => {
  const there = () => { try { return window.bench.map().loaded(); } catch { return false; } };
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 4));
  await window.bench.still(window.bench.map());
  return { finished: performance.now() };
}"""
DRAWN = {"board": PAGE, "plain": PLAIN}
COLUMNS = ("drawn_ms", "kbytes", "requests", "task_ms", "script_ms", "blocked_ms", "longest_ms")
AIM_KB = 2500
VIEW = [1170.0, 640.0, 99.6, 23.9, 7.6]
"""Width, height, longitude, latitude, zoom of the plain app's map: about the wall's own."""


def visit(context: Any, url: str, side: str) -> dict[str, Any]:
    """One page opened and drawn."""
    page = context.new_page()
    page.set_default_timeout(READY_MS)
    traffic = Traffic.of(page)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(url, wait_until="commit")
    parts = page.evaluate(DRAWN[side])
    spent = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    tasks = [took for begun, took in page.evaluate("window.tasks") if begun < parts["finished"]]
    page.wait_for_timeout(500)
    sizes = {one.url.removeprefix(url).partition("?")[0] or "/": one.wire for one in traffic.answers}
    page.close()
    return {
        "drawn_ms": parts["finished"],
        "kbytes": traffic.wire / 1000,
        "requests": sum(one.wire > 0 for one in traffic.answers),
        "task_ms": spent["TaskDuration"] * 1e3,
        "script_ms": spent["ScriptDuration"] * 1e3,
        "blocked_ms": sum(max(took - 50, 0) for took in tasks),
        "longest_ms": max(tasks, default=0.0),
        "sizes": sizes,
    }


def visits(browser: Any, url: str, side: str) -> list[dict[str, Any]]:
    """A first visit and a second one by the same browser."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(path=TAP)
    context.add_init_script(script=TASKS)
    try:
        return [{"visit": name, **visit(context, url, side)} for name in VISITS]
    finally:
        context.close()


def lincang() -> Made:
    """The sample profile, as the plain app takes it."""
    sites = load_profile(LINCANG).sites
    return Made(LINCANG, sites.site_id.tolist(), sites.lon.tolist(), sites.lat.tolist())


def summary(ones: list[dict[str, Any]]) -> dict[str, Any]:
    """Spread of each column, and the biggest files of the last visit."""
    top = sorted(ones[-1]["sizes"].items(), key=lambda item: -item[1])[:8]
    return {name: spread([one[name] for one in ones]) for name in COLUMNS} | {"biggest": dict(top)}


def main(rounds: int = ROUNDS) -> None:
    """Measure, print the table, write the JSON; an argument is the number of rounds."""
    made = lincang()
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        store = Path(name) / "board.sqlite"
        with (
            LiveServer("lincang", store, ("--no-simulate",)).start() as server,
            plain_server(made, VIEW) as plain,
        ):
            urls = {"board": server.url, "plain": plain.url}
            now = reports(made.site_id, iso(int(time.time()) - 30), np.random.default_rng(0), busy=False)
            for url in urls.values():
                httpx.post(f"{url}/api/v1/readings", json=now, timeout=60, trust_env=False).raise_for_status()
            print(machine(browser))
            found = [
                {"side": side, **one}
                for _ in range(rounds)
                for side, url in urls.items()
                for one in visits(browser, url, side)
            ]
            print(f"{'side':>6} {'visit':>7} " + " ".join(f"{column:>11}" for column in COLUMNS))
            for visited in VISITS:
                for side in urls:
                    ones = [one for one in found if (one["side"], one["visit"]) == (side, visited)]
                    row = rows[f"{side} {visited}"] = summary(ones)
                    print(
                        f"{side:>6} {visited:>7} "
                        + " ".join(f"{row[column]['median']:>11,.0f}" for column in COLUMNS)
                    )
    for visited in VISITS:
        biggest = rows[f"board {visited}"]["biggest"]
        print(
            f"board, {visited} visit, bytes:", ", ".join(f"{path} {size:,}" for path, size in biggest.items())
        )
    print(f"aim: a first visit under {AIM_KB:,} kB, and what it fetched not fetched again")
    keep("visit", browser, rows)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
