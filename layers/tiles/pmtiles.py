"""PMTiles version 3: a directory of tiles by their place on a Hilbert curve.

The format: the PMTiles specification of Protomaps.
"""

from __future__ import annotations

import json
import mmap
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from layers.hints import reader_says
from layers.tiles.base import (
    DEEPEST,
    MAX_HEAD,
    MAX_TILE,
    TileInfo,
    broken,
    clipped,
    picture_size,
    refused,
    unpacked,
)

_HEAD = 127
_DEPTH = 4
"""Directories inside directories; the specification allows fewer."""
_FORMATS = {
    TileType.MVT: "pbf",
    TileType.PNG: "png",
    TileType.JPEG: "jpg",
    TileType.WEBP: "webp",
    TileType.AVIF: "avif",
}


class PmTiles:
    """An open .pmtiles file; the operating system keeps what is asked for often in memory."""

    def __init__(self, path: Path, file: str) -> None:
        self._file = file
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            try:
                self._head: Any = deserialize_header(head)
            except (MagicNumberNotFound, UnicodeDecodeError):
                raise refused(
                    "not PMTiles", file, f"a file that begins with {head[:7]!r}", "PMTiles"
                ) from None
            except SpecVersionUnsupported:
                hint = "`pmtiles convert` writes version 3"
                raise refused("an old PMTiles", file, f"version {head[7]}", "version 3", hint) from None
            except (IndexError, ValueError) as error:
                raise broken(file, reader_says(error)) from None
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._directory = lru_cache(maxsize=64)(self._read_directory)
        try:
            self.info = self._describe()
        except BaseException:
            self.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The bytes of a tile, y counted from the north."""
        if not self.info.min_zoom <= z <= self.info.max_zoom:
            return None
        head, number = self._head, zxy_to_tileid(z, x, y)
        offset, length = head["root_offset"], head["root_length"]
        for _ in range(_DEPTH):
            found = find_tile(self._directory(offset, length), number)
            if found is None:
                return None
            if found.run_length:
                return self._bytes(head["tile_data_offset"] + found.offset, found.length, MAX_TILE)
            offset, length = head["leaf_directory_offset"] + found.offset, found.length
        raise broken(self._file, "a directory that leads back to itself")

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def _bytes(self, offset: int, length: int, most: int) -> bytes:
        if length > most or offset + length > len(self._map):
            raise broken(self._file, f"{len(self._map):,} bytes, where a part ends at {offset + length:,}")
        return bytes(self._map[offset : offset + length])

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        packed = self._bytes(offset, length, MAX_HEAD)
        if self._head["internal_compression"] is not Compression.GZIP:
            raise broken(self._file, "directories that are not packed with gzip")
        unpacked(packed, self._file)  # refuses what would not fit into memory
        try:
            return deserialize_directory(packed)
        except (EOFError, OSError, IndexError, ValueError) as error:
            raise broken(self._file, reader_says(error)) from None

    def _describe(self) -> TileInfo:
        head = self._head
        form = _FORMATS.get(head["tile_type"])
        if form is None:
            known = ", ".join(sorted(_FORMATS.values()))
            raise refused("tiles of a kind we do not draw", self._file, head["tile_type"].name, known)
        if head["tile_compression"] not in (Compression.NONE, Compression.GZIP, Compression.UNKNOWN):
            got = f"tiles packed with {head['tile_compression'].name.lower()}"
            raise refused("tiles that browsers cannot unpack", self._file, got, "gzip or none")
        low, high = int(head["min_zoom"]), int(head["max_zoom"])
        if not 0 <= low <= high <= DEEPEST:
            raise broken(self._file, f"zoom {low} to {high}")
        raw = self._bytes(head["metadata_offset"], head["metadata_length"], MAX_HEAD)
        if head["internal_compression"] is Compression.GZIP:
            raw = unpacked(raw, self._file)
        try:
            told = json.loads(raw or b"{}")
        except (ValueError, RecursionError) as error:
            raise broken(self._file, f"a description that cannot be read: {error}") from None
        told = told if isinstance(told, dict) else {}
        layers = told.get("vector_layers") or ()
        names = tuple(str(layer["id"]) for layer in layers if isinstance(layer, dict) and "id" in layer)
        degrees = [head[key] / 1e7 for key in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")]
        size = picture_size(self._first(), self._file) if form != "pbf" else 512
        return TileInfo(
            form, low, high, clipped(degrees), str(told.get("name") or ""),
            str(told.get("attribution") or ""), names, size,
        )  # fmt: skip

    def _first(self) -> bytes:
        """Any tile: the first one that the directories lead to."""
        head = self._head
        offset, length = head["root_offset"], head["root_length"]
        for _ in range(_DEPTH):
            entries = self._directory(offset, length)
            if not entries:
                break
            if entries[0].run_length:
                return self._bytes(head["tile_data_offset"] + entries[0].offset, entries[0].length, MAX_TILE)
            offset, length = head["leaf_directory_offset"] + entries[0].offset, entries[0].length
        raise refused("the basemap is empty", self._file, "no tile", "at least one")
