"""Small geodata files, written as a test asks for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

Write = Callable[..., Path]


@pytest.fixture
def geojson(tmp_path: Path) -> Write:
    """geojson((properties, geometry), …, crs=…): a geometry is a (lon, lat) pair, a dictionary or None."""

    def write(*features: tuple[dict[str, Any], Any], crs: str = "", name: str = "layer.geojson") -> Path:
        collection: dict[str, Any] = {"type": "FeatureCollection"}
        if crs:
            collection["crs"] = {"type": "name", "properties": {"name": crs}}
        collection["features"] = [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Point", "coordinates": shape} if isinstance(shape, tuple) else shape,
            }
            for properties, shape in features
        ]
        path = tmp_path / name
        path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
        return path

    return write


@pytest.fixture
def text(tmp_path: Path) -> Write:
    """text(lines, name=…, encoding=…): a text file."""

    def write(*lines: str, name: str = "layer.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return write


@pytest.fixture
def geopackage(tmp_path: Path) -> Write:
    """geopackage({layer: frame}, name=…): a GeoPackage of these layers."""

    def write(layers: dict[str, gpd.GeoDataFrame], name: str = "layer.gpkg") -> Path:
        path = tmp_path / name
        for layer, frame in layers.items():
            frame.to_file(path, layer=layer, driver="GPKG")
        return path

    return write
