"""From a reading to the firing alert on an open wall; and a page of 10,000 open alerts under a hand.

First: a site's long wait is posted, with a rule that fires at once; `told` is from the POST's acceptance
(the reading is durable then) to the row in the wall's list in a frame that was drawn, `posted` the same from
before the POST. The next step, at most one second later, makes the alert: half a second of the mean is that.

Second: 10,000 sites wait for too long, each with an alert. `/alerts` shows them while 100 of them change
every second. A scroll is a jump to a place far away, timed until rows stand there and the frame after that
begins; filtering by words, another tab and choosing are inputs as `bench_interaction` times them, to the
next paint and until what was asked for is shown.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bench.bench_interaction import TAP, Hands
from tests.bench.browsing import READY_MS, SIZE, chromium, keep, machine, spread
from tests.bench.made_profile import Made, made_profile, reports
from tests.browser.seeing import iso, open_page
from tests.serving import LiveServer

WALL, MANY, CHANGED = 963, 10_000, 100
ROUNDS, SCROLLS = 20, 60
AIM_MS = 100
SEEN = """(id) => {
  window.seen = new Promise((done) => {
    const look = () => {
      const row = document.querySelector(`#alerts .alert[data-site="${id}"]`);
      if (row) requestAnimationFrame(() => done(Date.now()));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""
SCROLL = """async (to) => {
  const box = document.getElementById("alert-rows");
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  box.scrollTop = to * (box.scrollHeight - box.clientHeight);
  const at = () => {
    const edge = box.getBoundingClientRect();
    const there = document.elementFromPoint(edge.left + edge.width / 2, edge.top + edge.height / 2);
    return there?.closest(".alert-row");
  };
  while (!at()) {
    await new Promise((done) => requestAnimationFrame(done));
    if (performance.now() - start > 5000) return null;
  }
  await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - start;
}"""
ASKED = """([name, value]) => threeline.asked(name) === value
  && Boolean(document.querySelector("#alert-rows-all").childElementCount)"""
CHOSEN = """(before) => {
  const id = threeline.chosenAlert();
  const head = document.querySelector("#alert-detail h2");
  return id !== before && head?.textContent === threeline.alertPage.find(id).name;
}"""
WORDS = ("站点12", "s0009", "771", "48")


def long_waits(ids: list[str], rng: Any) -> list[dict[str, Any]]:
    """Readings of now with waits over the rule's threshold."""
    now = iso(int(time.time()))
    return [
        row | {"wait_min": round(float(rng.uniform(31, 60)), 1)} for row in reports(ids, now, rng, busy=True)
    ]


def post(url: str, rows: list[dict[str, Any]]) -> float:
    """Send readings; when they were accepted, epoch seconds."""
    httpx.post(f"{url}/api/v1/readings", json=rows, timeout=120, trust_env=False).raise_for_status()
    return time.time()


def at_once(made: Made) -> Made:
    """The same profile with a rule that does not wait."""
    file = made.folder / "profile.toml"
    file.write_text(file.read_text("utf-8").replace("for_s = 120", "for_s = 0"), "utf-8")
    return made


@contextlib.contextmanager
def news(made: Made, url: str) -> Iterator[None]:
    """Every second other waits of some of the sites, all of them still too long."""
    stop = threading.Event()

    def run() -> None:
        rng = np.random.default_rng(3)
        while not stop.wait(1):
            post(
                url, long_waits([made.site_id[row] for row in rng.choice(MANY, CHANGED, replace=False)], rng)
            )

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def fired(browser: Any, folder: Path, rounds: int) -> dict[str, Any]:
    """From a reading to its alert on the wall, milliseconds."""
    made, rng = at_once(made_profile(folder / "wall", WALL)), np.random.default_rng(1)
    told, posted = [], []
    with LiveServer(str(made.folder), folder / "wall.sqlite", ("--no-simulate",)).start() as server:
        post(server.url, reports(made.site_id, iso(int(time.time()) - 30), rng, busy=False))
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(READY_MS)
        open_page(page, f"{server.url}/")
        page.wait_for_timeout(2000)
        for turn in range(rounds):
            site = made.site_id[turn]
            page.evaluate(SEEN, site)
            time.sleep(float(rng.uniform(0, 1)))
            before = time.time()
            accepted = post(server.url, long_waits([site], rng))
            seen = page.evaluate("() => window.seen") / 1000
            told.append(1000 * (seen - accepted))
            posted.append(1000 * (seen - before))
            # Over again, so that the list stays as short as it is.
            post(
                server.url,
                [
                    row | {"wait_min": 1}
                    for row in reports([site], iso(int(time.time()) + 1), rng, busy=False)
                ],
            )
            page.wait_for_timeout(1500)
        page.close()
    return {"told_ms": spread(told), "posted_ms": spread(posted)}


def under_a_hand(browser: Any, folder: Path) -> dict[str, Any]:
    """What each kind of input took with 10,000 open alerts, milliseconds."""
    made, rng = at_once(made_profile(folder / "many", MANY)), np.random.default_rng(2)
    with LiveServer(str(made.folder), folder / "many.sqlite", ("--no-simulate",)).start() as server:
        post(server.url, long_waits(made.site_id, rng))
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(READY_MS)
        page.add_init_script(TAP)
        page.goto(f"{server.url}/alerts")
        page.wait_for_function(f"() => threeline.firing?.().length >= {MANY}")
        page.wait_for_timeout(3000)
        hands = Hands(page)
        with news(made, server.url):
            scrolled = [page.evaluate(SCROLL, float(to)) for to in rng.uniform(0, 1, SCROLLS)]
            for text in WORDS:
                hands.type("#alert-filter", text, "filter", ASKED, lambda typed: ["q", typed])
                page.fill("#alert-filter", "")
                page.wait_for_timeout(800)
            page.evaluate("() => document.activeElement.blur()")
            for _ in range(12):
                before = page.evaluate("() => threeline.chosenAlert()")
                hands.do("choose the next", partial(page.keyboard.press, "j"), CHOSEN, before)
            for tab in ("acknowledged", "firing") * 4:
                box = page.locator(f"[data-alert-tab={tab}]").bounding_box()
                click = partial(page.mouse.click, box["x"] + 20, box["y"] + 10)
                state = "" if tab == "firing" else tab
                hands.do("another tab", click, ASKED, ["state", state])
            found = hands.painted()
        page.close()
    rows = {"scroll": {"shown_ms": spread([one for one in scrolled if one is not None])}}
    for kind, ones in found.items():
        rows[kind] = {
            "paint_ms": spread([one[0] for one in ones]),
            "shown_ms": spread([one[1] for one in ones]),
        }
    return {"missed": hands.missed + scrolled.count(None), **rows}


def main(rounds: int = ROUNDS) -> None:
    """Measure, print, write the JSON; an argument is the number of readings of the first part."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        print(machine(browser))
        first = fired(browser, Path(name), rounds)
        for what, row in first.items():
            print(
                f"reading to alert, {what}: p50 {row['median']:,.0f}  p95 {row['p95']:,.0f}"
                f"  max {row['max']:,.0f}"
            )
        second = under_a_hand(browser, Path(name))
        print(f"{MANY:,} open alerts, {second['missed']} inputs unanswered")
        for kind, row in second.items():
            if isinstance(row, dict):
                paint, shown = row.get("paint_ms", {}), row["shown_ms"]
                print(
                    f"{kind:>24} n {shown['n']:>3}  paint p95 {paint.get('p95', 0):>5,.0f}"
                    f"  shown p50 {shown['median']:>5,.0f}  p95 {shown['p95']:>5,.0f}"
                    f"  max {shown['max']:>5,.0f} ms"
                )
        print(f"aim: under {AIM_MS} ms")
        keep("alerts", browser, {"fired": first, "open": second})


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
