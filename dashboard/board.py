"""The board: one prefecture, its engine and its settings, as every route and page gets them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata

from dashboard.settings import Settings
from dashboard.times import parse_time
from data.engine import Engine
from data.feeds.base import Feed
from data.picture import Picture, cut
from data.profile import Profile, load_profile
from data.store import Store, open_store


@dataclass(eq=False)
class Board:
    """What the pages, the API and the live socket share."""

    profile: Profile
    engine: Engine
    settings: Settings = field(default_factory=Settings)
    epoch: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    """Marks this run of the server: revisions count from its start."""
    _cuts: dict[str, tuple[Picture, Picture]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @cached_property
    def version(self) -> str:
        """The version of the software as it is installed."""
        try:
            return metadata.version("threeline")
        except metadata.PackageNotFoundError:  # run from a folder that nobody installed
            return "0"

    @property
    def scopes(self) -> dict[str, str]:
        """Adcode to name of every county, in the profile's order."""
        return self.profile.county_name

    @property
    def store_url(self) -> str:
        """Where readings are kept."""
        return self.settings.store_url(self.profile.spec.id)

    @property
    def clock(self) -> Callable[[], float]:
        """The engine's clock, epoch seconds."""
        return self.engine.clock

    def picture(self, scope: str = "") -> Picture:
        """The newest picture, cut to a scope."""
        return self.cut(self.engine.picture, scope)

    def cut(self, picture: Picture, scope: str) -> Picture:
        """A picture of the whole prefecture cut to a scope; the newest cut is kept and shared."""
        if not scope:
            return picture
        with self._lock:
            whole, kept = self._cuts.get(scope, (None, None))
        if kept is None or whole is not picture:
            kept = cut(picture, self.profile, scope)
            with self._lock:
                self._cuts[scope] = (picture, kept)
        return kept

    def moment(self, at: str) -> int:
        """The time that an address asks for, epoch seconds; now for "" and for what is no time."""
        asked = parse_time(at) if at else None
        return self.engine.picture.at if asked is None else asked


def open_store_of(settings: Settings, profile: Profile) -> Store:
    """The store of a profile, made where there is none yet.

    Raises:
        FaultsError: it cannot be opened.
    """
    return open_store(settings.store_url(profile.spec.id))


def open_board(settings: Settings) -> Board:
    """The board that settings ask for: profile loaded, store open, feeds ready, nothing running yet.

    Raises:
        FaultsError: the profile, with every fault, or the store.
    """
    profile = load_profile(settings.profile)
    store = open_store_of(settings, profile)
    feeds: list[Feed] = []
    if settings.simulate and profile.spec.simulation is not None:
        from data.feeds.simulated import SimulatedFeed  # noqa: PLC0415  (start-up time)

        feeds.append(SimulatedFeed(profile, span=store.span()))
    engine = Engine(profile, store, feeds, step_s=settings.step_s)
    return Board(profile, engine, settings)
