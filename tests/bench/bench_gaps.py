"""How long it takes to see what is open when one of 5,000 duty points drops, against shapely.

Ours is all that a picture then knows: the stretches that nobody holds, split at county limits, whether each
is backed within the depth (along roads, where there are some), by whom, and where the nearest reserve stands.
The plain way is the stretches alone: the border less the union of a circle around every working point.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely
from numpy.random import Generator

from data.gaps import depth_of, find_gaps
from data.profile import Profile, load_profile
from layers.crs import Metric
from tests.bench.made_profile import PROFILE

RESULTS = Path(__file__).parent / "results"
POINTS, POSTS = 5_000, 2_000
HELD_M = 300.0
"""Points stand some 400 m apart: the border is held, and each one that drops opens a gap."""
DEPTH_KM = 10.0
ROUNDS, PLAIN_ROUNDS = 60, 5
SPARE = 0.2
"""The share of sites that have staff to spare."""
WEST, EAST, SOUTH = 98.0, 106.0, 22.0
COUNTIES = 8
HEAD = ("site_id", "name", "kind", "lon", "lat", "staff_required_I", "staff_required_II")


def border() -> shapely.LineString:
    """A border that winds for some 3,000 km through eight degrees."""
    t = np.linspace(0, 1, 6_000)
    waves = 0.5 * np.sin(40 * t) + 0.02 * np.sin(900 * t)
    return shapely.LineString(np.column_stack([WEST + (EAST - WEST) * t, SOUTH + 1.2 + waves]))


def made(folder: Path, rng: Generator, *, roads: bool) -> Profile:
    """A profile of 5,000 duty points along the border, 2,000 posts behind it, and roads where asked."""
    line = border()
    at = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.linspace(0, 1, POINTS), normalized=True)
    )
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, rng.random(POSTS), normalized=True))
    behind[:, 1] += rng.uniform(0.02, 0.15, POSTS)
    text = PROFILE.format(area="97, 20, 107, 26", lon=102, lat=23)
    text = text.replace('shape = "triangle"', 'shape = "triangle"\nborder = true')
    text = text.replace('line = "first"', f'line = "first"\nheld_m = {HELD_M:g}')
    for kind in ("border", *(("roads",) if roads else ())):
        text += (
            f'\n[[layers]]\nname = "{kind}"\nkind = "{kind}"\nfile = "{kind}.geojson"\ncrs = "EPSG:4326"\n'
        )
        text += f'title = {{ zh-CN = "{kind}", en = "{kind}" }}\n'
    text += f"\n[coverage]\ndepth_km = {DEPTH_KM:g}\n"
    (folder / "profile.toml").write_text(text, "utf-8")
    wide = (EAST - WEST + 0.2) / COUNTIES
    boxes = [
        shapely.box(WEST - 0.1 + wide * i, SOUTH - 1, WEST - 0.1 + wide * (i + 1), 25)
        for i in range(COUNTIES)
    ]
    _write(
        folder / "counties.geojson",
        boxes,
        [{"adcode": f"9001{i:02d}", "name": f"县{i}"} for i in range(COUNTIES)],
    )
    _write(folder / "border.geojson", [line], [{}])
    if roads:
        shift = [
            shapely.transform(line, lambda xy, up=up: xy + np.array([0, up])) for up in (0.005, 0.06, 0.12)
        ]
        spurs = [shapely.LineString([(x, y), (x, y + 0.16)]) for x, y in behind - np.array([0, 0.15])]
        _write(folder / "roads.geojson", [*shift, *spurs], [{}] * (len(shift) + len(spurs)))
    with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for kind, places in (("duty_point", at), ("second_line_post", behind)):
            for row, (lon, lat) in enumerate(places.round(6).tolist()):
                table.writerow((f"{kind}{row}", f"{kind}{row}", kind, lon, lat, 6, 4))
    return load_profile(folder)


def _write(path: Path, shapes: list[Any], rows: list[dict[str, str]]) -> None:
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def measure(profile: Profile, rng: Generator, silent: float) -> dict[str, float]:
    """Medians in milliseconds over one point after the other dropping, and their ratio."""
    sites = profile.sites
    works = rng.random(len(sites)) >= silent
    spare = np.where(works & (rng.random(len(sites)) < SPARE), 2.0, 0.0)
    fences = np.zeros(0, dtype=bool)
    plane = Metric((WEST, SOUTH, EAST, SOUTH + 3))
    whole = plane.shapes(np.array([border()], dtype=object))[0]
    circles = shapely.buffer(shapely.points(plane.points(sites.lon[:POINTS], sites.lat[:POINTS])), HELD_M)
    ours_ms, plain_ms, gaps, exposed = [], [], 0, 0
    dropped = rng.choice(np.flatnonzero(works[:POINTS]), ROUNDS + 1, replace=False)
    for turn, one in enumerate(dropped.tolist()):
        now = works.copy()
        now[one] = False
        begun = time.perf_counter()
        found = find_gaps(profile, now, fences, np.where(now, spare, 0.0))
        ours_ms.append((time.perf_counter() - begun) * 1000)
        gaps, exposed = len(found), sum(gap.backed is False for gap in found)
        if turn < PLAIN_ROUNDS:
            begun = time.perf_counter()
            whole.difference(shapely.union_all(circles[now[:POINTS]]))
            plain_ms.append((time.perf_counter() - begun) * 1000)
    ours, plain = median(ours_ms[1:]), median(plain_ms)
    return {
        "ours_ms": ours, "ours_max_ms": max(ours_ms[1:]), "plain_ms": plain, "ratio": ours / plain,
        "gaps": gaps, "exposed": exposed,
    }  # fmt: skip


def main() -> None:
    """Measure, print a table, write JSON."""
    results: dict[str, Any] = {}
    print(f"{'':32}{'ours ms':>9}{'max ms':>9}{'plain ms':>10}{'ratio':>8}{'gaps':>7}{'exposed':>9}")
    for roads in (True, False):
        rng = np.random.default_rng(4)
        with tempfile.TemporaryDirectory() as folder:
            profile = made(Path(folder), rng, roads=roads)
        begun = time.perf_counter()
        depth_of(profile)
        way = "along roads" if roads else "straight"
        results[f"{way}, worked out once, s"] = time.perf_counter() - begun
        for silent in (0.0, 0.05, 0.5):
            row = measure(profile, rng, silent)
            name = f"{way}, {silent:.0%} silent, one drops"
            results[name] = row
            print(
                f"{name:32}{row['ours_ms']:9.2f}{row['ours_max_ms']:9.2f}{row['plain_ms']:10.1f}"
                f"{row['ratio']:8.3f}{row['gaps']:7.0f}{row['exposed']:9.0f}",
                flush=True,
            )
    for name, took in results.items():
        if isinstance(took, float):
            print(f"{name}: {took:.2f}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "gaps.json").write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
