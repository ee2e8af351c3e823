"""The map under the live markers, from the profile's own layers: no tile, no glyph, nothing from afar."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import plotly.graph_objects as go
import shapely
from geopandas import GeoDataFrame

from dashboard.theme import DARK
from dashboard.view import View
from data.county import county_profile
from data.per_profile import per_profile
from data.profile import Profile

NOTHING: dict[str, Any] = {"type": "FeatureCollection", "features": []}


@dataclass(frozen=True)
class Ground:
    """The layers below the sites."""

    names: tuple[str, ...]
    body: bytes
    """JSON: name to FeatureCollection."""


def base_map(profile: Profile, view: View) -> go.Figure:
    """Counties, border, roads and names as a MapLibre style inside one Scattermap figure.

    It is drawn in the dark palette; the page's script puts the theme's own colour in place of each.
    The one trace is empty, and so are the style's sources: the page's script draws the sites on the map
    itself and lays the ground under them (`assets/ground.js`), and fills both into the figure only where it
    cannot reach that map.
    """
    spec = profile.spec
    center = view.center or spec.map.center
    figure = go.Figure(
        go.Scattermap(lon=[], lat=[], mode="markers", marker={"size": 8}, hoverinfo="skip", visible=False)
    )
    figure.update_layout(
        map={
            "style": _style(profile, view.scope, dict.fromkeys(ground(profile, view.scope).names, NOTHING)),
            "center": {"lon": center[0], "lat": center[1]},
            "zoom": view.zoom if view.zoom is not None else spec.map.zoom,
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=DARK["ground"],
        uirevision="constant",
        showlegend=False,
        autosize=True,
    )
    return figure


def style(profile: Profile, scope: str) -> dict[str, Any]:
    """A MapLibre style with every source inline."""
    return _style(profile, scope, _sources(profile, scope))


@per_profile()
def ground(profile: Profile, scope: str) -> Ground:
    """What lies under the sites, worked out once for a profile and a scope."""
    sources = _sources(profile, scope)
    return Ground(tuple(sources), orjson.dumps(sources))


def _style(profile: Profile, scope: str, sources: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 8,
        "name": profile.spec.id,
        "sources": {name: {"type": "geojson", "data": data} for name, data in sources.items()},
        "layers": [
            layer
            for layer in _layers(scope, on_basemap=profile.spec.map.basemap is not None)
            if layer.get("source", "counties") in sources
        ],
    }


def _sources(profile: Profile, scope: str) -> dict[str, Any]:
    """The layers below the sites; of what belongs to a county only the scope's own."""
    spec = profile.spec
    sources: dict[str, Any] = {}
    if len(profile.counties):
        sources["counties"] = _geojson(profile.counties[["adcode", "name", "geometry"]])
        points = profile.counties.copy()
        # Where names would overlap, that of the larger county stays.
        points["order"] = np.argsort(np.argsort(-shapely.area(points.geometry.to_numpy())))
        points["geometry"] = points.geometry.representative_point()
        sources["county-names"] = _geojson(points[["adcode", "name", "order", "geometry"]])
    own = county_profile(profile, scope) if scope else profile
    for layer in spec.layers:
        frame = (own if layer.kind in ("crossings", "hubs", "exits") else profile).layers.get(layer.name)
        if frame is None or not len(frame):
            continue
        if layer.kind in ("border", "roads", "waters", "crossings", "hubs", "exits"):
            keep = [name for name in ("name", "kind", "class") if name in frame.columns]
            if len(frame):
                sources[layer.kind] = _geojson(frame[[*keep, "geometry"]])
    return sources


def _geojson(frame: GeoDataFrame) -> dict[str, Any]:
    """A frame as GeoJSON with coordinates to about a metre, which keeps the page small."""
    rounded = frame.copy()
    rounded["geometry"] = rounded.geometry.set_precision(1e-5, mode="pointwise")
    data: dict[str, Any] = json.loads(rounded.to_json(drop_id=True))
    data.pop("crs", None)
    return data


def _layers(scope: str, *, on_basemap: bool) -> list[dict[str, Any]]:
    inside: Any = ["==", ["get", "adcode"], scope] if scope else True
    label = {"text-font": ["Noto Sans CJK SC Regular"], "text-allow-overlap": False}
    return [
        {"id": "ground", "type": "background", "paint": {"background-color": DARK["ground"]}},
        {
            "id": "land-glow",
            "type": "line",
            "source": "counties",
            "paint": {
                "line-color": DARK["land-edge"],
                "line-width": 14,
                "line-blur": 14,
                "line-opacity": 0.35,
            },
        },
        {
            "id": "land",
            "type": "fill",
            "source": "counties",
            "paint": {
                "fill-color": ["case", inside, DARK["land"], DARK["ground"]],
                # Over a basemap only a tint, and a veil over the other counties.
                "fill-opacity": ["case", inside, 0.3, 0.45] if on_basemap else 1,
                "fill-antialias": False,
            },
        },
        {
            "id": "waters",
            "type": "line",
            "source": "waters",
            "paint": {"line-color": DARK["water"], "line-width": 1.2},
        },
        {
            "id": "roads",
            "type": "line",
            "source": "roads",
            "paint": {
                "line-color": DARK["road"],
                "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.8, 12, 2.2],
            },
        },
        {
            "id": "main-roads",
            "type": "line",
            "source": "roads",
            "filter": ["in", ["get", "class"], ["literal", ["motorway", "trunk", "national"]]],
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": DARK["road-main"],
                "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1.3, 12, 3.4],
            },
        },
        {
            "id": "county-lines",
            "type": "line",
            "source": "counties",
            "paint": {"line-color": DARK["land-edge"], "line-width": 1},
        },
        {
            "id": "border-glow",
            "type": "line",
            "source": "border",
            "paint": {
                "line-color": DARK["border-line"],
                "line-width": 9,
                "line-blur": 8,
                "line-opacity": 0.4,
            },
        },
        {
            "id": "border",
            "type": "line",
            "source": "border",
            "layout": {"line-join": "round", "line-cap": "round"},
            "paint": {"line-color": DARK["border-line"], "line-width": 2},
        },
        {
            "id": "crossings",
            "type": "circle",
            "source": "crossings",
            "minzoom": 8.6,
            "paint": {
                "circle-radius": 3.5,
                "circle-color": DARK["ground"],
                "circle-stroke-color": DARK["border-line"],
                "circle-stroke-width": 1.5,
            },
        },
        {
            "id": "exits",
            "type": "circle",
            "source": "exits",
            "minzoom": 8.6,
            "paint": {
                "circle-radius": 4.5,
                "circle-opacity": 0,
                "circle-stroke-color": DARK["quiet"],
                "circle-stroke-width": 1.2,
            },
        },
        {
            "id": "county-names",
            "type": "symbol",
            "source": "county-names",
            "layout": {
                **label,
                "text-field": ["get", "name"],
                "text-letter-spacing": 0.15,
                "text-size": ["interpolate", ["linear"], ["zoom"], 6, 16, 8.5, 20, 12, 26],
                "text-padding": 0,
                "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
                "text-radial-offset": 0.4,
                "symbol-sort-key": ["case", inside, 0, ["get", "order"]] if scope else ["get", "order"],
            },
            "paint": {
                "text-color": ["case", inside, DARK["place"], DARK["place-far"]],
                "text-halo-color": DARK["ground"],
                "text-halo-width": 1.6,
                "text-opacity": 0.9,
            },
        },
        {
            "id": "crossing-names",
            "type": "symbol",
            "source": "crossings",
            "minzoom": 10,
            "layout": {**label, "text-field": ["get", "name"], "text-size": 16, "text-offset": [0, 1.1]},
            "paint": {"text-color": DARK["quiet"], "text-halo-color": DARK["ground"], "text-halo-width": 1.4},
        },
    ]
