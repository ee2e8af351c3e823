"""What is wrong with a roster: English to Chinese."""

from __future__ import annotations

TEXTS = {
    "Save it as .csv or .xlsx": "请另存为 .csv 或 .xlsx",
    "the table is empty": "表中没有数据",
    "no such field": "没有这个字段",
    "at most {} rows": "至多 {} 行",
    "a team of the roster": "班组表中的班组",
    "unknown team": "未知的班组",
    "a team that is left out": "班组有误，未采用",
    "a team without a fault": "没有问题的班组",
    "unknown state": "未知的状态",
    "unknown site_id": "未知的站点编号",
    "a team without a shift": "班组没有排班",
    "a shift at least": "至少一个班次",
    "Its state is not known at any time": "任何时候都不知道它的状态",
    "the team's county is not its site's": "班组所属县与其站点所在县不一致",
    "Mend one of them, or leave county empty": "请更正其一，或将 county 留空",
    "not a time": "不是时间",
    "a time such as 2026-01-31 08:00, by the profile's clocks or with an offset": (
        "时间，如 2026-01-31 08:00，按本配置的时区，或带时差"
    ),
    "the shift does not end after it starts": "班次的结束不晚于开始",
    "after {}": "晚于 {}",
    "the shift goes on when it comes again": "班次尚未结束又重复开始",
    "at least {} hours, as long as it takes": "至少 {} 小时，即班次的长度",
    "a team's shifts lie upon each other": "同一班组的班次相互重叠",
    "a time that row {} leaves free": "第 {} 行未占用的时间",
}
