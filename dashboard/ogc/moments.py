"""The `datetime` parameter, and the picture that answers it; the pages of one answer tell one moment."""

from __future__ import annotations

import math
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.api.problems import Problem
from dashboard.board import Board
from dashboard.desk import Desk
from dashboard.ogc.terms import PERIOD
from dashboard.times import parse_time
from data.picture import Picture

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+ -]\d\d:\d\d)")
KEPT, KEPT_S = 8, 300.0
"""Pictures that are remembered for the following pages, and for how long: late readings change the past."""


@dataclass(frozen=True)
class Period:
    """A moment or a span of time; a side that is open is infinite."""

    start: float
    end: float
    moment: bool = False

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that a parameter names; raises a Problem where it names none."""
        if not text:
            return cls(-math.inf, math.inf)
        first, slash, second = text.partition("/")
        if not slash:
            at = _seconds(first, text)
            return cls(at, at, moment=True)
        start = -math.inf if first in ("", "..") else _seconds(first, text)
        end = math.inf if second in ("", "..") else _seconds(second, text)
        if start > end:
            raise Problem("bad-time", where="datetime", got=text, expected=PERIOD)
        return cls(start, end)


def _seconds(text: str, whole: str) -> float:
    seconds = parse_time(text.upper()) if _TIME.fullmatch(text) else None
    if seconds is None:
        raise Problem("bad-time", where="datetime", got=whole, expected=PERIOD)
    return float(seconds)


def stamp(at: float) -> str:
    """A moment as RFC 3339 in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Pictures:
    """The last pictures that began an answer of several pages, whole; a page after it finds its own again."""

    def __init__(self, board: Board) -> None:
        self._board, self._desk = board, Desk(board)
        self._kept: OrderedDict[int, tuple[float, Picture]] = OrderedDict()
        self._lock = threading.Lock()

    def newest(self, scope: str) -> Picture:
        """The newest picture, remembered under its time, as far as it is the reader's."""
        whole = self._board.engine.picture
        self._keep(whole)
        return self._desk.cut(whole, scope)

    def at(self, at: int, scope: str) -> Picture:
        """The picture of a moment, as far as it is the reader's: a remembered one, or from the store."""
        profile = self._board.profile
        with self._lock:
            since, whole = self._kept.get(at, (-math.inf, None))
        if whole is None or whole.profile is not profile or time.monotonic() - since > KEPT_S:
            whole = self._board.engine.picture_at(at)
            self._keep(whole)
        return self._desk.cut(whole, scope)

    def follow(self, old: Picture, new: Picture) -> None:
        """Let go of the pictures of a profile that another took the place of, and so of the profile."""
        if old.profile is not new.profile:
            with self._lock:
                self._kept.clear()

    def _keep(self, whole: Picture) -> None:
        with self._lock:
            self._kept[whole.at] = (time.monotonic(), whole)
            self._kept.move_to_end(whole.at)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
