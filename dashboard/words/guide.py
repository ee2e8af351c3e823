"""Words of the help pages and the list of keys."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "help": ("帮助", "Help"),
    "help_pages": ("帮助目录", "Help pages"),
    "help_keys": ("快捷键", "Keys"),
    "help_more": ("打开帮助", "Open the help pages"),
    "keys_everywhere": ("任何页面", "Everywhere"),
    "keys_list": ("县区与站点", "Counties and sites"),
    "keys_rounds": ("视频巡查", "Video rounds"),
    "key_close": ("关闭打开的内容", "Close what is open"),
    "key_move": ("在列表或地图中移动", "Move in the list or on the map"),
    "key_open": ("打开站点", "Open the site"),
    "key_step": ("下一个、上一个站点", "Next site, previous site"),
    "key_compare": ("加入或移出对比", "Compare, or compare no longer"),
    "key_legend": ("展开或收起图例", "Open or fold the legend"),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
