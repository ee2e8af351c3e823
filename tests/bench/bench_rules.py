"""Ten rules at 100,000 sites: one evaluation of this board against one of Prometheus, on the same machine.

Both are given the same waits, queues, missing staff and ages of data, of which a tenth of the sites tell
new ones before each evaluation, and the same ten thresholds and hold times. Prometheus' time is its own
`prometheus_rule_group_last_duration_seconds`: the queries, the states, the ALERTS series. The board's is
what a step does up to the open alerts: the state of every site from what is remembered, conditions, states,
answers, and writing what changed durably. They take turns, so that other work on the machine meets both,
and Prometheus scrapes more seldom than it evaluates, so that the one does not weigh on the other. Processor
time is told beside it: other work lengthens that hardly, and a long evaluation's clock time much.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from dataclasses import dataclass
from dataclasses import replace as but
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.faults.monitoring import Prometheus, prometheus, serving, until

SITES, FRESH = 100_000, 10_000
EVALUATIONS = 7
INTERVAL_S, SCRAPE_S = 20, 60
RESULTS = Path(__file__).parent / "results"
RULES: list[tuple[str, float, int]] = [
    ("wait_min", 30, 120), ("wait_min", 45, 60), ("wait_min", 60, 0),
    ("queue_m", 250, 120), ("queue_m", 500, 120), ("queue_m", 800, 0),
    ("staff_short", 0, 600), ("staff_short", 2, 120),
    ("data_age_s", 600, 0), ("data_age_s", 1800, 0),
]  # fmt: skip
"""Metric, threshold, seconds that it must hold."""
METRICS = ("wait_min", "queue_m", "staff_short", "data_age_s")
Floats = NDArray[np.float64]


@dataclass
class World:
    """What the sites tell; some of them anew each time."""

    wait: Floats
    short: Floats
    heard: Floats
    rng: np.random.Generator

    @classmethod
    def begin(cls, now: float) -> World:
        """Everybody has told something; one in a hundred long ago."""
        rng = np.random.default_rng(1)
        heard = now - np.where(rng.random(SITES) < 0.01, 3000, rng.integers(1, 240, SITES))
        world = cls(np.zeros(SITES), np.zeros(SITES), heard, rng)
        world._tell(np.arange(SITES))
        return world

    def move(self, now: float) -> NDArray[np.int64]:
        """Who told anew."""
        rows = np.sort(self.rng.choice(SITES, FRESH, replace=False))
        rows = rows[now - self.heard[rows] < 600]
        self._tell(rows)
        self.heard[rows] = now
        return rows

    def _tell(self, rows: NDArray[np.int64]) -> None:
        """About one site in a hundred waits for too long."""
        self.wait[rows] = self.rng.exponential(6.5, len(rows)).round(1)
        self.short[rows] = np.where(self.rng.random(len(rows)) < 0.01, self.rng.integers(1, 5, len(rows)), 0)

    def text(self, now: float) -> str:
        """What Prometheus scrapes."""
        columns = dict(
            zip(METRICS, (self.wait, self.wait * 12, self.short, (now - self.heard).round()), strict=True)
        )
        return "".join(
            f'{name}{{site="s{row:06d}"}} {value:g}\n'
            for name, column in columns.items()
            for row, value in enumerate(column.tolist())
        )


class Board:
    """The board's own evaluation, without the picture around it."""

    def __init__(self, folder: Path, at: int) -> None:
        from data.adopted import Adopted
        from data.spec import RuleSpec
        from tests.bench.crowd import Forgetful, crowd

        specs = [
            RuleSpec.model_validate(
                {
                    "id": f"r{number}", "name": {}, "what": {}, "metric": metric, "threshold": threshold,
                    "for_s": for_s, "severity": "warning",
                }
            )
            for number, (metric, threshold, for_s) in enumerate(RULES)
        ]  # fmt: skip
        place = crowd(SITES)
        place = but(place, spec=place.spec.model_copy(update={"rules": specs}), border=None)
        self.required = place.sites.staff_required[place.spec.duty.current]
        self.store = Forgetful(folder / "bench.db")
        self.adopted = Adopted.of(place, self.store, at)

    def take(self, world: World, rows: NDArray[np.int64], interval_s: int = 300) -> None:
        """Remember what these sites told."""
        from data.readings import Readings

        sites = self.adopted.profile.sites.site_id
        self.adopted.recent.put(
            rows,
            Readings.of(
                site_id=sites[rows], observed_at=world.heard[rows].astype(np.int64), interval_s=interval_s,
                wait_min=world.wait[rows], queue_m=world.wait[rows] * 12,
                staff_on_duty=self.required[rows] - world.short[rows],
            ),
        )  # fmt: skip

    def evaluate(self, at: int) -> tuple[float, float, int]:
        """How long one evaluation takes, its processor time, and how many alerts are open after it."""
        from data.orders import NONE

        mine = self.adopted
        begun, worked = time.perf_counter(), time.thread_time()
        view = mine.look(at, NONE)
        open_, changed = mine.advance(view)
        self.store.put_alerts(changed)
        took, work = time.perf_counter() - begun, time.thread_time() - worked
        mine.open, mine.view = open_, view
        return took, work, sum(len(one) for one in open_.values())


def theirs(server: Prometheus) -> tuple[float, float, float]:
    """How long the last evaluation took, when it was, and the processor time of the process so far."""
    told = server.metrics()
    worked = float(re.search(r"^process_cpu_seconds_total (\S+)$", told, re.M)[1])  # type: ignore[index]
    found = [
        float(re.search(rf"^prometheus_rule_group_last_{name}\{{[^}}]*\}} (\S+)$", told, re.M)[1])  # type: ignore[index]
        for name in ("duration_seconds", "evaluation_timestamp_seconds")
    ]
    return found[0], found[1], worked


def main() -> None:
    """Print the table and keep it."""
    begun = int(time.time())
    world = World.begin(begun)
    rules = [
        {"alert": f"r{number}", "expr": f"{metric} > {threshold:g}", "for": f"{for_s}s"}
        for number, (metric, threshold, for_s) in enumerate(RULES)
    ]
    own: list[float] = []
    other: list[float] = []
    own_cpu: list[float] = []
    other_cpu: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        board = Board(folder, begun)
        board.take(world, np.arange(SITES))
        board.evaluate(begun)

        def metrics() -> str:
            return world.text(time.time())

        groups = {"groups": [{"name": "g", "interval": f"{INTERVAL_S}s", "rules": rules}]}
        with (
            serving(metrics) as watched,
            prometheus(folder, groups, scrape_port=watched.port, interval=f"{SCRAPE_S}s") as server,
        ):
            until(lambda: bool(server.query("count(wait_min) == 1e5")), "every series to be scraped")
            _, last, before = theirs(server)
            for number in range(EVALUATIONS + 2):
                until(lambda last=last: theirs(server)[1] > last, "an evaluation")  # type: ignore[misc]
                took, last, worked = theirs(server)
                board.take(world, world.move(time.time()))
                mine, work, alerts = board.evaluate(int(time.time()))
                # The first two raise what is to be raised at once.
                if number >= 2:
                    other.append(took)
                    own.append(mine)
                    own_cpu.append(work)
                    other_cpu.append(worked - before)
                before = worked
            firing = float(server.query("count(ALERTS)")[0]["value"][1])
        board.store.close()
    found: dict[str, Any] = {
        "sites": SITES, "rules": len(RULES), "alerts_open": alerts, "prometheus_alerts": firing,
        "board_s": median(own), "board_worst_s": max(own),
        "prometheus_s": median(other), "prometheus_worst_s": max(other),
        "ratio": median(own) / median(other),
        # Of two in three of its evaluations no scrape fell in between: the median is of those.
        "board_cpu_s": median(own_cpu), "prometheus_cpu_s": median(other_cpu),
        "ratio_cpu": median(own_cpu) / median(other_cpu), "load": os.getloadavg()[0],
    }  # fmt: skip
    print(f"{SITES:,} sites, {len(RULES)} rules, {alerts:,} alerts open here, {firing:,.0f} there")
    print(f"  one evaluation: board {found['board_s']:.3f} s, Prometheus {found['prometheus_s']:.3f} s")
    print(f"  ratio {found['ratio']:.3f} (load {found['load']:.1f})")
    print(
        f"  processor time: board {found['board_cpu_s']:.3f} s, Prometheus {found['prometheus_cpu_s']:.3f} s,"
        f" ratio {found['ratio_cpu']:.3f}"
    )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "rules.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
