"""What a tile file tells of itself, and what every format of it can do."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, UnidentifiedImageError

from layers.faults import Fault, FaultsError
from layers.hints import reader_says, shown

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

WORLD: Bounds = (-180.0, -85.0511, 180.0, 85.0511)
DEEPEST = 24
"""No basemap goes deeper."""
MAX_TILE = 16 * 2**20
"""Bytes of one tile; a larger one is not sent."""
MAX_HEAD = 16 * 2**20
"""Bytes that a head, a directory or a description may unpack to."""

MEDIA = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "pbf": "application/vnd.mapbox-vector-tile",
}
"""Tile format to its media type."""


@dataclass(frozen=True)
class TileInfo:
    """What a tile file tells of itself."""

    format: str
    """One of MEDIA."""
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    name: str = ""
    attribution: str = ""
    vector_layers: tuple[str, ...] = ()
    """Names of the layers inside the tiles; empty for raster."""
    tile_size: int = 256
    """Pixels along a raster tile's edge."""

    @property
    def vector(self) -> bool:
        """Whether the tiles hold shapes, not pictures."""
        return self.format == "pbf"


class TileSet(Protocol):
    """An open tile file; safe to ask from several threads."""

    @property
    def info(self) -> TileInfo:
        """What the file tells of itself."""
        ...

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The bytes of a tile, y counted from the north; None where the file has none. Vector tiles packed
        with gzip stay packed. Raises FaultsError where the file is broken there."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def refused(what: str, file: str, got: str, expected: str, hint: str = "") -> FaultsError:
    """One fault of a basemap, to be raised."""
    return FaultsError([Fault(what, file, None, "", shown(got), expected, hint)])


def broken(file: str, got: str) -> FaultsError:
    """The fault of a file that breaks off or contradicts itself."""
    hint = "Copy or convert it again; compare its size with the original's"
    return refused("the basemap is broken", file, got, "a whole PMTiles or MBTiles file", hint)


def unpacked(data: bytes, file: str) -> bytes:
    """What gzip packed, as long as it is no more than MAX_HEAD; raises FaultsError."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            out = stream.read(MAX_HEAD + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise broken(file, reader_says(error)) from None
    if len(out) > MAX_HEAD:
        raise broken(file, f"a part that unpacks to more than {MAX_HEAD // 2**20} MB")
    return out


def picture_size(tile: bytes, file: str) -> int:
    """Pixels along the edge of a raster tile; raises FaultsError where it is no picture."""
    try:
        with Image.open(io.BytesIO(tile)) as image:
            return int(image.width)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise broken(file, f"a tile that is no picture: {error}") from None


def clipped(bounds: object) -> Bounds:
    """Bounds as they stand in a file, where they make sense; else the whole world."""
    try:
        west, south, east, north = (float(value) for value in bounds)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return WORLD
    if -180 <= west < east <= 180 and -90 <= south < north <= 90:
        return (west, south, east, north)
    return WORLD
