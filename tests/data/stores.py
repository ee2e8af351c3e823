"""What tests of the store share: a time, short ways to write readings down and to tell what came back."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.readings import Readings, Reports

T0 = 1_780_000_000


def rows(*values: tuple[str, int, float], **columns: Any) -> Readings:
    """Readings from (site, seconds after T0, persons_in)."""
    return Readings.of(
        site_id=[value[0] for value in values],
        observed_at=[T0 + value[1] for value in values],
        persons_in=[value[2] for value in values],
        **columns,
    )


def told(readings: Readings) -> list[tuple[str, int, float]]:
    """What `rows` takes, of readings."""
    at = (readings.observed_at - T0).tolist()
    return list(zip(readings.site_id.tolist(), at, readings.persons_in.tolist(), strict=True))


def reports(*values: tuple[str, int], state: str = "up", entered: float = np.nan) -> Reports:
    """Fence reports from (fence, seconds after T0)."""
    n = len(values)
    return Reports(
        np.full(n, "fence", dtype=object), np.array([value[0] for value in values], dtype=object),
        np.array([T0 + value[1] for value in values]), np.full(n, state, dtype=object),
        np.full(n, entered), np.zeros(n),
    )  # fmt: skip
