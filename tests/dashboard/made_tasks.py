"""Tasks that a worker may be given, for tests of what becomes of them; the worker's process imports this."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from dashboard.jobs.tasks import Step
from data.profile import Profile
from layers.faults import Fault, FaultsError


@dataclass(frozen=True)
class Does:
    """Does one thing, by its name."""

    what: str
    profile: Profile | None = None
    at: int = 1_780_459_200

    def run(self, step: Step) -> bytes:
        step("map")
        match self.what:
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case "sleeps":
                time.sleep(60)
            case "prints":
                print("a library that talks", flush=True)
            case "fails":
                raise RuntimeError("not for people")
            case "refuses":
                raise FaultsError([Fault("It has no such colour", hint="Take another.")])
            case "settings":
                return " ".join(name for name in os.environ if name.startswith("THREELINE_")).encode()
            case "niceness":
                return str(os.nice(0)).encode()
            case "profile":
                assert self.profile is not None
                return f"{id(self.profile)} {self.profile.spec.id}".encode()
        return self.what.encode() * 100_000
