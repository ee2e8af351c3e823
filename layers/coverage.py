"""How much of a border is held: spans along it, in kilometres from its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches of border, one row per stretch; an owner may have several."""

    owner: NDArray[np.int64]
    """Row number of the site or fence that holds the stretch."""
    from_km: Floats
    to_km: Floats


class Border:
    """A border as a measured line; kilometres run along its parts, one after the other."""

    length_km: float

    def __init__(self, geometry: LineString | MultiLineString, counties: Any) -> None:
        raise NotImplementedError

    def km_at(self, lon: Floats, lat: Floats) -> Floats:
        """The kilometre nearest to each position."""
        raise NotImplementedError

    def held_by_points(self, lon: Floats, lat: Floats, radius_m: Floats) -> Spans:
        """What lies within each point's radius."""
        raise NotImplementedError

    def held_by_shapes(self, shapes: list[Any], reach_m: float) -> Spans:
        """What lies inside or within reach of each line or polygon (EPSG:4326)."""
        raise NotImplementedError

    def county_spans(self) -> list[tuple[str, float, float]]:
        """Adcode, from_km, to_km, in order along the border, without overlap."""
        raise NotImplementedError

    def cut(self, from_km: float, to_km: float) -> LineString | MultiLineString:
        """The geometry of a stretch, EPSG:4326."""
        raise NotImplementedError


def uncovered(length_km: float, held: list[tuple[Spans, NDArray[np.bool_]]]) -> list[tuple[float, float]]:
    """Stretches that no span with a true owner covers; fast enough for every engine step."""
    raise NotImplementedError
