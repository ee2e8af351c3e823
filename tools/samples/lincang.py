"""The Lincang profile: a border prefecture of three lines, as a public document describes it."""

from __future__ import annotations

from math import exp, log
from typing import Any

import shapely
from shapely import LineString, Point

from tools.samples.boundaries import read_outline
from tools.samples.draft import Draft, Rows, Site, lines_of, shuffled, stretch
from tools.samples.sketch import bell, beside, reach, smooth, spread, thin, wander

CITY = 530900
METRIC = "EPSG:32647"
"""UTM 47N, whose middle meridian, 99 E, runs through the prefecture."""


class Build(Draft):
    """One run."""

    def __init__(self) -> None:
        super().__init__("lincang", read_outline(CITY, METRIC, at_border=True))
        self.crossings = self.draw_crossings()
        self.draw_trunk()
        self.exits = self.draw_exits()
        self.draw_back_ways()
        self.checkpoints = self.set_checkpoints()
        self.duty_points = self.set_duty_points()
        self.second_line = self.set_second_line()

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
        # How much a place asks for a way: nearness to the border, and chance.
        self.scatter_ways(
            self.plan["ways"]["small"],
            3800,
            rng,
            tries=6000,
            ask=lambda point: min(self.border.distance(point) / 45_000, 0.8),
        )

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

    def files(self) -> dict[str, Rows]:
        """Every file of the profile that is computed."""
        hubs = [site for site in self.checkpoints if site.hub]
        return {
            "counties": self.county_rows(),
            "border": [({"name": "国界（临沧段）"}, self.outline.border)],
            "roads": self.road_rows(),
            "exits": self.exit_rows(self.exits),
            "checkpoints": self.site_rows(self.checkpoints, "C"),
            "duty_points": self.site_rows(self.duty_points, "D"),
            "second_line_posts": self.site_rows(self.second_line, "S"),
            "fences": self.numbered_rows(
                "fence_id",
                "F",
                [({"name": name, "county": code}, shape) for name, code, shape in self.fences()],
            ),
            "devices": [
                (
                    {"device_id": f"T-{n:03d}", "name": name, "kind": kind, "county": county},
                    self.outline.degrees(point),
                )
                for n, (name, kind, county, point) in enumerate(self.devices(), start=1)
            ],
            "crossings": self.numbered_rows(
                "crossing_id",
                "X",
                [({"name": name, "kind": kind}, point) for name, kind, point in self.crossings],
            ),
            "hubs": self.numbered_rows(
                "hub_id", "H", [({"name": site.name, "kind": site.hub}, site.point) for site in hubs]
            ),
        }
