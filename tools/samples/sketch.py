"""Believable, repeatable demonstration geometry inside real boundaries; everything in metres."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import dist
from pathlib import Path
from random import Random
from typing import Any

import shapely
from shapely import LineString, MultiLineString, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

SEGMENT_M = 1600.0
"""A winding way is bent until its segments are this short."""
XY = tuple[float, float]


def bell(rng: Random) -> float:
    """About a standard normal, from `random()` alone, whose stream Python promises to keep."""
    return (rng.random() + rng.random() + rng.random() - 1.5) * 2.0


def smooth(points: list[XY], rounds: int = 2) -> list[XY]:
    """Corners cut (Chaikin); both ends stay."""
    for _ in range(rounds):
        cut = [points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            cut += [((3 * x0 + x1) / 4, (3 * y0 + y1) / 4), ((x0 + 3 * x1) / 4, (y0 + 3 * y1) / 4)]
        points = [*cut, points[-1]]
    return points


def wander(
    start: Point, end: Point, inside: BaseGeometry, rng: Random, *, rough: float = 0.13
) -> LineString | None:
    """A winding way from start to end that stays inside, or None when none is found."""
    shapely.prepare(inside)
    for attempt in range(60):
        points = [(start.x, start.y), (end.x, end.y)]
        swing = rough * (1 + attempt / 15)
        while max(dist(a, b) for a, b in pairwise(points)) > SEGMENT_M:
            finer = [points[0]]
            for (x0, y0), (x1, y1) in pairwise(points):
                side = swing * bell(rng)
                finer += [((x0 + x1) / 2 - side * (y1 - y0), (y0 + y1) / 2 + side * (x1 - x0)), (x1, y1)]
            points = finer
            swing = min(swing, rough)
        line = LineString(smooth(points))
        if inside.covers(line):
            return line
    return None


def reach(start: Point, network: Iterable[LineString], inside: BaseGeometry, rng: Random) -> LineString:
    """A way from start to the network: to its nearest point, or the next nearest within reach."""
    for end in _ends(start, MultiLineString(list(network))):
        line = wander(start, end, inside, rng)
        if line is not None:
            return line
    raise ValueError(f"no way inside the area from {start}")


def _ends(start: Point, lines: MultiLineString) -> Iterator[Point]:
    """Where a way may meet the network, the nearest point first; the others are rarely asked for."""
    yield lines.interpolate(lines.project(start))
    spread = [Point(xy) for line in lines.geoms for xy in line.coords[::6]]
    yield from sorted(spread, key=start.distance)[:400:8]


def spread(count: int, rng: Random, *, jitter: float, wide: float = 0.0, wide_by: float = 1.0) -> list[float]:
    """Shares 0..1 in order, evenly spaced but jittered; a share `wide` of gaps is `wide_by` times as long."""
    gaps = [1 + jitter * (2 * rng.random() - 1) for _ in range(count)]
    gaps = [gap * wide_by if rng.random() < wide else gap for gap in gaps]
    total, at, shares = sum(gaps), 0.0, []
    for gap in gaps:
        shares.append((at + gap / 2) / total)
        at += gap
    return shares


def beside(line: LineString, at: float, distance: float, inside: BaseGeometry) -> Point:
    """The point at `at` metres along the line, moved `distance` metres to the side that is inside."""
    here, ahead = line.interpolate(at), line.interpolate(min(at + 30.0, line.length))
    back = line.interpolate(max(at - 30.0, 0.0))
    dx, dy = ahead.x - back.x, ahead.y - back.y
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    sides = [Point(here.x - s * distance * dy / norm, here.y + s * distance * dx / norm) for s in (1, -1)]
    within = [side for side in sides if inside.contains(side)]
    # At a sharp bend both sides may be inside, or neither: then the farther one, or straight in.
    if not within:
        return nearest_points(inside.buffer(-distance / 2), here)[0]
    return max(within, key=line.distance)


def thin(candidates: Iterable[tuple[float, Point]], count: int, apart: float) -> list[Point]:
    """The first `count` points by key that keep `apart` metres from each other."""
    taken: list[Point] = []
    cells: dict[tuple[int, int], list[Point]] = {}
    for _, point in sorted(candidates, key=lambda pair: pair[0]):
        cx, cy = int(point.x // apart), int(point.y // apart)
        near = (other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in cells.get((cx + i, cy + j), ()))
        if all(point.distance(other) >= apart for other in near):
            taken.append(point)
            cells.setdefault((cx, cy), []).append(point)
            if len(taken) == count:
                return taken
    raise ValueError(f"only {len(taken)} of {count} points fit {apart} m apart")


def write_geojson(path: Path, rows: Iterable[tuple[dict[str, Any], BaseGeometry]]) -> None:
    """A GeoJSON file (EPSG:4326, six decimals), one feature a line, the same bytes for the same rows."""

    def rounded(value: Any) -> Any:
        return round(value, 6) if isinstance(value, float) else [rounded(part) for part in value]

    lines = []
    for properties, geometry in rows:
        shape = mapping(geometry)
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": shape["type"], "coordinates": rounded(shape["coordinates"])},
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    path.write_bytes(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode())
