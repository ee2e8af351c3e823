"""A job: one file that somebody wants, and how far it is."""

from __future__ import annotations

import secrets
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal, get_args

from dashboard.exports.look import Look
from data.picture import Picture
from data.size import DEFAULT
from data.spec_exports import FileKind

State = Literal["queued", "making", "done", "failed"]
Covers = Literal["last", "day", "week"]

FILES: tuple[str, ...] = get_args(FileKind)
"""Everything that can be made: what, a point, and its form."""
STEPS = {"snapshot": ("figures", "map"), "brief": ("figures", "words", "map", "file")}
"""What is done for each, in order: the first by the server, the others by the worker."""
NO_LOOK = Look()
MEDIA = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Form to media type."""
PACKED = tuple(kind for form, kind in MEDIA.items() if form != "svg")
"""Media types of files that are packed already: packing them again only holds up others."""


@dataclass(frozen=True)
class Wanted:
    """What a file shall be: checked before it comes here, its scope against the reader's."""

    file: str
    """One of FILES."""
    lang: str
    scope: str = ""
    """"" for the prefecture, or a county's adcode."""
    at: int | None = None
    """Epoch seconds; None for the newest picture."""
    picture: Picture | None = field(default=None, repr=False, compare=False)
    """The picture itself, of `scope`, where it stands already; it spares the reading of the store."""
    reach: str = ""
    """How much whoever gets the file may see: "" for all, or the one county that there is for them. Nothing
    else is drawn, not even as a neighbour."""
    who: str = ""
    """The account (a post, never a person's name); `data.journal.BOARD` for a schedule."""
    role: str = ""
    size: tuple[int, int] = DEFAULT
    look: Look = NO_LOOK
    since: int | None = None
    """From when a brief tells what changed, epoch seconds; None as `covers` says."""
    covers: Covers = "last"
    base: str = ""
    """The board's address as people type it, for the link in the file; "" where none is known."""
    marks: tuple[str, ...] = ()
    """Further marks, such as 补发."""
    schedule: str = ""
    """The schedule's id; "" for a file that somebody asked for."""
    slot: int = 0
    """Which of the schedule's moments, epoch seconds."""
    alert: str = ""
    """The first of the alerts that the schedule makes it for (`data.schedule.Task.alert`)."""
    late: bool = False
    keep: bool = True
    """Whether the file is put on the shelf."""
    returned: bool = False
    """Whether somebody waits for the content itself: see `Job.take`."""

    @property
    def lasting(self) -> bool:
        """Whether the order outlives a restart: nobody waits for its answer, and no schedule asks again."""
        return self.keep and not self.schedule

    @property
    def what(self) -> str:
        """`snapshot` or `brief`."""
        return self.file.partition(".")[0]

    @property
    def form(self) -> str:
        """The file's form, such as `png`."""
        return self.file.partition(".")[2]


@dataclass(frozen=True)
class Failure:
    """Why a file was not made."""

    why: str
    """A kind of problem: see `dashboard.api.export_problems`."""
    said: str = ""
    """What it said of itself, in English; a sentence or none."""


@dataclass(eq=False)
class Job:
    """A file on its way. The queue alone changes it; whoever holds it may look at any time."""

    wanted: Wanted
    made_at: int
    """When it was asked for, epoch seconds."""
    id: str = field(default_factory=lambda: f"x{secrets.token_hex(4)}")
    state: State = "queued"
    at: int | None = None
    """Epoch seconds of the picture, once it is there."""
    step: int = 0
    """How many of `steps` have begun."""
    doing: str = ""
    """The step that is being done: one of STEPS."""
    name: str = ""
    """Where the file lies on the shelf, or only its name where it is not kept."""
    size: int = 0
    """Bytes."""
    failure: Failure | None = None
    claim: str = ""
    """What it is taken by in the store, so that no other server makes it, too; "" where only this one can."""
    tries: int = 0
    """How often its making was begun, as far as that is counted."""
    over: Future[None] = field(default_factory=Future)
    """Done as soon as the job is done or failed; it never holds an error."""
    _content: bytes | None = field(default=None, repr=False)
    _left: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        # Nobody who waits can cancel it for the others.
        self.over.set_running_or_notify_cancel()

    @property
    def steps(self) -> int:
        """How many steps it takes."""
        return len(STEPS[self.wanted.what])

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ("done", "failed")

    def begin(self, doing: str) -> None:
        """A step begins; of a name that is not known, only the name is told."""
        self.doing = doing
        known = STEPS[self.wanted.what]
        if doing in known:
            self.step = known.index(doing) + 1

    def give(self, content: bytes) -> None:
        """Leave the content for who waits for it."""
        self._content = content
        if self._left:  # looked at last: in between they may have gone
            self._content = None

    def leave(self) -> None:
        """Nobody waits for the content any more: it is not held for as long as the job is known."""
        self._left, self._content = True, None

    def take(self) -> bytes:
        """The content, once; raises LookupError where it is not there (any more)."""
        content, self._content = self._content, None
        if content is None:
            raise LookupError(self.id)
        return content

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over, in a thread; whether it is."""
        try:
            self.over.result(timeout)
        except TimeoutError:
            return False
        return True
