"""The profile's basemap file, kept open while it stays the same file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from data.per_profile import per_profile
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


def touches(profile: Profile, z: int, x: int, y: int) -> bool:
    """Whether a tile of the web map's grid shows any of a profile's counties."""
    lon = 360.0 * np.array([x, x + 1]) / 2**z - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.array([y + 1, y]) / 2**z))))
    return bool(shapely.box(lon[0], lat[0], lon[1], lat[1]).intersects(_land(profile)))


def within(profile: Profile, bounds: Sequence[float]) -> list[float]:
    """The part of west, south, east and north that lies around a profile's counties."""
    west, south, east, north = _land(profile).bounds
    return [max(bounds[0], west), max(bounds[1], south), min(bounds[2], east), min(bounds[3], north)]


@per_profile()
def _land(profile: Profile) -> Any:
    land = profile.counties.geometry.union_all()
    return land if not land.is_empty else shapely.Point(*profile.spec.map.center)


@lru_cache(maxsize=2)
def _opened(path: Path, _stamp: tuple[int, int, int]) -> TileSet:
    """An open file; one that was replaced is let go when nothing asks it any more."""
    return open_tiles(path)
