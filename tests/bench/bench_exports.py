"""A live update while ten exports run, against the same board at rest: `python -m tests.bench.bench_exports`.

One server as a process of its own with 963 sites; some watchers on its live socket, a process of their own,
too. Readings of 20 sites are posted twice a second, one of them numbered; an update takes from the begin of
its POST until a watcher has it, and, apart from that, from when the POST was accepted. Spans at rest and
spans with ten callers, each of whom asks for the next file as soon as it has one, follow each other, so that
other work on the machine is in both. At the end ten ask for one file each, at once, on a board at rest.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bench.bench_watchers import CHANGED, PAST_S, SITES, Server, watching
from tests.bench.browsing import keep, machine, spread
from tests.bench.made_profile import Made, made_profile, reports
from tests.browser.seeing import iso
from tests.serving import LiveServer

TEN = 10
FILES = (
    "snapshot.png", "brief.docx", "snapshot.pdf", "brief.pptx", "snapshot.svg", "brief.xlsx", "snapshot.png",
    "brief.pdf", "snapshot.png?size=3840x2160", "snapshot.png?scope={county}",
)  # fmt: skip
WATCHERS, REST_S = 10, 0.5
SPANS, SPAN_S, REST_AFTER_S = 3, 15.0, 2.0
AIM = 1.2


@dataclass
class Callers:
    """Ten that ask for files, one after the other each."""

    url: str
    county: str
    took: list[tuple[str, float]] = field(default_factory=list)
    refused: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def ask(self, client: httpx.Client, file: str) -> None:
        begun = time.monotonic()
        answer = client.get(f"/api/v1/{file.format(county=self.county)}")
        if answer.status_code == 200:
            self.took.append((file, time.monotonic() - begun))
        else:
            self.refused += 1

    def run(self, files: Iterator[str]) -> None:
        with httpx.Client(base_url=self.url, timeout=300, trust_env=False) as client:
            while not self.stopping.is_set():
                self.ask(client, next(files))

    @contextmanager
    def at_it(self) -> Iterator[None]:
        """Ten at once while the block runs; what they have asked for is waited for."""
        self.stopping.clear()
        started = [cycle(FILES[n:] + FILES[:n]) for n in range(TEN)]
        threads = [threading.Thread(target=self.run, args=(files,)) for files in started]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def once(self) -> float:
        """Ten files at once; seconds until all have theirs."""
        begun = time.monotonic()

        def one(file: str) -> None:
            with httpx.Client(base_url=self.url, timeout=300, trust_env=False) as client:
                self.ask(client, file)

        threads = [threading.Thread(target=one, args=(file,)) for file in FILES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - begun


def drive(server: Server, made: Made, seconds: float) -> dict[int, tuple[float, float]]:
    """Updates at a steady rate; number to when each was sent, and accepted."""
    sent = {}
    end = due = time.monotonic()
    end += seconds
    while due < end:
        time.sleep(max(due - time.monotonic(), 0))
        begun = time.time()
        sent_at = server.post(made, CHANGED)
        sent[server.number] = begun, sent_at
        due = max(due + REST_S, time.monotonic())
    return sent


def told(seen: dict[str, Any], sent: dict[int, tuple[float, float]]) -> dict[str, Any]:
    """Milliseconds of updates, over all watchers: from sent and from accepted until heard."""
    whole, after = [], []
    for number, (begun, accepted) in sent.items():
        for when in seen.get(str(number), ()):
            whole.append((when - begun) * 1e3)
            after.append((when - accepted) * 1e3)
    if not whole:
        raise SystemExit("no update reached anybody")
    return {"updates": len(sent), "sent_to_heard_ms": spread(whole), "accepted_to_heard_ms": spread(after)}


def worker_of(pid: int) -> int | None:
    """The process that makes files for a server."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [
        child
        for path in children.parent.parent.glob("*/children")
        for child in path.read_text("ascii").split()
        if b"dashboard.jobs.child" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return int(found[0]) if found else None


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


def measure(server: Server, made: Made) -> dict[str, Any]:
    """Spans at rest and spans with ten exports, in turn."""
    county = server.client.get("/api/v1/sites").json()["features"][0]["properties"]["county"]
    callers = Callers(server.url, county)
    callers.once()
    callers.took.clear()
    sent: dict[str, dict[int, tuple[float, float]]] = {"idle": {}, "busy": {}}
    worker_mb = 0.0
    heard: dict[str, Any] = {}

    def span(name: str) -> None:
        # The watchers answer no ping, so the server lets go of them after some 40 s.
        with watching("board", server, WATCHERS) as seen:
            drive(server, made, 2)
            sent[name] |= drive(server, made, SPAN_S)
        heard.update(seen)

    for _ in range(SPANS):
        span("idle")
        with callers.at_it():
            span("busy")
            worker = worker_of(server.pid)
            worker_mb = max(worker_mb, peak_mb(worker) if worker else 0.0)
        time.sleep(REST_AFTER_S)
    row: dict[str, Any] = {name: told(heard, mine) for name, mine in sent.items()}
    for name in ("sent_to_heard_ms", "accepted_to_heard_ms"):
        row[f"ratio_{name}"] = round(row["busy"][name]["p95"] / row["idle"][name]["p95"], 3)
    row["files"] = {
        file: spread([s for name, s in callers.took if name == file]) for file in sorted(set(FILES))
    }
    row["made"], row["refused"] = len(callers.took), callers.refused
    row["ten_at_once_s"] = round(callers.once(), 2)
    return row | {"server_peak_mb": peak_mb(server.pid), "worker_peak_mb": worker_mb}


def main() -> None:
    """Measure, print, write the JSON."""
    with tempfile.TemporaryDirectory() as name:
        made = made_profile(Path(name) / "profile", SITES)
        store = made.folder.parent / "board.sqlite"
        with LiveServer(str(made.folder), store, ("--no-simulate",)).start() as live:
            assert live.process is not None
            server = Server("board", live.url, live.process.pid)
            at = iso(int(time.time()) - 2 * PAST_S)
            first = reports(made.site_id, at, np.random.default_rng(0), busy=False)
            server.client.post("/api/v1/readings", json=first).raise_for_status()
            print(machine())
            row = measure(server, made)
    heads = ("updates", "sent to heard, ms: p50", "p95", "accepted to heard: p50", "p95")
    print("{:>6} {:>8} {:>24} {:>8} {:>24} {:>8}".format("", *heads))
    for name in ("idle", "busy"):
        whole, after = row[name]["sent_to_heard_ms"], row[name]["accepted_to_heard_ms"]
        print(
            f"{name:>6} {row[name]['updates']:>8} {whole['median']:>24} {whole['p95']:>8}"
            f" {after['median']:>24} {after['p95']:>8}"
        )
    print(f"p95 while ten exports run over p95 at rest: {row['ratio_sent_to_heard_ms']} (aim: {AIM})")
    print(
        f"ten at once: answered after {row['ten_at_once_s']} s; {row['made']} made, {row['refused']} refused"
    )
    for file, took in row["files"].items():
        print(
            f"{file:>30}: {took['n']:>3} files, in the queue of ten {took['median']} s, p95 {took['p95']} s"
        )
    print(f"peak memory: server {row['server_peak_mb']} MB, worker {row['worker_peak_mb']} MB")
    keep("exports", None, row)


if __name__ == "__main__":
    main()
