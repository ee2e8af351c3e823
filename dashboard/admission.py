"""Admission to the live socket: which view its address asks for, and whether that is there for the reader."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import NamedTuple

from dashboard.board import Board
from dashboard.desk import Desk
from data.profile import Profile

UNKNOWN_SCOPE, BAD_REQUEST, NO_LOGIN = 4404, 4400, 4401
"""Close codes for what the address or the login asks too much of."""
REASON_BYTES = 123
NAMES = ("scope", "lang", "at", "encoding", "since", "epoch")
"""What the address may ask. The page's own address has a time, which has no bearing on what is live."""

View = tuple[str, str]
"""Scope and language."""


class Refused(NamedTuple):
    """How a socket is closed that is not let in."""

    code: int
    reason: str


ENDED = Refused(NO_LOGIN, "The login has ended")


def asked_view(board: Board, query: Mapping[str, str]) -> View | Refused:
    """The view that an address asks for; another's county is answered like one that there is not."""
    strange = next((name for name in query if name not in NAMES), None)
    if strange is not None:
        near = difflib.get_close_matches(strange, NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}"
        return Refused(BAD_REQUEST, _reason(f"No such parameter: {strange[:20]}; {hint}"))
    asked = query.get("scope", "")
    scope = Desk(board).narrow(asked)
    if scope is None:
        return _unknown(asked)
    view = scope, query.get("lang") or board.profile.spec.languages[0]
    return refusal(board.profile, view) or view


def refusal(profile: Profile, view: View) -> Refused | None:
    """Close code and reason for a view that a profile does not have."""
    scope, lang = view
    if scope and scope not in profile.county_name:
        return _unknown(scope)
    if lang not in profile.spec.languages:
        there = ", ".join(profile.spec.languages)
        return Refused(BAD_REQUEST, _reason(f"No such language: {lang[:20]}; there are {there}"))
    return None


def _unknown(scope: str) -> Refused:
    return Refused(UNKNOWN_SCOPE, _reason(f"No such scope: {scope[:40]}"))


def _reason(text: str) -> str:
    """As much of a text as the close frame of a socket may carry."""
    return text.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore")
