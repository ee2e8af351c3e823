"""The picture of a moment from a store, for a command that looks and does not serve."""

from __future__ import annotations

import tempfile
from pathlib import Path

from data.engine import Engine
from data.picture import Picture
from data.profile import Profile
from data.store import open_store


def picture_from(profile: Profile, url: str, at: int | None, scope: str = "") -> Picture:
    """The picture at a time, or now, cut to a scope; the store must be there.

    Raises:
        FaultsError: the store cannot be opened.
    """
    store = open_store(url)
    try:
        engine = Engine(profile, store)
        # An engine that was not started knows no newest picture: everything comes from the store.
        newest = engine.picture.at - 1
        return engine.picture_at(newest if at is None else min(at, newest), scope)
    finally:
        store.close()


def picture_without_readings(profile: Profile, at: int | None, scope: str = "") -> Picture:
    """The picture of a profile of which nothing is known yet: its layers are in it, and no state."""
    with tempfile.TemporaryDirectory(prefix="threeline-") as folder:
        return picture_from(profile, f"sqlite:///{Path(folder) / 'empty.sqlite'}", at, scope)
