"""How soon a page of 10,000 sites answers a hand: opening a site, filtering, typing into the search field.

`/county` shows all sites as a table and on the map, while readings of 100 of them come in every second. Input
goes through the browser as a hand's would. `paint` is the Event Timing interface's duration, from the input
to the next paint, which web vitals call interaction to next paint (in steps of 8 ms; what is too quick to
be told counts as 16). `shown` is from the event's own time stamp to the first frame in which the page shows
what was asked for: a site's name and numbers in the drawer, the table's rows filtered, the hits listed.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bench.browsing import READY_MS, SIZE, chromium, keep, machine, spread
from tests.bench.made_profile import Made, made_profile, reports
from tests.browser.seeing import iso, open_page
from tests.serving import LiveServer

SITES, CHANGED = 10_000, 100
ROUNDS = 12
AIM_MS = 100
SEARCHED = ("站点12", "s0043", "zd77", "站点901")
FILTERS = ("771", "1234", "905", "48")
"""Digits, for each of them leaves fewer rows."""
TAP = """(() => {
  const bench = (window.hands = { events: [] });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.interactionId) bench.events.push([one.startTime, one.duration, one.name]);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  let begun = 0;
  for (const name of ["pointerdown", "keydown"]) {
    window.addEventListener(name, (event) => (begun = event.timeStamp), { capture: true });
  }
  /* Resolves in the first frame in which a test holds, with the time since the last input. */
  bench.until = (test) => {
    bench.shown = new Promise((done) => {
      const end = performance.now() + 8000;
      begun = 0;
      const look = () => {
        if (begun && test()) done({ begun, took: performance.now() - begun });
        else if (performance.now() > end) done(null);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  };
})();"""
UNTIL = """([test, value]) => {
  window.hands.until(new Function(`return (${test})(${JSON.stringify(value)})`));
}"""
SHOWN = "() => window.hands.shown"
PAINT = """([since, until]) => {
  const mine = window.hands.events.filter(([at]) => at >= since - 1 && at <= until + 1);
  return Math.max(0, ...mine.map(([, took]) => took));
}"""
ROW = """(place) => {
  const rows = [...document.querySelectorAll("#sites-table .ag-center-cols-container .ag-row")];
  const boxes = rows.map((row) => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
  return [boxes[place].left + 40, boxes[place].top + boxes[place].height / 2];
}"""
DRAWER = """(before) => {
  const drawer = document.getElementById("site-drawer"), id = window.threeline.selected();
  return id && id !== before && !drawer.hidden
    && document.getElementById("site-head").textContent.includes(window.threeline.siteName(id))
    && /\\d/.test(document.getElementById("site-now").textContent);
}"""
FILTERED = """(before) => document.getElementById("table-count").textContent !== before
  && Boolean(document.querySelector("#sites-table .ag-row"))"""
LISTED = """(text) => {
  const list = document.getElementById("search-results");
  return !list.hidden && document.getElementById("search").value === text && list.childElementCount > 0;
}"""
QUIET_MS = 400
"""Between inputs: what one leaves to do is not another's delay."""


class Hands:
    """A page, and what each kind of input took."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        self.missed = 0
        """Inputs that the page never answered: a click on a row that moved away under it."""

    def do(self, kind: str, act: Callable[[], None], test: str, value: Any) -> None:
        """One input, watched until the page shows what it asked for."""
        self.page.evaluate(UNTIL, [test, value])
        act()
        shown = self.page.evaluate(SHOWN)
        if shown is None:
            self.missed += 1
            return
        self.page.wait_for_timeout(QUIET_MS)
        self.found[kind].append((shown["begun"], shown["took"]))

    def painted(self) -> dict[str, list[tuple[float, float]]]:
        """Kind of input to what each took until the next paint, and until it was shown; milliseconds."""
        # The browser tells of events when it has time for it.
        self.page.wait_for_timeout(5 * QUIET_MS)
        return {
            kind: [
                (max(self.page.evaluate(PAINT, [begun, begun + took]), 16.0), took) for begun, took in ones
            ]
            for kind, ones in self.found.items()
            if ones
        }

    def type(self, field: str, text: str, kind: str, test: str, expected: Callable[[str], str]) -> None:
        """A text, key by key; the first key of all, which may have to make things ready, is told apart."""
        self.page.focus(field)
        self.page.wait_for_timeout(QUIET_MS)
        for end, key in enumerate(text, 1):
            first = f"{kind}, first key"
            # Chinese comes from an input method, as text without a key of its own.
            press = self.page.keyboard.press if key.isascii() else self.press_and_insert
            act = partial(press, key)
            self.do(kind if self.found[first] else first, act, test, expected(text[:end]))

    def press_and_insert(self, text: str) -> None:
        """The key that ends a composition, then its text."""
        self.page.keyboard.down("Shift")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.up("Shift")


@contextlib.contextmanager
def news(made: Made, url: str) -> Iterator[None]:
    """Readings of some of the sites every second, while the block runs."""
    stop = threading.Event()

    def post() -> None:
        rng = np.random.default_rng(2)
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            while not stop.wait(1):
                picked = rng.choice(SITES, CHANGED, replace=False).tolist()
                rows = reports(
                    [made.site_id[row] for row in picked], iso(int(time.time())), rng, busy=rng.random() < 0.5
                )
                client.post("/api/v1/readings", json=rows)

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measure(page: Any, rounds: int) -> Hands:
    """All kinds of input, in turn."""
    hands = Hands(page)

    def counted(_: str = "") -> str:
        return str(page.locator("#table-count").inner_text())

    for turn in range(rounds):
        # The rows move as numbers come in: whichever stands there then.
        at = page.evaluate(ROW, 2 + turn % 8)
        hands.do("open a site", partial(page.mouse.click, *at), DRAWER, "")
        page.keyboard.press("Escape")
        page.wait_for_timeout(QUIET_MS)
    chips = page.locator("[data-filter=line]")
    for turn in range(rounds):
        box = chips.nth(turn // 2 % 2).bounding_box()
        click = partial(page.mouse.click, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        hands.do("filter by line", click, FILTERED, counted())
    for text in FILTERS:
        hands.type("#filter-words", text, "filter by words", FILTERED, counted)
        page.fill("#filter-words", "")
        page.wait_for_timeout(2 * QUIET_MS)
    for text in SEARCHED:
        hands.type("#search", text, "search", LISTED, str)
        page.fill("#search", "")
    return hands


def main(rounds: int = ROUNDS) -> None:
    """Measure, print the table, write the JSON; an argument is the number of rounds."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        made = made_profile(Path(name) / "profile", SITES)
        store = Path(name) / "board.sqlite"
        with LiveServer(str(made.folder), store, ("--no-simulate",)).start() as server:
            now = reports(made.site_id, iso(int(time.time()) - 30), np.random.default_rng(0), busy=False)
            httpx.post(
                f"{server.url}/api/v1/readings", json=now, timeout=60, trust_env=False
            ).raise_for_status()
            page = browser.new_page(viewport=SIZE)
            page.set_default_timeout(READY_MS)
            page.add_init_script(TAP)
            open_page(page, f"{server.url}/county")
            page.wait_for_selector("#sites-table .ag-row")
            page.wait_for_timeout(2000)
            print(machine(browser))
            with news(made, server.url):
                hands = measure(page, rounds)
                found = hands.painted()
    rows = {
        kind: {"paint_ms": spread([one[0] for one in ones]), "shown_ms": spread([one[1] for one in ones])}
        for kind, ones in found.items()
    }
    every = [one for ones in found.values() for one in ones]
    rows["all"] = {
        "paint_ms": spread([one[0] for one in every]),
        "shown_ms": spread([one[1] for one in every]),
    }
    print(f"{'what':>26} {'n':>4} {'paint p50':>10} {'p95':>6} {'shown p50':>10} {'p95':>6} {'max':>6}   ms")
    for kind, row in rows.items():
        paint, shown = row["paint_ms"], row["shown_ms"]
        print(
            f"{kind:>26} {paint['n']:>4} {paint['median']:>10,.0f} {paint['p95']:>6,.0f}"
            f" {shown['median']:>10,.0f} {shown['p95']:>6,.0f} {shown['max']:>6,.0f}"
        )
    print(f"{hands.missed} inputs went unanswered")
    print(f"aim: p95 under {AIM_MS} ms with {SITES:,} sites")
    keep("interaction", browser, {"missed": hands.missed, **rows})


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
