"""Words that only exports need; the board's own come from `dashboard.words`."""

from __future__ import annotations

import math

from dashboard import words

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "as_of": ("数据截至", "Data as of"),
    "made": ("制作", "Made"),
    "no_data_yet": ("尚无数据", "no data yet"),
    "aged": ("数据已 {age}未更新", "no new data for {age}"),
    "past": ("历史画面 {time}", "Picture of {time}"),
    "span_min": ("{n} 分钟", "{n} min"),
    "span_h": ("{n} 小时", "{n} h"),
    "span_d": ("{n} 天", "{n} d"),
    "online_of": ("/{total} 在线", "/{total} online"),
    "on_post": ("在岗 {on}", "On post {on}"),
    "required": ("/ 应到 {required}", "/ {required} required"),
    "uncovered_km": ("未覆盖 {km} km", "{km} km uncovered"),
    "exposed_km": ("后方无人 {km} km", "{km} km exposed"),
    "exits_of": ("出口在守 {held}/{total}", "exits {held}/{total}"),
    "whole": ("全线有人值守", "Whole border held"),
    "of_km": ("共 {km} km", "of {km} km"),
    "firing_n": ("{n} 条未应答", "{n} unanswered"),
    "pending_n": ("{n} 条观察中", "{n} pending"),
    "more": ("另有 {n} 条", "{n} more"),
    "held": ("数据中断", "data lost"),
    "threshold": ("竖线为阈值 {n} 分", "tick: threshold {n} min"),
    "border_held": ("边境线", "Border"),
    "border_gap": ("无人值守段", "Nobody holds it"),
    "fence": ("电子围栏", "Electronic fence"),
    "fence_down": ("围栏失效", "Fence down"),
    "no_sites": ("此范围没有站点", "No sites in this area"),
    "today": ("今日", "Today"),
    "zone": ("时间为 {zone}", "Times are {zone}"),
    "km": ("{n} km", "{n} km"),
    "metres_n": ("{n} m", "{n} m"),
    "basemap_vector": ("矢量底图未绘制", "drawn without the vector base map"),
    "basemap_broken": ("底图不可用，未绘制", "drawn without the base map, which cannot be read"),
    "late": ("补发", "Made late"),
    "sentence_gap": ("", " "),
    "map_of": ("地图：{name}。", "Map: {name}."),
    "map_sites": ("共 {n} 个站点：{states}。", "{n} sites: {states}."),
    "map_gaps": ("{line}未覆盖 {km} km。", "{line}: {km} km uncovered."),
    "map_unknown": ("{line}情况不明 {km} km。", "{line}: {km} km not known yet."),
    "map_alerts": ("{n} 条告警未应答。", "{n} alerts unanswered."),
    "not_shown": ("未显示：{names}", "Not shown: {names}"),
    "comma": ("，", ", "),
}


def say(lang: str, key: str, **values: object) -> str:
    """The words of a key, from this table or the board's."""
    if key not in WORDS:
        return words.say(lang, key, **values)
    chinese, english = WORDS[key]
    text = english if lang.startswith("en") else chinese
    return text.format(**values) if values else text


def count(value: float | None) -> str:
    """A whole number with separators; a dash where it is not known."""
    return "—" if value is None or math.isnan(value) else f"{value:,.0f}"


def kilometres(value: float) -> str:
    """A length with one decimal."""
    return f"{value:,.1f}"


def span(lang: str, seconds: float) -> str:
    """A length of time in its largest sensible unit."""
    if seconds < 5400:
        return say(lang, "span_min", n=max(1, round(seconds / 60)))
    if seconds < 172_800:
        return say(lang, "span_h", n=round(seconds / 3600))
    return say(lang, "span_d", n=round(seconds / 86_400))
