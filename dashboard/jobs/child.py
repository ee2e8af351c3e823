"""The worker process: takes tasks from its standard input, one after the other, until that ends."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
from pathlib import Path

from dashboard.jobs.job import Failure
from dashboard.jobs.tasks import Step, Task
from dashboard.jobs.wire import Receiving, read_frame, tell, write_frame
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.exports")
NICE = 10
"""Below whatever serves people: the live picture has the first claim on the processor."""
FIRST_TO_GO = "800"
"""Where memory ends, the system ends this process and not the server."""


def main() -> None:
    """Work until nobody asks any more."""
    step_back()
    # Whatever a library prints goes to the log, and never between two frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asking, receiving = os.fdopen(os.dup(0), "rb", buffering=0), Receiving()

    # The server has gone: nobody is left to be told.
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            task: Task = receiving.unpack(read_frame(asking))
            made = answer(task, lambda name: tell(out, "step", name))
            if isinstance(made, bytes):
                tell(out, "done")
                write_frame(out, made)
            else:
                tell(out, "failed", made.why, made.said)
            del task, made
            let_go()


def answer(task: Task, step: Step) -> bytes | Failure:
    """What becomes of a task: the file's content, or why there is none."""
    try:
        return task.run(step)
    except BrokenPipeError:
        raise
    except FaultsError as error:
        first = error.faults[0]
        return Failure("cannot-draw", f"{first.what}. {first.hint}".strip())
    except MemoryError:
        return Failure("export-memory")
    except Exception:
        LOG.exception("A file could not be made")
        return Failure("export-failed")


def let_go() -> None:
    """Give back to the system what the last file took: a large drawing leaves hundreds of MB behind."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # not everywhere is glibc
        ctypes.CDLL(None).malloc_trim(0)


def step_back() -> None:
    """Leave the processor and the memory to the server."""
    os.nice(NICE)
    with contextlib.suppress(OSError):  # not everywhere is Linux
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, "ascii")


if __name__ == "__main__":
    main()
