"""How many come: curves of the day, scale of a site, and bursts. Made up, seeded, the same each time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _hourly(text: str) -> Floats:
    """Twenty-four numbers."""
    return np.array(text.split(), dtype=np.float64)


SHAPES: Mapping[str, Mapping[str, Floats]] = {
    "road": {
        "weekday": _hourly("18 13 10 9 12 22 42 66 88 104 110 100 82 80 92 104 112 110 96 76 58 44 33 25"),
        "weekend": _hourly(
            "22 16 12 10 12 20 36 62 98 126 136 124 102 100 116 132 138 130 110 90 70 52 39 30"
        ),
        "holiday": _hourly(
            "34 24 17 14 17 30 58 96 138 168 174 156 132 126 142 158 164 156 134 112 90 70 54 44"
        ),
    },
    "border": {
        "weekday": _hourly(
            "25 20 18 18 22 40 80 120 140 145 130 105 90 100 125 140 145 135 105 75 55 42 34 28"
        ),
        "weekend": _hourly(
            "25 20 18 18 22 34 66 104 134 150 144 118 96 104 126 138 138 124 98 74 56 43 35 28"
        ),
        "holiday": _hourly("28 22 19 18 20 28 48 78 104 116 112 96 82 88 100 108 108 98 82 66 52 42 36 31"),
    },
    "air": {
        "weekday": _hourly("6 3 2 2 3 8 30 85 110 95 120 105 80 110 125 95 130 120 100 115 90 70 40 15"),
        "weekend": _hourly("8 4 2 2 3 10 36 92 120 106 132 118 92 122 138 108 144 134 114 126 98 76 44 18"),
        "holiday": _hourly(
            "10 5 3 2 4 14 48 116 150 134 164 148 118 150 170 138 176 164 140 152 120 94 56 24"
        ),
    },
    "rail": {
        "weekday": _hourly("4 2 1 1 3 14 52 108 120 96 104 90 78 100 112 98 118 126 110 96 84 58 30 10"),
        "weekend": _hourly("5 3 1 1 3 16 58 120 140 116 122 106 92 116 132 118 140 148 130 112 98 70 36 12"),
        "holiday": _hourly(
            "7 4 2 1 4 22 78 156 182 150 158 138 120 150 170 152 180 190 168 146 126 90 48 16"
        ),
    },
    "rural": {
        "weekday": _hourly("12 9 8 8 14 38 88 130 125 105 95 80 66 72 92 108 122 128 104 70 46 32 22 16"),
        "weekend": _hourly("14 10 8 8 12 30 70 116 140 138 126 104 82 82 98 110 120 118 96 70 48 34 25 18"),
        "holiday": _hourly(
            "18 13 10 9 13 30 68 114 146 150 138 116 94 94 110 122 130 124 104 78 56 42 32 24"
        ),
    },
}
"""Shape to kind of day to relative demand in each local hour."""

PULSES = {"air": 80.0, "rail": 65.0}
"""Minutes between two arrivals of many at once."""
_PULSE_DEPTH = 0.7
_SIGMA = 0.45
"""Spread of the logarithm of site scales: some busy, most small."""
_SIGMA_DAY, _SIGMA_SITE_DAY = 0.04, 0.12


def day_kind(day: date, holidays: frozenset[str]) -> str:
    """`weekday`, `weekend` or `holiday`."""
    if day.isoformat() in holidays:
        return "holiday"
    return "weekend" if day.isoweekday() > 5 else "weekday"


def curve(shape: str, kind_of_day: str, hours: Floats) -> Floats:
    """Demand at local hours 0 to 24, relative to the mean of a week without holidays."""
    days = SHAPES[shape]
    week = (5 * days["weekday"].mean() + 2 * days["weekend"].mean()) / 7
    middle = np.arange(24) + 0.5
    return np.asarray(np.interp(hours % 24, middle, days[kind_of_day] / week, period=24), dtype=np.float64)


def pulses(shape: str, hours: Floats, phase: Floats) -> Floats:
    """What flights or trains add to a curve: a factor about 1, of shape (sites, hours)."""
    if shape not in PULSES:
        return np.ones((len(phase), len(hours)))
    turns = hours[None, :] * (60.0 / PULSES[shape]) + phase[:, None]
    wave: Floats = 1 + _PULSE_DEPTH * np.cos(2 * np.pi * turns)
    return wave


def scales(size: Floats, kind: NDArray[np.object_], rng: Generator) -> Floats:
    """How busy each site is beside others of its kind, with a mean of 1: bigger sites more, and chance."""
    scale: Floats = size * rng.lognormal(0.0, _SIGMA, len(size))
    for name in np.unique(kind):
        same = kind == name
        scale[same] /= scale[same].mean()
    return scale


def day_factors(sites: int, rng: Generator) -> Floats:
    """How much more or less than usual comes on a day, per site."""
    factor: Floats = rng.lognormal(0.0, _SIGMA_DAY) * rng.lognormal(0.0, _SIGMA_SITE_DAY, sites)
    return factor


def bursts(mean: Floats, size: Floats, hours: Floats, rng: Generator, *, most: int = 3) -> Floats:
    """A factor of 1 or more, of shape (sites, hours): swells of half an hour to two hours and a half.

    `mean` is the mean number of bursts a day at each site, `size` the mean of what one adds at its middle;
    `hours` rise from the start of the day.
    """
    sites = len(mean)
    count = np.minimum(rng.poisson(mean), most)
    middle = rng.triangular(6.5, 15.0, 20.0, (most, sites))
    width = rng.uniform(0.5, 2.5, (most, sites))
    height = size * rng.gamma(2.2, 1 / 2.2, (most, sites))
    factor = np.ones((sites, len(hours)))
    for number in range(most):
        has = np.flatnonzero(count > number)
        away = (hours[None, :] - middle[number, has, None]) / width[number, has, None]
        factor[has] += height[number, has, None] * np.where(
            np.abs(away) < 0.5, np.cos(np.pi * away) ** 2, 0.0
        )
    return factor
