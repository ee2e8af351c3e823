"""Handovers as they stand: drawn up, signed by the outgoing and the incoming side; a fold of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from data.handover import Facts, digest_of
from data.journal import Entry

SIDES = ("outgoing", "incoming")
ACTIONS = ("handover.draft", "handover.sign")
OPEN_S = 2 * 3600
"""How long a draft may be signed: later the picture in it is another shift's."""
Refusal = Literal["side-signed", "same-account", "other-digest", "draft-old"]


@dataclass(frozen=True)
class Signature:
    """One side's word that it hands over, or takes over, what the facts tell."""

    side: str
    who: str
    role: str
    post: str
    """What the signer stands for where nobody logs in; may be said besides an account, too."""
    at: int

    @property
    def person(self) -> str:
        """By what two signatures are told apart: the account, or the post where there is none."""
        return self.who or f"post {self.post.casefold()}"


@dataclass(frozen=True)
class Handover:
    """One handover; a new value with each signature."""

    id: str
    scope: str
    who: str
    """Who drew it up."""
    role: str
    at: int
    facts: Facts
    digest: str
    head: tuple[int, str]
    """Number and seal of its newest entry: what a paper copy notes of the journal."""
    signatures: tuple[Signature, ...] = ()

    def signed(self, side: str) -> Signature | None:
        """The signature of a side."""
        return next((one for one in self.signatures if one.side == side), None)

    @property
    def complete(self) -> bool:
        """Whether both sides signed."""
        return len(self.signatures) == len(SIDES)

    def refusal(self, mine: Signature, digest: str) -> Refusal | None:
        """Why a signature does not count; None where it does."""
        if digest != self.digest:
            return "other-digest"
        if self.signed(mine.side) is not None:
            return "side-signed"
        if any(one.person == mine.person for one in self.signatures):
            return "same-account"
        return "draft-old" if mine.at > self.at + OPEN_S else None


def handovers(entries: Iterable[Entry]) -> dict[str, Handover]:
    """Id to handover, in the order in which they were drawn up.

    A signature that should not have been taken changes nothing, however it came into the journal: of two that
    were sent at the same moment the first counts.
    """
    found: dict[str, Handover] = {}
    for entry in entries:
        was = found.get(entry.subject)
        if entry.action == "handover.draft" and was is None:
            facts = dict(entry.detail)
            found[entry.subject] = Handover(
                entry.subject, entry.scope, entry.who, entry.role, entry.at, facts, digest_of(facts),
                (entry.seq, entry.seal),
            )  # fmt: skip
        elif entry.action == "handover.sign" and was is not None and was.scope == entry.scope:
            mine = signature_of(entry)
            if mine.side in SIDES and was.refusal(mine, str(entry.detail.get("digest", ""))) is None:
                signatures = (*was.signatures, mine)
                found[entry.subject] = replace(was, signatures=signatures, head=(entry.seq, entry.seal))
    return found


def signature_of(entry: Entry) -> Signature:
    """The signature that an entry tells."""
    told = entry.detail
    return Signature(
        str(told.get("side", "")), entry.who, entry.role, str(told.get("post", "")).strip(), entry.at
    )


def last_end(known: Iterable[Handover], scope: str) -> int | None:
    """Until when the last handover of a scope that both signed goes; None where there is none."""
    ends = [int(one.facts["end"]) for one in known if one.scope == scope and one.complete]
    return max(ends, default=None)
