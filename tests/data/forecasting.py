"""What tests and benches of the forecast share: a simulated month, and Hong Kong's daily counts of 2020."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.feeds.day import Day
from data.feeds.world import World
from data.forecast import Learned, learn
from data.forecast_score import Score, Walked, score, seasonal_hints, walk
from data.profile import Profile, load_profile
from data.readings import Readings
from data.service_rate import service_of
from data.site_past import site_past

Floats = NDArray[np.float64]

HK = Path(__file__).parents[3] / "shared" / "data" / "hk-2020" / "passengers_daily.csv"
DAY_S = 86400
HK_WARM, HK_AGAIN = 28, 7
"""Days that the first fit is made from, and days between two fits."""


@dataclass(frozen=True)
class Simulated:
    """One site's readings, and its stated numbers."""

    site_id: str
    rows: Readings
    lanes_total: float
    persons_per_lane_h: float
    vehicles_per_lane_h: float


@lru_cache(maxsize=4)
def simulated(days: int, every: int = 1) -> tuple[Simulated, ...]:
    """So many days of each `every`-th site of Lincang that reports by the minute; silent times left out."""
    profile = load_profile("lincang")
    assert profile.spec.simulation is not None
    world = World(profile, profile.spec.simulation)
    last = world.number(int(datetime(2026, 11, 22, tzinfo=profile.zone).timestamp()))
    parts = [_minutely(world, number) for number in range(last - days, last)]
    return tuple(_site(profile, parts, place) for place in range(0, len(parts[0].group.rows), every))


def _minutely(world: World, number: int) -> Day:
    first = world.begin(number)
    return next(day for day in world.between(first, first + 1) if day.group.step_s == 60)


def _site(profile: Profile, days: list[Day], place: int) -> Simulated:
    sites, row = profile.sites, int(days[0].group.rows[place])
    parts = []
    for day in days:
        heard = ~day.silent[place]
        counts = np.diff(day.counted[:, place], axis=1)[:, heard]
        at = day.ends(0, day.group.steps)[place][heard]
        parts.append(
            Readings.of(
                site_id=[sites.site_id[row]] * len(at),
                observed_at=at,
                persons_in=counts[0],
                persons_out=counts[1],
                vehicles_in=counts[2],
                vehicles_out=counts[3],
                queue_m=np.round(day.queue_m[place, heard].astype(np.float64)),
                wait_min=np.round(day.wait_min[place, heard].astype(np.float64), 1),
                lanes_open=day.lanes[place, heard],
                staff_on_duty=day.staff[place, heard],
                method="simulated",
            )
        )
    return Simulated(
        str(sites.site_id[row]),
        Readings.concat(parts),
        float(sites.lanes_total[row]),
        float(sites.capacity_persons_per_lane_h[row]),
        float(sites.capacity_vehicles_per_lane_h[row]),
    )


def learned(site: Simulated, days: int) -> Learned:
    """What a site's simulated days teach, by the functions that the board itself uses."""
    end = int(site.rows.observed_at[-1])
    service = service_of(site.rows, site.persons_per_lane_h, site.vehicles_per_lane_h)
    return learn(site_past(site.rows, end, end - days * DAY_S), service, site.lanes_total)


def hk_days() -> dict[str, Floats]:
    """Control point to persons a day, both directions; NaN for days that are not in the file."""
    table = pd.read_csv(HK)
    table["persons"] = table["arrive_total"] + table["departure_total"]
    wide = table.pivot_table(
        index="date", columns="control_point", values="persons", aggfunc="sum", min_count=1
    )
    return {str(name): wide[name].to_numpy(dtype=np.float64) for name in wide.columns}


def hk_walk(values: Floats) -> Walked:
    """Tomorrow's count, told each day from the days before; on the scale of the logarithm."""
    logs = np.log1p(values)
    return walk(
        seasonal_hints(logs, 1, 1, 7), logs, 1,
        warm=HK_WARM, again=HK_AGAIN, tolerance=0.05, most=20.0, back=np.expm1,
    )  # fmt: skip


def together(scores: list[Score]) -> dict[str, float]:
    """The mean absolute errors of several sites, each moment counted once."""
    n = sum(one.n for one in scores)
    week = sum(one.n_week for one in scores)
    return {
        "moments": n,
        "forecast": sum(one.n * one.mae for one in scores if one.n) / n,
        "no_change": sum(one.n * one.no_change for one in scores if one.n) / n,
        "forecast_where_week_known": sum(one.n_week * one.mae_week for one in scores if one.n_week) / week,
        "last_week": sum(one.n_week * one.last_week for one in scores if one.n_week) / week,
        "inside": float(np.mean([one.inside for one in scores if one.inside is not None])),
        "shown": sum(not one.verdict for one in scores),
        "sites": len(scores),
    }


def hk_scores() -> dict[str, Score]:
    """The score of every control point."""
    return {name: score(hk_walk(values), values, 1, 7) for name, values in hk_days().items()}
