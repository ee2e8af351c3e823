"""The Zibo profile: motorway check points, and mobile groups on the other roads; no border."""

from __future__ import annotations

from itertools import pairwise

from shapely import LineString, Point

from tools.samples.boundaries import read_outline
from tools.samples.draft import Draft, Rows, Site, lines_of
from tools.samples.sketch import smooth, spread, thin

CITY = 370300
METRIC = "EPSG:32650"
"""UTM 50N, whose middle meridian, 117 E, runs just west of the city."""
STRENGTH = 500
"""Of all mobile groups together, at the highest duty level."""
INSIDE_M = 1200.0
"""How far inside the boundary a motorway's first check point stands."""


class Build(Draft):
    """One run."""

    def __init__(self) -> None:
        super().__init__("zibo", read_outline(CITY, METRIC))
        self.draw_motorways()
        self.link(self.plan["ways"]["trunk"], "trunk", self.chance("trunk"), rough=0.09)
        self.leave(self.plan["ways"]["exits"], self.chance("exits"), jitter=0.4)
        self.scatter_ways(self.plan["ways"]["small"], 2600, self.chance("small"), tries=4000)
        self.motorway_points = self.set_motorway_points()
        self.groups = self.set_groups()

    def draw_motorways(self) -> None:
        """Smooth lines through the plan's points, cut at the city's boundary; every piece its own way."""
        for motorway in self.plan["motorways"]:
            passed = [self.outline.metric(Point(xy)) for xy in motorway["points"]]
            line = LineString(smooth([(point.x, point.y) for point in passed], rounds=4))
            pieces = [piece for piece in lines_of(line & self.whole) if piece.length > 5000]
            for number, piece in enumerate(pieces, start=1):
                name = motorway["name"] if len(pieces) == 1 else f"{motorway['name']}{number}"
                self.ways.add(name, piece, "motorway")

    def set_motorway_points(self) -> list[Site]:
        """One where each motorway enters the city, the rest at exits spread along them by their length."""
        rng, count = self.chance("motorway"), self.plan["counts"]["motorway"]
        roads = {name: line for name, line in self.ways.lines.items() if self.ways.rank[name] == "motorway"}
        found: list[tuple[str, Point]] = []
        for name, line in roads.items():
            found += [(name, line.interpolate(at)) for at in (INSIDE_M, line.length - INSIDE_M)]
        total, left = sum(line.length for line in roads.values()), count - len(found)
        ends = [0.0]
        for line in roads.values():
            ends.append(ends[-1] + line.length)
        for share in spread(left, rng, jitter=0.3):
            for (name, line), (start, end) in zip(roads.items(), pairwise(ends), strict=True):
                if start <= share * total < end:
                    at = min(max(share * total - start, 4000.0), line.length - 4000.0)
                    found.append((name, line.interpolate(at)))
        found.sort(key=lambda one: (one[0], roads[one[0]].project(one[1])))
        priority = set(range(1, count, count // self.plan["counts"]["priority"]))
        priority = set(sorted(priority)[: self.plan["counts"]["priority"]])
        sites, numbers = [], dict[str, int]()
        for row, (name, point) in enumerate(found):
            kind = "checkpoint.motorway_priority" if row in priority else "checkpoint.motorway"
            county = self.county_of(point)
            numbers[name] = numbers.get(name, 0) + 1
            full = f"{self.name[county]} {name.removeprefix('示意')}{numbers[name]:02d} 检查点"
            sites.append(Site(point, full, kind, county, smart=row in priority))
        return sites

    def set_groups(self) -> list[Site]:
        """On roads other than motorways, apart from each other; numbered in each district."""
        rng, kind = self.chance("groups"), "mobile_group"
        wish = {"trunk": 1.0, "exit": 0.5, "track": 0.5}
        asks = [
            (rng.random() / wish[self.ways.rank[name]], line.interpolate(at + 300 * rng.random()))
            for name, line in self.ways.lines.items()
            if self.ways.rank[name] != "motorway"
            for at in range(600, int(line.length) - 300, 500)
        ]
        points = thin(asks, self.plan["counts"][kind], 4500)
        points.sort(key=lambda point: (-round(point.y / 10_000), point.x))
        sites = [Site(point, "", kind, self.county_of(point)) for point in points]
        return self.number(sites, self.plan["kinds"][kind]["label"])

    def files(self) -> dict[str, Rows]:
        """Every file of the profile that is computed."""
        groups = self.site_rows(self.groups, "G")
        nine = len(groups) * self.plan["kinds"]["mobile_group"]["staff"][0] - STRENGTH
        for row, _ in groups[-nine:]:
            row["staff_required_I"] -= 1
        return {
            "districts": self.county_rows(),
            "roads": self.road_rows(within_m=20),
            "motorway_points": self.site_rows(self.motorway_points, "M"),
            "mobile_groups": groups,
        }
