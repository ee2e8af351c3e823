"""Refused rows: the first fault of each, told without repeating anything personal."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import orjson

from data.bodies import Limits, Table
from data.fields import KEYS, Bools, read_number, read_outcomes
from data.store.base import Refused
from layers.privacy import WITHHELD, personal, personal_column, personal_text

NO_COLUMN = "no such column: personal data is not taken, leave it out"
NO_VALUE = "no identity number, mobile number or number plate: personal data is not taken"
_CELLS = 40
_SHOWN = 200


@dataclass(frozen=True)
class Why:
    """A fault: our field, the sender's column, what was expected; `got` where the column does not tell."""

    field: str
    column: str
    expected: str
    got: str | None = None


class Suggest:
    """Adds the nearest known name to what was expected."""

    def __init__(self, names: Iterable[str], most: int = 20) -> None:
        self._names = sorted(names)
        self._left = most  # each look costs milliseconds, and a body may hold thousands of wrong names

    def __call__(self, expected: str, got: str) -> str:
        """What was expected, with the nearest name when one is near."""
        self._left -= 1
        near = difflib.get_close_matches(got[:80], self._names, n=1) if self._left >= 0 else []
        return f"{expected}; did you mean {near[0]}?" if near else expected


class Refuser:
    """Keeps the first fault of each row, and turns faulty rows into what quarantine may hold."""

    def __init__(
        self,
        table: Table,
        field_of: Mapping[str, str],
        ignored: frozenset[str],
        ids: Callable[[str], frozenset[str]],
        limits: Limits,
        *,
        outcomes: frozenset[str] = frozenset(),
    ) -> None:
        self._table, self._field_of, self._ignored, self._ids, self._limits = (
            table,
            field_of,
            ignored,
            ids,
            limits,
        )
        self._outcomes = outcomes
        self._why: list[Why] = []
        self._fault = np.full(table.n, -1, dtype=np.int64)
        self._personal_name: dict[str, bool] = {}

    @property
    def refused(self) -> Bools:
        """Which rows have a fault."""
        return self._fault >= 0

    def refuse(self, rows: Any, why: Why) -> None:
        """Refuse rows (a mask or row numbers); a row that has a fault keeps it."""
        which = np.asarray(rows)
        which = np.flatnonzero(which) if which.dtype == np.bool_ else which.astype(np.intp)
        which = which[self._fault[which] < 0]
        if len(which):
            self._fault[which] = len(self._why)
            self._why.append(why)

    def label(self, name: str, number: int | None = None) -> str:
        """What a column may be called in an answer: its name, unless that itself could be about someone."""
        outcome = name.removeprefix("outcomes.")
        chosen = outcome != name and not name.isascii() and outcome not in self._outcomes
        if not personal_text(name) and not (chosen and name not in self._field_of):
            return name[:80]
        return "outcomes" if number is None else f"column {number}"

    def rows(self) -> list[Refused]:
        """Every refused row, in order."""
        return [
            self._row(row, self._why[self._fault[row]]) for row in np.flatnonzero(self._fault >= 0).tolist()
        ]

    def _row(self, row: int, why: Why) -> Refused:
        cells = self._table.row(row)
        shown: dict[str, Any] = {}
        for number, (name, value) in enumerate(cells.items(), start=1):
            label = self.label(name, number)
            reason = self._personal(name, value) or (NO_VALUE if personal_text(name) else "")
            if reason and why.expected not in (NO_COLUMN, NO_VALUE):
                why = Why(label, name, reason, WITHHELD)  # what matters most about the row
            if name not in self._ignored and len(shown) < _CELLS:
                shown[label] = WITHHELD if reason or label != name[:80] else self._kept(name, value)
        got = why.got
        if got is None:
            value = cells.get(why.column)
            got = WITHHELD if self._personal(why.column, value) else text_of(self._kept(why.column, value))
        raw = orjson.dumps(shown, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        return Refused(row + 1, raw, why.field, got[:_SHOWN], why.expected)

    def _personal(self, name: str, value: Any) -> str:
        """Why a cell is personal data; "" when it is not."""
        if name not in self._personal_name:
            declared = name in self._ignored
            self._personal_name[name] = name not in self._field_of and personal_column(
                name, declared=declared
            )
        if self._personal_name[name]:
            return NO_COLUMN
        field = self._field_of.get(name, "")
        if field in KEYS and isinstance(value, str) and value in self._ids(field):
            return ""
        return NO_VALUE if personal(value) else ""

    def _kept(self, name: str, value: Any) -> Any:
        """A cell as it may be kept: free text of undeclared columns could be about anyone."""
        field = self._field_of.get(name, name if name.startswith("outcomes.") else "")
        if value is None or isinstance(value, bool | int | Decimal | date):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if field == "outcomes" and value != "":
            counts = read_outcomes(
                value, most=self._limits.outcomes, longest=self._limits.text, listed=self._outcomes
            )
            return counts if isinstance(counts, dict) else WITHHELD
        if not isinstance(value, str):
            return WITHHELD
        # Ids may be in any script; elsewhere only what could have been a number, a time or a word of ours.
        plain = field in KEYS or (field and value.isascii()) or not math.isnan(read_number(value))
        return value[:_SHOWN] if plain or not value.strip() else WITHHELD


def text_of(value: Any) -> str:
    """A kept value as a person may read it; "" for nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
