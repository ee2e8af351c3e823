"""Words that only the wall has: its panels, its looks, its kiosk."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "theme_title": ("切换深色、浅色", "Switch between dark and light"),
    "cluster": ("聚合：内最重、圈多数", "Cluster: worst, rim most"),
    "sum_persons": ("查验人员", "Persons checked"),
    "sum_vehicles": ("查验车辆", "Vehicles checked"),
    "sum_alerts": ("告警", "Alerts"),
    "today_totals": ("今日累计", "Today so far"),
    "persons_h_online": ("人/时 · 在线", "Persons/h · online"),
    "pending_head": ("观察中 {n}", "Watching {n}"),
    "whole": ("全域", "Whole area"),
    "all_of": ("{place}全域", "All of {place}"),
    "round_next": ("下一站 {name}", "Next: {name}"),
}

SCRIPT: tuple[str, ...] = ("pending_head", "whole", "round_next")
"""Those that the page's own script needs."""
