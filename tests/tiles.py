"""Basemap files made for tests: one colour per tile, or one line through all of them."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import geopandas as gpd
import pyogrio
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely import LineString

AREA = (99.0, 23.0, 101.0, 25.0)
"""What the tiles say they cover."""


def picture(colour: tuple[int, int, int] = (200, 40, 40), size: int = 256, form: str = "PNG") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(body, form)
    return body.getvalue()


def raster_mbtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], **metadata: str) -> Path:
    """Tiles by zoom, column and row from the north."""
    told = {"name": "plain", "format": "png", "bounds": ",".join(map(str, AREA)), **metadata}
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    base.execute(
        "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
    )
    base.executemany("INSERT INTO metadata VALUES (?, ?)", [(k, v) for k, v in told.items() if v])
    base.executemany(
        "INSERT INTO tiles VALUES (?, ?, ?, ?)",
        [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()],
    )
    base.commit()
    base.close()
    return path


def raster_pmtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], **header: object) -> Path:
    west, south, east, north = (round(degrees * 1e7) for degrees in AREA)
    zooms = [z for z, _, _ in tiles] or [0]
    with path.open("wb") as stream:
        writer = Writer(stream)
        for (z, x, y), data in sorted(tiles.items(), key=lambda item: zxy_to_tileid(*item[0])):
            writer.write_tile(zxy_to_tileid(z, x, y), data)
        writer.finalize(
            {
                "tile_type": TileType.PNG,
                "tile_compression": Compression.NONE,
                "min_zoom": min(zooms),
                "max_zoom": max(zooms),
                "min_lon_e7": west,
                "min_lat_e7": south,
                "max_lon_e7": east,
                "max_lat_e7": north,
                "center_zoom": 0,
                "center_lon_e7": 0,
                "center_lat_e7": 0,
                **header,
            },
            {"name": "plain", "attribution": "made for tests"},
        )
        writer.tile_f.close()
    return path


def vector(path: Path) -> Path:
    """A road across the area, written by GDAL; the suffix says which format."""
    west, south, east, north = AREA
    frame = gpd.GeoDataFrame(
        {"class": ["primary"]}, geometry=[LineString([(west, south), (east, north)])], crs=4326
    )
    driver = {".mbtiles": "MBTiles", ".pmtiles": "PMTiles"}[path.suffix]
    pyogrio.write_dataframe(frame, path, layer="transportation", driver=driver, MINZOOM=5, MAXZOOM=7)
    return path
