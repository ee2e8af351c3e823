"""The layer kinds, a row each: adding a kind is adding a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = Literal["text", "count", "number", "flag", "url", "date"]
Geometry = Literal["point", "line", "polygon"]

STAFF = "staff_required_"
"""Prefix of the columns that hold the staff required at each duty level."""

FIELDS: dict[str, Value] = {
    "site_id": "text",
    "fence_id": "text",
    "device_id": "text",
    "crossing_id": "text",
    "hub_id": "text",
    "exit_id": "text",
    "adcode": "text",
    "name": "text",
    "kind": "text",
    "line": "text",
    "county": "text",
    "class": "text",
    "lanes_total": "count",
    "capacity_persons_per_lane_h": "number",
    "capacity_vehicles_per_lane_h": "number",
    "smart": "flag",
    "video_url": "url",
    "position_source": "text",
    "opened_on": "date",
    "closed_on": "date",
    "buffer_m": "number",
}
"""Every field of every kind and how its value is read; `staff_required_<LEVEL>` is a count."""

_SITE = (
    "line",
    "county",
    "lanes_total",
    "capacity_persons_per_lane_h",
    "capacity_vehicles_per_lane_h",
    "smart",
    "video_url",
    "position_source",
    "opened_on",
    "closed_on",
)


@dataclass(frozen=True, slots=True)
class LayerKind:
    """What a layer of this kind must carry and may carry; any other column is left behind."""

    id: str
    geometry: tuple[Geometry, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    is_site: bool = False
    """Its rows are sites: they take a line, a county and `staff_required_<LEVEL>` columns."""
    identity: str = ""
    """The required field that no two rows may share."""
    default_kind: str = ""
    """The site kind of a row that names none."""
    choices: tuple[str, ...] = ()
    """What `kind` may be, where the profile has no say."""
    inside: bool = True
    """Every position lies in the profile's area; otherwise the shape must only touch it."""
    whole: bool = False
    """Something is measured against all of it: a row left out would make a hole that nobody sees."""

    def fields(self, levels: tuple[str, ...] = ()) -> tuple[str, ...]:
        """All fields, required first, with the staff required at each duty level."""
        staff = tuple(f"{STAFF}{level}" for level in levels) if self.is_site else ()
        return (*self.required, *self.optional, *staff)


CATALOG: dict[str, LayerKind] = {
    row.id: row
    for row in (
        LayerKind(
            "checkpoints", ("point",), ("site_id", "name", "kind"), _SITE, is_site=True, identity="site_id"
        ),
        LayerKind(
            "duty_points", ("point",), ("site_id", "name"), ("kind", *_SITE),
            is_site=True, identity="site_id", default_kind="duty_point",
        ),
        LayerKind(
            "second_line_posts", ("point",), ("site_id", "name"), ("kind", *_SITE),
            is_site=True, identity="site_id", default_kind="second_line_post",
        ),
        LayerKind(
            "fences", ("line", "polygon"), ("fence_id", "name"), ("county", "buffer_m"), identity="fence_id"
        ),
        LayerKind("devices", ("point",), ("device_id", "name", "kind"), ("county",), identity="device_id"),
        LayerKind(
            "crossings", ("point",), ("crossing_id", "name", "kind"),
            identity="crossing_id", choices=("port", "channel", "side_path"),
        ),
        LayerKind("hubs", ("point",), ("hub_id", "name", "kind"), identity="hub_id"),
        LayerKind(
            "exits", ("point",), ("exit_id", "name"), ("county", "class"), identity="exit_id", whole=True
        ),
        LayerKind("counties", ("polygon",), ("adcode", "name"), identity="adcode", whole=True),
        LayerKind("border", ("line",), (), ("name",), whole=True),
        LayerKind("roads", ("line",), (), ("name", "class"), inside=False),
        LayerKind("waters", ("line", "polygon"), (), ("name", "class"), inside=False),
    )
}  # fmt: skip
"""Layer kind id to its row."""


def value_of(field: str) -> Value:
    """How a field's value is read."""
    return "count" if field.startswith(STAFF) else FIELDS[field]
