"""What rules look at and alerts are about: sites, fences, devices, counties, lines, feeds, the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.ground import ground_of
from data.per_profile import per_profile
from data.profile import Profile
from layers.catalog import CATALOG

Strings = NDArray[np.object_]

TARGETS = ("site", "fence", "device", "county", "line", "feed", "board")
BOARD = "board"
"""The one target of its kind."""


@dataclass(frozen=True, eq=False)
class Targets:
    """Everything of one kind, by row."""

    ids: Strings
    names: tuple[str | Mapping[str, str], ...]
    """A name, or one by language."""
    counties: Strings
    """Adcodes; "" for what is in none, or in more than one."""
    lines: Strings
    """Line ids; "" for what belongs to none."""

    @cached_property
    def row(self) -> dict[str, int]:
        """Id to row."""
        return {name: row for row, name in enumerate(self.ids.tolist())}


@per_profile()
def targets_of(profile: Profile) -> Mapping[str, Targets]:
    """Each kind's name to all there are of it."""
    ground, sites, spec = ground_of(profile), profile.sites, profile.spec
    border = ground.border_lines[0] if ground.border_lines else ""
    devices = list(_devices(profile))
    counties = [code for code in ground.counties if code]
    feeds = [layer for layer in spec.layers if _reports(layer.kind) and layer.name in profile.layers]
    return {
        "site": _targets(sites.site_id, sites.name, sites.county, sites.line),
        "fence": _targets(
            ground.fence_id, ground.fence_name, ground.fence_county, [border] * len(ground.fence_id)
        ),
        "device": _targets(
            [one[0] for one in devices], [one[1] for one in devices], [one[2] for one in devices]
        ),
        "county": _targets(counties, [profile.county_name.get(code, code) for code in counties], counties),
        "line": _targets(
            [line.id for line in spec.lines],
            [line.name for line in spec.lines],
            lines=[line.id for line in spec.lines],
        ),
        "feed": _targets([layer.name for layer in feeds], [layer.title for layer in feeds]),
        "board": _targets([BOARD], [spec.title]),
    }


def _reports(kind: str) -> bool:
    """Whether the members of such a layer report."""
    return CATALOG[kind].is_site or kind in ("fences", "devices")


def _targets(
    ids: Iterable[str],
    names: Iterable[str | Mapping[str, str]],
    counties: Iterable[str] | None = None,
    lines: Iterable[str] | None = None,
) -> Targets:
    ids = _column(ids)
    return Targets(
        ids,
        tuple(name if isinstance(name, Mapping) else str(name) for name in names),
        _column([""] * len(ids) if counties is None else counties),
        _column([""] * len(ids) if lines is None else lines),
    )


def _column(values: Iterable[str]) -> Strings:
    return np.array([str(value or "") for value in values], dtype=object)


def _devices(profile: Profile) -> Iterable[tuple[str, str, str]]:
    """Id, name and county of every device, in the order of the layers."""
    for layer in profile.spec.layers:
        if layer.kind == "devices" and layer.name in profile.layers:
            frame = profile.layers[layer.name]
            county = frame["county"].fillna("") if "county" in frame.columns else [""] * len(frame)
            yield from zip(frame["device_id"], frame["name"], county, strict=True)
