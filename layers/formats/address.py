"""The address of a database, where a layer names one instead of a file; what may be shown of it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"\s*(?:pg:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_HIDDEN = "…"


def is_address(text: str) -> bool:
    """Whether a text is an address with a scheme, as in postgresql://user@host/database, and no path."""
    return _ADDRESS.match(text) is not None


def shown_address(text: str) -> str:
    """An address without what may be a password in it; a path as it stands.

    Where it is not clear which part is the password, as little is shown as can be.
    """
    if not is_address(text):
        return text
    scheme, mark, rest = text.strip().partition("://")
    if not mark:
        return f"{text.strip()[:3]}{_HIDDEN}"
    rest, asked, parameters = rest.partition("?")
    if "@" in parameters or rest.count("@") > 1:
        return f"{scheme}://{_HIDDEN}"
    user, at, place = rest.rpartition("@")
    user = user.partition(":")[0] + at
    if not re.fullmatch(
        r"[\w.%@-]*(?:\[[0-9a-fA-F:.%]+\]|[\w.,%-]*)(?::[0-9]{1,5})?(?:/[\w.%-]*)?", user + place
    ):
        return f"{scheme}://{_HIDDEN}"
    return f"{scheme}://{user}{place}" + (f"?{_HIDDEN}" if asked else "")
