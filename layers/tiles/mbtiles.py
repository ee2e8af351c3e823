"""MBTiles: tiles in a SQLite file, rows counted from the south.

The format: the MBTiles specification 1.3 of Mapbox.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from layers.hints import reader_says
from layers.tiles.base import (
    DEEPEST,
    MAX_HEAD,
    MAX_TILE,
    MEDIA,
    TileInfo,
    broken,
    clipped,
    picture_size,
    refused,
)

_SQLITE = b"SQLite format 3\0"
_OPERATIONS, _TURNS = 10_000, 2_000
"""Of SQLite's machine between two looks at whether a query goes on too long, and how many looks it gets: a
tile is found within hundreds of operations; a view that never ends is given up within a second or so."""


class MbTiles:
    """An open .mbtiles file, which is never written to."""

    def __init__(self, path: Path, file: str) -> None:
        self._file = file
        with path.open("rb") as stream:
            head = stream.read(len(_SQLITE))
        if head != _SQLITE:
            raise refused("not MBTiles", file, f"a file that begins with {head!r}", "MBTiles")
        log = path.with_name(path.name + "-wal")
        if log.is_file() and log.stat().st_size:
            hint = "Close the program that writes it; what is in the -wal file beside it would not be seen"
            raise refused("the basemap is still being written", file, log.name, "a file at rest", hint)
        # Immutable: no lock file is written beside it, so it may lie in a folder that nobody may write to.
        uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._lock = threading.Lock()
        self._base = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._base.execute("PRAGMA trusted_schema = OFF")
        # No value larger than a tile may be is ever built, whatever the file's own views compute.
        self._base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TILE)
        self._base.set_progress_handler(self._go_on, _OPERATIONS)
        self._turns = 0
        try:
            self.info = self._describe()
        except BaseException:
            self.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The bytes of a tile, y counted from the north."""
        south = 2**z - 1 - y
        found = self._ask(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            (z, x, south),
        )
        return self._data(found[0][0]) if found else None

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _data(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, bytes) or len(value) > MAX_TILE:
            raise broken(self._file, "a tile that is not a tile")
        return value

    def _ask(self, statement: str, values: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                self._turns = 0
                return self._base.execute(statement, values).fetchmany(1000)
        except sqlite3.Error as error:
            raise broken(self._file, reader_says(error)) from None

    def _go_on(self) -> bool:
        """Whether a query is to be given up."""
        self._turns += 1
        return self._turns > _TURNS

    def _describe(self) -> TileInfo:
        told = {
            str(name): str(value)
            for name, value in self._ask(
                f"SELECT name, substr(value, 1, {MAX_HEAD // 4}) FROM metadata"  # noqa: S608  (a number)
            )
        }
        some = self._ask("SELECT tile_data FROM tiles LIMIT 1")
        tile = self._data(some[0][0]) if some else None
        if not tile:
            raise refused("the basemap is empty", self._file, "no tile", "at least one")
        form = {"jpeg": "jpg", "mvt": "pbf"}.get(told.get("format", ""), told.get("format", ""))
        if form not in MEDIA:
            got = told.get("format") or "no format in its metadata"
            raise refused("tiles of a kind we do not draw", self._file, got, ", ".join(sorted(MEDIA)))
        low, high = self._zooms(told)
        return TileInfo(
            form,
            low,
            high,
            clipped(told.get("bounds", "").split(",")),
            told.get("name", ""),
            told.get("attribution", ""),
            _layers(told.get("json", "")),
            512 if form == "pbf" else picture_size(tile, self._file),
        )

    def _zooms(self, told: dict[str, str]) -> tuple[int, int]:
        """As told, or as found: the index over the tiles begins with the zoom."""
        try:
            low, high = int(told["minzoom"]), int(told["maxzoom"])
        except (KeyError, ValueError):
            low, high = self._ask("SELECT min(zoom_level), max(zoom_level) FROM tiles")[0]
        if not (isinstance(low, int) and isinstance(high, int) and 0 <= low <= high <= DEEPEST):
            raise broken(self._file, f"zoom {low} to {high}")
        return low, high


def _layers(text: str) -> tuple[str, ...]:
    """The names of the layers inside vector tiles."""
    try:
        told = json.loads(text or "{}")
        return tuple(str(layer["id"]) for layer in told.get("vector_layers", ()))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return ()
