"""Redaction: what no log line may carry, taken out of every record before anything writes it."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

GONE = "[hidden]"
NAMES = (
    "key", "code", "token", "id_token", "access_token", "refresh_token", "id_token_hint", "code_verifier",
    "code_challenge", "nonce", "password", "old_password", "new_password", "again", "secret",
    "client_secret", "csrf", "session_state", "assertion",
)  # fmt: skip
"""Names of what is secret in an address or a form; `state` is one only where a login is under way."""
ACCESS = "uvicorn.access"
SHORTEST = 6
"""Shorter secrets are not looked for by themselves: they would be found in harmless words."""

_PAIR = re.compile(r"([\w%.+-]{1,40})=([^&\s\"'<>;,)\]}]+)")
_HEADER = re.compile(
    r"(?i)\b((?:set-|proxy-)?(?:cookie|authorization|authenticate))"
    # As headers are written, and as Python writes pairs and tables of them.
    r"(\b['\"]?\s*[:,=]\s*(?:b?(?P<quote>['\"]))?)(?(quote)(?:(?!(?P=quote)).)*|[^\r\n]*)"
)
_SHAPES = re.compile(
    r"(?:\b|(?<=%[\da-fA-F]{2}))tl[ks]_[\w-]{8,}"  # keys of displays, inside another address, too
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # signed tokens
    r"|(?i:\b(?:bearer|basic)\s+[\w.~+/=-]{6,})"
)
_LOGIN = re.compile(r"(/login[\w/.-]*)\?[^\s\"']*")

_known: set[str] = set()


def hide(*secrets: str) -> None:
    """Take these very texts out of every log line from now on."""
    _known.update(secret for secret in secrets if len(secret) >= SHORTEST)


def redacted(text: str) -> str:
    """A text without what is secret in it."""
    for secret in _known:
        text = text.replace(secret, GONE)
    text = _LOGIN.sub(rf"\1?{GONE}", text)
    text = _PAIR.sub(_pair, text)
    text = _HEADER.sub(rf"\1\2{GONE}", text)
    return _SHAPES.sub(GONE, text)


def _pair(found: re.Match[str]) -> str:
    name = unquote_plus(found[1]).lower()
    return f"{found[1]}={GONE}" if name in NAMES else found[0]


def install() -> None:
    """Let every record of this process pass `redacted`, whichever library makes it, at whatever level."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return
    factory = _factory(make)
    factory.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)


def _factory(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record(*args: Any, **named: Any) -> logging.LogRecord:
        made = make(*args, **named)
        if made.exc_info and made.exc_info[1] is not None:
            # Formatters take this instead of the error itself.
            made.exc_text = redacted("".join(traceback.format_exception(made.exc_info[1])).rstrip("\n"))
        if made.name == ACCESS and isinstance(made.args, tuple):
            # Its formatter wants the parts one by one.
            made.args = tuple(redacted(part) if isinstance(part, str) else part for part in made.args)
            return made
        try:
            said = made.getMessage()
        except (TypeError, ValueError):  # a wrong format string is the logging machinery's to tell
            return made
        clean = redacted(said)
        if clean != said:
            made.msg, made.args = clean, None
        return made

    return record
