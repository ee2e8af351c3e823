"""Many watchers at one update a second: delay, server CPU per delivered update, memory; and one that stalls.

Three servers as processes of their own, in one run: this board; Dash's own WebSocket with `set_props`
(`pushing_app`); and a `dcc.Interval` callback that makes each client's figure (`plain_app`). The watchers are
a process of their own, too. Each second readings of 20 of 963 sites are posted, one of them numbered.

The delay of a watcher is from the answer to that POST to the update's arrival. CPU is what the server's
threads ran (`/proc/<pid>/task/*/schedstat`), so that neither the watchers nor other work on the machine
count: first with nobody watching, then with all. What a delivered update costs is the difference over the
number of deliveries; `gross` leaves the first part in, which is the board's engine, checks and ledger, and
which the other two do not have.

Stalled: some more clients connect and read nothing while all 963 sites change five times a second; told are
the memory that each of them costs the server, and what the others notice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bench.browsing import keep, machine
from tests.bench.made_profile import Made, made_profile, reports
from tests.bench.rivals import plain_server, pushing_server
from tests.browser.seeing import iso
from tests.serving import ROOT, LiveServer, environment

SITES, CHANGED = 963, 20
SIZES = {"board": (100, 200, 500, 1000), "push": (100, 200, 500, 1000), "poll": (10, 40)}
"""The figure for each client fills a core with some forty of them: more only wait longer."""
UPDATES, REST_S = 8, 1.0
PAST_S = 150
STALLED, HEALTHY, STALL_UPDATES, STALL_REST_S = 20, 50, 40, 0.2
NAMES = {"board": "this board", "push": "Dash set_props", "poll": "Dash Interval"}
AIMS = "aims: a quarter of set_props' CPU an update; 0.6 of its p99 at 500; p95 under 250 ms at 1,000"


class Server:
    """One of the servers: where it is, and what its process has used."""

    def __init__(self, side: str, url: str, pid: int, what: str = "") -> None:
        self.side, self.url, self.pid, self.what = side, url, pid, what
        self.port = int(url.rpartition(":")[2])
        self.client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        self.rng = np.random.default_rng(1)
        self.number = 0
        self.observed = 0

    @property
    def cpu_s(self) -> float:
        """Seconds that its threads have run."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue
        return total / 1e9

    @property
    def rss_mb(self) -> float:
        """Memory that it holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def post(self, made: Made, count: int) -> float:
        """Post an update with the next number in it; when it was accepted, epoch seconds."""
        self.number += 1
        # Each a second after the one before, also when five of them come in a second; none is in the future.
        self.observed = max(self.observed + 1, int(time.time()) - PAST_S)
        others = self.rng.choice(np.arange(1, SITES), count - 1, replace=False).tolist()
        rows = reports([made.site_id[row] for row in (0, *others)], iso(self.observed), self.rng, busy=False)
        rows[0] |= {"queue_m": self.number, "persons_in": self.number, "persons_out": 0}
        self.client.post("/api/v1/readings", json=rows).raise_for_status()
        return time.time()


@contextmanager
def watching(kind: str, server: Server, clients: int) -> Iterator[dict[str, Any]]:
    """Watchers while the block runs; what they saw is there afterwards."""
    what = f"{server.side}:{server.what}" if kind == "stalled" else server.what
    command = [sys.executable, "-m", "tests.bench.watching", kind, str(server.port), str(clients), what]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    seen: dict[str, Any] = {}
    try:
        if process.stdout.readline().strip() != "ready":
            raise SystemExit(f"the watchers of {server.side} did not connect")
        yield seen
        process.stdin.close()
        text = process.stdout.read()
        seen.update(json.loads(text)["seen"] if text else {})
    finally:
        process.kill()
        process.wait()


def drive(server: Server, made: Made, updates: int, changed: int, rest_s: float) -> dict[int, float]:
    """Post updates at a steady rate; number to when each was accepted."""
    accepted = {}
    due = time.monotonic()
    for _ in range(updates):
        time.sleep(max(due - time.monotonic(), 0))
        when = server.post(made, changed)
        accepted[server.number] = when
        due = max(due, time.monotonic() - rest_s) + rest_s
    time.sleep(max(due - time.monotonic(), 0))
    return accepted


def delays(seen: dict[str, Any], accepted: dict[int, float]) -> dict[str, Any]:
    """Milliseconds from accepted to heard, over all watchers and updates."""
    found = [when - at for number, at in accepted.items() for when in seen.get(str(number), ())]
    if not found:
        raise SystemExit("no update reached anybody")
    p50, p95, p99 = (round(float(np.percentile(found, share)) * 1e3, 1) for share in (50, 95, 99))
    return {"deliveries": len(found), "p50": p50, "p95": p95, "p99": p99}


def measure(server: Server, made: Made, clients: int, idle_s: float) -> dict[str, Any]:
    """One side with so many watchers; `idle_s` is the CPU of an update that nobody watches."""
    before_mb = server.rss_mb
    with watching(server.side, server, clients) as seen:
        # The connecting itself, and the first pictures, are another matter.
        drive(server, made, 2, CHANGED, REST_S)
        begun = server.cpu_s
        accepted = drive(server, made, UPDATES, CHANGED, REST_S)
        used, rss_mb = server.cpu_s - begun, server.rss_mb
    row = {"side": server.side, "clients": clients, **delays(seen, accepted)}
    delivered = row["deliveries"]
    row["cpu_us"] = round((used - idle_s * UPDATES) / delivered * 1e6, 1)
    row["cpu_us_gross"] = round(used / delivered * 1e6, 1)
    row["cpu_share"] = round(used / UPDATES / REST_S, 3)
    return row | {
        "rss_mb": round(rss_mb, 1),
        "rss_kb_client": round((rss_mb - before_mb) * 1024 / clients, 1),
    }


def stall(server: Server, made: Made) -> dict[str, Any]:
    """What clients that read nothing cost: against the same traffic without them."""
    told: dict[str, Any] = {"side": server.side, "stalled": STALLED, "healthy": HEALTHY}
    with watching(server.side, server, HEALTHY) as without:
        drive(server, made, STALL_UPDATES // 4, SITES, STALL_REST_S)
        accepted = drive(server, made, STALL_UPDATES // 2, SITES, STALL_REST_S)
        before_mb = server.rss_mb
    told["p99_without"] = delays(without, accepted)["p99"]
    with watching(server.side, server, HEALTHY) as seen, watching("stalled", server, STALLED):
        accepted = drive(server, made, STALL_UPDATES // 2, SITES, STALL_REST_S)
        told["grown_half_mb"] = round(server.rss_mb - before_mb, 1)
        accepted |= drive(server, made, STALL_UPDATES // 2, SITES, STALL_REST_S)
        told["grown_mb"] = round(server.rss_mb - before_mb, 1)
        told["grown_kb_client"] = round(told["grown_mb"] * 1024 / STALLED)
    return told | {"p99_with": delays(seen, accepted)["p99"]}


@contextmanager
def servers(made: Made) -> Iterator[list[Server]]:
    """All three, each a process of its own, with a first reading of every site."""
    with ExitStack() as stack:
        store = made.folder.parent / "board.sqlite"
        live = stack.enter_context(LiveServer(str(made.folder), store, ("--no-simulate",)).start())
        assert live.process is not None
        # The figure's size and place have no bearing on its cost.
        view = [1200.0, 800.0, 99.8, 24.0, 8.0]
        plain = stack.enter_context(plain_server(made, view))
        push = stack.enter_context(pushing_server())
        output = httpx.get(f"{push.url}/follow", trust_env=False).json()["output"]
        found = [
            Server("board", live.url, live.process.pid),
            Server("push", push.url, push.pid, output),
            Server("poll", plain.url, plain.pid),
        ]
        first = reports(
            made.site_id, iso(int(time.time()) - 2 * PAST_S), np.random.default_rng(0), busy=False
        )
        for server in found:
            server.client.post("/api/v1/readings", json=first).raise_for_status()
        yield found


def main() -> None:
    """Measure, print the tables, write the JSON; an argument bounds the number of watchers."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rows = []
    with tempfile.TemporaryDirectory() as name:
        made = made_profile(Path(name) / "profile", SITES)
        with servers(made) as found:
            print(machine())
            print(
                f"{'side':>15} {'watchers':>8} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'us/update':>9}"
                f" {'gross':>8} {'core':>5} {'RSS MB':>7} {'kB each':>8}"
            )
            for server in found:
                drive(server, made, 2, CHANGED, REST_S)
                begun = server.cpu_s
                drive(server, made, 6, CHANGED, REST_S)
                idle_s = (server.cpu_s - begun) / 6
                for clients in SIZES[server.side]:
                    if clients <= most:
                        rows.append(row := measure(server, made, clients, idle_s))
                        tell(row)
            stalls = [stall(server, made) for server in found[:2]]
    print(
        f"\n{'side':>15} {'stalled':>8} {'half MB':>8} {'grown MB':>9} {'kB each':>8}"
        f" {'p99 without':>12} {'with':>8}"
    )
    for told in stalls:
        print(
            f"{NAMES[told['side']]:>15} {told['stalled']:>8} {told['grown_half_mb']:>8} {told['grown_mb']:>9}"
            f" {told['grown_kb_client']:>8} {told['p99_without']:>12} {told['p99_with']:>8}"
        )
    ratios = compared(rows)
    print("\nboard against set_props:", ", ".join(f"{name} {value}" for name, value in ratios.items()))
    print(AIMS)
    keep("watchers", None, {"watchers": rows, "stalled": stalls, "ratios": ratios})


def tell(row: dict[str, Any]) -> None:
    """One line of the table."""
    print(
        f"{NAMES[row['side']]:>15} {row['clients']:>8,} {row['p50']:>8} {row['p95']:>8} {row['p99']:>8}"
        f" {row['cpu_us']:>9} {row['cpu_us_gross']:>8} {row['cpu_share']:>5.2f} {row['rss_mb']:>7}"
        f" {row['rss_kb_client']:>8}",
        flush=True,
    )


def compared(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The board over Dash's socket, by number of watchers."""
    found = {(row["side"], row["clients"]): row for row in rows}
    ratios = {}
    for side, clients in list(found):
        if side == "board" and ("push", clients) in found:
            mine, theirs = found["board", clients], found["push", clients]
            ratios[f"cpu@{clients}"] = round(mine["cpu_us"] / theirs["cpu_us"], 3)
            ratios[f"p99@{clients}"] = round(mine["p99"] / theirs["p99"], 3)
    return ratios


if __name__ == "__main__":
    main()
