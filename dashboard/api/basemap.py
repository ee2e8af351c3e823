"""The basemap's tiles, from the one file that the profile names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.problems import Problem
from dashboard.api.query import AskedQuery, answer
from dashboard.basemap import basemap, touches, within
from dashboard.desk import Desk
from data.rules import in_language
from layers.faults import FaultsError
from layers.tiles import TileSet
from layers.tiles.base import DEEPEST, MEDIA

GZIP = b"\x1f\x8b"
KEEP = "private, max-age=86400"
"""A tile's address carries the file's tag, so that a replaced file has other addresses."""

router = APIRouter(prefix="/api/v1")


def _tiles(desk: Desk) -> tuple[TileSet, str]:
    """The tiles, and a tag of the file and of how much of it is the reader's."""
    try:
        found = basemap(desk.profile)
    except FaultsError as error:
        raise Problem("basemap-broken", got=str(error.faults[0])) from None
    if found is None:
        raise Problem("no-basemap")
    tiles, tag = found
    return tiles, f"{tag}-{desk.reach}" if desk.reach else tag


@router.get("/basemap")
def description(query: AskedQuery) -> Response:
    """What the basemap is, as TileJSON; `tag` changes with the file."""
    tiles, tag = _tiles(query.board)
    profile, info = query.board.profile, tiles.info
    spec = profile.spec.map.basemap
    attribution = in_language(spec.attribution, query.lang, profile) if spec else ""
    return answer(
        {
            "tilejson": "3.0.0",
            "name": info.name,
            "scheme": "xyz",
            "tiles": [f"/api/v1/basemap/{{z}}/{{x}}/{{y}}?tag={tag}"],
            "format": info.format,
            "type": "vector" if info.vector else "raster",
            "minzoom": info.min_zoom,
            "maxzoom": info.max_zoom,
            "bounds": within(profile, info.bounds) if query.board.reach else info.bounds,
            "tile_size": info.tile_size,
            "attribution": attribution or info.attribution,
            "vector_layers": [{"id": name, "fields": {}} for name in info.vector_layers],
            "opacity": spec.opacity if spec else 1.0,
            "dim": spec.dim if spec else True,
            "tag": tag,
        }
    )


@router.get("/basemap/{z}/{x}/{y}")
def tile(
    request: Request,
    z: str,
    x: str,
    y: str,
    tag: Annotated[str, Query(description="The file's tag, so that browsers may keep the tile")] = "",
) -> Response:
    """One tile; 204 where the file has none there, and beyond a reader's own county."""
    column, row, zoom = (_number(text, name) for text, name in ((x, "x"), (y, "y"), (z, "z")))
    if zoom > DEEPEST or column >= 2**zoom or row >= 2**zoom:
        raise Problem(
            "bad-number", where="z/x/y", got=f"{z}/{x}/{y}", expected="a tile of the web map's grid"
        )
    desk: Desk = request.app.state.desk
    tiles, now = _tiles(desk)
    try:
        seen = not desk.reach or touches(desk.profile, zoom, column, row)
        data = tiles.tile(zoom, column, row) if seen else None
    except FaultsError as error:
        raise Problem("basemap-broken", got=str(error.faults[0])) from None
    headers = {"Cache-Control": KEEP if tag and tag == now else "no-cache"}
    if data is None:
        return Response(status_code=204, headers=headers)
    if data.startswith(GZIP):
        headers["Content-Encoding"] = "gzip"
    return Response(data, media_type=MEDIA[tiles.info.format], headers=headers)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Problem("bad-number", where=name, got=text, expected="a whole number")
    return int(text)
