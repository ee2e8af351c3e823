"""The profile's basemap file, kept open while it stays the same file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.profile import Profile
from layers.tiles import TileSet, open_tiles


def basemap_path(profile: Profile) -> Path | None:
    """Where the profile's basemap lies; None where it names none."""
    spec = profile.spec.map.basemap
    return None if spec is None else profile.folder / spec.file


def basemap(profile: Profile) -> tuple[TileSet, str] | None:
    """The tiles and a tag that changes with the file; None where the profile names no basemap.

    Raises FaultsError where the file is gone or broken by now.
    """
    path = basemap_path(profile)
    if path is None:
        return None
    try:
        stat = path.stat()
    except OSError:
        return open_tiles(path), ""  # says what is wrong
    stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return _opened(path, stamp), f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


@lru_cache(maxsize=2)
def _opened(path: Path, _stamp: tuple[int, int, int]) -> TileSet:
    """An open file; one that was replaced is let go when nothing asks it any more."""
    return open_tiles(path)
