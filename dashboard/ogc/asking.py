"""What every address under /ogc/ is asked with, checked; and the addresses of links."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection as Names
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request

from dashboard.api.problems import Problem, choice, language
from dashboard.api.query import known_scope, unknown_scope
from dashboard.desk import Desk
from dashboard.interchange.offer import Collection, collections
from dashboard.ogc.terms import JSON, ROOT
from data.county import county_profile
from data.picture import Picture
from data.profile import Profile

COMMON = ("f", "lang", "scope")
"""Parameters of every address; `scope` is a county's adcode, and cuts all that is told."""


@dataclass(frozen=True)
class Asking:
    """A request with its common parameters checked."""

    request: Request
    board: Desk
    profile: Profile
    """The scope's, as it is now: a profile may be replaced while the board runs."""
    scope: str
    """"" for the prefecture, or the adcode of a county that there is for the reader."""
    lang: str

    @property
    def picture(self) -> Picture:
        """The newest picture of the scope."""
        with known_scope(self.board, self.scope):
            return self.board.picture(self.scope)

    @property
    def parameters(self) -> dict[str, str]:
        """The query, each name once."""
        return dict(self.request.query_params)

    def url(self, *path: str, **parameters: str) -> str:
        """The whole address of a path below /ogc, by the name the caller reached the board by."""
        parts = "".join(f"/{quote(part, safe='')}" for part in path) or "/"
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{str(self.request.base_url).rstrip('/')}{ROOT}{parts}{query}"

    def link(self, rel: str, media_type: str, title: str, *path: str, **parameters: str) -> dict[str, Any]:
        """A link within /ogc that keeps the caller's scope and language."""
        kept = {name: value for name, value in self.parameters.items() if name in ("scope", "lang")}
        href = self.url(*path, **kept, **parameters)
        return {"href": href, "rel": rel, "type": media_type, "title": title}

    def self_link(self, media_type: str) -> dict[str, Any]:
        """The link to what is answered."""
        return {
            "href": str(self.request.url),
            "rel": "self",
            "type": media_type,
            "title": self.say("本文档", "This document"),
        }

    def say(self, chinese: str, english: str) -> str:
        """One of two texts, by the language of the answer."""
        return english if self.lang.startswith("en") else chinese

    def under(self, picture: Picture) -> Asking:
        """The same, of the profile that a picture was drawn from: an edit may have come between."""
        return replace(self, profile=picture.profile or self.profile)

    def collection(self, name: str) -> Collection:
        """The collection of an id; raises a Problem where there is none."""
        return collection_of(self.profile, name)


def collection_of(profile: Profile, name: str) -> Collection:
    """A profile's collection of an id; raises a Problem where there is none."""
    known = collections(profile)
    if name not in known:
        raise choice("unknown-layer", "collectionId", name, known)
    return known[name]


def asking(
    request: Request, *, more: Callable[[Profile], Names[str]] = lambda _: (), gives: str = JSON
) -> Asking:
    """Check the common part of a request; `more` names the parameters that its address knows besides.

    Raises:
        Problem: a parameter that is not known or stands twice, a value that is not possible, or a form of
            answer that there is not.
    """
    board: Desk = request.app.state.desk
    scope = request.query_params.get("scope", "")
    mine = board.narrow(scope)
    profile = board.profile if not mine else county_profile(board.profile, mine)
    known = {*COMMON, *more(profile)}
    for name in request.query_params:
        if name not in known:
            raise choice("unknown-parameter", name, name, sorted(known))
        if len(given := request.query_params.getlist(name)) > 1:
            raise Problem("bad-value", where=name, got=", ".join(given), expected="one value")
    lang, form = (request.query_params.get(name, "") for name in ("lang", "f"))
    if lang and lang not in profile.spec.languages:
        raise choice("bad-value", "lang", lang, profile.spec.languages)
    if form not in ("", "json"):
        raise choice("bad-value", "f", form, ["json"])
    if not form and not accepts(request.headers.get("accept", ""), gives):
        raise Problem("not-acceptable", where="Accept", got=request.headers["accept"], expected=gives)
    if mine is None:
        raise unknown_scope(board, scope)
    return Asking(request, board, profile, mine, language(request))


def accepts(header: str, gives: str) -> bool:
    """Whether an Accept header lets through a media type; plain JSON stands for all that are JSON."""
    if not header.strip():
        return True
    kind = gives.partition(";")[0]
    fitting = {kind, JSON, f"{kind.partition('/')[0]}/*", "*/*"}
    for part in header.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        refused = any(option.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for option in options)
        if name in fitting and not refused:
            return True
    return False
