"""The Xishuangbanna profile: every crossing guarded, check points in depth, health control in villages."""

from __future__ import annotations

from math import exp, log
from random import Random
from typing import Any

from shapely import LineString, Point

from tools.samples.boundaries import read_outline
from tools.samples.draft import Draft, Rows, Site
from tools.samples.sketch import beside, reach, spread, thin, wander

CITY = 532800
METRIC = "EPSG:32647"
"""UTM 47N; its middle meridian, 99 E, lies just west of the prefecture."""
CROSSINGS = {"checkpoint.channel": ("channel", "通道"), "checkpoint.path": ("side_path", "便道")}
"""Kind of check point to the kind of crossing that it guards, and what that is called."""


class Build(Draft):
    """One run."""

    def __init__(self) -> None:
        super().__init__("xishuangbanna", read_outline(CITY, METRIC, at_border=True))
        self.first_line, self.crossings = self.set_first_line()
        self.draw_ways()
        self.depth = self.set_depth()
        self.health = self.set_health_points()

    def set_first_line(self) -> tuple[list[Site], list[tuple[str, str, Point]]]:
        """A check point at every crossing, in order along the border; and those: name, kind, point."""
        rng, whole = self.chance("crossings"), self.whole
        found: list[tuple[float, str, str, Point | None]] = []
        for port in self.plan["ports"]:
            town = self.towns[port["town"]]
            away = Point(town.x + port["away_m"][0], town.y + port["away_m"][1]) if "away_m" in port else None
            found.append((self.border.project(town), "checkpoint.port", port["name"], away))
        for kind, (_, label) in CROSSINGS.items():
            shares = spread(self.plan["counts"][kind], rng, jitter=0.55)
            found += [(share * self.border.length, kind, label, None) for share in shares]
        sites, crossings, numbers = [], [], dict[str, int]()
        hubs = {port["name"]: port.get("hub", "") for port in self.plan["ports"]}
        for at, kind, label, away in sorted(found, key=lambda one: one[0]):
            crossing = away or beside(self.border, at, 25, whole)
            post = away or beside(self.border, at, 150 + 250 * rng.random(), whole)
            county = self.county_of(post)
            name, what = label, "port"
            if kind != "checkpoint.port":
                what = CROSSINGS[kind][0]
                name = f"{self.name[county]} {label}"
                numbers[name] = numbers.get(name, 0) + 1
                name = f"{name} {numbers[name]:02d}"
            crossings.append((name, what, crossing))
            kind_label = self.plan["kinds"][kind]["label"].removeprefix(label).removeprefix("口岸")
            sites.append(Site(post, f"{name} {kind_label}", kind, county, hub=hubs.get(name, "")))
        return sites, crossings

    def draw_ways(self) -> None:
        """Ways between towns and to the ports, out of the prefecture, to every crossing and to villages."""
        rng, whole = self.chance("ways"), self.whole
        self.link(self.plan["ways"]["trunk"], "trunk", rng)
        at = {name: point for name, _, point in self.crossings}
        for port in self.plan["ports"]:
            line = wander(self.towns[port["town"]], at[port["name"]], whole, rng)
            if line is None:
                raise ValueError(f"no way to {port['name']}")
            self.ways.add(f"{port['town']}—{port['name']}", line, "trunk")
        self.leave(self.plan["ways"]["exits"], self.chance("exits"), jitter=0.35)
        self.scatter_ways(
            self.plan["ways"]["small"],
            2600,
            self.chance("small"),
            tries=6000,
            ask=lambda point: min(self.border.distance(point) / 40_000, 0.8),
        )
        rng = self.chance("crossing ways")
        for name, kind, point in self.crossings:
            if kind != "port":
                self.ways.add(f"{name} 连接路", reach(point, self.ways.lines.values(), whole, rng), "track")

    def set_depth(self) -> list[Site]:
        """On trunk roads and exits, and on small ways not far behind the border; numbered in each county."""
        rng, count = self.chance("depth"), self.plan["counts"]["checkpoint.depth"]
        weight = {"trunk": 1.0, "exit": 0.7, "track": 0.1}
        points = self.beside_ways(
            count, 3500, rng, lambda rank, depth: weight[rank] * (0.15 + exp(-depth / 25_000))
        )
        label = self.plan["kinds"]["checkpoint.depth"]["label"]
        points.sort(key=self.border.project)
        return self.number([Site(p, "", "checkpoint.depth", self.county_of(p)) for p in points], label)

    def set_health_points(self) -> list[Site]:
        """At the ends of small ways, which stand for villages, more of them near the border; and in towns."""
        rng, kind = self.chance("health"), "health_point"
        points = self.beside_ways(
            self.plan["counts"][kind], 1300, rng, lambda _, depth: 0.12 + exp(-depth / 14_000), least=700.0
        )
        points.sort(key=self.border.project)
        label = self.plan["kinds"][kind]["label"]
        return self.number([Site(p, "", kind, self.county_of(p)) for p in points], label)

    def beside_ways(
        self, count: int, apart: float, rng: Random, ask: Any, *, least: float = 2500.0
    ) -> list[Point]:
        """Points on ways `least` metres or more behind the border; `ask(rank, depth_m)` is their weight."""
        asks: list[tuple[float, Point]] = []
        for name, line in self.ways.lines.items():
            for at in range(300, int(line.length) - 100, 300):
                point = line.interpolate(at + 200 * rng.random())
                depth = self.border.distance(point)
                if depth > least and self.whole.contains(point):
                    # A weighted choice without replacement takes the smallest exponential keys.
                    key = -log(max(rng.random(), 1e-12)) / ask(self.ways.rank[name], depth)
                    asks.append((key, point))
        return thin(asks, count, apart)

    def fences(self) -> list[tuple[dict[str, Any], Any]]:
        """Lines just inside the border, in metres."""
        rows: list[tuple[dict[str, Any], Any]] = []
        numbers: dict[str, int] = {}
        for start, end in self.plan["fences"]["km"]:
            along = [
                beside(self.border, at, 60, self.whole)
                for at in range(int(start * 1000), int(end * 1000), 250)
            ]
            shape = LineString(along)
            county = self.county_of(along[len(along) // 2])
            numbers[county] = numbers.get(county, 0) + 1
            name = f"{self.name[county]} 电子围栏 {numbers[county]:02d}"
            rows.append(({"name": name, "county": county}, shape))
        return rows

    def files(self) -> dict[str, Rows]:
        """Every file of the profile that is computed."""
        hubs = [({"name": s.name.split()[0], "kind": s.hub}, s.point) for s in self.first_line if s.hub]
        return {
            "counties": self.county_rows(),
            "border": [({"name": "国界（西双版纳段）"}, self.outline.border)],
            "roads": self.road_rows(within_m=30),
            "first_line": self.site_rows(self.first_line, "B"),
            "depth": self.site_rows(self.depth, "D"),
            "health_points": self.site_rows(self.health, "H"),
            "crossings": self.numbered_rows(
                "crossing_id", "X", [({"name": n, "kind": k}, point) for n, k, point in self.crossings]
            ),
            "fences": self.numbered_rows("fence_id", "F", self.fences()),
            "hubs": self.numbered_rows("hub_id", "A", hubs),
        }
