"""The board: one prefecture, its engine and its settings, as every route and page gets them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib import metadata
from pathlib import Path

from dashboard.access import ROLES, Access
from dashboard.accounts.database import FILE
from dashboard.accounts.service import Accounts
from dashboard.refused import keep
from dashboard.settings import Settings
from dashboard.times import parse_time
from data.engine import Engine
from data.feeds.base import Feed
from data.following import Following
from data.picture import Picture, cut
from data.profile import Profile, find_profile, load_profile
from data.store import Store, open_store
from data.store.files import path_of
from data.survey import Survey, survey


class Board:
    """What the pages, the API and the live socket share."""

    def __init__(self, profile: Profile, engine: Engine, settings: Settings | None = None) -> None:
        """`profile` is the engine's own."""
        if profile is not engine.profile:
            raise ValueError("the board and its engine must have the same profile")
        self.engine = engine
        self.settings = settings or Settings()
        self.epoch = uuid.uuid4().hex[:12]
        """Marks this run of the server: revisions count from its start."""
        self.following: Following | None = None
        """What follows the profile's folder; None where nobody does."""
        self._cuts: dict[str, tuple[Picture, Picture]] = {}
        self._lock = threading.Lock()
        self._accounts: Accounts | None = None

    @property
    def profile(self) -> Profile:
        """The profile of the newest picture; another one after an edit."""
        return self.engine.profile

    def adopt(self, profile: Profile) -> None:
        """Show another profile from the next picture on, with feeds of its own; raises where it cannot."""
        engine = self.engine
        engine.adopt(profile, lambda: feeds_of(self.settings, profile, engine.store, engine.clock))
        with self._lock:
            self._cuts.clear()
        with suppress(OSError):  # they are in their own files, too
            keep(self.settings, profile)

    def follow(self, seen: Survey | None = None) -> None:
        """Have edits of the profile's files shown; `seen` is how they looked before the profile was read."""
        self.following = Following(
            self.profile, self.adopt, self.engine.tell, seen=seen, clock=self.engine.clock
        )

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
    def login_asked(self) -> bool:
        """Whether anybody has to log in: always, but for a demonstration that only this machine can reach."""
        settings = self.settings
        alone = settings.loopback and not settings.proxies
        return settings.login or not alone or not self.profile.spec.demonstration

    @property
    def accounts(self) -> Accounts:
        """Who may log in; the file beside the store is opened, or made, when it is first asked for."""
        if self._accounts is None:
            with self._lock:
                if self._accounts is None:
                    path = getattr(self.engine.store, "path", None) or path_of(self.store_url)
                    self._accounts = accounts_of(self.settings, path, self.clock)
        return self._accounts

    def admits(self, access: Access) -> bool:
        """Whether what was opened with an access may stay open, and as wide as it was opened.

        It takes microseconds, so the loop may ask.
        """
        if not self.login_asked:
            return not access.session
        session = self.accounts.sessions.of_id(access.session)
        changed = session is not None and (session.role, session.scope) != (access.role, access.scope)
        return not changed and self.accounts.valid(access.session)

    def grants(self, who: str, role: str, scope: str) -> bool:
        """Whether an account may have a file that it asked for earlier, with the role and scope of then."""
        if not self.login_asked:
            return True
        row = self.accounts.book.row(who)
        same = row is not None and not row["disabled"] and (row["role"], row["scope"]) == (role, scope)
        return same and "export" in ROLES[role]

    def close_accounts(self) -> None:
        """Let go of the file of accounts; it is opened again when it is asked for."""
        with self._lock:
            if self._accounts is not None:
                self._accounts.close()

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
            kept = cut(picture, picture.profile or self.profile, scope)
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


def accounts_of(settings: Settings, store: Path, clock: Callable[[], float] = time.time) -> Accounts:
    """The accounts that stand beside a store's file.

    Raises:
        FaultsError: their file cannot be opened.
    """
    return Accounts(
        store.parent / FILE,
        clock=clock,
        idle_s=settings.session_idle_min * 60,
        longest_s=settings.session_h * 3600,
    )


def open_board(settings: Settings) -> Board:
    """The board that settings ask for: profile loaded, store open, feeds ready, nothing running yet.

    Raises:
        FaultsError: the profile, with every fault, or the store.
    """
    seen = survey(find_profile(settings.profile))
    profile = load_profile(settings.profile)
    store = open_store_of(settings, profile)
    engine = Engine(profile, store, feeds_of(settings, profile, store), step_s=settings.step_s)
    board = Board(profile, engine, settings)
    if board.login_asked:
        _ = board.accounts  # what is wrong with them is told now, not at the first login
    board.follow(seen)
    return board


def feeds_of(
    settings: Settings, profile: Profile, store: Store, clock: Callable[[], float] = time.time
) -> list[Feed]:
    """The feeds that a profile and the settings ask for."""
    if not settings.simulate or profile.spec.simulation is None:
        return []
    from data.feeds.simulated import SimulatedFeed  # noqa: PLC0415  (start-up time)

    span, sites, unheard = store.span(), profile.sites, set[str]()
    if span is not None:
        told = zip(sites.site_id.tolist(), sites.kind.tolist(), strict=True)
        unheard = {site for site, kind in told if kind in profile.spec.simulation.demand}
        unheard -= {*store.latest(span[1]).site_id.tolist()}
    feeds: list[Feed] = [SimulatedFeed(profile, clock=clock, span=span, unheard=unheard)]
    if profile.spec.video is not None:
        from data.feeds.looks import SimulatedLooks  # noqa: PLC0415  (start-up time)

        feeds.append(SimulatedLooks(profile, clock=clock))
    return feeds
