"""An order as it is sent: a small JSON object, every field checked before anything of it is done."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request

from dashboard.api.problems import Problem, choice
from dashboard.times import EXPECTED, parse_time
from layers.privacy import personal_kind

BODY_BYTES = 16_384
LONGEST_NOTE = 200
NO_TIME = f"minutes from now, or {EXPECTED}"


async def order_body(request: Request, fields: tuple[str, ...], *, most: int = BODY_BYTES) -> dict[str, Any]:
    """The object of an order's body, which names nothing but `fields`.

    Raises:
        Problem: another type, more than `most` bytes, no object, another field.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # No form of another site's page can send this type.
    if kind != "application/json":
        raise Problem("wrong-media-type", where="Content-Type", got=kind, expected=["application/json"])
    body = await request.body()
    if len(body) > most:
        raise Problem("too-large", expected=f"at most {most} bytes")
    try:
        told = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        raise Problem("unreadable", expected="one JSON object")
    for name in told:
        if name not in fields:
            raise choice("bad-value", name[:40], name[:40], fields)
    return told


def text_of(told: dict[str, Any], name: str, *, longest: int = LONGEST_NOTE, needed: bool = False) -> str:
    """A text in one line; refused where it holds what looks like somebody's number or plate."""
    value = told.get(name)
    expected = f"a text of at most {longest} characters"
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise Problem("bad-value", where=name, got=value, expected=expected)
    text = " ".join((value or "").split())
    if kind := personal_kind(text):
        raise Problem("personal-data", where=name, because=f"It holds what looks like {kind}")
    text = "".join(letter for letter in text if letter.isprintable())
    if needed and not text:
        raise Problem("empty-value", where=name, expected=f"a text of 1 to {longest} characters")
    return text


def until_of(told: dict[str, Any], now: int, *, default_min: float, most_h: float) -> int:
    """Until when something is to hold: minutes from now, or a time; at most so many hours ahead."""
    given = told.get("until")
    most = int(most_h * 3600)
    if given is None or given == "":
        return now + int(default_min * 60)
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise Problem("bad-time", where="until", got=given, expected=NO_TIME)
    if isinstance(given, str) or given > most:
        until = parse_time(str(given))
        if until is None:
            raise Problem("bad-time", where="until", got=given, expected=NO_TIME)
    else:
        until = now + int(given * 60)
    if not now < until <= now + most:
        raise Problem("bad-time", where="until", got=given, expected=f"at most {most // 3600} hours from now")
    return until
