"""An engine stepped by hand on a real store and a clock that stands, and what its pictures have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from data.changes import FIELDS
from data.engine import Engine
from data.picture import Picture
from data.profile import Profile
from data.readings import Readings
from data.store.sqlite import SqliteStore
from tests.data.places import NOON, small

WAIT = "wait_over_30"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Bench:
    """An engine on a real store and a standing clock, stepped by hand."""

    def __init__(self, folder: Path, profile: Profile | None = None) -> None:
        self.folder = folder
        self.profile = profile or small()
        self.clock = Clock()
        self.store = SqliteStore(folder / "kept.db")
        self.engine = Engine(self.profile, self.store, clock=self.clock)
        self.engine.resume()

    def restart(self) -> Picture:
        """The process died; another begins on the same store."""
        self.store.close()
        self.store = SqliteStore(self.folder / "kept.db")
        self.engine = Engine(self.profile, self.store, clock=self.clock)
        return self.engine.resume()

    def at(self, seconds: float, *rows: Readings) -> Picture:
        """Move the clock to so many seconds after noon, bring rows, step."""
        self.clock.at = NOON + seconds
        for part in rows:
            self.engine.readings(part)
        return self.engine.step()

    def states(self, rule: str = WAIT) -> dict[str, str]:
        return {a.target_id: a.state for a in self.engine.picture.alerts if a.rule == rule}

    def site(self, site_id: str, field: str) -> object:
        return getattr(self.engine.picture.state, field)[self.profile.sites.row[site_id]]


def status(picture: Picture) -> dict[str, str]:
    """Each site's status by its id."""
    return dict(zip(picture.sites.site_id, picture.state.status, strict=True))


def until(what: Callable[[], bool], timeout: float = 60) -> None:
    """Wait for other threads."""
    end = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


def same(a: Picture, b: Picture) -> None:
    """Two pictures show the same, whatever their revisions."""
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(a.state, name), getattr(b.state, name), err_msg=name)
    for minutes, (persons, vehicles) in a.state.rates.items():
        np.testing.assert_array_equal(persons, b.state.rates[minutes][0])
        np.testing.assert_array_equal(vehicles, b.state.rates[minutes][1])
    for name in ("at", "scope", "simulated", "lines", "alerts", "fences", "gaps"):
        assert getattr(a, name) == getattr(b, name), name
    np.testing.assert_equal(a.data_at, b.data_at)
