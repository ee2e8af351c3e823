"""Problems of orders: answers to alerts and what else people tell the board to do."""

from __future__ import annotations

ORDER_PROBLEMS: dict[str, tuple[int, str, str, str, str]] = {
    "empty-value": (
        400, "缺少内容", "Something is missing",
        "参数 {where} 是必填项，不能为空。", "The parameter {where} is needed and must not be empty.",
    ),
    # kind: (status, title zh-CN, title en, detail zh-CN, detail en)
    "no-roster": (
        404, "没有值班排班", "No roster",
        "本配置没有班组和排班。", "This profile has no roster of teams and shifts.",
    ),
    "level-in-force": (
        409, "等级没有变化", "Nothing to change",
        "这一等级已经在执行，没有登记。", "That level is in force already; nothing was recorded.",
    ),
    "unknown-alert": (
        404, "没有这条告警", "No such alert",
        "没有编号为“{got}”的告警。", "There is no alert with the id “{got}”.",
    ),
    "alert-over": (
        409, "告警已解除", "This alert is over",
        "告警“{got}”已经解除，没有登记。", "The alert “{got}” is over; nothing was recorded.",
    ),
    "not-firing": (
        409, "尚未触发", "Not firing yet",
        "告警“{got}”还没有触发，没有登记。", "The alert “{got}” has not fired yet; nothing was recorded.",
    ),
    "not-answered": (
        409, "没有应答", "Not answered",
        "告警“{got}”现在没有可撤回的应答。", "There is no answer to the alert “{got}” to take back.",
    ),
    "unknown-silence": (
        404, "没有这项安排", "No such silence",
        "没有编号为“{got}”的静默或临时关闭。", "There is no silence or closure with the id “{got}”.",
    ),
    "silence-over": (
        409, "已经结束", "It is over",
        "“{got}”已经结束，没有改动。", "“{got}” is over; nothing was changed.",
    ),
    "silence-not-yours": (
        403, "由上级设置", "The command centre above made it",
        "“{got}”由上级指挥中心设置，请联系该中心。",
        "The command centre above made “{got}”; ask it.",
    ),
    "too-many-silences": (
        409, "静默过多", "Too many silences",
        "未结束的静默和临时关闭已有 {got} 项，请先结束不再需要的。",
        "{got} silences and closures are not over; end some that are no longer needed first.",
    ),
    "unknown-handover": (
        404, "没有这份交接班记录", "No such handover",
        "没有编号为“{got}”的交接班记录。", "There is no handover with the id “{got}”.",
    ),
    "side-signed": (
        409, "已经签认", "Signed already",
        "交接班记录“{got}”的这一方已经签认，没有重复登记。",
        "This side of the handover “{got}” is signed already; nothing was recorded.",
    ),
    "same-account": (
        409, "须由两个账号签认", "Two accounts have to sign",
        "交班和接班须由不同的账号（岗位）签认；这个账号已签认“{got}”的另一方。",
        "The two sides are signed by different accounts (posts); this one signed the other side of “{got}”.",
    ),
    "other-digest": (
        409, "内容不一致", "Other contents",
        "所签内容与记录“{got}”不一致，没有登记；请重新打开后再签认。",
        "What was to be signed is not what the handover “{got}” holds; open it again, then sign.",
    ),
    "too-many-drafts": (
        429, "拟制过多", "Too many drafts",
        "一天之内已有 {got} 份没有签认的交接班记录；请签认其中一份，或稍后再拟制。",
        "There are {got} unsigned handovers within a day already; sign one of them, or wait.",
    ),
    "draft-old": (
        409, "记录已过时", "Too old to be signed",
        "交接班记录“{got}”拟制已超过 2 小时，请重新拟制后签认。",
        "The handover “{got}” was drawn up more than 2 hours ago; draw up another one and sign that.",
    ),
}  # fmt: skip
