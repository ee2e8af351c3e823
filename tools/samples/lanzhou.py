"""The Lanzhou profile: a ring of traffic stations where main roads leave, rural posts, temporary points."""

from __future__ import annotations

import shapely
from shapely import LineString, Point
from shapely.ops import nearest_points

from tools.samples.boundaries import read_outline
from tools.samples.draft import Draft, Rows, Site
from tools.samples.sketch import thin

CITY = 620100
METRIC = "EPSG:32648"
"""UTM 48N; its middle meridian, 105 E, runs east of the city."""
TWIN_M = 1800.0
"""How far the last exit lies from the one it shares a station with."""


class Build(Draft):
    """One run."""

    def __init__(self) -> None:
        super().__init__("lanzhou", read_outline(CITY, METRIC))
        core = [county["adcode"] for county in self.plan["counties"] if county["core"]]
        self.core = shapely.union_all([self.shape[code] for code in core])
        self.centre = self.towns["城关"]
        self.link(self.plan["ways"]["trunk"], "trunk", self.chance("trunk"), rough=0.1)
        self.exits = self.leave(self.plan["ways"]["exits"] - 1, self.chance("exits"), jitter=0.3)
        self.add_twin()
        self.scatter_ways(self.plan["ways"]["small"], 4600, self.chance("small"), tries=5000)
        self.stations = self.set_stations()
        self.rural = self.set_rural()
        self.temporary = self.set_temporary()

    def add_twin(self) -> None:
        """A second way that leaves the city beside the first of the exits."""
        name, line = next(iter(self.exits.items()))
        start = self.outer.interpolate(self.outer.project(Point(line.coords[0])) + TWIN_M)
        inside = nearest_points(self.whole.buffer(-5), start)[0]
        way = LineString([inside, line.interpolate(3500)])
        twin = f"{name}甲"
        self.exits[twin] = self.ways.add(twin, way, "exit")

    def set_stations(self) -> list[Site]:
        """One on each main road out of the city, near the boundary; the twin shares its neighbour's."""
        rng, kind = self.chance("stations"), "checkpoint.traffic"
        points = [
            line.interpolate(300 + 900 * rng.random())
            for line in list(self.exits.values())[: self.plan["counts"][kind]]
        ]
        sites = [Site(point, "", kind, self.county_of(point), smart=True) for point in points]
        return self.number(sites, self.plan["kinds"][kind]["label"], digits=2)

    def set_rural(self) -> list[Site]:
        """On small ways outside the built-up city; numbered in each district and county."""
        rng, kind = self.chance("rural"), "rural_post"
        asks = [
            (rng.random(), point)
            for name, line in self.ways.lines.items()
            if self.ways.rank[name] == "track"
            for at in range(500, int(line.length) - 200, 600)
            if not self.core.contains(point := line.interpolate(at + 300 * rng.random()))
        ]
        return self.in_order(thin(asks, self.plan["counts"][kind], 2800), kind)

    def set_temporary(self) -> list[Site]:
        """In the built-up city and its approaches, the nearer to the centre the more."""
        rng, kind = self.chance("temporary"), "checkpoint.temporary"
        asks = []
        for name, line in self.ways.lines.items():
            wish = 1.0 if self.ways.rank[name] == "trunk" else 0.3
            for at in range(200, int(line.length) - 100, 250):
                point = line.interpolate(at + 150 * rng.random())
                if self.core.contains(point):
                    near = wish / (1.0 + self.centre.distance(point) / 9000.0)
                    asks.append((rng.random() / near, point))
        return self.in_order(thin(asks, self.plan["counts"][kind], 1300), kind)

    def in_order(self, points: list[Point], kind: str) -> list[Site]:
        """Sites of a kind from west to east, numbered in each district."""
        points.sort(key=lambda point: (point.x, point.y))
        sites = [Site(point, "", kind, self.county_of(point)) for point in points]
        return self.number(sites, self.plan["kinds"][kind]["label"])

    def files(self) -> dict[str, Rows]:
        """Every file of the profile that is computed."""
        return {
            "districts": self.county_rows(),
            "roads": self.road_rows(within_m=20),
            "exits": self.exit_rows(self.exits),
            "stations": self.site_rows(self.stations, "T"),
            "rural_posts": self.site_rows(self.rural, "R"),
            "temporary_points": self.site_rows(self.temporary, "P"),
        }
