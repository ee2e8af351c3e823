"""Who makes the files: a process of its own, started when it is first needed, replaced when it dies."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import dashboard
from dashboard.jobs.child import answer
from dashboard.jobs.job import Failure
from dashboard.jobs.tasks import Step, Task
from dashboard.jobs.wire import Sending, read_frame, told, write_frame
from dashboard.settings import PREFIX

LONGEST_S = 300.0
"""A file that is not made in this time never will be."""
HEAVY_MB = 900.0
"""One that holds more than this gives way to a new one; with every form's library it holds some 600."""
END_S = 2.0


class NotMade(Exception):  # noqa: N818  # an answer, not an error
    """A task that did not become a file."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.failure = Failure(why, said)


class Worker(Protocol):
    """Makes one file at a time."""

    @property
    def running(self) -> bool:
        """Whether it holds memory now."""
        ...

    def make(self, task: Task, step: Step) -> bytes:
        """The file's content; raises NotMade."""
        ...

    def end(self) -> None:
        """Let go of everything; the next task starts it again."""
        ...


class Here:
    """Works where it is called: for the command line, and for tests that look at what is drawn."""

    running = False

    def make(self, task: Task, step: Step) -> bytes:
        """As the process would."""
        made = answer(task, step)
        if isinstance(made, Failure):
            raise NotMade(made.why, made.said)
        return made

    def end(self) -> None:
        """Nothing is held."""


class Process:
    """A process of its own. One thread calls `make`; any may call `end`, which ends a task, too."""

    def __init__(self, longest_s: float = LONGEST_S, heavy_mb: float = HEAVY_MB) -> None:
        self._longest_s, self._heavy_mb = longest_s, heavy_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._sending = Sending()

    @property
    def running(self) -> bool:
        """Whether there is a process now."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        process = self._process
        return None if process is None else process.pid

    def make(self, task: Task, step: Step) -> bytes:
        """The file's content; raises NotMade, also where the process died of it or took too long."""
        until = time.monotonic() + self._longest_s
        try:
            process = self._started()
            out = cast("BinaryIO", process.stdout)
            write_frame(cast("BinaryIO", process.stdin), self._sending.pack(task), until)
            while True:
                kind, *rest = told(out, until)
                if kind == "done":
                    return read_frame(out, until)
                if kind == "failed":
                    raise NotMade(*rest)
                step(*rest)
        except TimeoutError:
            self.end()
            raise NotMade("export-long") from None
        except (EOFError, OSError, ValueError) as error:
            # The next task gets another process.
            self.end()
            raise NotMade("export-ended") from error

    def end(self) -> None:
        """End the process; a task that it was at fails."""
        process, self._process = self._process, None
        if process is None:
            return
        # Between two tasks it ends by itself as its input does.
        with contextlib.suppress(OSError, ValueError):
            cast("BinaryIO", process.stdin).close()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_S)
        with contextlib.suppress(OSError, ValueError):
            cast("BinaryIO", process.stdout).close()

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None and held_mb(process.pid) < self._heavy_mb:
            return process
        self.end()
        self._sending = Sending()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dashboard.jobs.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            # What is typed at the terminal is the server's to answer.
            start_new_session=True,
        )
        # One that reads no more, stopped or stuck, must not hold the queue.
        os.set_blocking(cast("BinaryIO", self._process.stdin).fileno(), False)
        return self._process


def held_mb(pid: int) -> float:
    """The memory that a process holds; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _environment() -> dict[str, str]:
    """This process's environment without the board's settings, secrets among them, and one thread each."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    root = str(Path(dashboard.__file__).parents[1])
    path = os.pathsep.join(part for part in (root, kept.get("PYTHONPATH", "")) if part)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    return {**kept, **threads, "MALLOC_ARENA_MAX": "2", "PYTHONPATH": path}
