"""What the board is measured against, as processes of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.bench.made_profile import Made
from tests.serving import ROOT, environment, wait_for


@dataclass(frozen=True)
class Rival:
    """A running server."""

    url: str
    pid: int


@contextmanager
def rival(module: str, port: int, *arguments: str) -> Iterator[Rival]:
    """A module of this folder that serves on a port."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment())
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(url), seconds=60, what=module)
        yield Rival(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def plain_server(made: Made, view: list[float]) -> Iterator[Rival]:
    """`plain_app` with a profile; `view` is width, height, longitude, latitude and zoom of its map."""
    port = free_port()
    with rival("plain_app", port, str(made.folder), str(port), *map(str, view)) as found:
        yield found


@contextmanager
def pushing_server() -> Iterator[Rival]:
    """`pushing_app`: Dash's own socket."""
    port = free_port()
    with rival("pushing_app", port, str(port)) as found:
        yield found


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
