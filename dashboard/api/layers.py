"""The profile's layers: a catalogue, and each as GeoJSON."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import orjson
import shapely
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.problems import choice
from dashboard.api.query import AskedQuery, answer
from dashboard.api.sites import GEOJSON, feature, static_properties
from dashboard.desk import Desk
from dashboard.pinyin import site_spelling
from data.per_profile import per_profile
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language

SITES = "sites"
"""The layer of all sites together, with what does not change."""
SITE_FIELDS = (
    "site_id", "name", "kind", "kind_name", "line", "county", "county_name", "lanes_total", "smart",
)  # fmt: skip
DECIMALS = 6
"""Of a degree: a tenth of a metre."""

router = APIRouter(prefix="/api/v1")


@router.get("/layers")
def catalogue(query: AskedQuery) -> Response:
    """Every layer of the profile, and the one of all sites; with how many features the scope has of each."""
    picture = replace(query, at=None).picture()
    profile = query.profile_of(picture)
    cut = f"?scope={query.scope}" if query.scope else ""
    rows: list[dict[str, Any]] = [
        {
            "name": SITES,
            "kind": SITES,
            "title": "全部站点" if query.lang.startswith("zh") else "All sites",
            "features": len(picture.sites),
            "href": f"/api/v1/layers/{SITES}{cut}",
        }
    ]
    rows += [
        {
            "name": layer.name,
            "kind": layer.kind,
            "title": in_language(layer.title, query.lang, profile),
            "features": len(profile.layers[layer.name]),
            "crs": "EPSG:4326",
            "source_crs": layer.crs,
            "href": f"/api/v1/layers/{layer.name}{cut}",
        }
        for layer in profile.spec.layers
    ]
    return answer({"layers": rows})


@router.get("/layers/{name}")
def layer(request: Request, query: AskedQuery, name: str) -> Response:
    """One layer as a FeatureCollection, EPSG:4326."""
    picture = replace(query, at=None).picture()
    profile = query.profile_of(picture)
    if name == SITES:
        body = sites_layer(query.board, picture, query.lang)
    elif name in profile.layers:
        body = layer_bytes(profile, name)
    else:
        raise choice("unknown-layer", "name", name, [SITES, *profile.layers])
    tag = f'W/"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    # A layer changes with the profile only: a browser asks whether, and mostly need not fetch it again.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=GEOJSON, headers=headers)


def sites_layer(board: Desk, picture: Picture, lang: str) -> bytes:
    """All sites of a picture with what does not change, for a map to draw from."""
    spelt = site_spelling(picture.profile or board.profile)
    features = [
        feature(
            picture,
            row,
            {name: properties[name] for name in SITE_FIELDS} | asdict(spelt[properties["site_id"]]),
        )
        for row, properties in enumerate(static_properties(board, picture, lang))
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


@per_profile(most=256)
def layer_bytes(profile: Profile, name: str) -> bytes:
    """A layer of the profile as GeoJSON; encoded once, because a profile never changes."""
    frame = profile.layers[name]
    shapes = frame.geometry.to_numpy()
    texts = shapely.to_geojson(shapely.transform(shapes, lambda degrees: np.round(degrees, DECIMALS)))
    columns = {column: frame[column].tolist() for column in frame.columns if column != frame.geometry.name}
    features = [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(text),
            "properties": {column: _cell(values[row]) for column, values in columns.items()},
        }
        for row, text in enumerate(texts)
    ]
    return orjson.dumps({"type": "FeatureCollection", "name": name, "features": features})


def _cell(value: Any) -> Any:
    """A cell of a frame as a JSON value; whatever a frame uses for nothing is null."""
    if value is None or value != value:  # noqa: PLR0124  # NaN
        return None
    item = getattr(value, "item", None)
    return item() if callable(item) else value
