"""The fields of what is given away: a name that stays, a type, and words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.catalog import FIELDS as CATALOGUED
from layers.catalog import STAFF, Value

Type = Literal["text", "integer", "number", "flag", "time", "date"]
"""`time` is epoch seconds in a table; `date` is text, YYYY-MM-DD or ""."""

_TYPES: dict[Value, Type] = {
    "text": "text", "url": "text", "count": "integer", "number": "number", "flag": "flag", "date": "date",
}  # fmt: skip
_TITLES: dict[str, tuple[str, str]] = {
    # name: (zh-CN, en)
    "site_id": ("站点编号", "Site id"),
    "fence_id": ("围栏编号", "Fence id"),
    "device_id": ("设施编号", "Device id"),
    "crossing_id": ("通道编号", "Crossing id"),
    "hub_id": ("枢纽编号", "Hub id"),
    "exit_id": ("出口编号", "Exit id"),
    "gap_id": ("缺口编号", "Gap id"),
    "adcode": ("行政区划代码", "Adcode"),
    "name": ("名称", "Name"),
    "kind": ("类别代码", "Kind"),
    "kind_name": ("类别", "Kind name"),
    "line": ("防线代码", "Line"),
    "line_name": ("防线", "Line name"),
    "county": ("县区代码", "County"),
    "county_name": ("县区", "County name"),
    "class": ("等级", "Class"),
    "status": ("状态代码", "Status"),
    "status_name": ("状态", "Status name"),
    "alarm": ("未应答告警", "Unanswered alert"),
    "persons_per_hour": ("人员/小时", "Persons per hour"),
    "vehicles_per_hour": ("车辆/小时", "Vehicles per hour"),
    "queue_m": ("排队（米）", "Queue, m"),
    "wait_min": ("候检（分钟）", "Wait, min"),
    "wait_change": ("候检变化（分钟/刻钟）", "Wait gained, min in 15 min"),
    "lanes_open": ("已开车道", "Lanes open"),
    "lanes_total": ("车道总数", "Lanes in all"),
    "staff_on_duty": ("在岗人数", "Staff on duty"),
    "staff_required": ("应到人数", "Staff required"),
    "observed_at": ("上报时间", "Observed at"),
    "data_age_s": ("数据时长（秒）", "Data age, s"),
    "interval_s": ("统计间隔（秒）", "Interval, s"),
    "method": ("数据方式", "Method"),
    "capacity_persons_per_lane_h": ("每车道每小时人员能力", "Persons per lane and hour"),
    "capacity_vehicles_per_lane_h": ("每车道每小时车辆能力", "Vehicles per lane and hour"),
    "smart": ("智慧站点", "Smart"),
    "video_url": ("视频地址", "Video"),
    "position_source": ("位置来源", "Position source"),
    "opened_on": ("启用日期", "Opened on"),
    "closed_on": ("停用日期", "Closed on"),
    "buffer_m": ("缓冲（米）", "Buffer, m"),
    "state": ("工作状态", "State"),
    "crossings_in": ("近一小时越界（入）", "Crossings in, last hour"),
    "crossings_out": ("近一小时越界（出）", "Crossings out, last hour"),
    "km": ("长度（公里）", "Length, km"),
    "from_km": ("起点里程（公里）", "From, km"),
    "to_km": ("终点里程（公里）", "To, km"),
    "known": ("已查明", "Known"),
    "backed": ("后方有力量", "Backed"),
    "behind_site_id": ("后方站点编号", "Site behind, id"),
    "behind_name": ("后方站点", "Site behind"),
    "behind_km": ("后方距离（公里）", "Site behind, km"),
    "behind_by": ("后方距离量法", "Site behind, measured by"),
    "reserve_site_id": ("增援站点编号", "Reserve, site id"),
    "reserve_name": ("增援站点", "Reserve"),
    "reserve_km": ("增援距离（公里）", "Reserve, km"),
    "reserve_spare": ("可增援人数", "Reserve, staff to spare"),
    "held": ("有人值守", "Held"),
    "as_of": ("态势时间", "As of"),
    "simulated": ("模拟数据", "Simulated"),
    "source": ("来源", "Source"),
}
_LIVE: dict[str, Type] = {
    "gap_id": "text", "kind_name": "text", "line_name": "text", "county_name": "text", "status": "text",
    "status_name": "text", "alarm": "text", "persons_per_hour": "number", "vehicles_per_hour": "number",
    "queue_m": "integer", "wait_min": "number", "wait_change": "number", "lanes_open": "integer",
    "staff_on_duty": "integer", "staff_required": "integer", "observed_at": "time", "data_age_s": "integer",
    "interval_s": "integer", "method": "text", "state": "text", "crossings_in": "integer",
    "crossings_out": "integer", "km": "number", "from_km": "number", "to_km": "number", "known": "flag",
    "backed": "flag",
    "behind_site_id": "text", "behind_name": "text", "behind_km": "number", "behind_by": "text",
    "reserve_site_id": "text", "reserve_name": "text", "reserve_km": "number", "reserve_spare": "integer",
    "held": "flag", "as_of": "time", "simulated": "flag", "source": "text",
}  # fmt: skip
MARKS = ("as_of", "simulated", "source")
"""The fields that every feature of every table ends with."""


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a feature."""

    name: str
    type: Type
    title: tuple[str, str]
    """In Chinese and in English."""

    def title_in(self, lang: str) -> str:
        """The title in a language."""
        return self.title[1] if lang.startswith("en") else self.title[0]

    @property
    def can_be_asked_for(self) -> bool:
        """Whether features can be asked for by its value: moments and marks cannot."""
        return self.type != "time" and self.name not in MARKS


def field_of(name: str, level: str = "") -> Field:
    """The field of a name; `level` names the duty level of a `staff_required_` column."""
    if name.startswith(STAFF):
        shown = level or name.removeprefix(STAFF)
        return Field(name, "integer", (f"应到人数（{shown}）", f"Staff required, {shown}"))
    kind = _LIVE.get(name)
    if kind is None:
        kind = _TYPES[CATALOGUED[name]]
    return Field(name, kind, _TITLES.get(name, (name, name)))
