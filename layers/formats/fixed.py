"""Formats that fix the encoding of their text: a declared one is never used, and the reader is told."""

from __future__ import annotations

from dataclasses import replace

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, Reader
from layers.formats.text import declared_codec
from layers.hints import shown


def in_utf8(read: Reader) -> Reader:
    """A reader that also says of a declared encoding that it is not used: at fault unless it is UTF-8."""

    def read_and_say(ask: Ask) -> Raw:
        said = _said(ask)
        try:
            raw = read(ask)
        except FaultsError as error:
            raise FaultsError([*said, *error.faults]) from None
        return replace(raw, faults=[*said, *raw.faults]) if said else raw

    return read_and_say


def _said(ask: Ask) -> list[Fault]:
    if ask.encoding is None:
        return []
    try:
        same = declared_codec(ask.encoding, ask.file) == "utf-8"
    except FaultsError as error:
        return [*error.faults]
    what, hint = "the format itself fixes the encoding", "Leave encoding out: it is not used"
    got, expected = shown(ask.encoding), "UTF-8, as the format has it"
    return [Fault(what, ask.file, None, "encoding", got, expected, hint, warning=same)]
