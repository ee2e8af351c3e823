"""Bytes become text in the encoding that is declared or carried, or in UTF-8; never in a guessed one."""

from __future__ import annotations

import codecs
import re

from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, shown

_KNOWN = ("utf-8", "gb18030", "gbk", "gb2312", "big5")
_GB = {"gb2312", "gbk", "gb18030"}
_LIKELY = ("utf-8", "gb18030", "big5")
_SAMPLE = 24
"""Letters of a decoded sample."""


def codec_of(encoding: str) -> str | None:
    """The codec that a name means, or None; GB 2312 and GBK are read as GB 18030, which holds them whole."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses codecs that are not of text
    except (LookupError, ValueError):
        return None
    return "gb18030" if name in _GB else name


def declared_codec(encoding: str, file: str) -> str:
    """The codec that a declaration means; raises FaultsError where it means none."""
    name = codec_of(encoding)
    if name is None:
        what, expected = "no such encoding", "an encoding such as utf-8 or gb18030"
        hint = did_you_mean(encoding, _KNOWN)
        raise FaultsError([Fault(what, file, None, "encoding", shown(encoding), expected, hint)])
    return name


def decode(body: bytes, encoding: str, file: str) -> str:
    """The text of a file, its byte order mark dropped; raises FaultsError naming the line that fails."""
    name = declared_codec(encoding, file)
    try:
        return body.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = body.count(b"\n", 0, start) + 1
        got = f"byte 0x{body[start]:02x} on line {line}" if body else "nothing"
        what, hint = f"the file is not encoded in {encoding}", proposal(body, start, name)
        raise FaultsError([Fault(what, file, None, "encoding", got, encoding, hint)]) from None


def decode_cut(raw: bytes, codec: str) -> str:
    """The text of bytes that were cut to a width, without the letter that was cut in two at their end."""
    return codecs.getincrementaldecoder(codec)().decode(raw, False)


def proposal(body: bytes, start: int = 0, wrong: str = "") -> str:
    """The encoding that bytes are likely in, and the text about `start` as evidence; "" where none fits."""
    other = likely(body, wrong)
    if not other:
        return ""
    # From the beginning of a line or of a value on, so that no letter is cut in two.
    begin = max((body.rfind(mark, 0, start) + 1 for mark in (b"\n", b",", b"\0")), default=0)
    text = body[begin : begin + 8 * _SAMPLE].decode(other, "ignore")
    found = re.search(r"[^\x00-\x7f][^\x00-\x1f]*", text)
    piece = (found[0] if found else text)[:_SAMPLE].strip()
    return f'It reads as {other} ("{shown(piece)}"): declare encoding = "{other}"'


def likely(body: bytes, wrong: str = "") -> str:
    """The encoding that bytes are likely in, or "": to be proposed to a person, never to be used."""
    fits = [name for name in _LIKELY if name != wrong and _decodes(body, name)]
    if fits == ["gb18030", "big5"]:
        # Much of Big5 decodes as GB 18030 too, but seldom into letters that are in daily use.
        letters = [letter for letter in body[:65_536].decode("gb18030", "ignore") if letter > "\x7f"]
        daily = sum(1 for letter in letters if _is_daily(letter))
        return "big5" if daily * 2 < len(letters) else "gb18030"
    return fits[0] if fits else ""


def _is_daily(letter: str) -> bool:
    try:
        return letter.encode("gb2312")[0] < 0xD8
    except UnicodeEncodeError:
        return False


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
