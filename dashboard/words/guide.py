"""Words of the help pages and the list of keys."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "skip_to_main": ("跳到主要内容", "To the main part"),
    "alert_said": ("{severity}告警：{what}。", "Alert, {severity}: {what}."),
    "site_said": ("已选站点：{name}，{status}", "Selected: {name}, {status}"),
    "map_said": (
        "地图：{n} 个站点，{bad} 个需关注，未应答告警 {alerts} 条；站点列表所列与地图相同",
        "Map: {n} sites, {bad} need attention, {alerts} unanswered alerts; the lists tell the same",
    ),
    "chart_said": ("最新 {last}，最高 {most}（{time}）", "newest {last}, highest {most} ({time})"),
    "chart_empty": ("暂无数据", "no data yet"),
    "help": ("帮助", "Help"),
    "help_pages": ("帮助目录", "Help pages"),
    "help_keys": ("快捷键", "Keys"),
    "help_more": ("打开帮助", "Open the help pages"),
    "keys_everywhere": ("任何页面", "Everywhere"),
    "keys_list": ("县区与站点", "Counties and sites"),
    "keys_rounds": ("视频巡查", "Video rounds"),
    "key_close": ("关闭打开的内容", "Close what is open"),
    "keys_map": ("地图", "Map"),
    "key_pan": ("移动地图", "Move the map"),
    "key_zoom": ("放大、缩小", "Closer, farther"),
    "key_move": ("在列表中移动", "Move in the list"),
    "key_open": ("打开站点", "Open the site"),
    "key_step": ("下一个、上一个站点", "Next site, previous site"),
    "key_compare": ("加入或移出对比", "Compare, or compare no longer"),
    "key_legend": ("展开或收起图例", "Open or fold the legend"),
}

SCRIPT: tuple[str, ...] = ("alert_said", "site_said", "map_said", "chart_said", "chart_empty")
"""Those that the page's own script needs."""
