"""Whatever a file or a frame holds, the loader answers with faults or with rows, never with a crash."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.catalog import CATALOG
from layers.check import check_file
from layers.faults import Fault
from layers.load import load_layer
from layers.schema import check_layer

AREA = (98.9, 23.4, 99.5, 24.1)
COUNTIES = gpd.GeoDataFrame(
    {"adcode": ["900101", "900102"], "name": ["甲县", "乙县"]},
    geometry=[shapely.box(99.0, 23.5, 99.2, 24.0), shapely.box(99.2, 23.5, 99.4, 24.0)],
    crs=4326,
)
PROFILE = {
    "area": AREA,
    "kinds": {"duty_point": "first", "checkpoint.level1": "third"},
    "lines": ["first", "third"],
    "counties": COUNTIES,
    "levels": ["I", "II"],
}
SETTINGS = settings(max_examples=120)

text = st.text(max_size=12) | st.sampled_from(
    ["", "d1", "duty_point", "first", "900101", "甲县", "-1", "1e400", "是"]
)
value = text | st.none() | st.booleans() | st.integers() | st.floats()
near = st.floats(98.8, 99.6) | st.floats(23.3, 24.2) | st.floats()
position = st.tuples(near, near)
COLUMNS = (
    "site_id", "name", "kind", "line", "county", "lanes_total", "smart", "video_url", "staff_required_I",
    "staff_required_x", "fence_id", "crossing_id", "adcode", "other",
)  # fmt: skip


@st.composite
def shapes(draw: st.DrawFn) -> Any:
    """Points, lines and polygons, whole and broken, some of them empty, nested, infinite or missing."""
    shape = draw(
        st.sampled_from(
            [
                None,
                *map(
                    shapely.from_wkt,
                    ("POINT EMPTY", "POLYGON EMPTY", "MULTILINESTRING EMPTY", "POINT Z (1 2 3)"),
                ),
                *map(shapely.from_wkt, ("POINT (1 2)", "MULTIPOINT (1 2)", "MULTIPOINT (1 2, 3 4)")),
                *map(
                    shapely.from_wkt,
                    ("LINESTRING (1 2, 3 4, 5 6)", "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
                ),
                *map(
                    shapely.from_wkt,
                    ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
                ),
                shapely.from_wkt("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))"),
            ]
        )
    )
    corners = [] if shape is None else [tuple(corner) for corner in shapely.get_coordinates(shape).tolist()]
    placed = {corner: draw(position) for corner in sorted(set(corners))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numbers that are none, which is what is meant here
        try:
            return (
                shapely.set_coordinates(shape, [placed[corner] for corner in corners]) if corners else shape
            )
        except shapely.GEOSException:  # a ring that begins at no number is never closed: no reader makes one
            return None


def check(frame: gpd.GeoDataFrame, kind: str) -> None:
    """The frame that comes back keeps its rows, and those without fault keep the promises of the kind."""
    row = CATALOG[kind]
    clean, faults = check_layer(frame, kind, file="wild", **PROFILE)
    assert len(clean) == len(frame)
    assert set(row.fields()) <= set(clean.columns)
    tell(faults, len(frame))
    if any(fault.row is None for fault in faults):
        return
    good = clean.drop(index=[fault.row - 1 for fault in faults if fault.row is not None])
    if row.identity:
        assert good[row.identity].is_unique
    for name in row.required:
        assert (good[name] != "").all()
    assert good.geometry.is_valid.all()
    assert not good.geometry.is_empty.any()
    if row.inside and len(good):
        west, south, east, north = good.total_bounds
        assert (west >= AREA[0], south >= AREA[1], east <= AREA[2], north <= AREA[3]) == (True,) * 4
    if row.is_site:
        assert set(good["kind"]) <= set(PROFILE["kinds"])
        assert set(good["line"]) <= set(PROFILE["lines"])
        assert set(good["county"]) <= {"", "900101", "900102"}
        lanes = good["lanes_total"].dropna()
        assert ((lanes >= 0) & (lanes == np.floor(lanes))).all()


def tell(faults: list[Fault], rows: int) -> None:
    """Every fault can be said in one line and names a row that exists."""
    for fault in faults:
        assert fault.what
        assert "\n" not in str(fault)
        assert fault.row is None or 1 <= fault.row <= rows
        assert fault.got or fault.expected


@given(data=st.data(), kind=st.sampled_from(sorted(CATALOG)), rows=st.integers(0, 6))
@SETTINGS
def test_any_frame(data: st.DataObject, kind: str, rows: int) -> None:
    names = data.draw(st.lists(st.sampled_from(COLUMNS), unique=True))
    columns = {name: data.draw(st.lists(value, min_size=rows, max_size=rows)) for name in names}
    geometry = data.draw(st.lists(shapes(), min_size=rows, max_size=rows))
    frame = gpd.GeoDataFrame(
        pd.DataFrame(columns, index=range(rows), dtype=object), geometry=geometry, crs=4326
    )
    check(frame, kind)


@given(data=st.data(), kind=st.sampled_from(["duty_points", "checkpoints", "crossings", "hubs"]))
@SETTINGS
def test_any_table(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    names = data.draw(st.lists(st.sampled_from([*COLUMNS, "lon", "lat", "lon"]) | text, max_size=8))
    cell = text | near.map(str) | st.sampled_from(['"', "a,b", "x\ny", "99.1", "23.7", "\x00"])
    lines = data.draw(st.lists(st.lists(cell, max_size=9).map(",".join), max_size=6))
    (tmp_path / "wild.csv").write_bytes("\n".join([",".join(names), *lines]).encode("utf-8", "surrogatepass"))
    go(tmp_path / "wild.csv", kind, data)


@given(data=st.data(), kind=st.sampled_from(sorted(CATALOG)))
@SETTINGS
def test_any_geojson(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    features = data.draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "type": st.just("Feature"),
                    "properties": st.dictionaries(
                        st.sampled_from(COLUMNS) | text, value | st.lists(value), max_size=5
                    )
                    | value,
                    "geometry": st.none()
                    | st.fixed_dictionaries(
                        {
                            "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPoint", "Blob"]),
                            "coordinates": st.recursive(
                                near | value, lambda inner: st.lists(inner, max_size=4)
                            ),
                        }
                    )
                    | value,
                }
            )
            | value,
            max_size=4,
        )
    )
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if data.draw(st.booleans()):
        body["crs"] = data.draw(value | st.just({"type": "name", "properties": {"name": "EPSG:4490"}}))
    (tmp_path / "wild.geojson").write_text(json.dumps(body), "utf-8")
    go(tmp_path / "wild.geojson", kind, data)


@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg"])
@given(body=st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes(tmp_path: Path, suffix: str, body: bytes) -> None:
    path = tmp_path / f"wild.{suffix}"
    path.write_bytes(b"SQLite format 3\0" + body if suffix == "gpkg" else body)
    assert check_file(path)


def go(path: Path, kind: str, data: st.DataObject) -> None:
    crs = data.draw(st.sampled_from(["EPSG:4326", "EPSG:4490", "EPSG:32647", "EPSG:4522", "GCJ-02", ""]))
    loaded = load_layer(path, kind=kind, crs=crs)
    assert loaded.faults or loaded.frame is not None
    tell(loaded.faults, 10_000)
    if loaded.frame is not None and not loaded.faults:
        check(loaded.frame, kind)
    elif loaded.frame is not None:
        found = check_layer(
            loaded.frame, kind, file="wild", unplaced=loaded.unplaced, absent=loaded.absent, **PROFILE
        )[1]
        tell(found, 10_000)
