"""The worker process: what it makes, and that whatever becomes of it, the next file is made."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dashboard.jobs.worker import Here, NotMade, Process, held_mb
from tests.dashboard.made_tasks import Does
from tests.serving import wait_for


@pytest.fixture(scope="module")
def worker() -> Iterator[Process]:
    made = Process()
    yield made
    made.end()


def ignore(_: str) -> None: ...


def test_it_makes_files_tells_its_steps_and_is_one_process(worker: Process) -> None:
    steps: list[str] = []
    assert worker.make(Does("prints"), steps.append) == b"prints" * 100_000
    pid = worker.pid
    assert worker.make(Does("more"), steps.append) == b"more" * 100_000
    assert steps == ["map", "map"]
    assert pid is not None
    assert worker.pid == pid != os.getpid()


def test_it_steps_back_and_knows_no_setting(worker: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREELINE_SMTP_PASSWORD", "secret")
    worker.end()
    assert worker.make(Does("settings"), ignore) == b""
    assert int(worker.make(Does("niceness"), ignore)) >= 10


def test_a_profile_is_sent_once_and_a_new_one_again(worker: Process, profile: Any) -> None:
    first = worker.make(Does("profile", profile), ignore)
    assert worker.make(Does("profile", profile), ignore) == first
    edited = replace(profile, warnings=())
    assert worker.make(Does("profile", edited), ignore) != first
    assert worker.make(Does("profile", profile), ignore) == first


@pytest.mark.parametrize(
    ("what", "why", "said"),
    [
        ("fails", "export-failed", ""),
        ("refuses", "cannot-draw", "It has no such colour. Take another."),
        ("dies", "export-ended", ""),
    ],
)
def test_what_fails_says_why_and_the_next_is_made(worker: Process, what: str, why: str, said: str) -> None:
    with pytest.raises(NotMade) as no:
        worker.make(Does(what), ignore)
    assert (no.value.failure.why, no.value.failure.said) == (why, said)
    assert worker.make(Does("after"), ignore) == b"after" * 100_000


def test_what_takes_too_long_is_stopped() -> None:
    worker = Process(longest_s=0.0)
    with pytest.raises(NotMade) as no:
        worker.make(Does("sleeps"), ignore)
    assert no.value.failure.why == "export-long"
    assert not worker.running


def test_one_that_takes_no_task_is_replaced() -> None:
    worker = Process()
    worker.make(Does("x"), ignore)
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    worker._longest_s = 0.2
    told: list[str] = []

    def ask() -> None:
        try:
            worker.make(Does("x" * 2_000_000), ignore)  # more than a pipe holds
        except NotMade as no:
            told.append(no.failure.why)

    # In a thread: without an end of its own it would wait for ever.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(60)
    if asking.is_alive():
        os.kill(pid, signal.SIGKILL)
    assert told == ["export-long"]
    assert not worker.running


def test_one_that_holds_too_much_gives_way_to_a_new_one() -> None:
    worker = Process(heavy_mb=1.0)
    worker.make(Does("x"), ignore)
    first = worker.pid
    assert first is not None
    assert held_mb(first) > 1
    worker.make(Does("x"), ignore)
    assert worker.pid != first
    assert held_mb(first) == 0
    worker.end()


def test_it_ends_when_it_is_told_to(worker: Process) -> None:
    worker.make(Does("x"), ignore)
    pid = worker.pid
    worker.end()
    assert not worker.running
    assert pid is not None
    wait_for(lambda: not os.path.exists(f"/proc/{pid}"), what="the end of the process")


def test_in_the_same_process_the_same_is_made() -> None:
    assert Here().make(Does("x"), ignore) == b"x" * 100_000
    with pytest.raises(NotMade) as no:
        Here().make(Does("refuses"), ignore)
    assert no.value.failure.why == "cannot-draw"
