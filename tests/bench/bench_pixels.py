"""From the call to settled pixels: this board's way against `Plotly.react`, in one page, in turn.

The board's wall is opened on a made-up prefecture, and a Plotly figure of the same points, style, size and
view is laid over its map. Each round changes the status of some sites in three ways, the one that is measured
on top:

- `page`: a message as the server sends it goes into the board's script: unpacked, applied, told to every
  panel and the map (what the board puts off until its markers are drawn comes after)
- `map`: the same, but only the map's listener hears of it
- `plotly`: `Plotly.react` with the whole figure

Settled is the same for all, and told twice: `idle`, when the map fires its `idle` event, and `pixels`, when
the pixel in the middle of a changed marker has then been read and has its new colour. Reading it waits until
the frame is drawn; without a GPU that is a whole frame of the map in software, and no way can be quicker.
The board clusters: `drawn` markers stand for the sites at this view, and `touched` nodes of all zooms change
in a round; Plotly draws every point.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from dashboard import theme
from tests.bench.browsing import READY_MS, SIZE, TAP, chromium, keep, machine, spread
from tests.bench.made_profile import APART, Made, made_profile
from tests.browser.seeing import open_page
from tests.serving import LiveServer

SCRIPTS = (TAP, TAP.with_name("pixels.js"))
CASES = ((963, 20), (10_000, 100), (100_000, 1_000))
"""Sites, and how many of them change."""
ROUNDS = 15
WARM = 2
BUDGET_S, LEAST = 80, 5
"""On a busy machine a size ends after this time, but not before so many rounds."""
SIDES = ("page", "map", "plotly")

PREPARE = "(facts) => window.bench.prepare(facts)"
ROUND = "(turn) => window.bench.round(turn)"


def measure(browser: Any, made: Made, count: int, rounds: int) -> dict[str, Any]:
    """One size: every way in turn, so that whatever else the machine does falls on all of them."""
    with LiveServer(
        str(made.folder), made.folder.parent / "board.sqlite", ("--no-simulate",)
    ).start() as server:
        context = browser.new_context(viewport=SIZE)
        for script in SCRIPTS:
            context.add_init_script(path=script)
        page = context.new_page()
        page.set_default_timeout(READY_MS)
        begun = time.monotonic()
        open_page(page, server.url)
        opened_s = time.monotonic() - begun
        facts = page.evaluate(PREPARE, {"apart": APART, "colours": theme.STATUS})
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        stop = time.monotonic() + BUDGET_S
        for turn in range(WARM + rounds):
            if time.monotonic() > stop and turn >= WARM + LEAST:
                break
            for place in range(len(SIDES)):
                side = SIDES[(turn + place) % len(SIDES)]
                one = page.evaluate(ROUND, {"side": side, "count": count})
                if turn >= WARM:
                    found[side].append(one)
        context.close()
    row: dict[str, Any] = {
        "sites": len(made.site_id),
        "changed": count,
        "opened_s": round(opened_s, 1),
        **facts,
    }
    for side, ones in found.items():
        row[side] = {
            "idle": spread([one["idle"] for one in ones]),
            "pixels": spread([one["pixels"] for one in ones]),
            "call": spread([one["call"] for one in ones]),
            "idles": max(one["looked"] for one in ones),
        }
    row["touched"] = spread([one["touched"] for one in found["map"]])["median"]
    names = sorted({name for one in found["page"] for name in one["spent"]})
    row["script_ms"] = {
        name: spread([one["spent"].get(name, 0) for one in found["page"]])["median"] for name in names
    }
    for side in ("page", "map"):
        row[side]["of_plotly"] = {
            what: round(row[side][what]["median"] / row["plotly"][what]["median"], 3)
            for what in ("idle", "pixels")
        }
    return row


def main(rounds: int = ROUNDS, cases: tuple[tuple[int, int], ...] = CASES) -> None:
    """Measure every size, print the table, write the JSON."""
    rows = []
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        print(machine(browser))
        print(
            f"{'sites':>8} {'changed':>8} {'drawn':>6} {'touched':>8} {'way':>7}"
            f" {'idle ms':>8} {'p95':>7} {'ratio':>6} {'pixels ms':>10} {'p95':>7} {'ratio':>6}"
        )
        for sites, count in cases:
            row = measure(browser, made_profile(Path(folder) / str(sites) / "profile", sites), count, rounds)
            rows.append(row)
            for side in SIDES:
                mine, ratio = row[side], row[side].get("of_plotly", {"idle": 1, "pixels": 1})
                print(
                    f"{sites:>8,} {count:>8,} {row['drawn']:>6,} {row['touched']:>8,.0f} {side:>7}"
                    f" {mine['idle']['median']:>8.1f} {mine['idle']['p95']:>7.1f} {ratio['idle']:>6.3f}"
                    f" {mine['pixels']['median']:>10.1f} {mine['pixels']['p95']:>7.1f}"
                    f" {ratio['pixels']:>6.3f}",
                    flush=True,
                )
            parts = ", ".join(f"{name} {ms:.1f}" for name, ms in row["script_ms"].items())
            print(f"{'':>8} of `page`, in scripts (median ms): {parts}", flush=True)
        print("aim: at most 0.3 of Plotly.react at a thousand sites, 0.15 at ten thousand")
        keep("pixels", browser, rows)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]])
