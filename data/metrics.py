"""What rules may look at: a row per metric, with what it is a number of and how it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Target = Literal["site", "fence", "device", "county", "line", "feed", "board"]
Grows = Literal["", "s", "min"]


@dataclass(frozen=True)
class Metric:
    """One number that rules compare with a threshold."""

    target: Target
    """What it is a number of."""
    unit: str
    zh: str
    en: str
    grows: Grows = ""
    """`s` or `min` for what grows with the clock alone: the time since something was last heard or due."""


METRICS = {
    "wait_min": Metric("site", "min", "等候时间", "Wait"),
    "queue_m": Metric("site", "m", "排队长度", "Queue"),
    "lanes_open": Metric("site", "", "开放车道", "Lanes open"),
    "lanes_closed": Metric("site", "", "未开车道", "Lanes closed"),
    "staff_on_duty": Metric("site", "", "在岗人数", "Staff on duty"),
    "staff_short": Metric("site", "", "在岗缺员", "Staff short of what the duty level asks"),
    "persons_per_hour": Metric("site", "/h", "每小时人数", "Persons per hour"),
    "vehicles_per_hour": Metric("site", "/h", "每小时车辆", "Vehicles per hour"),
    "surge": Metric("site", "×", "通行量与往周同时段之比", "Throughput against past weeks"),
    "imbalance": Metric("site", "×", "排队、等候与通行量不符倍数", "Disagreement of queue, wait and flow"),
    "data_age_s": Metric("site", "s", "数据时延", "Age of the data", grows="s"),
    "video_overdue_min": Metric("site", "min", "视频巡查逾期", "Video look overdue", grows="min"),
    "fence_down": Metric("fence", "", "围栏离线", "Fence down"),
    "crossings": Metric("fence", "", "一小时越界次数", "Crossings in an hour"),
    "fence_age_s": Metric("fence", "s", "围栏上报时延", "Age of the fence's report", grows="s"),
    "device_down": Metric("device", "", "设备离线", "Device down"),
    "device_age_s": Metric("device", "s", "设备上报时延", "Age of the device's report", grows="s"),
    "km_uncovered": Metric("county", "km", "边境空档", "Border uncovered"),
    "km_exposed": Metric("county", "km", "无纵深边境空档", "Border uncovered with nobody behind it"),
    "line_km_uncovered": Metric("line", "km", "防线空档", "Border that the line leaves uncovered"),
    "line_staff_short": Metric("line", "", "防线缺员", "Staff that the line is short of"),
    "line_offline": Metric("line", "%", "防线离线站点占比", "Share of the line's sites that are offline"),
    "feed_age_s": Metric("feed", "s", "数据源静默时间", "Silence of the whole feed", grows="s"),
    "profile_refused_min": Metric("board", "min", "配置改动被拒时间", "Profile edit refused", grows="min"),
    "delivery_failing_min": Metric("board", "min", "外发失败时间", "Delivery failing", grows="min"),
    "export_failing_min": Metric("board", "min", "定时导出失败时间", "Scheduled export failing", grows="min"),
}
"""By the name that a rule gives."""

VIDEO_METRIC = "video_overdue_min"
"""Minutes since a video look should have been taken and was not; 0 where none is late."""
SCOPES: dict[str, tuple[str, ...]] = {
    "site": ("kinds", "lines", "counties", "sites"),
    "fence": ("counties", "fences"),
    "device": ("counties",),
    "county": ("counties",),
    "line": ("lines",),
    "feed": (),
    "board": (),
}
"""What a rule's `where` may name, by what its metric is a number of."""


def target_of(metric: str) -> Target:
    """What a metric is a number of."""
    return METRICS[metric].target
