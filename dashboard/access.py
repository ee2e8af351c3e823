"""Access: who asks, what they may do, and how much of the prefecture is theirs to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeVar

Right = Literal["see", "export", "operate", "administer"]

ROLES: dict[str, frozenset[Right]] = {
    "command": frozenset(("see", "export", "operate")),
    "county": frozenset(("see", "export", "operate")),
    "briefing": frozenset(("see", "export")),
    "administrator": frozenset(("see", "administer")),
    "kiosk": frozenset(("see",)),
    # A demonstration on this machine, where nobody logs in.
    "open": frozenset(("see", "export", "operate")),
    # Who has not logged in, at the addresses that answer everybody.
    "nobody": frozenset(),
}
"""Role to what it may do. A county account always has a scope; the others may have one."""

T = TypeVar("T")


@dataclass(frozen=True)
class Access:
    """What one request may do."""

    who: str
    """The account's name; "" where nobody logged in."""
    role: str
    """One of ROLES."""
    scope: str = ""
    """"" for the whole prefecture, or the adcode of the one county that there is for this reader."""
    session: str = ""
    """What the login is known by in lists and may be ended by; never the secret itself."""

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in ROLES[self.role]

    def narrow(self, scope: str) -> str | None:
        """The scope that answers a question: the reader's own for ""; None where `scope` is not theirs."""
        if not self.scope:
            return scope
        return self.scope if scope in ("", self.scope) else None

    def counties(self, names: Mapping[str, T]) -> dict[str, T]:
        """What the reader may know of a table by adcode."""
        return {adcode: name for adcode, name in names.items() if self.scope in ("", adcode)}


OPEN = Access("", "open")
"""Everyone's, where a demonstration runs without a login."""
NOBODY = Access("", "nobody")
"""Of a request without a login, at the addresses that answer everybody; it may do nothing."""

_NOW: ContextVar[Access] = ContextVar("access")


def access_now() -> Access:
    """The access of the request that is being answered.

    Raises:
        LookupError: nobody has said whose request it is, so nothing may be shown.
    """
    return _NOW.get()


@contextmanager
def acting(access: Access) -> Iterator[None]:
    """Answer as somebody: everything called from here, in threads too, has their access."""
    token = _NOW.set(access)
    try:
        yield
    finally:
        _NOW.reset(token)
