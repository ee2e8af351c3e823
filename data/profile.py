"""A profile folder becomes one frozen value: what a prefecture is, checked in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from geopandas import GeoDataFrame

from data.spec import LineSpec, ProfileSpec
from layers.coverage import Border, Spans
from layers.sites import Sites


@dataclass(frozen=True, eq=False)
class Profile:
    """One prefecture: its settings and its checked layers, EPSG:4326."""

    spec: ProfileSpec
    folder: Path
    layers: Mapping[str, GeoDataFrame]
    """Layer name to its checked frame."""
    sites: Sites
    """Every site of every site layer, as columns."""
    counties: GeoDataFrame
    """Columns adcode, name, geometry; empty where the profile gives none."""
    border: Border | None
    site_spans: Spans
    """What each site holds of the border; `owner` is the site's row."""
    fence_spans: Spans
    """What each fence holds of the border; `owner` is the fence's row in `fences`."""
    fences: GeoDataFrame
    """Columns fence_id, name, county, geometry."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.spec.timezone)

    @cached_property
    def line(self) -> dict[str, LineSpec]:
        """Line id to line, border first."""
        return {line.id: line for line in self.spec.lines}

    @cached_property
    def county_name(self) -> dict[str, str]:
        """Adcode to name."""
        return dict(zip(self.counties["adcode"], self.counties["name"], strict=True))
