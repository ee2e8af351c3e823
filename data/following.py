"""A profile's folder is followed: an edit is checked beside the board, and shown or refused."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from data.notice import Notice
from data.notices import REFUSED, UNREADABLE, UNWATCHED, refused, unreadable, unwatched
from data.profile import Profile, load_profile
from data.profile_toml import FILE
from data.survey import MOST_FILES, Survey, survey
from layers.faults import Fault, FaultsError, words_of

LOG = logging.getLogger("threeline.profile")
POLL_S = 1.0
"""How often the folder is looked at; an edit is checked once it has stood still from one look to the next."""
AGAIN_S = 60.0
"""How often what was refused is checked again: a database that was away may be back."""
RESTLESS = 5
"""So many checks in a row that the folder changed under; the next verdict counts all the same."""
STOP_S = 5.0


class Following:
    """Looks at the files of a profile; a layer that is no file (a database's table) is read with each check.

    `adopt` shows a profile and raises where it cannot; `tell` shows the notices that there are now.
    """

    def __init__(
        self,
        profile: Profile,
        adopt: Callable[[Profile], None],
        tell: Callable[[Sequence[Notice]], None],
        *,
        seen: Survey | None = None,
        clock: Callable[[], float] = time.time,
        poll_s: float = POLL_S,
        load: Callable[[Path], Profile] = load_profile,
    ) -> None:
        self.profile = profile
        """The one that is shown."""
        self.poll_s = poll_s
        self._adopt, self._tell, self._clock, self._load = adopt, tell, clock, load
        self._judged = seen
        """The look that the newest verdict is about; None where it was never looked."""
        self._last: Survey | None = seen
        self._restless = 0
        self._checked_at = clock()
        self._notices: dict[str, Notice] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is to be said of the folder now."""
        return tuple(self._notices.values())

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="threeline profile", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=STOP_S)

    def look(self) -> None:
        """Look once: what changed and stood still since the look before is checked, and shown or refused."""
        try:
            now = survey(self.profile.folder, _beside(self.profile))
        except OSError as error:
            why = words_of(error)
            self._say(UNREADABLE, unreadable(self.profile.folder, why, self._since(UNREADABLE)))
            self._last = None
            return
        self._say(UNREADABLE, None)
        self._say(UNWATCHED, None if now.whole else unwatched(MOST_FILES, self._since(UNWATCHED)))
        if self._judged is None:
            self._judged = now
        before, self._last = self._last, now
        again = REFUSED in self._notices and self._clock() - self._checked_at >= AGAIN_S
        if now == before and (now != self._judged or again):
            self._check(now)

    def _check(self, now: Survey) -> None:
        self._checked_at = self._clock()
        faults: Sequence[Fault] = ()
        try:
            profile = self._load(self.profile.folder)
            faults = _beyond_an_edit(self.profile, profile)
        except FaultsError as error:
            faults = error.faults
        except Exception as error:  # whatever a file holds, the board goes on
            LOG.exception("The profile could not be checked")
            faults = [Fault("the profile could not be checked", FILE, got=type(error).__name__)]
        try:
            after = survey(self.profile.folder, _beside(self.profile))
        except OSError:
            return
        if after != now and self._restless < RESTLESS:
            # Written to while it was read: the verdict is about neither.
            self._restless += 1
            self._last = after
            return
        self._restless, self._judged, self._last = 0, after, after
        if not faults:
            faults = self._take(profile)
        said = refused(faults, self._since(REFUSED)) if faults else None
        if faults and said != self._notices.get(REFUSED):
            LOG.warning("An edit of the profile was refused, faults: %d, first: %s", len(faults), faults[0])
        self._say(REFUSED, said)

    def _take(self, profile: Profile) -> Sequence[Fault]:
        """Show a profile that is good; the faults where it cannot be."""
        if profile.tag == self.profile.tag:
            return ()
        try:
            self._adopt(profile)
        except Exception as error:
            LOG.exception("The profile is good, but could not be taken up")
            hint = "The log says more; a restart of the board may help"
            return [
                Fault("the board could not take the profile up", FILE, got=type(error).__name__, hint=hint)
            ]
        LOG.warning("The profile %s was edited and is shown", profile.spec.id)
        self.profile = profile
        return ()

    def _since(self, notice_id: str) -> int:
        """Since when a matter stands: now, where it is new."""
        known = self._notices.get(notice_id)
        return int(self._clock()) if known is None else known.since

    def _say(self, notice_id: str, notice: Notice | None) -> None:
        before = self._notices.get(notice_id)
        if notice == before:
            return
        if notice is None:
            del self._notices[notice_id]
        else:
            self._notices[notice_id] = notice
        self._tell(self.notices)

    def _run(self) -> None:
        while not self._stopping.wait(self.poll_s):
            try:
                self.look()
            except Exception:
                LOG.exception("The profile's folder could not be looked at; tried again")


def _beside(profile: Profile) -> list[Path]:
    """Files elsewhere that the profile names: its basemap may stand outside of the folder."""
    basemap = profile.spec.map.basemap
    return [profile.folder / Path(basemap.file).expanduser()] if basemap is not None else []


def _beyond_an_edit(old: Profile, new: Profile) -> list[Fault]:
    """What no running board can follow."""
    if new.spec.id == old.spec.id:
        return []
    hint = "Readings are kept by this name: restart the board to serve another prefecture"
    return [Fault("the profile's id changed", FILE, None, "id", new.spec.id, old.spec.id, hint)]
