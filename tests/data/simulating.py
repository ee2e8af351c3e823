"""What tests of the simulated feed share."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from data.readings import Readings, Reports

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = 3600, 86400
TEXT = ("site_id", "method", "outcomes")


def at(text: str) -> int:
    """Local wall time of Lincang as epoch seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


NOON = at("2026-11-20 12:00")  # a Friday


class Box:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.rows: list[Readings] = []
        self.said: list[Reports] = []

    def readings(self, rows: Readings) -> None:
        self.rows.append(rows)

    def reports(self, rows: Reports) -> None:
        self.said.append(rows)

    @property
    def all(self) -> Readings:
        return Readings.concat(self.rows)


def same(a: Readings, b: Readings) -> bool:
    """Equal rows in whatever order."""
    left, right = (rows.take(np.lexsort((rows.site_id, rows.observed_at))) for rows in (a, b))
    return len(left) == len(right) and all(
        np.array_equal(getattr(left, f.name), getattr(right, f.name), equal_nan=f.name not in TEXT)
        for f in fields(left)
    )


def covered_once(rows: Readings) -> bool:
    """No moment of any site is told twice."""
    order = np.lexsort((rows.observed_at, rows.site_id))
    site, end, begin = (
        rows.site_id[order],
        rows.observed_at[order],
        (rows.observed_at - rows.interval_s)[order],
    )
    return bool(((begin[1:] >= end[:-1]) | (site[1:] != site[:-1])).all())
