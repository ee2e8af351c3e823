"""The sites of a profile as columns: one row per checkpoint, duty point or post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sites:
    """Checked sites; every array has one value per site, in file order."""

    site_id: Strings
    name: Strings
    kind: Strings
    line: Strings
    """A line id of the profile."""
    county: Strings
    """Adcode; "" where no county polygon contains the site."""
    lon: Floats
    lat: Floats
    """Degrees, EPSG:4326."""
    lanes_total: Floats
    capacity_persons_per_lane_h: Floats
    capacity_vehicles_per_lane_h: Floats
    """NaN where not given."""
    staff_required: Mapping[str, Floats]
    """Duty level id to staff required; NaN where not given."""
    smart: Bools
    video_url: Strings
    position_source: Strings
    """`surveyed`, `demonstration`, ... ; "" where not given."""
    opened_on: Strings
    """The first day in service, YYYY-MM-DD; "" for always until now."""
    closed_on: Strings
    """The first day no longer in service; "" for none."""

    def __len__(self) -> int:
        return len(self.site_id)

    @cached_property
    def row(self) -> dict[str, int]:
        """Site id to row number."""
        return {site_id: row for row, site_id in enumerate(self.site_id.tolist())}

    def take(self, which: NDArray[Any]) -> Sites:
        """The sites of a boolean mask or of row numbers."""
        values: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Mapping):
                values[field.name] = {key: column[which] for key, column in value.items()}
            else:
                values[field.name] = value[which]
        return Sites(**values)
