"""What `threeline check` found: by path, by file, and same with same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from dashboard.fault_words import in_words
from layers.faults import Fault

SORTS = ("faults", "quarantined", "warnings")
"""What a finding is, worst first."""


@dataclass
class Part:
    """One file, or one layer of it, that was looked at."""

    file: str
    layer: str = ""
    kind: str = ""
    """The layer kind it was held against; "" for what holds of any geodata."""
    features: int | None = None
    """Rows that could be read; None where it could not be read, or has none by its nature."""
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    quarantined: list[Fault] = field(default_factory=list)
    """Faults of rows that are left out: the rest is used."""

    def take(self, faults: list[Fault]) -> None:
        """Sort faults and warnings apart."""
        self.faults += [fault for fault in faults if not fault.warning]
        self.warnings += [fault for fault in faults if fault.warning]


@dataclass
class Report:
    """What was found at one path of the command line."""

    path: str
    parts: list[Part] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    """Files of the folder that are no geodata."""

    @property
    def good(self) -> bool:
        """Whether nothing is at fault; warnings do not count."""
        return not any(part.faults or part.quarantined for part in self.parts)


@dataclass(frozen=True)
class Group:
    """The same thing wrong with the same field, in one row or many."""

    sort: str
    """One of SORTS."""
    faults: list[Fault]

    @property
    def first(self) -> Fault:
        """What stands for all of them."""
        return self.faults[0]


def groups_of(part: Part) -> list[Group]:
    """The findings of a file, same with same, worst first, each group in the order of its rows."""
    found: dict[tuple[str, str, str], list[Fault]] = {}
    for sort in SORTS:
        for fault in in_order(getattr(part, sort)):
            found.setdefault((sort, fault.what, fault.field), []).append(fault)
    return [Group(sort, faults) for (sort, _, _), faults in found.items()]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """By their rows; what concerns more than a row first."""
    return sorted(faults, key=lambda fault: fault.row or 0)


def spans(rows: Iterable[int]) -> list[str]:
    """Row numbers with runs drawn together: 3, 20-24."""
    told: list[str] = []
    begun = last = None
    for row in chain(sorted(set(rows)), (None,)):
        if last is not None and row == last + 1:
            last = row
            continue
        if begun is not None:
            told.append(str(begun) if begun == last else f"{begun}–{last}")
        begun = last = row
    return told


def as_json(reports: Sequence[Report], lang: str) -> dict[str, Any]:
    """The findings at all paths as plain values, their texts in a language."""
    faults, files = [], []
    parts = [part for report in reports for part in report.parts]
    for report in reports:
        for part in report.parts:
            told = ((part.faults, False), (part.warnings, False), (part.quarantined, True))
            for found, quarantined in ((in_order(some), left_out) for some, left_out in told):
                faults += [
                    {"path": report.path, **in_words(fault, lang).as_dict(), "quarantined": quarantined}
                    for fault in found
                ]
            counts = {sort: len(getattr(part, sort)) for sort in SORTS}
            known = {"file": part.file, "layer": part.layer, "kind": part.kind, "features": part.features}
            files.append({"path": report.path, **known, **counts})
    totals = {sort: sum(len(getattr(part, sort)) for part in parts) for sort in SORTS}
    counted = {"files": len(files), "features": sum(part.features or 0 for part in parts), **totals}
    left = [{"path": report.path, "file": name} for report in reports for name in report.left_alone]
    return {"lang": lang, "faults": faults, "files": files, "left_alone": left, "counts": counted}
