"""A basemap in one file, PMTiles or MBTiles, raster or vector, read tile by tile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.faults import FaultsError, words_of
from layers.hints import one_of
from layers.tiles.base import TileInfo, TileSet, broken, refused
from layers.tiles.mbtiles import MbTiles
from layers.tiles.pmtiles import PmTiles

__all__ = ["OPENERS", "TileInfo", "TileSet", "open_tiles"]

OPENERS: dict[str, Callable[[Path, str], TileSet]] = {".pmtiles": PmTiles, ".mbtiles": MbTiles}
"""Suffix to what opens it."""


def open_tiles(path: Path, file: str = "") -> TileSet:
    """The tiles of a file, its head and one tile of it read; `file` is its name in faults.

    Raises FaultsError where it is missing, is another format, is broken, or holds no tile that can be drawn.
    """
    file = file or path.name
    opener = OPENERS.get(path.suffix.lower())
    if opener is None:
        hint = "Convert it with the format's own tools, for example `pmtiles convert` or gdal_translate"
        raise refused("not a basemap we read", file, path.suffix or "no suffix", one_of(OPENERS), hint)
    try:
        if not path.is_file():
            got = "a folder or a device" if path.exists() else "nothing"
            raise refused("no such basemap", file, got, "a file that exists")
        return opener(path, file)
    except FaultsError:  # which is a ValueError itself
        raise
    except (OSError, ValueError) as error:
        raise broken(file, words_of(error)) from None
