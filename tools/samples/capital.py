"""The capital's profile: a ring of 80 stations where main roads cross the municipality's boundary."""

from __future__ import annotations

from math import cos, pi, sin

from shapely import LineString, Point

from tools.samples.boundaries import read_outline
from tools.samples.draft import Draft, Rows, Site, shuffled
from tools.samples.sketch import bell, smooth

CITY = 110000
METRIC = "EPSG:32650"
"""UTM 50N, whose middle meridian, 117 E, runs through the municipality."""


class Build(Draft):
    """One run."""

    def __init__(self) -> None:
        super().__init__("capital", read_outline(CITY, METRIC))
        self.centre = self.towns["城中"]
        self.link(self.plan["ways"]["trunk"], "trunk", self.chance("trunk"), rough=0.08)
        self.draw_rings()
        self.rank: dict[str, str] = {}
        self.exits = self.draw_exits()
        self.scatter_ways(self.plan["ways"]["small"], 4000, self.chance("small"), tries=4000)
        self.stations = self.set_stations()

    def draw_rings(self) -> None:
        """Ring roads around the middle, none of them quite a circle."""
        rng = self.chance("rings")
        for number, km in enumerate(self.plan["ways"]["rings_km"], start=1):
            turns = [2 * pi * step / 24 for step in range(24)]
            away = [1000 * km * (1 + 0.05 * bell(rng)) for _ in turns]
            xy = [
                (self.centre.x + r * cos(turn), self.centre.y + r * sin(turn))
                for r, turn in zip(away, turns, strict=True)
            ]
            ring = smooth([*xy, xy[0]])
            self.ways.add(f"环城示意路{number}", LineString([*ring, ring[0]]), "trunk")

    def draw_exits(self) -> dict[str, LineString]:
        """Ways from the boundary inwards, more of them where the city is near; the plan's ranks dealt out."""
        ranks = [rank for rank, count in self.plan["exits"].items() for _ in range(count)]
        centre = self.centre
        found = self.leave(
            len(ranks),
            self.chance("exits"),
            jitter=0.35,
            often=lambda point: 1.0 / max(centre.distance(point), 40_000.0),
        )
        for name, rank in zip(found, shuffled(ranks, self.chance("ranks")), strict=True):
            self.rank[name] = self.ways.rank[name] = rank
        return found

    def set_stations(self) -> list[Site]:
        """One on each way in; of a rank with too many ways those nearest to another go without."""
        rng, held = self.chance("stations"), list(self.exits)
        for kind, count in self.plan["counts"].items():
            rank = kind.partition(".")[2]
            while len(own := [name for name in held if self.rank[name] == rank]) > count:
                away = {name: self.nearest_other(name, held) for name in own}
                held.remove(min(own, key=lambda name: away[name]))
        sites: dict[str, list[Site]] = {kind: [] for kind in self.plan["counts"]}
        for name in held:
            kind = f"checkpoint.{self.rank[name]}"
            point = self.exits[name].interpolate(250 + 1100 * rng.random())
            smart = kind == "checkpoint.motorway"
            sites[kind].append(Site(point, "", kind, self.county_of(point), smart=smart))
        return [
            site
            for kind, found in sites.items()
            for site in self.number(found, self.plan["kinds"][kind]["label"], digits=2)
        ]

    def nearest_other(self, name: str, held: list[str]) -> float:
        """Metres from a way's beginning to that of the nearest other."""
        start = Point(self.exits[name].coords[0])
        return min(start.distance(Point(self.exits[other].coords[0])) for other in held if other != name)

    def files(self) -> dict[str, Rows]:
        """Every file of the profile that is computed."""
        return {
            "districts": self.county_rows(),
            "roads": self.road_rows(within_m=25),
            "exits": self.exit_rows(self.exits),
            "stations": self.site_rows(self.stations, "K"),
        }
