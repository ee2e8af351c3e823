"""What the drawing of every profile shares: its plan, its ways, its sites, and the files it becomes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import shapely
from shapely import LineString, Point

from tools.samples.boundaries import Outline
from tools.samples.roster import write_roster
from tools.samples.sketch import beside, reach, spread, thin, wander, write_geojson

LEVELS = ("I", "II", "III", "IV")
Rows = list[tuple[dict[str, Any], Any]]
"""Properties and geometry (EPSG:4326), as they stand in a file."""


@dataclass
class Ways:
    """The demonstration network: what was drawn so far, by name."""

    lines: dict[str, LineString] = field(default_factory=dict)
    rank: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, line: LineString, rank: str) -> LineString:
        """Put a way into the network."""
        self.lines[name], self.rank[name] = line, rank
        return line

    def between(self, first: str, second: str) -> LineString:
        """A trunk way, from the first town to the second."""
        line = self.lines.get(f"{first}—{second}")
        return line if line is not None else self.lines[f"{second}—{first}"].reverse()


@dataclass
class Site:
    """A site before it is written; the point in metres."""

    point: Point
    name: str
    kind: str
    county: str
    smart: bool = False
    hub: str = ""


class Draft:
    """One run. Every step takes its own stream of chance, so that changing one leaves the others alone."""

    def __init__(self, name: str, outline: Outline) -> None:
        """`name`: of the plan that stands beside this file, NAME.toml."""
        self.plan: dict[str, Any] = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
        self.id, self.outline = name, outline
        self.name = {county["adcode"]: county["name"] for county in self.plan["counties"]}
        self.adcode = {name: code for code, name in self.name.items()}
        self.shape = {code: outline.metric(shape) for code, shape in outline.counties.items()}
        self.whole = shapely.union_all(list(self.shape.values()))
        self.border = outline.metric(outline.border)
        self.outer = outline.metric(outline.outer)
        self.towns = {name: outline.metric(Point(xy)) for name, xy in self.plan["towns"].items()}
        self.ways = Ways()

    def files(self) -> dict[str, Rows]:
        """File name, without ending, to its rows."""
        raise NotImplementedError

    def write(self, folder: Path) -> None:
        """Every file of the profile that is computed."""
        folder.mkdir(parents=True, exist_ok=True)
        files = self.files()
        for name, rows in files.items():
            write_geojson(folder / f"{name}.geojson", rows)
        sites = [row for rows in files.values() for row, _ in rows if "site_id" in row]
        write_roster(self.id, folder, sites, self.name)

    def chance(self, topic: str) -> Random:
        """The stream of one step."""
        return Random(f"{self.plan['seed']}:{topic}")  # noqa: S311 - a drawing, not a secret

    def county_of(self, point: Point) -> str:
        """The adcode of the county that holds a point."""
        return next(code for code, shape in self.shape.items() if shape.contains(point))

    def number(self, sites: Iterable[Site], label: str, *, digits: int = 3) -> list[Site]:
        """The sites, each named by its county, a label and a number that counts on in the county."""
        counts: dict[str, int] = {}
        done = []
        for site in sites:
            counts[site.county] = counts.get(site.county, 0) + 1
            site.name = f"{self.name[site.county]} {label} {counts[site.county]:0{digits}d}"
            done.append(site)
        return done

    # ---- ways ---------------------------------------------------------------------------------------------

    def link(self, links: Iterable[tuple[str, str]], rank: str, rng: Random, *, rough: float = 0.13) -> None:
        """Ways between towns; away from the outline where that can be."""
        inner = self.whole.buffer(-1500)
        for first, second in links:
            ends = self.towns[first], self.towns[second]
            line = wander(*ends, inner, rng, rough=rough) or wander(*ends, self.whole, rng, rough=rough)
            if line is None:
                raise ValueError(f"no way inside the area from {first} to {second}")
            self.ways.add(f"{first}—{second}", line, rank)

    def leave(
        self, count: int, rng: Random, *, jitter: float, often: Callable[[Point], float] | None = None
    ) -> dict[str, LineString]:
        """Ways from the outer boundary inwards, by name; closer together where `often` is larger."""
        outer, numbers, found = self.outer, dict[str, int](), {}
        steps = 4000
        weight = [often(outer.interpolate((n + 0.5) / steps, normalized=True)) if often else 1.0
                  for n in range(steps)]  # fmt: skip
        total, wanted, passed, at = sum(weight), spread(count, rng, jitter=jitter), 0.0, -1
        for share in wanted:
            while passed < share * total:
                at += 1
                passed += weight[at]
            point = beside(outer, (at + 0.5) / steps * outer.length, 5, self.whole)
            county = self.name[self.county_of(point)]
            numbers[county] = numbers.get(county, 0) + 1
            name = f"{county} 示意路{numbers[county]}"
            found[name] = self.ways.add(name, reach(point, self.ways.lines.values(), self.whole, rng), "exit")
        return found

    def scatter_ways(
        self,
        count: int,
        apart: float,
        rng: Random,
        *,
        tries: int,
        ask: Callable[[Point], float] = lambda _: 0.0,
    ) -> None:
        """Small ways that end somewhere in the country, where `ask` and chance want them (smallest first)."""
        west, south, east, north = self.whole.bounds
        asks: list[tuple[float, Point]] = []
        while len(asks) < tries:
            point = Point(west + rng.random() * (east - west), south + rng.random() * (north - south))
            if self.whole.contains(point):
                asks.append((ask(point) + 1.3 * rng.random(), point))
        for number, point in enumerate(thin(asks, count, apart), start=1):
            way = reach(point, self.ways.lines.values(), self.whole, rng)
            self.ways.add(f"乡村示意路{number}", way, "track")

    # ---- rows ---------------------------------------------------------------------------------------------

    def county_rows(self) -> Rows:
        """The counties as they come."""
        outline = self.outline
        return [
            ({"adcode": code, "name": outline.names[code], "full_name": outline.full_names[code]}, shape)
            for code, shape in outline.counties.items()
        ]

    def road_rows(self, *, within_m: float = 0.0) -> Rows:
        """The network; with fewer vertices where a way may be off by so many metres."""
        return [
            (
                {"name": name, "class": self.ways.rank[name]},
                self.outline.degrees(line.simplify(within_m) if within_m else line),
            )
            for name, line in self.ways.lines.items()
        ]

    def exit_rows(self, exits: dict[str, LineString]) -> Rows:
        """Where ways begin at the outer boundary; named after the county next door."""
        beyond = {name: self.outline.metric(shape) for name, shape in self.outline.neighbours.items()}
        rows: Rows = []
        for number, line in enumerate(exits.values(), start=1):
            point = Point(line.coords[0])
            county = self.county_of(point)
            other = min(beyond, key=lambda name: beyond[name].distance(point))
            row = {
                "exit_id": f"E-{number:02d}",
                "name": f"{self.name[county]} 示意出口{number:02d}（往{other}）",
                "county": county,
            }
            rows.append((row, self.outline.degrees(point)))
        return rows

    def site_rows(self, sites: list[Site], letter: str) -> Rows:
        """What stands in a site file, in order."""
        rng, numbers = self.chance(f"equipment {letter}"), dict[str, int]()
        rows: Rows = []
        short = {county["adcode"]: county["short"] for county in self.plan["counties"]}
        for site in sites:
            have = self.plan["kinds"][site.kind]
            numbers[site.county] = numbers.get(site.county, 0) + 1
            least, most = have["lanes"]
            row = {
                "site_id": f"{short[site.county]}-{letter}{numbers[site.county]:03d}",
                "name": site.name,
                "kind": site.kind,
                "county": site.county,
                "lanes_total": least + int(rng.random() * (most - least + 1)),
                "capacity_persons_per_lane_h": have["persons"],
                "capacity_vehicles_per_lane_h": have["vehicles"],
                **{f"staff_required_{level}": n for level, n in zip(LEVELS, have["staff"], strict=True)},
                "smart": site.smart,
                "position_source": "demonstration",
            }
            rows.append((row, self.outline.degrees(site.point)))
        return rows

    def numbered_rows(self, key: str, letter: str, rows: Iterable[tuple[dict[str, Any], Any]]) -> Rows:
        """Rows with an identity that counts on; their shapes in metres."""
        return [
            ({key: f"{letter}-{number:02d}", **properties}, self.outline.degrees(shape))
            for number, (properties, shape) in enumerate(rows, start=1)
        ]


def lines_of(geometry: Any) -> list[LineString]:
    """The line strings inside any geometry."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]


def stretch(line: LineString, part: Any) -> tuple[float, float]:
    """Where a part of a line begins and ends, in metres along it."""
    found = [line.project(Point(xy)) for piece in lines_of(part) for xy in piece.coords]
    return min(found), max(found)


def shuffled(values: list[str], rng: Random) -> list[str]:
    """In a random order that later Pythons keep."""
    return [value for _, value in sorted((rng.random(), value) for value in values)]
