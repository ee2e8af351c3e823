"""What the worker is given: everything that a file is made of, and no way to anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from dashboard.exports.look import Look
from data.county import county_profile
from data.picture import Picture
from data.profile import Profile

if TYPE_CHECKING:
    from dashboard.board import Board
    from dashboard.briefs.gather import Brief
    from dashboard.jobs.job import Wanted

Step = Callable[[str], None]
"""Told the name of a step as it begins."""


class Task(Protocol):
    """A file that can be made without asking anybody."""

    def run(self, step: Step) -> bytes:
        """The file's content."""
        ...

    @property
    def at(self) -> int:
        """Epoch seconds of the picture."""
        ...


@dataclass(frozen=True)
class SnapshotTask:
    """A picture as a drawing."""

    picture: Picture
    ground: Profile
    """What the map is drawn on."""
    lang: str
    size: tuple[int, int]
    form: str
    made_at: float
    made_by: str
    look: Look

    @property
    def at(self) -> int:
        """Epoch seconds of the picture."""
        return self.picture.at

    def run(self, step: Step) -> bytes:
        """Draw it."""
        from dashboard.exports import snapshot  # noqa: PLC0415  (matplotlib only when asked for)

        step("map")
        return snapshot.draw_snapshot(
            self.picture,
            self.ground,
            lang=self.lang,
            size=self.size,
            form=self.form,
            made_at=self.made_at,
            made_by=self.made_by,
            look=self.look,
        )


@dataclass(frozen=True)
class BriefTask:
    """A brief as a document, slides, a workbook or paper."""

    brief: Brief
    form: str
    lang: str

    @property
    def at(self) -> int:
        """Epoch seconds of the picture."""
        return self.brief.picture.at

    def run(self, step: Step) -> bytes:
        """Write it."""
        from dashboard.briefs.making import make  # noqa: PLC0415  (libraries of documents only when asked for)

        return make(self.brief, self.form, self.lang, step)


def prepare(board: Board, wanted: Wanted) -> Task:
    """Everything that a wanted file is made of, as of now or its time; reads the store where it must.

    Raises:
        FaultsError: the county has gone with an edit of the profile.
    """
    now = board.clock()
    if wanted.what == "brief":
        return BriefTask(gathered(board, wanted), wanted.form, wanted.lang)
    picture = wanted.picture or picture_of(board, wanted)
    look = wanted.look
    if wanted.base and not look.link:
        from dashboard.exports.permalink import permalink  # noqa: PLC0415

        profile = picture.profile or board.profile
        link = permalink(wanted.base, profile, scope=wanted.scope, at=picture.at, lang=wanted.lang, look=look)
        look = replace(look, link=link)
    look = replace(look, marks=(*look.marks, *wanted.marks))
    ground = ground_of(board, picture, wanted.reach)
    return SnapshotTask(picture, ground, wanted.lang, wanted.size, wanted.form, now, made_by(wanted), look)


def gathered(board: Board, wanted: Wanted) -> Brief:
    """The facts of a brief, and what its map is drawn of."""
    from dashboard.briefs.gather import gather  # noqa: PLC0415

    brief = gather(
        board.engine,
        wanted.at,
        wanted.scope,
        since=wanted.since,
        covers=wanted.covers,
        schedule=wanted.schedule,
        made_at=board.clock(),
        made_by=made_by(wanted),
        base=wanted.base,
        marks=wanted.marks,
        picture=wanted.picture,
    )
    return replace(brief, profile=ground_of(board, brief.picture, wanted.reach))


def picture_of(board: Board, wanted: Wanted) -> Picture:
    """The picture of a wanted file."""
    if wanted.at is None:
        return board.picture(wanted.scope)
    return board.engine.picture_at(wanted.at, wanted.scope)


def ground_of(board: Board, picture: Picture, reach: str) -> Profile:
    """The profile that a picture's map is drawn on: a county's neighbours, too, for who may see them."""
    mine = county_profile(board.profile, reach) if reach else board.profile
    own = picture.profile or mine
    # After an edit the board may have another profile than the picture was drawn from.
    return mine if mine.tag == own.tag else own


def made_by(wanted: Wanted) -> str:
    """The account that a file names; "" for the board's own and where nobody logs in."""
    return wanted.who if wanted.role else ""
