"""The table beside a shapefile, as far as its text needs to be looked at before anyone decodes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layers.formats.base import stop
from layers.formats.text import decode_cut

_FIELD = 32
_END = 0x0D


@dataclass(frozen=True)
class Column:
    """A column of fixed width."""

    name: bytes
    kind: str
    """C is text."""
    at: int
    width: int


@dataclass(frozen=True)
class Dbf:
    """The columns of a table and its records as bytes."""

    columns: tuple[Column, ...]
    records: NDArray[np.uint8]
    """A row per record, a column per byte, the mark of deletion first; mapped, not read."""
    driver: int
    """The language driver byte; 0 says nothing."""

    @property
    def kept(self) -> NDArray[np.int64]:
        """0-based number of each record that is not marked as deleted."""
        return np.flatnonzero(self.records[:, 0] != ord("*"))

    def block(self, column: Column) -> NDArray[np.uint8]:
        """The bytes of a column, a row per record, without the blanks that all of them end with."""
        block = self.records[:, column.at : column.at + column.width]
        used = np.flatnonzero((block != ord(" ")).any(axis=0))
        return block[:, : used[-1] + 1 if len(used) else 0]

    def texts(self) -> list[NDArray[np.uint8]]:
        """The records of each column of text."""
        return [self.block(one) for one in self.columns if one.kind == "C"]

    def body(self) -> bytes:
        """Every value of text beyond ASCII, a line each, or else the names of the columns."""
        lines = []
        for block in self.texts():
            odd = block[(block & 0x80).any(axis=1)]
            lines.append(np.column_stack([odd, np.full(len(odd), 10, dtype=np.uint8)]).tobytes())
        if any(lines):
            return b"".join(lines)
        return b"\n".join(_whole(one.name) for one in self.columns if not one.name.isascii())


def _whole(name: bytes) -> bytes:
    """A name that was cut to ten bytes in UTF-8, where it is that, without the letter that was cut in two."""
    try:
        return decode_cut(name, "utf-8").encode()
    except UnicodeDecodeError:
        return name


def read_dbf(path: Path, file: str) -> Dbf:
    """The table of a file; raises FaultsError where its parts do not fit each other."""
    expected, hint = "a whole .dbf", "Copy the file again: it may have been cut off on its way"
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_FIELD)
        count, start, length = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        if len(head) < _FIELD or start <= _FIELD or length < 1 or start > size:
            raise stop("the .dbf cannot be read", file, f"{size:,} bytes", expected, hint)
        fields = stream.read(start - _FIELD)
    if start + count * length > size:
        have = max(0, (size - start) // length)
        raise stop("the .dbf breaks off", file, f"{have:,} records", f"{count:,}, as its header says", hint)
    columns, at = [], 1
    for begin in range(0, len(fields) - _FIELD + 1, _FIELD):
        one = fields[begin : begin + _FIELD]
        if one[0] == _END:
            break
        kind, width = chr(one[11]), one[16]
        if kind == "C":
            width += 256 * one[17]
        columns.append(Column(one[:11].split(b"\0")[0].strip(), kind, at, width))
        at += width
    if at > length:
        raise stop("the .dbf cannot be read", file, f"columns of {at} bytes", f"records of {length}", hint)
    shape = (count, length)
    records = (
        np.memmap(path, dtype=np.uint8, mode="r", offset=start, shape=shape)
        if count
        else np.empty(shape, dtype=np.uint8)
    )
    return Dbf(tuple(columns), records, head[29])
