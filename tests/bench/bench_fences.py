"""Which of a million positions lie in which of 500 fences, against `geopandas.sjoin` in the same run.

Both answer with the same pairs, which is checked; sorting the positions is part of our time, and building the
index part of geopandas'. The board itself joins its fixed sites once and keeps the answer.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import shapely

from layers.within import join

RESULTS = Path(__file__).parent / "results"
POINTS, FENCES, VERTICES, ROUNDS = 1_000_000, 500, 200, 5


def blob(rng: np.random.Generator) -> shapely.Polygon:
    """A wavy fence a few kilometres wide."""
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 0.04 * (1 + 0.3 * np.sin(5 * turn + rng.uniform(0, 6)))
    lon, lat = rng.uniform((98.5, 22.9), (100.7, 25.2))
    return shapely.Polygon(np.column_stack([lon + radius * np.cos(turn), lat + radius * np.sin(turn)]))


def main() -> None:
    """Measure in turn, print a table, write JSON."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(98.4, 100.8, POINTS), rng.uniform(22.8, 25.3, POINTS)
    shapes = np.array([blob(rng) for _ in range(FENCES)], dtype=object)
    fences = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    took: dict[str, list[float]] = {"ours": [], "sjoin": []}
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        ours = join(lon, lat, shapes)
        took["ours"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        theirs = gpd.sjoin(points, fences, predicate="intersects")
        took["sjoin"].append(time.perf_counter() - begun)
    pairs = np.lexsort((theirs.index.to_numpy(), theirs["index_right"].to_numpy()))
    assert (theirs["index_right"].to_numpy()[pairs] == ours[0]).all()
    assert (theirs.index.to_numpy()[pairs] == ours[1]).all()
    ours_s, theirs_s = median(took["ours"][1:]), median(took["sjoin"][1:])
    result = {
        "points": POINTS,
        "fences": FENCES,
        "pairs": len(ours[0]),
        "ours_s": ours_s,
        "sjoin_s": theirs_s,
        "ratio": ours_s / theirs_s,
    }
    print(f"{POINTS:,} positions, {FENCES} fences of {VERTICES} vertices: {len(ours[0]):,} pairs")
    print(f"ours {ours_s:.3f} s   geopandas.sjoin {theirs_s:.3f} s   ratio {ours_s / theirs_s:.3f}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fences.json").write_text(json.dumps(result, indent=2), "utf-8")


if __name__ == "__main__":
    main()
