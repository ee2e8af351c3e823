"""How long geodata takes to load and to check, against a bare read of the same file in the same run.

Ours is what `threeline check` does with a file held against its layer kind: read, reprojected, named, typed,
every check. The peer only reads: `pyogrio.read_dataframe`, and `geopandas.read_parquet` where GDAL has no
Parquet. 100,000 points with ten columns, and 5,000 polygons of 200 vertices, as GeoPackage, GeoParquet and
shapefile. Then the Lincang profile as `serve` loads it, and the same points inside it, held against its
kinds, lines, counties and duty levels. Last, the holes that 5,000 duty points leave in a border, against
shapely's union and difference of the same stretches.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from data.profile import check_profile, find_profile, load_profile
from layers.check import check_file
from layers.coverage import Spans, uncovered

RESULTS = Path(__file__).parent / "results"
ROUNDS = 9
POINTS, POLYGONS, VERTICES = 100_000, 5_000, 200
_SHORT = {
    "capacity_persons_per_lane_h": "cap_p",
    "position_source": "source",
    "staff_required_I": "staff_I",
    "lanes_total": "lanes",
}
"""A shapefile's column names have ten letters."""


def paired(ours: Callable[[], Any], plain: Callable[[], Any]) -> dict[str, float]:
    """Medians in milliseconds of both, taken in turn, and the median of their ratios."""
    took: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(ROUNDS + 1):
        for name, run in (("ours", ours), ("plain", plain)):
            begun = time.perf_counter()
            run()
            took[name].append((time.perf_counter() - begun) * 1000)
    ratios = [mine / theirs for mine, theirs in zip(took["ours"][1:], took["plain"][1:], strict=True)]
    medians = {f"{name}_ms": median(times[1:]) for name, times in took.items()}
    return {**medians, "ratio": median(ratios)}


def made_points() -> gpd.GeoDataFrame:
    """Duty points all over Lincang's area, every row good."""
    rng = np.random.default_rng(7)
    at = gpd.points_from_xy(rng.uniform(98.7, 100.5, POINTS), rng.uniform(23.1, 25.0, POINTS))
    columns = {
        "site_id": [f"LX-X{row:06d}" for row in range(POINTS)],
        "name": [f"第{row}抵边执勤点" for row in range(POINTS)],
        "kind": "duty_point",
        "line": "first",
        "county": "",
        "lanes_total": rng.integers(1, 6, POINTS).astype("int32"),
        "capacity_persons_per_lane_h": rng.uniform(50, 200, POINTS).round(1),
        "smart": rng.random(POINTS) < 0.1,
        "position_source": "demonstration",
        "staff_required_I": rng.integers(2, 12, POINTS).astype("int32"),
    }
    return gpd.GeoDataFrame(columns, geometry=at, crs=4326)


def made_polygons() -> gpd.GeoDataFrame:
    """Fences with a wavy edge."""
    rng = np.random.default_rng(8)
    turn = np.linspace(0, 2 * np.pi, VERTICES)
    wave = 1 + 0.2 * np.sin(5 * turn)
    unit = np.column_stack([wave * np.cos(turn), wave * np.sin(turn)])
    middle = np.column_stack([rng.uniform(98.7, 100.4, POLYGONS), rng.uniform(23.1, 24.9, POLYGONS)])
    size = rng.uniform(0.001, 0.02, POLYGONS)
    shapes = shapely.polygons(middle[:, None, :] + size[:, None, None] * unit)
    columns = {
        "fence_id": [f"F{row}" for row in range(POLYGONS)],
        "name": [f"围栏{row}" for row in range(POLYGONS)],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def clean(faults: list[Any]) -> None:
    """A bench of a refusal would measure nothing."""
    if stops := [fault for fault in faults if not fault.warning]:
        raise SystemExit(f"{len(stops)} faults, the first: {stops[0]}")


def checked(path: Path, kind: str) -> None:
    """What `threeline check` does with a file."""
    clean(check_file(path, kind=kind))


def files(folder: Path) -> dict[str, dict[str, float]]:
    """Both made layers in each format, ours against a bare read."""
    results = {}
    layers = (("100,000 points", "duty_points", made_points()), ("5,000 polygons", "fences", made_polygons()))
    for title, kind, frame in layers:
        for form, suffix in (("GeoPackage", ".gpkg"), ("GeoParquet", ".parquet"), ("shapefile", ".shp")):
            path = folder / f"{kind}{suffix}"
            bare: Callable[[Path], Any] = pyogrio.read_dataframe
            if suffix == ".parquet":
                frame.to_parquet(path)
                bare = gpd.read_parquet
            elif suffix == ".shp":
                frame.rename(columns=_SHORT).to_file(path, encoding="utf-8")
            else:
                frame.to_file(path)
            results[f"{title}, {form}"] = paired(partial(checked, path, kind), partial(bare, path))
    return results


def profiles(folder: Path) -> dict[str, dict[str, float]]:
    """The Lincang profile as it is, and with the points as one more layer of it."""
    lincang = find_profile("lincang")
    own = sorted(lincang.glob("*.geojson"))
    results = {
        "Lincang as served": paired(
            lambda: load_profile(lincang), lambda: [pyogrio.read_dataframe(file) for file in own]
        )
    }
    wide = Path(shutil.copytree(lincang, folder / "wide"))
    points = made_points()
    inside = shapely.union_all(gpd.read_file(lincang / "counties.geojson").geometry.to_numpy())
    points = points[shapely.contains_xy(inside, points.geometry.x, points.geometry.y)]
    points.drop(columns="staff_required_I").to_file(wide / "points.gpkg")
    toml = wide / "profile.toml"
    layer = (
        '\n[[layers]]\nname = "points"\nkind = "duty_points"\nfile = "points.gpkg"\n'
        'title = { "zh-CN" = "点", en = "Points" }\n'
    )
    toml.write_text(toml.read_text("utf-8") + layer, "utf-8")
    title = f"Lincang with {len(points):,} points more"
    everything = [*own, wide / "points.gpkg"]
    results[title] = paired(
        lambda: clean(check_profile(wide)), lambda: [pyogrio.read_dataframe(file) for file in everything]
    )
    return results


def holes() -> dict[str, float]:
    """Half of 5,000 duty points are silent."""
    rng = np.random.default_rng(1)
    middle = np.sort(rng.uniform(0, 3000, 5000))
    spans = Spans(np.arange(5000), middle - 0.45, middle + 0.45)
    up = rng.random(5000) < 0.5

    def with_shapely() -> Any:
        held = [
            shapely.LineString([(a, 0), (b, 0)])
            for a, b in zip(spans.from_km[up], spans.to_km[up], strict=True)
        ]
        return shapely.LineString([(0, 0), (3000, 0)]).difference(shapely.union_all(held))

    return paired(lambda: uncovered(3000.0, [(spans, up)]), with_shapely)


def main() -> None:
    """Measure, print a table, write JSON."""
    with tempfile.TemporaryDirectory() as made:
        results = {**files(Path(made)), **profiles(Path(made))}
    results["uncovered border, 5,000 points"] = holes()
    print(f"{'':36}{'ours ms':>10}{'plain ms':>10}{'ratio':>8}")
    for name, row in results.items():
        print(f"{name:36}{row['ours_ms']:10.2f}{row['plain_ms']:10.2f}{row['ratio']:8.3f}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "layers.json").write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
