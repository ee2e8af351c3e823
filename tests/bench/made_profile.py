"""Made-up prefectures of any size as profile folders, and readings for them.

Unlike `crowd`, what is made here goes through the loader and the server like any profile.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

WEST, SOUTH, EAST, NORTH = 99.0, 23.5, 100.5, 24.5
COLUMNS, ROWS = 4, 2
"""Counties, in a grid."""
APART = 8
"""Sites that stand alone in a strip along the northern edge: their markers cover nobody's and are covered by
nobody's, so that a pixel in their middle is theirs alone."""
STRIP = 0.06
"""Height of that strip as a share of the area's."""
KINDS = ("duty_point", "second_line_post", "checkpoint.fixed")
SHARES = (0.433, 0.498, 0.069)
"""Of the kinds among the sites, as in Lincang."""

HEAD = (
    "site_id", "name", "kind", "lon", "lat", "county", "lanes_total", "capacity_persons_per_lane_h",
    "capacity_vehicles_per_lane_h", "staff_required_I", "staff_required_II",
)  # fmt: skip

PROFILE = """
id = "made"
demonstration = true
title = {{ "zh-CN" = "测试州三道防线态势", en = "Made-up prefecture" }}
timezone = "Asia/Shanghai"
area = [{area}]

[map]
center = [{lon}, {lat}]
zoom = 8.6
source = {{ "zh-CN" = "虚构数据，仅供测量", en = "Made up, for measuring only" }}

[[lines]]
id = "first"
name = {{ "zh-CN" = "一线防控", en = "First line" }}
short = {{ "zh-CN" = "抵边", en = "Border" }}
shape = "triangle"

[[lines]]
id = "second"
name = {{ "zh-CN" = "二线查缉", en = "Second line" }}
short = {{ "zh-CN" = "纵深", en = "Depth" }}
shape = "diamond"

[[lines]]
id = "third"
name = {{ "zh-CN" = "三线堵截", en = "Third line" }}
short = {{ "zh-CN" = "出口", en = "Exits" }}
shape = "square"

[kinds.duty_point]
name = {{ "zh-CN" = "抵边执勤点", en = "Duty point" }}
line = "first"

[kinds.second_line_post]
name = {{ "zh-CN" = "二线执勤卡点", en = "Second-line post" }}
line = "second"

[kinds."checkpoint.fixed"]
name = {{ "zh-CN" = "固定卡点", en = "Fixed post" }}
line = "third"

[[layers]]
name = "counties"
kind = "counties"
file = "counties.geojson"
crs = "EPSG:4326"
title = {{ "zh-CN" = "县界", en = "Counties" }}

[[layers]]
name = "sites"
kind = "checkpoints"
file = "sites.csv"
crs = "EPSG:4326"
title = {{ "zh-CN" = "站点", en = "Sites" }}
constants = {{ position_source = "demonstration" }}

[duty]
current = "II"

[[duty.levels]]
id = "I"
name = {{ "zh-CN" = "一级勤务", en = "Level I" }}

[[duty.levels]]
id = "II"
name = {{ "zh-CN" = "二级勤务", en = "Level II" }}

[[rules]]
id = "wait"
name = {{ "zh-CN" = "候检超时", en = "Long wait" }}
metric = "wait_min"
threshold = 30
clear = 25
for_s = 120
severity = "critical"
what = {{ "zh-CN" = "候检 {{value}} 分钟", en = "Wait {{value}} min" }}
"""


@dataclass(frozen=True)
class Made:
    """A made-up profile: its folder, and where each site stands."""

    folder: Path
    site_id: list[str]
    lon: list[float]
    lat: list[float]

    @property
    def apart(self) -> range:
        """Rows of the sites that stand alone."""
        return range(APART)


def made_profile(folder: Path, sites: int) -> Made:
    """Write a profile of so many sites, strewn over eight square counties, in three lines as Lincang."""
    rng = np.random.default_rng(sites)
    height = NORTH - SOUTH
    lon = WEST + (EAST - WEST) * rng.uniform(0.01, 0.99, sites)
    lat = SOUTH + height * rng.uniform(0.01, 1 - STRIP, sites)
    lon[:APART] = WEST + (EAST - WEST) * (np.arange(APART) + 0.5) / APART
    lat[:APART] = NORTH - height * STRIP * 0.3
    lon, lat = lon.round(5), lat.round(5)
    kind = rng.choice(KINDS, sites, p=SHARES)
    ids = [f"s{row:06d}" for row in range(sites)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.toml").write_text(
        PROFILE.format(
            area=", ".join(map(str, (WEST - 0.1, SOUTH - 0.1, EAST + 0.1, NORTH + 0.1))),
            lon=(WEST + EAST) / 2,
            lat=(SOUTH + NORTH) / 2,
        ),
        "utf-8",
    )
    (folder / "counties.geojson").write_text(json.dumps(_counties(), ensure_ascii=False), "utf-8")
    with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for row in range(sites):
            column = min(int((lon[row] - WEST) / (EAST - WEST) * COLUMNS), COLUMNS - 1)
            shelf = min(int((lat[row] - SOUTH) / height * ROWS), ROWS - 1)
            county = _adcode(column, shelf)
            table.writerow((ids[row], f"站点{row}", kind[row], lon[row], lat[row], county, 2, 120, 60, 8, 6))
    return Made(folder, ids, lon.tolist(), lat.tolist())


def _adcode(column: int, shelf: int) -> str:
    return f"9001{shelf * COLUMNS + column + 1:02d}"


def _counties() -> dict[str, Any]:
    wide, high = (EAST - WEST) / COLUMNS, (NORTH - SOUTH) / ROWS
    features = []
    for shelf in range(ROWS):
        for column in range(COLUMNS):
            west, south = WEST + wide * column, SOUTH + high * shelf
            ring = [[west, south], [west + wide, south], [west + wide, south + high], [west, south + high]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "adcode": _adcode(column, shelf),
                        "name": "甲乙丙丁戊己庚辛"[shelf * COLUMNS + column] + "县",
                    },
                    "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def reports(ids: Iterable[str], observed_at: str, rng: Generator, *, busy: bool) -> list[dict[str, Any]]:
    """A reading of each of these sites: all busy, or all well. Never congested, so no alert is raised."""
    return [
        {
            "site_id": site_id,
            "observed_at": observed_at,
            "interval_s": 300,
            "persons_in": int(rng.poisson(9)),
            "persons_out": int(rng.poisson(9)),
            "vehicles_in": int(rng.poisson(4)),
            "vehicles_out": int(rng.poisson(4)),
            "queue_m": int(rng.integers(20, 200)),
            "wait_min": round(float(rng.uniform(16, 29) if busy else rng.uniform(0, 12)), 1),
            "lanes_open": 2,
            "staff_on_duty": 7,
            "method": "measured",
        }
        for site_id in ids
    ]
