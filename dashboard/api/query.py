"""What every read route is asked with: a scope, a time, a language; and the picture that answers it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from starlette.responses import Response

from dashboard.api.problems import Problem, choice, language
from dashboard.desk import Desk
from dashboard.times import AHEAD_S, EXPECTED, moment, parse_time
from data.picture import Picture
from data.profile import Profile
from layers.faults import FaultsError


@dataclass(frozen=True)
class Asked:
    """A checked query."""

    board: Desk
    scope: str
    """"" for the prefecture, or the adcode of a county that there is for the reader."""
    at: int | None
    """Epoch seconds; None for now."""
    lang: str

    def picture(self) -> Picture:
        """The picture asked for: the newest, or the one of a past time from the store."""
        with known_scope(self.board, self.scope):
            if self.at is None:
                return self.board.picture(self.scope)
            return self.board.picture_at(self.at, self.scope)

    def profile_of(self, picture: Picture) -> Profile:
        """The profile that a picture was drawn from; after an edit the board may have another one already."""
        return picture.profile or self.board.profile

    def ground(self, picture: Picture) -> Profile:
        """The profile that a picture's map is drawn on: a county's neighbours, too, for who may see them."""
        mine, own = self.board.profile, self.profile_of(picture)
        return mine if mine.tag == own.tag else own

    def head(self, picture: Picture) -> dict[str, Any]:
        """What every answer says of itself."""
        zone = self.profile_of(picture).zone
        return {
            "at": moment(picture.at, zone),
            "data_at": moment(picture.data_at, zone),
            "revision": picture.revision,
            "simulated": picture.simulated,
            "scope": picture.scope,
            "duty_level": picture.duty_level,
        }


def epoch_seconds(text: str, where: str, *, now: float) -> int:
    """A time of a query as epoch seconds.

    Raises:
        Problem: no usable time, or one in the future.
    """
    seconds = parse_time(text)
    if seconds is None:
        raise Problem("bad-time", where=where, got=text, expected=EXPECTED)
    if seconds > now + AHEAD_S:
        raise Problem("bad-time", where=where, got=text, expected="a time that is not in the future")
    return seconds


def whole_number(text: str, where: str, low: int, high: int) -> int:
    """A whole number of a query within its limits, or a Problem."""
    if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
        raise Problem("bad-number", where=where, got=text, expected=f"a whole number from {low} to {high}")
    return int(text)


async def asked(
    request: Request,
    scope: Annotated[str, Query(description="A county's adcode; empty for the whole area")] = "",
    at: Annotated[str, Query(description=f"A past time: {EXPECTED}; empty for now")] = "",
    lang: Annotated[str, Query(description="zh-CN or en")] = "",
) -> Asked:
    """The common part of a query, checked against the profile, and its scope against the reader's."""
    board: Desk = request.app.state.desk
    languages = board.profile.spec.languages
    if lang and lang not in languages:
        raise choice("bad-value", "lang", lang, languages)
    mine = board.narrow(scope)
    if mine is None:
        raise unknown_scope(board, scope)
    when = epoch_seconds(at, "at", now=board.clock()) if at else None
    return Asked(board, mine, when, language(request))


async def known_names(request: Request) -> None:
    """Refuse a query that names what its route does not know: a misspelt `scope` must not show all."""
    known = {"lang": None} | dict.fromkeys(_names(request.scope["route"].dependant))
    for name in request.query_params:
        if name not in known:
            raise choice("unknown-parameter", name, name, known)


def _names(dependant: Dependant) -> Iterator[str]:
    """The query names of a route and of all that it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for part in dependant.dependencies:
        yield from _names(part)


def unknown_scope(board: Desk, scope: str) -> Problem:
    """The problem of a county that there is not for the reader, with those there are."""
    problem = choice("unknown-scope", "scope", scope, board.scopes)
    problem.more["counties"] = dict(board.scopes)
    return problem


@contextmanager
def known_scope(board: Desk, scope: str) -> Iterator[None]:
    """Take a picture in here: the county may have gone with an edit of the profile since it was checked."""
    try:
        yield
    except FaultsError:
        raise unknown_scope(board, scope) from None


def has_token(authorization: str, token: str) -> bool:
    """Whether an Authorization header bears a token; never where none is set."""
    scheme, _, given = authorization.partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and same


AskedQuery = Annotated[Asked, Depends(asked)]


def answer(value: Any, media_type: str = "application/json", **headers: str) -> Response:
    """A value as JSON; NaN becomes null."""
    return Response(orjson.dumps(value), media_type=media_type, headers=headers or None)
