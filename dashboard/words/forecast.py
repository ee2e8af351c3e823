"""Words of the forecast, the advice for a slow site, and what closing it would do."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "unit_vehicles": ("辆", "vehicles"),
    "unit_persons": ("人", "persons"),
    # The forecast
    "forecast": ("候检预测", "Forecast of the wait"),
    "forecast_at": ("预计 {time} 候检 {wait} 分钟", "At {time} about {wait} min"),
    "forecast_between": (
        "预计 {time} 候检 {wait} 分钟，八成把握在 {low}–{high} 分钟之间",
        "At {time} about {wait} min; four times in five it is {low}–{high}",
    ),
    "forecast_score": (
        "预测半小时后候检，近 {days} 天平均误差 {mae} 分钟；按“维持现状”为 {no_change} 分钟（{n} 个时刻）",
        "Mean error half an hour ahead over {days} days: {mae} min; of “no change” {no_change} min "
        "({n} moments)",
    ),
    "forecast_score_week": (
        "；有上周数据的 {n} 个时刻，误差 {mae} 分钟，按“上周同一时刻”为 {last_week} 分钟",
        "; at the {n} with a week before: {mae} min, of “same time last week” {last_week} min",
    ),
    "forecast_inside": ("；实测落入区间的占 {share}%", "; {share}% came out inside the interval"),
    "forecast_no_wait": ("本站不上报候检时间，不作预测。", "The site reports no wait: there is no forecast."),
    "forecast_silent": ("数据已过时，暂不预测。", "Its data is old: no forecast until it reports again."),
    "forecast_too_short": (
        "历史数据不足，预测尚无成绩，暂不显示。",
        "Too little history to score the forecast, so it is not shown.",
    ),
    "forecast_no_change": (
        "在本站，预测不比“维持现状”准，不予显示。",
        "Here the forecast is no better than “no change”, so it is not shown.",
    ),
    "forecast_last_week": (
        "在本站，预测不比“上周同一时刻”准，不予显示。",
        "Here the forecast is no better than “same time last week”, so it is not shown.",
    ),
    # The advice
    "advice_open": (
        "建议再开 {more} 条车道（共 {lanes} 条），预计 {time} 前候检回到 {threshold} 分钟以下",
        "Open {more} more, {lanes} lanes in all: the wait is below {threshold} min by {time}",
    ),
    "advice_open_now": (
        "建议再开 {more} 条车道（共 {lanes} 条），候检即可回到 {threshold} 分钟以下",
        "Open {more} more, {lanes} lanes in all: that brings the wait below {threshold} min at once",
    ),
    "advice_wait": (
        "现有 {lanes} 条车道即可，预计 {time} 前候检回到 {threshold} 分钟以下",
        "The {lanes} open lanes are enough: the wait is below {threshold} min by {time}",
    ),
    "advice_divert": (
        "开满 {lanes} 条车道，半小时内仍不能回到 {threshold} 分钟以下，"
        "建议上游分流约 {divert} {unit}/时，持续半小时",
        "All {lanes} lanes do not bring it below {threshold} min in half an hour: divert about {divert} "
        "{unit}/h upstream for that long",
    ),
    "advice_divert_open": (
        "建议先再开 {more} 条车道，开满 {lanes} 条",
        "Open the other {more} first, so that all {lanes} lanes are open",
    ),
    "advice_all_by": ("不分流则约 {time} 回落", "without that it takes until about {time}"),
    "advice_staff": ("需增派 {n} 人上岗", "{n} more on duty are needed for that"),
    "advice_unknown": (
        "候检过长，但车道或通行数据不足，无法测算所需车道",
        "The wait is long, but too little is known of lanes and counts to say how many would do",
    ),
    "advice_basis": (
        "测算依据：现到达约 {come} {unit}/时，每车道 {rate} {unit}/时（据排队时 {hours} 车道小时实测）",
        "From about {come} {unit}/h arriving and {rate} {unit}/h a lane (measured over {hours} lane-hours "
        "with a queue)",
    ),
    "advice_basis_stated": (
        "测算依据：现到达约 {come} {unit}/时，每车道 {rate} {unit}/时（按配置的能力）",
        "From about {come} {unit}/h arriving and {rate} {unit}/h a lane (as the profile states)",
    ),
    # What if
    "whatif": ("分流推演", "What if"),
    "whatif_lane": ("减开 1 条车道", "A lane closes"),
    "whatif_site": ("关闭本站", "The site closes"),
    "whatif_leaves": ("约 {n} {unit}/时转往邻站", "About {n} {unit}/h go to neighbours"),
    "whatif_stays": ("无需分流，本站仍能承担", "Nobody has to go elsewhere"),
    "whatif_here": (
        "本站半小时后候检 {without} → {with_} 分钟",
        "here in half an hour {without} → {with_} min",
    ),
    "whatif_neighbour": ("邻站", "Neighbour"),
    "whatif_km": ("公里", "km"),
    "whatif_share": ("分担", "Share"),
    "whatif_then": ("半小时后候检（分）", "Wait in half an hour (min)"),
    "whatif_lanes": ("需开车道", "Lanes needed"),
    "whatif_not_enough": ("全开仍不够", "all are too few"),
    "whatif_none": (
        "{km} 公里内没有同防线、可分担的邻站",
        "no site of the line within {km} km could take them over",
    ),
    "whatif_unknown": (
        "本站车道、候检或通行数据不足，无法推演",
        "Too little is known of the site's lanes, wait and counts",
    ),
    "whatif_note": (
        "按各站近期到达量、现开车道、余力和道路距离推算，供参考",
        "Estimated from recent arrivals, open lanes, room and ways along the roads",
    ),
    "whatif_own": ("；只含本县站点", "; sites of this county only"),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
