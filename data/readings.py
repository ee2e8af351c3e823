"""Readings: what one site reports for one interval, as checked columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNTS = ("persons_in", "persons_out", "vehicles_in", "vehicles_out")
"""Counts within the interval: summed over a step."""
GAUGES = ("queue_m", "wait_min")
"""Averaged over a step."""
LEVELS = ("lanes_open", "staff_on_duty")
"""The last one of a step holds."""
METHODS = ("measured", "estimated", "manual", "simulated")


@dataclass(frozen=True, eq=False)
class Readings:
    """Checked readings as columns; NaN means not reported, zero means zero."""

    site_id: Strings
    observed_at: Ints
    """End of the interval, seconds since 1970-01-01T00:00Z."""
    interval_s: Floats
    persons_in: Floats
    persons_out: Floats
    vehicles_in: Floats
    vehicles_out: Floats
    queue_m: Floats
    wait_min: Floats
    lanes_open: Floats
    staff_on_duty: Floats
    method: Strings
    outcomes: Strings
    """A dict of counts per row, or None."""

    def __len__(self) -> int:
        return len(self.site_id)

    def take(self, which: NDArray[Any]) -> Readings:
        """The rows of a boolean mask or of row numbers."""
        return Readings(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def empty(cls) -> Readings:
        """No rows."""
        return cls.of(site_id=[], observed_at=[])

    @classmethod
    def of(cls, **columns: Any) -> Readings:
        """Readings from trusted columns; what is left out is not reported (interval 60 s, measured)."""
        n = len(columns["site_id"])
        values: dict[str, Any] = {}
        for field in fields(cls):
            given = columns.get(field.name)
            if field.name in ("site_id", "method", "outcomes"):
                default = "measured" if field.name == "method" else None
                column = np.full(n, default, dtype=object)
                if given is not None:
                    column[:] = given
            elif field.name == "observed_at":
                column = np.asarray(given, dtype=np.int64)
            else:
                fill = 60.0 if field.name == "interval_s" else np.nan
                column = (
                    np.full(n, fill)
                    if given is None
                    else np.array(np.broadcast_to(given, n), dtype=np.float64)
                )
            values[field.name] = column
        return cls(**values)

    @classmethod
    def concat(cls, parts: list[Readings]) -> Readings:
        """Several tables, one below the other."""
        if not parts:
            return cls.empty()
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


@dataclass(frozen=True, eq=False)
class Reports:
    """Checked fence and device reports as columns: a state and counts, never who crossed."""

    target: Strings
    """`fence` or `device`."""
    target_id: Strings
    observed_at: Ints
    state: Strings
    """`up`, `down` or `unknown`."""
    crossings_in: Floats
    crossings_out: Floats

    def __len__(self) -> int:
        return len(self.target_id)

    def take(self, which: NDArray[Any]) -> Reports:
        """The rows of a boolean mask or of row numbers."""
        return Reports(*(getattr(self, field.name)[which] for field in fields(self)))
