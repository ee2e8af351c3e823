"""The profile's basemap under a drawn map: raster tiles put together for one view."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, UnidentifiedImageError

from dashboard.basemap import basemap, touches
from dashboard.exports.ground import Mercator
from data.profile import Profile
from layers.faults import FaultsError
from layers.tiles import TileSet

MOST_TILES = 400
"""Of one drawing; where more would be needed, those of a lower zoom are enlarged."""
SHARPEST = 4096
"""Pixels of the picture's longer side: tiles are seldom finer, and memory grows with the square."""
DIM, PALE, STARK = 0.3, 0.65, 1.3
"""As on the page: a bright map lies thin over the dark ground, paler and with more contrast."""


@dataclass(frozen=True)
class Under:
    """What lies under the map."""

    pixels: NDArray[np.uint8] | None
    """RGBA, (high, wide, 4), to be stretched over the box; None where there are none."""
    opacity: float = 1.0


def basemap_state(profile: Profile) -> str:
    """`drawn`; `vector` or `broken` where a plainer map is drawn instead; "" where the profile has none."""
    try:
        found = basemap(profile)
    except (FaultsError, OSError):
        return "broken"
    return "" if found is None else "vector" if found[0].info.vector else "drawn"


def under(profile: Profile, ground: Mercator, unit: float, *, dark: bool) -> Under:
    """The basemap of a view; never raises, because a map without one is better than none.

    `unit` is the pixels of one design unit. Of a county's profile only the tiles that show the county.
    """
    spec = profile.spec.map.basemap
    try:
        found = basemap(profile)
        if found is None or spec is None:
            return Under(None)
        tiles, _ = found
        if tiles.info.vector:
            return Under(None)
        image = _mosaic(profile, tiles, ground, unit)
    except (FaultsError, OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return Under(None)
    if dark and spec.dim:
        alpha = image.getchannel("A")
        image = ImageEnhance.Contrast(ImageEnhance.Color(image.convert("RGB")).enhance(PALE)).enhance(STARK)
        image.putalpha(alpha)
    opacity = spec.opacity * (DIM if dark and spec.dim else 1.0)
    return Under(np.asarray(image), opacity)


def _mosaic(profile: Profile, tiles: TileSet, ground: Mercator, unit: float) -> Image.Image:
    """The tiles of the view in one picture as wide and high as the box."""
    info, box = tiles.info, ground.box
    sharp = min(unit, SHARPEST / max(box.w, box.h))
    size = max(round(box.w * sharp), 1), max(round(box.h * sharp), 1)
    # A tile of 512 pixels at zoom z is as fine as one of 256 at z + 1.
    best = ground.zoom + math.log2(sharp * 512 / info.tile_size)
    z = min(max(round(best), info.min_zoom), info.max_zoom)
    west, north, east, south = ground.world_bounds()
    while z > info.min_zoom and _count(z, west, north, east, south) > MOST_TILES:
        z -= 1
    if _count(z, west, north, east, south) > MOST_TILES:
        # So far out there are no tiles: the page shows none, either, and to look for each would not end.
        return Image.new("RGBA", size, (0, 0, 0, 0))
    whole, image = 2**z, Image.new("RGBA", size, (0, 0, 0, 0))
    for y in range(max(math.floor(north * whole), 0), min(math.floor(south * whole) + 1, whole)):
        for x in range(math.floor(west * whole), math.floor(east * whole) + 1):
            data = tiles.tile(z, x % whole, y) if touches(profile, z, x % whole, y) else None
            if data is None:
                continue
            # Both edges are rounded, so that no seam is left between two tiles.
            left, right = (round((one / whole - west) / (east - west) * size[0]) for one in (x, x + 1))
            top, foot = (round((one / whole - north) / (south - north) * size[1]) for one in (y, y + 1))
            if right <= 0 or foot <= 0 or left >= size[0] or top >= size[1] or right == left or foot == top:
                continue
            with Image.open(io.BytesIO(data)) as tile:
                _paste(image, tile.convert("RGBA"), (left, top, right, foot))
    return image


def _paste(image: Image.Image, tile: Image.Image, to: tuple[int, int, int, int]) -> None:
    """Stretch the part of a tile that is seen; the rest of one much enlarged would cost gigabytes."""
    left, top, right, foot = to
    seen = max(left, 0), max(top, 0), min(right, image.width), min(foot, image.height)
    across, down = tile.width / (right - left), tile.height / (foot - top)
    part = (
        (seen[0] - left) * across, (seen[1] - top) * down, (seen[2] - left) * across, (seen[3] - top) * down
    )  # fmt: skip
    size = seen[2] - seen[0], seen[3] - seen[1]
    image.paste(tile.resize(size, Image.Resampling.BILINEAR, box=part), seen[:2])


def _count(z: int, west: float, north: float, east: float, south: float) -> int:
    whole = 1 << z
    return (math.ceil((east - west) * whole) + 1) * (math.ceil((south - north) * whole) + 1)
