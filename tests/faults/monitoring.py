"""A real Prometheus and Alertmanager for tests: made in a temporary folder, stopped when the test ends."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MISSING = (
    "Prometheus and Alertmanager are not installed: "
    "on Debian, apt-get install prometheus prometheus-alertmanager"
)
PATIENCE_S = 120.0
Text = Callable[[], str]


def program(*names: str) -> str:
    """Where a program is; a test without it fails and says what to install."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError(MISSING)


def promtool(folder: Path, tests: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run Prometheus' own tests of rules; YAML takes JSON."""
    path = folder / "tests.json"
    path.write_text(json.dumps(tests))
    return subprocess.run(
        [program("promtool"), "test", "rules", str(path)], capture_output=True, text=True, check=False
    )


def free_port() -> int:
    """A port of the loopback that nobody holds."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Watched:
    """What the test tells Prometheus, and what Alertmanager told the test."""

    metrics: Text
    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    """Alerts in the order in which Alertmanager sent them."""


@contextmanager
def serving(metrics: Text) -> Iterator[Watched]:
    """A web server that Prometheus scrapes, and that Alertmanager calls."""
    watched = Watched(metrics)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = watched.metrics().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            watched.heard.extend(told["alerts"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    watched.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Prometheus:
    """A running server."""

    port: int

    def query(self, text: str) -> list[dict[str, Any]]:
        """The result of a query as of now."""
        asked = urllib.parse.urlencode({"query": text})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/query?{asked}", timeout=60) as told:
            result: list[dict[str, Any]] = json.load(told)["data"]["result"]
        return result

    def metrics(self) -> str:
        """What it says of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as told:
            return str(told.read().decode())


@contextmanager
def prometheus(
    folder: Path,
    rules: Mapping[str, Any],
    *,
    scrape_port: int,
    interval: str = "1s",
    alertmanager_port: int | None = None,
) -> Iterator[Prometheus]:
    """A server with these rule groups that scrapes one target."""
    port = free_port()
    (folder / "rules.json").write_text(json.dumps(rules))
    alerting = {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}]}
    config: dict[str, Any] = {
        "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
        "rule_files": ["rules.json"],
        "scrape_configs": [
            {"job_name": "board", "static_configs": [{"targets": [f"127.0.0.1:{scrape_port}"]}]}
        ],
    }
    if alertmanager_port is not None:
        config["alerting"] = alerting
    (folder / "prometheus.json").write_text(json.dumps(config))
    with _running(
        folder / "prometheus.log", program("prometheus"), f"--config.file={folder / 'prometheus.json'}",
        f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}",
    ):  # fmt: skip
        _ready(f"http://127.0.0.1:{port}/-/ready", folder / "prometheus.log")
        yield Prometheus(port)


@contextmanager
def alertmanager(folder: Path, receiver_port: int) -> Iterator[int]:
    """A server that passes every alert on at once; its port."""
    port = free_port()
    hook = {"url": f"http://127.0.0.1:{receiver_port}/", "send_resolved": True}
    config = {
        "route": {
            "receiver": "test", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s",
            "repeat_interval": "1h",
        },
        "receivers": [{"name": "test", "webhook_configs": [hook]}],
    }  # fmt: skip
    (folder / "alertmanager.json").write_text(json.dumps(config))
    with _running(
        folder / "alertmanager.log", program("prometheus-alertmanager", "alertmanager"),
        f"--config.file={folder / 'alertmanager.json'}", f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ):  # fmt: skip
        _ready(f"http://127.0.0.1:{port}/-/ready", folder / "alertmanager.log")
        yield port


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, f"not within {PATIENCE_S:g} s: {what}"
        time.sleep(0.1)


@contextmanager
def _running(log: Path, *command: str) -> Iterator[None]:
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(url: str, log: Path) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5) as told:
                return bool(told.status == 200)
        except OSError:
            return False

    until(answers, f"{url}: {log.read_text()[-2000:]}")
