"""A profile with a shifted layer starts, and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from data.profile import SAMPLES, check_profile, load_profile
from layers.datums import from_wgs84_degrees


def shifted(folder: Path, file: str) -> None:
    """Every point of a GeoJSON as it is read off a Chinese web map."""
    path = folder / file
    collection = json.loads(path.read_text("utf-8"))
    for feature in collection["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        there = from_wgs84_degrees(np.array([lon]), np.array([lat]), "gcj02")
        feature["geometry"]["coordinates"] = [float(axis[0]) for axis in there]
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")


def test_a_shifted_layer_is_a_warning_and_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "lincang"
    shutil.copytree(SAMPLES / "lincang", folder)
    shifted(folder, "crossings.geojson")
    before = load_profile(SAMPLES / "lincang").layers["crossings"]

    profile = load_profile(folder)
    (warning,) = profile.warnings
    assert warning.warning
    assert warning.file == "crossings.geojson"
    assert "layers[crossings].crs in profile.toml" in warning.hint
    assert check_profile(folder) == [warning]
    moved = profile.layers["crossings"].geometry.iloc[0].distance(before.geometry.iloc[0])
    assert 0.002 < moved < 0.005, "nothing was moved back"

    toml = folder / "profile.toml"
    text = toml.read_text("utf-8")
    line = 'file = "crossings.geojson"\ncrs = "EPSG:4326"'
    assert line in text
    toml.write_text(text.replace(line, line.replace("EPSG:4326", "GCJ-02")), "utf-8")
    mended = load_profile(folder)
    assert mended.warnings == ()
    assert mended.layers["crossings"].geometry.iloc[0].distance(before.geometry.iloc[0]) < 1e-9


def test_only_a_county_that_the_file_names_speaks_of_a_shift(tmp_path: Path) -> None:
    folder = tmp_path / "lincang"
    shutil.copytree(SAMPLES / "lincang", folder)
    shifted(folder, "duty_points.geojson")
    path = folder / "duty_points.geojson"
    collection = json.loads(path.read_text("utf-8"))
    assert any("county" in feature["properties"] for feature in collection["features"])
    for feature in collection["features"]:
        feature["properties"].pop("county", None)
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    (warning,) = load_profile(folder).warnings
    assert "the border" in warning.got
    assert "county" not in warning.got
