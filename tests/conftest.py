"""What tests of every floor share: the small profile, boards with a clock, servers, a browser."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import postgis
from tests.serving import ROOT, Clock, LiveServer, Served

__all__ = ["postgis"]

# A busy machine is no fault of a test, and the fixtures that examples share are only looked at.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")

# Thousands of tests and all that they import stay until the end: looked through at Python's own pace, for
# what nobody holds any more, they cost a quarter of the time of everything with a server.
gc.set_threshold(5000, 20, 20)

NOON = 1_780_459_200
"""2026-06-03T12:00:00+08:00, a Wednesday."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SOFTWARE_GL = (
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    # Only the map is drawn by a graphics card made of software; the page around it is painted without, which
    # is half the work.
    "--disable-gpu-compositing", "--disable-gpu-rasterization",
    # In containers Chromium may not make namespaces and has little shared memory.
    "--no-sandbox", "--disable-dev-shm-usage",
    # A test's browser asks nobody but the test's server.
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-default-apps", "--disable-domain-reliability", "--no-pings", "--disable-breakpad",
)  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PATIENT_MS = 30_000
"""How long Playwright's `expect` waits for what a page is about to show; a busy machine may be slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in a browser that fails is run once more, for two browsers share two cores with all else.

    It is never silent: the summary shows what it failed of, and whoever sees that looks for the race behind
    it. All of a run together may do so only a few times (pyproject).
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def small_profile() -> Path:
    """The folder of the tiny made-up profile."""
    return ROOT / "tests" / "profiles" / "small"


@pytest.fixture(scope="session")
def profile(small_profile: Path) -> Any:
    """The tiny made-up profile, loaded."""
    from data.profile import load_profile

    return load_profile(small_profile)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon of a Wednesday."""
    return Clock(NOON)


@pytest.fixture
def board(profile: Any, clock: Clock, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A factory of boards: an empty store in the test's folder, no feed, quick steps, the standing clock."""
    from dashboard.board import Board
    from dashboard.settings import Settings
    from data.engine import Engine
    from data.store import open_store

    made, boards = [], []

    def make(
        of: Any = None, *, feeds: Any = (), name: str = "board", step_s: float = 0.05, **settings: Any
    ) -> Any:
        store = open_store(f"sqlite:///{tmp_path / name}.sqlite")
        made.append(store)
        engine = Engine(of or profile, store, feeds, clock=clock, step_s=step_s, min_gap_s=0.01)
        boards.append(Board(of or profile, engine, Settings(**settings)))
        return boards[-1]

    yield make
    for one in boards:
        one.close_accounts()
    for store in made:
        store.close()


@pytest.fixture
def serve(board: Callable[..., Any]) -> Iterator[Callable[..., Served]]:
    """A factory of servers in this process; takes a board, or what the `board` factory takes."""
    running: list[Served] = []

    def start(of: Any = None, *, send_buffer: int | None = None, port: int = 0, **options: Any) -> Served:
        from dashboard.board import Board

        made = of if isinstance(of, Board) else board(of, **options)
        served = Served(made, send_buffer=send_buffer, port=port)
        running.append(served)
        return served

    yield start
    for served in running:
        served.close()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """The small profile's board, served in this process."""
    return serve()


@pytest.fixture(scope="session")
def asked(profile: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small profile's board without a reading, for tests that only ask: one for all of them."""
    from dashboard.board import Board
    from data.engine import Engine
    from data.store import open_store

    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('asked') / 'board'}.sqlite")
    served = Served(Board(profile, Engine(profile, store, clock=Clock(NOON))))
    yield served
    served.close()
    store.close()


@pytest.fixture
def live_server(small_profile: Path, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """A factory of servers as real processes: `live_server()` is the small profile without simulation."""
    running: list[LiveServer] = []

    def start(of: str | Path | None = None, *arguments: str, start: bool = True, **env: str) -> LiveServer:
        server = LiveServer(
            str(of or small_profile),
            tmp_path / f"live{len(running)}.sqlite",
            arguments or ("--no-simulate",),
            env,
        )
        running.append(server)
        return server.start() if start else server

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, one for all tests of a process."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("No Chromium is installed: on Debian, apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(SOFTWARE_GL))
        yield chromium
        chromium.close()


@dataclass
class PageLog:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Console errors and uncaught exceptions; a test that expects some clears them."""

    @property
    def foreign(self) -> list[str]:
        """Requests that would have left this machine."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("data", "blob", "about")
            and urlsplit(url).hostname not in LOOPBACK
        ]


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """A factory of pages; each carries its `log`, and a request that leaves the machine fails the test."""
    contexts: list[Any] = []
    logs: list[PageLog] = []

    def make(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1920, "height": 1080}, **options})
        contexts.append(context)
        log = PageLog()
        logs.append(log)
        context.on("request", lambda request: log.requests.append(request.url))
        page = context.new_page()
        page.on("websocket", lambda socket: log.requests.append(socket.url))
        page.on("pageerror", lambda error: log.errors.append(str(error)))
        page.on(
            "console", lambda message: log.errors.append(message.text) if message.type == "error" else None
        )
        page.log = log
        return page

    yield make
    for context in contexts:
        context.close()
    assert [url for log in logs for url in log.foreign] == []


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page of 1920 by 1080 with a log of its own."""
    return new_page()
