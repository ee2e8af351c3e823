"""Bytes become text in the encoding that is declared, or in UTF-8; never in one that was guessed."""

from __future__ import annotations

import codecs

from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, shown


def decode(body: bytes, encoding: str, file: str) -> str:
    """The text of a file, its byte order mark dropped; raises FaultsError naming the line that fails."""
    expected = "an encoding such as utf-8 or gb18030"
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses codecs that are not of text
    except (LookupError, ValueError):
        hint = did_you_mean(encoding, ("utf-8", "gb18030", "gbk", "gb2312", "big5"))
        raise FaultsError(
            [Fault("no such encoding", file, None, "encoding", shown(encoding), expected, hint)]
        ) from None
    try:
        return body.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = body.count(b"\n", 0, start) + 1
        other = next((one for one in ("utf-8", "gb18030") if one != name and _decodes(body, one)), "")
        hint = f'It reads as {other}: declare encoding = "{other}"' if other else ""
        got = f"byte 0x{body[start]:02x} on line {line}" if body else "nothing"
        what = f"the file is not encoded in {encoding}"
        raise FaultsError([Fault(what, file, None, "encoding", got, encoding, hint)]) from None


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
