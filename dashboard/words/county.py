"""Words of a county and a site: table, drawer, comparison, search."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "all_sites": ("全域站点", "All sites"),
    "go_to_county": ("前往县区", "Go to a county"),
    "no_county": ("未定县区", "No county"),
    "panes": ("版面", "Panes"),
    "pane_map": ("地图", "Map"),
    "pane_list": ("列表", "List"),
    "pane_alerts": ("告警", "Alerts"),
    "pane_search": ("搜索", "Search"),
    "does_it_hold": ("防线缺口", "Gaps"),
    # How it stands
    "summary": ("总体情况", "How it stands"),
    "by_status": ("按状态筛选", "Filter by status"),
    "by_line": ("按防线筛选", "Filter by line"),
    "attention": ("需关注", "Attention"),
    "attention_note": (
        "拥堵、无数据、离线、有告警或缺岗的站点",
        "Sites that are congested, silent, alarmed or short of staff",
    ),
    # The table
    "filter_table": ("筛选：名称、编号、拼音", "Filter by name, id, pinyin"),
    "n_sites": ("{n} 个站点", "{n} sites"),
    "n_of_sites": ("{n} / {of} 个站点", "{n} of {of} sites"),
    "clear_filters": ("清除筛选", "Clear filters"),
    "no_match": ("没有符合条件的站点", "No site fits the filters"),
    "site_number": ("编号", "Id"),
    "export_shown": ("导出所见（CSV）", "Export what I see (CSV)"),
    "export_shown_note": (
        "按当前筛选和排序导出，注明数据时间",
        "The rows as filtered and sorted, with the time of the data",
    ),
    "export_all": ("导出全部", "Export all"),
    "grid_filter": ("筛选…", "Filter…"),
    "grid_equals": ("等于", "Equals"),
    "grid_not_equal": ("不等于", "Does not equal"),
    "grid_blank": ("为空", "Blank"),
    "grid_not_blank": ("不为空", "Not blank"),
    "grid_less": ("小于", "Less than"),
    "grid_greater": ("大于", "Greater than"),
    "grid_less_or_equal": ("不大于", "At most"),
    "grid_greater_or_equal": ("不小于", "At least"),
    "grid_between": ("介于", "Between"),
    "grid_from": ("从", "From"),
    "grid_to": ("到", "To"),
    "grid_contains": ("包含", "Contains"),
    "grid_not_contains": ("不包含", "Does not contain"),
    "grid_starts": ("开头是", "Begins with"),
    "grid_ends": ("结尾是", "Ends with"),
    "grid_and": ("并且", "and"),
    "grid_or": ("或者", "or"),
    # Search
    "search_none": ("没有找到站点或县区", "No site or county found"),
    "search_recent": ("最近查看", "Chosen last"),
    # The drawer
    "sheet_size": ("展开或收起", "Taller or shorter"),
    "site_before": ("上一个站点（k）", "Previous site (k)"),
    "site_after": ("下一个站点（j）", "Next site (j)"),
    "copy_link": ("复制链接", "Copy link"),
    "copied": ("已复制", "Copied"),
    "copy_failed": ("未能复制", "Could not copy"),
    "video_open": ("打开视频", "Open video"),
    "video_none": ("未接入视频", "No video link"),
    "site_gone": ("当前配置中没有这个站点", "The profile has no such site now"),
    "wait_minutes": ("候检（分）", "Wait (min)"),
    "queue_metres": ("排队（米）", "Queue (m)"),
    "below_limit": ("{word}，低于 {n}", "{word}, below {n}"),
    "above_limit": ("{word}，达到 {n}", "{word}, {n} or more"),
    "limits_are": ("繁忙 {busy} · 拥堵 {congested}", "busy {busy} · congested {congested}"),
    "in_quarter": ("15 分钟内 {n}", "{n} in 15 min"),
    "lanes_left": ("可再开 {n} 条", "{n} more can open"),
    "short_n": ("缺 {n} 人", "{n} short"),
    "just_enough": ("刚好满足", "just enough"),
    "not_reported": ("未上报", "not reported"),
    "staff_title": ("在岗与各勤务等级应到", "Staff on duty, and required by duty level"),
    "needs_n": ("应到 {n}", "{n} required"),
    "in_force": ("当前", "in force"),
    "outcomes_today": ("今日处置", "Outcomes today"),
    "no_outcomes": ("今日没有处置上报", "No outcomes reported today"),
    "neighbours": ("邻近可支援站点（同防线）", "Nearest sites of the line with staff to spare"),
    "no_neighbours": ("同防线没有富余力量的站点", "No site of the line has staff to spare"),
    "details_failed": ("详情暂时取不到，稍后自动重试", "Details are not to be had now; trying again"),
    "log_title": ("近 24 小时记录", "Log of the last 24 hours"),
    "log_reading": ("上报", "Reading"),
    "log_corrected": ("更正", "Correction"),
    "log_alert_began": ("告警触发", "Alert began"),
    "log_alert_ended": ("告警解除", "Alert ended"),
    "log_of": ("{time} 的上报", "of the reading at {time}"),
    "refused_n": ("近 24 小时有 {n} 行数据被拒收", "{n} rows were refused in the last 24 hours"),
    "field_persons_in": ("入境方向人员", "persons in"),
    "field_persons_out": ("出境方向人员", "persons out"),
    "field_vehicles_in": ("入境方向车辆", "vehicles in"),
    "field_vehicles_out": ("出境方向车辆", "vehicles out"),
    "field_wait_min": ("候检", "wait"),
    "field_queue_m": ("排队", "queue"),
    "field_lanes_open": ("车道", "lanes"),
    "field_staff_on_duty": ("在岗", "staff"),
    # Comparison
    "compare": ("站点对比", "Compare sites"),
    "compare_short": ("对比", "Cmp"),
    "compare_this": ("加入对比：{name}", "Compare {name}"),
    "compared_add": ("加入对比", "Compare"),
    "compared_remove": ("移出对比", "Remove from comparison"),
    "compare_full": ("最多对比 {n} 个站点", "At most {n} sites are compared"),
    "compare_n": ("{n} / {most} 个站点", "{n} of {most} sites"),
    "compare_add": ("添加站点：名称、编号、拼音", "Add a site: name, id, pinyin"),
    "compare_empty": (
        "在列表中勾选（或按 c），或在上方添加站点",
        "Tick sites in the list (or press c), or add them above",
    ),
    "compare_elsewhere": ("有 {n} 个站点不在此范围内。", "{n} of the sites are not in this county."),
    "compare_in_all": ("在全域中对比", "Compare in the whole area"),
    "back_to_table": ("返回列表", "Back to the list"),
    "staff_of_required": ("在岗 / 应到", "Staff / required"),
    "open_alerts": ("未应答告警", "Unanswered alerts"),
    "worst": ("最重", "worst"),
    # A page that is gone
    "missing_returns": ("重新出现后，本页会自动打开。", "When it exists again, this page opens by itself."),
}

LEFT_OUT = (
    "all_sites", "does_it_hold", "summary", "missing_returns", "clear_filters", "attention_note", "no_match",
    "site_number", "sheet_size", "wait_minutes", "queue_metres", "compare_short", "back_to_table",
)  # fmt: skip
SCRIPT: tuple[str, ...] = (
    *(
        key
        for key in WORDS
        if not key.startswith(("grid_", "pane", "export_", "by_", "video_rounds"))
        and key not in LEFT_OUT
    ),
    "counties", "sites", "smart", "method", "staff", "search", "close", "simulated_note", "lanes",
    "site_opens", "site_closes", "site_closed", "vehicles_per_hour", "status", "age",
)  # fmt: skip
"""Those that the page's own script needs."""
