"""A table that is no geodata, such as a roster: its columns under our names, typed, every fault told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers import values
from layers.catalog import LayerKind, Value
from layers.columns import personal_faults, read_columns, unused_columns
from layers.faults import Fault, FaultsError
from layers.formats import Ask, Raw, read_table
from layers.formats.table import Table, as_typed
from layers.hints import did_you_mean, shown

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """What a table must and may have; the first field of `required` names its rows in faults."""

    id: str
    """What its rows are, such as `teams`."""
    required: Mapping[str, Value]
    optional: Mapping[str, Value] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Value]:
        """Every field and how its value is read."""
        return {**self.required, **self.optional}


@dataclass
class Rows:
    """The rows of a table, right or wrong."""

    columns: dict[str, Any] = field(default_factory=dict)
    """Field to its values; one that cannot be read is as if it were empty."""
    row: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """1-based data row of each."""
    faults: list[Fault] = field(default_factory=list)
    given: dict[str, list[Any]] = field(default_factory=dict)
    """The file's own columns."""
    file: str = ""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def bad(self) -> set[int]:
        """The data rows that have a fault."""
        return {fault.row for fault in self.faults if fault.row is not None and not fault.warning}

    def fault(self, at: int, name: str, what: str, *, expected: str, hint: str = "", got: Any = None) -> None:
        """One fault of the row at a position, and the value that was found there."""
        found = self.columns[name][at] if got is None else got
        row = int(self.row[at])
        self.faults.append(Fault(what, self.file, row, name, shown(found), expected, hint))


def load_table(
    path: Path,
    columns: Columns,
    *,
    file: str,
    layer: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    named: Mapping[str, str] | None = None,
) -> Rows:
    """The rows of a CSV or a sheet; `named` maps our field to the file's column where they differ.

    A column about persons, and a value shaped like personal data, is a fault and never told.
    """
    named = named or {}
    try:
        table = read_table(Ask(path, file, encoding, layer, named, header_row))
    except FaultsError as error:
        return Rows(faults=list(error.faults), file=file)
    rows = Rows(row=table.index + 1, faults=list(table.faults), given=table.columns, file=file)
    rows.faults += _unknown(columns, named, file)
    taken = read_columns(named, columns.fields)
    raw = Raw(table.columns, np.full(len(table.index), None, dtype=object), table.index)
    about_persons = personal_faults(raw, file, taken)
    rows.faults += about_persons
    kind = LayerKind(columns.id, (), tuple(columns.required), tuple(columns.optional))
    found = [name for name in columns.fields if named.get(name, name) in table.columns]
    rows.faults += unused_columns(raw, kind, taken, found, file)
    if not len(table.index):
        rows.faults.append(Fault("the table is empty", file, None, "", "no rows", "at least one"))
    for name, value in columns.fields.items():
        _read(rows, table, name, value, column=named.get(name, name), needed=name in columns.required)
    return rows


def _unknown(columns: Columns, named: Mapping[str, str], file: str) -> list[Fault]:
    known = columns.fields
    return [
        Fault(
            "no such field", file, None, f"columns.{name}", name, ", ".join(known), did_you_mean(name, known)
        )
        for name in named
        if name not in known
    ]


def _read(rows: Rows, table: Table, name: str, value: Value, *, column: str, needed: bool) -> None:
    """One column in its type; a missing one that is needed is one fault, a missing value one each."""
    count, file = len(table.index), rows.file
    if column not in table.columns:
        rows.columns[name] = values.empty(count, value)
        if needed:
            got = f"columns {', '.join(map(shown, table.columns))}" if table.columns else "no columns"
            hint = table.hint or did_you_mean(column, table.columns)
            if name == column:
                hint = f'{hint} If it has another name, say so: columns = {{ {name} = "…" }}'.strip()
            rows.faults.append(Fault("missing column", file, None, name, got, column, hint))
        return
    written = [as_typed(one) for one in table.columns[column]]
    rows.columns[name], bad = values.read(written, value)
    for at in np.flatnonzero(bad).tolist():
        expected, hint = values.EXPECTED[value], values.hint(value, written[at])
        rows.fault(at, name, f"{name} cannot be read", expected=expected, hint=hint, got=written[at])
    if needed:
        for at in np.flatnonzero(~bad).tolist():
            if str(written[at]).strip() == "":
                rows.fault(at, name, f"{name} is empty", expected="a value in every row", got="nothing")
