"""What somebody asks for a file of, checked: from a query, or from the body of an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from fastapi import Request

from dashboard.api.problems import Problem, choice
from dashboard.api.query import Asked, epoch_seconds
from dashboard.briefs.gather import DAY_S, LONGEST_DAYS
from dashboard.exports.look import SHEETS, Look
from dashboard.jobs.job import FILES, Covers, Wanted
from dashboard.theme import THEMES
from dashboard.view import WHERE, ZOOMS, exact_center
from data.size import DEFAULT, SIZES, parse_size

COMMON = ("file", "scope", "at", "lang")
OF_SNAPSHOT = ("size", "theme", "sheet", "line", "c", "z", "hide", "site")
OF_BRIEF = ("since", "covers")
NAMES = (*COMMON, *OF_SNAPSHOT, *OF_BRIEF)
"""Everything that an order may say."""
LONGEST = 400


@dataclass(frozen=True)
class Given:
    """The texts of an order, by their names; "" where nothing is said."""

    texts: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def one_of(self, name: str, known: tuple[str, ...], usual: str) -> str:
        """A text that is one of several."""
        if self[name] and self[name] not in known:
            raise choice("bad-value", name, self[name], known)
        return self[name] or usual


def wanted_of(request: Request, asked: Asked, file: str, given: Mapping[str, str]) -> Wanted:
    """A file as it is to be made, for the reader who asks.

    Raises:
        Problem: something of it cannot be.
    """
    if file not in FILES:
        raise choice("bad-value", "file", file, FILES)
    texts, access = Given(given), asked.board.access
    # What is said of the other kind would be passed over in silence.
    others = OF_BRIEF if file.startswith("snapshot") else OF_SNAPSHOT
    for name in others:
        if texts[name]:
            raise choice("unknown-parameter", name, name, (*COMMON, *_own(file)))
    wanted = Wanted(
        file,
        asked.lang,
        asked.scope,
        asked.at,
        reach=access.scope,
        who=access.who,
        role=access.role,
        base=base_of(request),
    )
    if wanted.what == "brief":
        covers: Covers = texts.one_of("covers", get_args(Covers), "last")  # type: ignore[assignment]
        now = asked.board.clock() if asked.at is None else asked.at
        since = epoch_seconds(texts["since"], "since", now=now) if texts["since"] else None
        if since is not None and now - since > LONGEST_DAYS * DAY_S:
            expected = f"a time at most {LONGEST_DAYS} days before"
            raise Problem("bad-time", where="since", got=texts["since"], expected=expected)
        return replace(wanted, since=since, covers=covers)
    return replace(wanted, size=size_of(texts["size"]), look=look_of(asked, texts))


def _own(file: str) -> tuple[str, ...]:
    return OF_SNAPSHOT if file.startswith("snapshot") else OF_BRIEF


def size_of(text: str) -> tuple[int, int]:
    """The size of a drawing in pixels."""
    try:
        return parse_size(text) if text else DEFAULT
    except ValueError:
        raise Problem("bad-number", where="size", got=text, expected=SIZES) from None


def look_of(asked: Asked, given: Given) -> Look:
    """How a snapshot is to be seen."""
    desk = asked.board
    lines = tuple(line.id for line in desk.profile.spec.lines)
    center = exact_center(given["c"])
    if given["c"] and center is None:
        raise Problem("bad-value", where="c", got=given["c"], expected=WHERE)
    if given["site"] and given["site"] not in desk.profile.sites.row:
        raise Problem("unknown-site", where="site", got=given["site"])
    return Look(
        theme=given.one_of("theme", tuple(THEMES), "dark"),
        sheet=given.one_of("sheet", SHEETS, "full"),
        line=given.one_of("line", lines, ""),
        center=center,
        zoom=zoom_of(given["z"]),
        hidden=tuple(part for part in given["hide"][:LONGEST].split(",") if part),
        site=given["site"],
    )


def zoom_of(text: str) -> float | None:
    """MapLibre's zoom; None where nothing is said."""
    if not text:
        return None
    try:
        zoom = float(text)
    except ValueError:
        zoom = -1.0
    if not 0 <= zoom <= 24:
        raise Problem("bad-number", where="z", got=text, expected=ZOOMS)
    return zoom


def base_of(request: Request) -> str:
    """The board's address for links: as set, or as this reader reached it (the host was checked before)."""
    address: str = request.app.state.board.settings.address
    return address or str(request.base_url).rstrip("/")
