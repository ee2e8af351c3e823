"""Servers for tests: one in a thread of this process with a clock of its own, one as a real process."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

if TYPE_CHECKING:
    from dashboard.accounts.service import Accounts
    from dashboard.board import Board

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float) -> None:
        self.now = float(now)

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def wait_for(ask: Callable[[], T], *, seconds: float = 60, what: str = "") -> T:
    """The first true answer; fails when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what or ask} did not happen within {seconds} s (last answer: {answer!r})")
        time.sleep(0.02)


PASSWORD = "a lantern over the ford"
"""Of every account that tests make."""
ROLES = ("command", "county", "briefing", "administrator")


def awaited(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives; in a thread of its own, for a browser may hold the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def make_account(accounts: Accounts, name: str = "", role: str = "", scope: str = "") -> str:
    """An account with `PASSWORD`, named after its role and scope where no name is given; its name."""
    from dashboard.accounts.hashing import Hasher

    # What is tested is not how slow a guess is.
    accounts.hasher = Hasher(1, 64, 1)
    role = role or "command"
    name = name or "-".join(part for part in (role, scope) if part)
    if accounts.book.row(name) is None:
        accounts.add(name, role, scope, by="test")
        accounts.book.change(name, hash=accounts.hasher.hash(PASSWORD), must_change=0, hash_ends_at=None)
    return name


class Served:
    """A board served by a thread of this process on a free port."""

    def __init__(self, board: Board, *, send_buffer: int | None = None, port: int = 0) -> None:
        # Only here, so that tests of the lower floors do not load the web.
        from dashboard.app import create_app, open_port
        from dashboard.transport import server_config
        from tests.stopping import Quick

        self.board = board
        self.app = create_app(board)
        listener = open_port("127.0.0.1", port)
        if send_buffer is not None:
            # Connections inherit it: a client that does not read is noticed sooner.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = Quick(server_config(self.app.server, board.settings))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()
        wait_for(lambda: self._server.started or not self._thread.is_alive(), what="start")
        assert self._server.started
        self.client = httpx.Client(base_url=self.url, timeout=240, trust_env=False)
        self.get, self.post = self.client.get, self.client.post
        self._clients = [self.client]

    @property
    def live_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/live"

    def account(self, name: str = "", role: str = "command", scope: str = "") -> str:
        """Make an account that need not change its password, and give its name; it stays if it is there."""
        return make_account(self.board.accounts, name, role, scope)

    def login(self, name: str = "command", *, role: str = "", scope: str = "") -> httpx.Client:
        """A client with a session of its own, for a board that asks for logins (`serve(login=True)`).

        `login("command")` (or county, briefing, administrator) makes the account that it needs; a county's
        needs a scope: `login("county", scope="530924")`. `login("zk-duty", role="county", scope=…)` names it.
        Close it as any client; it ends with the server. A browser takes `cookies(…)` instead.
        """
        client = httpx.Client(base_url=self.url, timeout=240, trust_env=False)
        self._clients.append(client)
        for cookie in self.cookies(name, role=role, scope=scope):
            client.cookies.set(cookie["name"], cookie["value"])
        return client

    def cookies(self, name: str = "command", *, role: str = "", scope: str = "") -> list[dict[str, str]]:
        """A new session as Playwright's cookies: `page.context.add_cookies(served.cookies("briefing"))`."""
        accounts = self.board.accounts
        name = self.account(name if name not in ROLES else "", role or (name if name in ROLES else ""), scope)
        token = accounts.open_session(name, address="127.0.0.1", device="test")
        return [{"name": accounts.cookie(secure=False), "value": token, "url": self.url}]

    def settle(self) -> None:
        """Wait until a step that began after now is over."""
        revision = self.board.engine.picture.revision
        wait_for(lambda: self.board.engine.picture.revision >= revision + 2, what="two steps")

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._server.should_exit = True
        self._thread.join(timeout=60)
        assert not self._thread.is_alive(), "the server does not stop"


@dataclass
class LiveServer:
    """`python -m dashboard serve` as a process of its own, with a store in a folder of the test's."""

    profile: str
    store: Path
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None
    output: list[str] = field(default_factory=list)
    ready_s: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, seconds: float = 120) -> LiveServer:
        """Start, and wait until health answers; a server that was stopped comes back on the same port."""
        begun = time.monotonic()
        command = [
            sys.executable, "-m", "dashboard", "serve", "--profile", self.profile,
            "--port", str(self.port), "--store", str(self.store), *self.arguments,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        if not self.port:
            said = wait_for(self._said, seconds=seconds, what="the line with the address")
            self.port = int(said)
        wait_for(self._healthy, seconds=seconds, what="health")
        self.ready_s = time.monotonic() - begun
        return self

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.output.extend(lines)

    def _alive(self) -> None:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{''.join(self.output)}")

    def _said(self) -> str | None:
        self._alive()
        found = re.search(r"http://[^\s:]+:(\d+)", "".join(self.output))
        return found[1] if found else None

    def _healthy(self) -> bool:
        self._alive()
        try:
            return httpx.get(f"{self.url}/api/health", timeout=30, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def account(self, name: str = "", role: str = "command", scope: str = "") -> str:
        """Make an account from this process, while the server runs (or before); `PASSWORD` opens it."""
        from dashboard.accounts.database import FILE
        from dashboard.accounts.service import Accounts

        accounts = Accounts(self.store.parent / FILE)
        try:
            return make_account(accounts, name, role, scope)
        finally:
            accounts.close()

    def said(self, text: str) -> str:
        """All that it has said once this is in it: a server answers before its last line is through."""
        return wait_for(lambda: text in (said := "".join(self.output)) and said, what=text)

    def health(self) -> dict[str, Any]:
        return httpx.get(f"{self.url}/api/health", timeout=30, trust_env=False).json()

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Stop the process (only this one) and give its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self) -> LiveServer:
        return self if self.process else self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()


def environment(**more: str) -> dict[str, str]:
    """This process's environment without the board's own settings, and with English messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THREELINE_")}
    return kept | {"THREELINE_LANG": "en", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"} | more
