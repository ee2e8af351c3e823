"""Bodies that are JSON and yet no readings."""

from __future__ import annotations

import re

import orjson

from layers.faults import Fault, FaultsError

_OPENS = re.compile(rb"[ \t\r\n]*[\[{]")
KINDS = {bool: "true or false", int: "a number", float: "a number", str: "a text"}


def check_rows(body: bytes) -> None:
    """Let pass a JSON body that may hold rows, and whatever is no JSON at all: parsing says what is wrong.

    Raises:
        FaultsError: a lone number, text or null.
    """
    if _OPENS.match(body):
        return
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    got = KINDS.get(type(value), "null")
    raise FaultsError(
        [Fault("The body is JSON, but no readings", got=got, expected="a list of readings, or one reading")]
    )
