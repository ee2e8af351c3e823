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
from data.picture import Picture, cut
from data.profile import Profile


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
