"""From `POST /api/v1/readings` accepted to the marker repainted in Chromium, and bytes per update.

This board against `plain_app`, in turn, in one run: the same rows are posted to each, and each has its own
page open at the same size and view. While the board is measured the plain page's interval is switched off,
and the board gets no readings while the plain app is measured. The POST comes at a random moment of the
interval.

Repainted means the same for both: the first `render` of the map at which the pixel in the middle of the
marker has its new colour (reading it waits until the frame is drawn), and then the start of the next
animation frame.

Bytes are those received, as sent: for the plain app the one answer that carries the figure, with its
header; for the board every frame of its socket in the second that begins with the POST, heartbeats too.
Both are compressed; Dash by itself does not do that, so `unpacked` tells how much they hold, and the last
column compares the plain app as Dash comes with the board as it is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from dashboard import theme
from tests.bench.browsing import READY_MS, SIZE, TAP, Traffic, chromium, keep, machine, spread
from tests.bench.made_profile import APART, Made, made_profile, reports
from tests.bench.rivals import plain_server
from tests.browser.seeing import iso, open_page
from tests.serving import LiveServer

SIZES = {963: 20, 10_000: 100}
"""Sites, and how many of them are in a POST that carries many."""
ROUNDS = {"many": 30, "one": 8}
"""POSTs to each side: with readings of many sites, and of one."""
BUDGET_S, LEAST = 110, 10
"""On a busy machine a size ends after this time, but not before so many POSTs with many readings."""
SIDES = ("board", "plain")
CALLBACK = "_dash-update-component"
VIEW = """() => {
  const map = window.threeline.map.instance, box = map.getContainer();
  const { lng, lat } = map.getCenter();
  return [box.clientWidth, box.clientHeight, lng, lat, map.getZoom()];
}"""
WATCH = "([place, colour]) => window.bench.watch(place, colour)"
PAINTED = "() => window.bench.painted"
INTERVAL = "(off) => window.dash_clientside.set_props('interval', { disabled: off })"


def open_side(browser: Any, url: str) -> tuple[Any, Traffic]:
    """A page with its traffic counted from the first byte."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(path=TAP)
    page = context.new_page()
    page.set_default_timeout(READY_MS)
    traffic = Traffic.of(page)
    if url:
        page.goto(url)
        page.wait_for_function(
            "() => { try { return window.bench.map().loaded(); } catch { return false; } }"
        )
    return page, traffic


class Bench:
    """Both sides of one size."""

    def __init__(self, made: Made, urls: dict[str, str], sides: dict[str, tuple[Any, Traffic]]) -> None:
        self.made = made
        self.pages = {side: page for side, (page, _) in sides.items()}
        self.traffic = {side: traffic for side, (_, traffic) in sides.items()}
        self.clients = {
            side: httpx.Client(base_url=url, timeout=60, trust_env=False) for side, url in urls.items()
        }
        self.rng = np.random.default_rng(1)

    def post(self, side: str, rows: list[dict[str, Any]]) -> tuple[float, float]:
        """When a POST began and when it was accepted, epoch seconds."""
        begun = time.time()
        answer = self.clients[side].post("/api/v1/readings", json=rows)
        accepted = time.time()
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert said["accepted"] + said.get("corrected", 0) == len(rows), answer.text
        return begun, accepted

    def round(self, turn: int, count: int) -> Iterator[dict[str, Any]]:
        """One POST to each side, watched until it is on the screen."""
        watched, busy = turn % APART, turn // APART % 2 == 0
        others = self.rng.choice(np.arange(APART, len(self.made.site_id)), count - 1, replace=False)
        ids = [self.made.site_id[row] for row in (watched, *others.tolist())]
        place = [self.made.lon[watched], self.made.lat[watched]]
        colour = theme.STATUS["busy" if busy else "normal"]
        for side in SIDES:
            page = self.pages[side]
            page.evaluate(WATCH, [place, colour])
            if side == "plain":
                page.evaluate(INTERVAL, False)
            time.sleep(float(self.rng.uniform(0, 1)) if side == "plain" else float(self.rng.uniform(0, 0.5)))
            begun, accepted = self.post(side, reports(ids, iso(int(time.time())), self.rng, busy=busy))
            when = page.evaluate(PAINTED)
            if side == "plain":
                page.evaluate(INTERVAL, True)
            drawn, painted = when["drawn"] / 1e3, when["painted"] / 1e3
            times = {"begun": begun, "accepted": accepted, "drawn": drawn, "painted": painted}
            yield {"side": side, "count": count, **times}

    def add_traffic(self, one: dict[str, Any]) -> None:
        """Find what carried an update: its bytes, and when it was asked for and came."""
        traffic = self.traffic[one["side"]]
        if one["side"] == "plain":
            mine = [answer for answer in traffic.answers if CALLBACK in answer.url]
            # Asked before the POST was accepted, an answer may hold the old values; the next one shows.
            after = [answer for answer in mine if answer.asked >= one["accepted"]]
            before = [answer for answer in mine if answer.came <= one["drawn"]]
            last = after[0] if after and after[0].came <= one["drawn"] else before[-1]
            one |= {"wire": last.wire, "body": last.body, "asked": last.asked, "came": last.came}
        else:
            frames = [frame for frame in traffic.frames if 0 <= frame.came - one["begun"] <= 1]
            first = max(frames, key=lambda frame: frame.wire)
            one |= {
                "wire": sum(frame.wire for frame in frames), "body": sum(frame.body for frame in frames),
                "asked": first.came, "came": first.came,
            }  # fmt: skip


def measure(browser: Any, made: Made, many: int, rounds: dict[str, int]) -> list[dict[str, Any]]:
    """One size: a row for each number of readings in a POST."""
    with LiveServer(
        str(made.folder), made.folder.parent / "board.sqlite", ("--no-simulate",)
    ).start() as server:
        rng = np.random.default_rng(0)
        first = reports(made.site_id, iso(int(time.time()) - 30), rng, busy=False)
        httpx.post(
            f"{server.url}/api/v1/readings", json=first, timeout=60, trust_env=False
        ).raise_for_status()
        board = open_side(browser, "")
        open_page(board[0], server.url)
        with plain_server(made, board[0].evaluate(VIEW)) as plain_app:
            httpx.post(
                f"{plain_app.url}/api/v1/readings", json=first, timeout=60, trust_env=False
            ).raise_for_status()
            plain = open_side(browser, plain_app.url)
            plain[0].evaluate(INTERVAL, True)
            time.sleep(2)
            bench = Bench(
                made, {"board": server.url, "plain": plain_app.url}, {"board": board, "plain": plain}
            )
            found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
            counts = [1] * rounds["one"] + [many] * rounds["many"]
            stop = time.monotonic() + BUDGET_S
            # A round that is thrown away: the first of everything is slower.
            for turn, count in enumerate([many, *counts]):
                if time.monotonic() > stop and len(found["board", many]) >= LEAST:
                    break
                for one in bench.round(turn, count):
                    if turn:
                        found[one["side"], one["count"]].append(one)
            for page in bench.pages.values():
                page.wait_for_timeout(1200)
            for ones in found.values():
                for one in ones:
                    bench.add_traffic(one)
            for page in bench.pages.values():
                page.context.close()
    rows = []
    for count in (many, 1):
        row: dict[str, Any] = {"sites": len(made.site_id), "readings": count}
        for side in SIDES:
            row[side] = summary(found[side, count])
        row["latency_ratio"] = round(
            row["board"]["latency_ms"]["median"] / row["plain"]["latency_ms"]["median"], 3
        )
        sent = row["board"]["bytes"]["median"]
        row["bytes_ratio"] = round(row["plain"]["bytes"]["median"] / sent, 1)
        row["bytes_ratio_unpacked"] = round(row["plain"]["bytes_unpacked"]["median"] / sent, 1)
        rows.append(row)
    return rows


def summary(ones: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one side; the parts of the way add up to the latency only on average."""

    def between(start: str, end: str) -> dict[str, float]:
        return spread([(one[end] - one[start]) * 1e3 for one in ones])

    return {
        "latency_ms": between("accepted", "painted"),
        "from_sent_ms": between("begun", "painted"),
        "bytes": spread([one["wire"] for one in ones]),
        "bytes_unpacked": spread([one["body"] for one in ones]),
        "parts_ms": {
            "post": between("begun", "accepted")["median"],
            "until_asked": between("accepted", "asked")["median"],
            "asked_to_came": between("asked", "came")["median"],
            "came_to_drawn": between("came", "drawn")["median"],
            "drawn_to_frame": between("drawn", "painted")["median"],
        },
    }


def main() -> None:
    """Measure both sizes, print the table, write the JSON; `N` as an argument makes it N rounds each."""
    rounds = dict.fromkeys(ROUNDS, int(sys.argv[1])) if len(sys.argv) > 1 else ROUNDS
    rows = []
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        print(machine(browser))
        print(
            f"{'sites':>7} {'readings':>9} {'side':>6} {'n':>3} {'ms median':>10} {'p95':>7} {'ratio':>6}"
            f" {'bytes':>9} {'p95':>9} {'fewer':>6} {'unpacked':>11} {'fewer':>6}"
        )
        for sites, many in SIZES.items():
            for row in measure(
                browser, made_profile(Path(folder) / str(sites) / "profile", sites), many, rounds
            ):
                rows.append(row)
                for side in SIDES:
                    mine = row[side]
                    ratios = ("latency_ratio", "bytes_ratio", "bytes_ratio_unpacked")
                    ratio, fewer, unpacked = (row[name] if side == "board" else "" for name in ratios)
                    print(
                        f"{sites:>7,} {row['readings']:>9,} {side:>6} {mine['latency_ms']['n']:>3}"
                        f" {mine['latency_ms']['median']:>10.0f} {mine['latency_ms']['p95']:>7.0f} {ratio:>6}"
                        f" {mine['bytes']['median']:>9,.0f} {mine['bytes']['p95']:>9,.0f} {fewer:>6}"
                        f" {mine['bytes_unpacked']['median']:>11,.0f} {unpacked:>6}"
                    )
                    parts = ", ".join(f"{name} {ms:.0f}" for name, ms in mine["parts_ms"].items())
                    print(f"{'':>24} {parts}", flush=True)
        print("aim: at most a quarter of the plain app's latency, at least 20 times fewer bytes")
        keep("live", browser, rows)


if __name__ == "__main__":
    main()
