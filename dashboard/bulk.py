"""Files of readings into the store, piece by piece, so that a file may be larger than memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from dashboard.bodies import check_rows
from data.bodies import SUFFIXES
from data.intake import Known, parse
from data.profile import Profile
from data.store import Refused, Store
from layers.faults import Fault, FaultsError

CHUNK_ROWS = 20_000
CHUNK_BYTES = 16 * 2**20
TOLD = 20
"""Refused rows that are shown."""


@dataclass(frozen=True)
class Piece:
    """Some rows of a file as a body of their own."""

    body: bytes
    first: int
    """How many rows of the file came before."""
    done: int
    """Bytes of the file read so far, for the progress bar."""


@dataclass
class Tally:
    """What became of the rows of a file."""

    rows: int = 0
    accepted: int = 0
    duplicate: int = 0
    corrected: int = 0
    rejected: int = 0
    refused: list[Refused] = field(default_factory=list)
    """The first of the refused rows."""


def media_type(path: Path) -> str:
    """The media type of a file by its suffix.

    Raises:
        FaultsError: a suffix that is not read.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise FaultsError(
            [
                Fault(
                    "This kind of file is not read",
                    file=path.name,
                    got=path.suffix or "no suffix",
                    expected=", ".join(SUFFIXES),
                )
            ]
        )
    return kind


def pieces(path: Path, kind: str) -> Iterator[Piece]:
    """A file in bodies of at most CHUNK_ROWS rows and about CHUNK_BYTES bytes."""
    if kind == "text/csv":
        yield from _lines(path, header=True)
    elif kind == "application/x-ndjson":
        yield from _lines(path, header=False)
    elif kind == "application/json":
        yield from _json(path)
    else:
        yield from _parquet(path)


def _lines(path: Path, *, header: bool) -> Iterator[Piece]:
    """Line by line; blank lines are no rows, and a CSV's header stands before every piece."""
    with path.open("rb") as file:
        head, first = b"", 0
        lines: list[bytes] = []
        size = done = 0
        for line in file:
            done += len(line)
            if not line.strip():
                continue
            if header and not head:
                head = line if line.endswith(b"\n") else line + b"\n"
                continue
            lines.append(line)
            size += len(line)
            if len(lines) >= CHUNK_ROWS or size >= CHUNK_BYTES:
                yield Piece(head + b"".join(lines), first, done)
                first += len(lines)
                lines, size = [], 0
        if lines or not first:
            yield Piece(head + b"".join(lines), first, done)


def _json(path: Path) -> Iterator[Piece]:
    import orjson  # noqa: PLC0415

    body = path.read_bytes()
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError:
        rows = None
    if not isinstance(rows, list) or len(rows) <= CHUNK_ROWS:
        # The parser says what is wrong with it, if anything.
        yield Piece(body, 0, len(body))
        return
    for first in range(0, len(rows), CHUNK_ROWS):
        part = rows[first : first + CHUNK_ROWS]
        yield Piece(orjson.dumps(part), first, len(body) * min(first + CHUNK_ROWS, len(rows)) // len(rows))


def _parquet(path: Path) -> Iterator[Piece]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    size = path.stat().st_size
    try:
        file = pq.ParquetFile(path)
        total, first = file.metadata.num_rows, 0
        for batch in file.iter_batches(batch_size=CHUNK_ROWS):
            out = io.BytesIO()
            pq.write_table(pa.Table.from_batches([batch]), out)
            yield Piece(out.getvalue(), first, size * (first + batch.num_rows) // max(total, 1))
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        expected = "a Parquet file"
        raise FaultsError(
            [Fault("The file cannot be read", path.name, got=str(error)[:200], expected=expected)]
        ) from None


def ingest(
    path: Path,
    *,
    profile: Profile,
    store: Store,
    tally: Tally,
    encoding: str = "utf-8",
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write one file of readings into the store and count; `progress` hears the bytes read so far.

    Raises:
        FaultsError: the file cannot be read; what came before the unreadable part is kept.
    """
    kind, known = media_type(path), Known.of(profile)
    body_type = f"{kind}; charset={encoding}" if kind == "text/csv" else kind
    for piece in pieces(path, kind):
        try:
            if kind == "application/json":
                check_rows(piece.body)
            parsed = parse(piece.body, body_type, profile.spec.readings, known)
        except FaultsError as error:
            rows = None if error.faults[0].row is None else error.faults[0].row + piece.first
            raise FaultsError([replace(fault, file=path.name, row=rows) for fault in error.faults]) from error
        refused = [replace(row, row=row.row + piece.first) for row in parsed.refused]
        if refused:
            store.quarantine(refused, source=path.name)
        written = store.write(parsed.readings)
        reports = store.write_reports(parsed.reports)
        tally.accepted += written.accepted + reports
        tally.duplicate += written.duplicate + len(parsed.reports) - reports
        tally.corrected += written.corrected
        tally.rejected += len(refused)
        tally.refused += refused[: TOLD - len(tally.refused)]
        tally.rows += len(parsed.readings) + len(parsed.reports) + len(refused)
        progress(piece.done)
