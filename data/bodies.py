"""An untrusted body becomes a bounded table of raw values: JSON, NDJSON, CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.privacy import WITHHELD, personal_text

Objects = NDArray[np.object_]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """How large a body may be."""

    body_bytes: int = 64 * 2**20
    rows: int = 1_000_000
    columns: int = 200
    text: int = 4_000
    """Characters of one value."""
    outcomes: int = 32
    """Different outcomes in one row."""


LIMITS = Limits()

SPLIT = "Send it in parts."

SUFFIXES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
}
"""File suffix to media type."""
CHARSETS = ("utf-8", "gb18030", "gbk", "gb2312")
"""What a CSV body may declare (`text/csv; charset=gb18030`); UTF-8 when it declares none."""


class Columns:
    """Rows that share their columns, as CSV and Parquet bring them."""

    def __init__(self, columns: dict[str, Objects], n: int, broken: dict[int, tuple[str, str]]) -> None:
        self.n = n
        self.broken = broken
        """Row to what was found and expected, where a row could not be taken apart."""
        self._columns = columns

    def column(self, name: str) -> Objects:
        """The values of a column; None where the row has none."""
        return self._columns[name] if name in self._columns else np.full(self.n, None, dtype=object)

    def has(self, name: str) -> Bools:
        """Which rows carry the column, be it empty."""
        return np.full(self.n, name in self._columns)

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether the heading has one of some columns."""
        return any(name in self._columns for name in names)

    def heading(self) -> str:
        """The names of the columns, the first few, as they may be shown."""
        return ", ".join(_safe(name) for name in list(self._columns)[:8])

    def strange(self, wanted: frozenset[str]) -> dict[str, NDArray[np.intp]]:
        """Columns that nobody asked for, and the rows that carry them."""
        return {name: np.arange(self.n) for name in self._columns if name not in wanted}

    def row(self, index: int) -> dict[str, Any]:
        """One row as it came."""
        return {name: values[index] for name, values in self._columns.items()}


class Records:
    """Rows with columns of their own, as JSON brings them."""

    def __init__(self, rows: Sequence[Any], limits: Limits, broken: dict[int, tuple[str, str]]) -> None:
        self.n = len(rows)
        self.broken = broken
        self._rows: list[dict[str, Any]] = [row if type(row) is dict else {} for row in rows]
        for index, row in enumerate(rows):
            if index in broken:
                continue
            if type(row) is not dict:
                broken[index] = (type(row).__name__, "an object with the fields of a reading")
            elif len(row) > limits.columns:
                broken[index] = (f"{len(row)} fields", f"at most {limits.columns} fields")
                self._rows[index] = {}

    def column(self, name: str) -> Objects:
        """The values of a column; None where the row has none."""
        return objects([row.get(name) for row in self._rows])

    def has(self, name: str) -> Bools:
        """Which rows carry the column, be it empty."""
        return np.fromiter((name in row for row in self._rows), dtype=np.bool_, count=self.n)

    def strange(self, wanted: frozenset[str]) -> dict[str, NDArray[np.intp]]:
        """Columns that nobody asked for, and the rows that carry them."""
        found: dict[str, list[int]] = {}
        for index, row in enumerate(self._rows):
            if not row.keys() <= wanted:
                for name in row.keys() - wanted:
                    found.setdefault(name, []).append(index)
        return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}

    def row(self, index: int) -> dict[str, Any]:
        """One row as it came."""
        return self._rows[index]


Table = Columns | Records


def read_body(body: bytes, media_type: str, limits: Limits = LIMITS) -> Table:
    """Take a body apart; a body that cannot be read at all raises `FaultsError`."""
    kind, _, parameters = media_type.partition(";")
    kind = kind.strip().lower()
    if len(body) > limits.body_bytes:
        raise unreadable(
            "The body is too large", f"{len(body):,} bytes", f"at most {limits.body_bytes:,} bytes", SPLIT
        )
    if kind not in READERS:
        raise unreadable("This media type is not read", _safe(kind), ", ".join(READERS))
    if not body.strip():
        raise unreadable("The body is empty", "0 bytes", "readings")
    return READERS[kind](body, parameters, limits)


def unreadable(what: str, got: str, expected: str, hint: str = "") -> FaultsError:
    """The error for a body of which nothing can be stored."""
    return FaultsError([Fault(what, got=got, expected=expected, hint=hint)])


def _bounded(rows: int, limits: Limits) -> None:
    if rows > limits.rows:
        raise unreadable("There are too many rows", f"{rows:,}", f"at most {limits.rows:,} rows", SPLIT)


def objects(values: Iterable[Any]) -> Objects:
    """A flat object array, whatever the values are."""
    values = list(values)
    return np.fromiter(values, dtype=object, count=len(values))


def _json(body: bytes, parameters: str, limits: Limits) -> Records:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise unreadable(
            "The body is not JSON", f"{error.msg} at byte {error.pos}", "a list of readings"
        ) from None
    rows = value if isinstance(value, list) else [value]
    _bounded(len(rows), limits)
    return Records(rows, limits, {})


def _ndjson(body: bytes, parameters: str, limits: Limits) -> Records:
    rows: list[Any] = []
    broken: dict[int, tuple[str, str]] = {}
    lines = [line for line in body.splitlines() if line.strip()]
    _bounded(len(lines), limits)
    for index, line in enumerate(lines):
        try:
            rows.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            broken[index] = (f"{error.msg} at byte {error.pos}", "one JSON object in a line")
            rows.append(None)
    if len(broken) == len(rows):
        raise unreadable("No line of the body is JSON", broken[0][0], "one JSON object in a line")
    return Records(rows, limits, broken)


def _csv(body: bytes, parameters: str, limits: Limits) -> Columns:
    text = _decode(body, parameters).replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise unreadable("The body is empty", "blank lines", "a header and rows of comma-separated values")
    _bounded(len(lines) - 1, limits)
    header, *rows = _cells(lines)
    header = [name.strip() for name in header]
    while header and not header[-1]:
        header.pop()  # spreadsheets write trailing commas
    if len(header) > limits.columns:
        raise unreadable("There are too many columns", f"{len(header)}", f"at most {limits.columns} columns")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        got = ", ".join(_safe(name) for name in twice[:5])
        raise unreadable("A column name stands twice in the header", got, "each name once")
    broken: dict[int, tuple[str, str]] = {}
    if rows and set(map(len, rows)) != {len(header)}:
        rows = [_fit(row, index, len(header), broken) for index, row in enumerate(rows)]
    values = zip(*rows, strict=True) if rows else [()] * len(header)
    return Columns(
        {name: objects(column) for name, column in zip(header, values, strict=True)}, len(rows), broken
    )


def _cells(lines: list[str]) -> list[list[str]]:
    """Each line taken apart by itself: a quote left open must not swallow the lines after it."""
    try:
        rows = list(csv.reader(lines, skipinitialspace=True))
        if len(rows) == len(lines):
            return rows
    except csv.Error:  # one value is longer than the csv module takes
        pass
    rows = []
    for line in lines:
        try:
            rows.append(next(csv.reader([line], skipinitialspace=True)))
        except csv.Error:
            rows.append([])
    return rows


def _fit(row: list[str], index: int, width: int, broken: dict[int, tuple[str, str]]) -> list[str]:
    """A row as long as the header; one that is not, but for empty cells at its end, is broken."""
    if len(row) < width or any(cell.strip() for cell in row[width:]):
        broken[index] = (f"{len(row)} values", f"{width} values, as in the header")
        return [""] * width  # nobody can tell which value belongs where
    return row[:width]


def _decode(body: bytes, parameters: str) -> str:
    charset = "utf-8"
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset" and value.strip():
            charset = value.strip().strip('"').lower().replace("utf8", "utf-8")
    if charset not in CHARSETS:
        raise unreadable("This charset is not read", _safe(charset), ", ".join(CHARSETS))
    try:
        return body.decode("utf-8-sig" if charset == "utf-8" else charset)
    except UnicodeDecodeError as error:
        hint = "Save the file as UTF-8, or declare its charset (text/csv; charset=gb18030)."
        got = f"byte 0x{body[error.start]:02x} at {error.start}"
        raise unreadable(f"The body is not {charset} text", got, charset, hint) from None


def _parquet(body: bytes, parameters: str, limits: Limits) -> Columns:
    try:
        file = pq.ParquetFile(pa.BufferReader(body))
        names = file.schema_arrow.names
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups))
        rows = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable("The body is not a Parquet file", _safe(str(error)), "a Parquet file") from None
    if rows > limits.rows or len(names) > limits.columns or size > 8 * limits.body_bytes:
        got = f"{rows:,} rows, {len(names)} columns, {size:,} bytes"
        expected = f"at most {limits.rows:,} rows, {limits.columns} columns, {8 * limits.body_bytes:,} bytes"
        raise unreadable("The Parquet file is too large", got, expected, SPLIT)
    if len(set(names)) < len(names):
        raise unreadable("A column name stands twice", f"{len(names)} columns", "each name once")
    try:
        table = file.read()
        columns = {name: objects(_values(table.column(name))) for name in names}
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise unreadable("The Parquet file is broken", _safe(str(error)), "a readable Parquet file") from None
    return Columns(columns, table.num_rows, {})


def _values(column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if pa.types.is_map(column.type):
        return [None if value is None else dict(value) for value in values]
    return values


def _safe(text: str) -> str:
    """A text of the sender's that may be shown again."""
    return WITHHELD if personal_text(text) else text[:80]


READERS: dict[str, Callable[[bytes, str, Limits], Table]] = {
    "application/json": _json,
    "application/x-ndjson": _ndjson,
    "text/csv": _csv,
    "application/vnd.apache.parquet": _parquet,
}
"""Media type to its reader."""
