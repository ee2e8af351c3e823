"""The journal: what people ordered and what the board did for them; only ever added to, each entry sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

BOARD = "board"
"""Stands for who, where the board did it by itself."""
ACTIONS = (
    "alert.ack", "alert.unack", "alert.sent", "alert.arrived",
    "silence.add", "silence.end", "duty.set",
    "handover.draft", "handover.sign", "delivery.failed", "export", "export.failed",
    "export.sent",
)  # fmt: skip
"""What an entry may tell; a word before the point is what it is about."""
GENESIS = "0" * 64
"""Stands for the seal before the first."""


@dataclass(frozen=True)
class Draft:
    """Something to be put into the journal."""

    action: str
    """One of ACTIONS."""
    subject: str
    """What it is about: an alert's id, a silence's, a county's adcode, …"""
    who: str = ""
    """The account; "" where nobody logs in, BOARD for the board itself."""
    role: str = ""
    scope: str = ""
    """Adcode of the county that it concerns; "" for the prefecture."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON values, by action: see the module that reads them."""


@dataclass(frozen=True)
class Entry(Draft):
    """Something that is in the journal."""

    seq: int = 0
    """Counts from 1 without a gap."""
    at: int = 0
    """Epoch seconds."""
    seal: str = ""
    """SHA-256 over the entry and the seal before it, hexadecimal."""


@dataclass(frozen=True)
class Broken:
    """Where a journal is not what was written."""

    seq: int
    why: str
    """`gap`, `seal`, or `head` where it ends before, or otherwise than, a head that was noted."""


def seal_of(entry: Entry, before: str) -> str:
    """What seals an entry after the one with the seal `before`."""
    told = [
        before, entry.seq, entry.at, entry.who, entry.role, entry.action, entry.subject, entry.scope,
        dict(entry.detail),
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sealed(drafts: Iterable[Draft], *, after: Entry | None, at: int) -> list[Entry]:
    """Entries of drafts, in order, following the newest that there is.

    Raises:
        ValueError: a text holds NUL, where a database may end it: it would come back as another.
    """
    entries: list[Entry] = []
    seq, before = (after.seq, after.seal) if after else (0, GENESIS)
    for draft in drafts:
        if any("\0" in text for text in (draft.action, draft.subject, draft.who, draft.role, draft.scope)):
            raise ValueError("an entry's text holds NUL")
        seq += 1
        entry = Entry(
            draft.action, draft.subject, draft.who, draft.role, draft.scope, dict(draft.detail), seq, at
        )
        before = seal_of(entry, before)
        entries.append(replace(entry, seal=before))
    return entries


def verify(entries: Iterable[Entry], *, head: tuple[int, str] | None = None) -> Broken | None:
    """The first place where a whole journal, in order, is not as it was written; None where it is.

    `head`: number and seal of an entry that was noted elsewhere (printed on a handover), which must be in it:
    entries cut off at the end leave no other trace.
    """
    seq, before, noted = 0, GENESIS, head is None
    for entry in entries:
        if entry.seq != seq + 1:
            return Broken(seq + 1, "gap")
        if entry.seal != seal_of(entry, before):
            return Broken(entry.seq, "seal")
        seq, before = entry.seq, entry.seal
        if head is not None and head[0] == seq:
            if head[1] != before:
                return Broken(seq, "head")
            noted = True
    return None if noted else Broken(seq + 1, "head")
