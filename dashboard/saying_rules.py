"""What `threeline rules` says, in both languages."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "help": ("规则：列出，或用已存数据试算。", "Rules: list them, or try one on saved readings."),
    "list": ("列出配置中的规则。", "List the rules of the profile."),
    "test": (
        "用已存数据试算一条规则：何时会告警、持续多久、在哪些站点，用以按证据定阈值。",
        "Try a rule on saved readings: when it would have fired, for how long and where, so that a "
        "threshold is chosen on evidence.",
    ),
    "arg_rule": ("规则的 id。", "The rule's id."),
    "opt_from": (
        "从何时起；默认为最后一条数据之前 24 小时。",
        "From when on; by default 24 hours before the newest reading.",
    ),
    "opt_to": ("到何时止；默认为最后一条数据。", "Until when; by default the newest reading."),
    "opt_threshold": (
        "以此阈值代替配置中的；可多次给出，逐个比较。",
        "In place of the rule's threshold; several times to compare several.",
    ),
    "opt_clear": (
        "解除阈值；不给则随阈值平移。",
        "The clearing threshold; without it, it moves with the threshold.",
    ),
    "opt_for": ("持续多少秒才告警。", "Seconds that it must hold before it fires."),
    "opt_clear_for": ("恢复多少秒才解除。", "Seconds that it must be clear before it resolves."),
    "opt_site": (
        "只看这些站点（围栏规则则为围栏），可多次给出。",
        "These sites alone (fences, of a rule on fences), as often as needed.",
    ),
    "opt_step": ("每隔多少秒判断一次。", "Seconds between the moments that are judged."),
    "opt_all": ("逐条列出全部告警。", "List every alert."),
    "opt_json": ("每条告警一行 JSON。", "One JSON object per alert, one to a line."),
    "no_rule": (
        "没有规则“{got}”；应为 {expected}。{hint}",
        "There is no rule “{got}”; expected {expected}. {hint}",
    ),
    "board": (
        "规则 {rule} 看的是系统自身（{metric}），没有存档，无法试算",
        "Rule {rule} looks at the board itself ({metric}), of which nothing is kept: it cannot be tried",
    ),
    "no_data": ("存储中没有数据，无从试算：{store}", "The store has no readings to try a rule on: {store}"),
    "bad_time": (
        "时间“{got}”不可用；应为 {expected}",
        "“{got}” cannot be used as a time; expected {expected}",
    ),
    "bad_span": ("起止时间不成区间：{start} 至 {end}", "Not a span of time: {start} to {end}"),
    "no_site": ("没有站点或围栏“{got}”。{hint}", "There is no site or fence “{got}”. {hint}"),
    "trying": ("试算 {rule}", "Trying {rule}"),
    "tried": (
        "{rule}（{metric} {op} {threshold}，持续 {for_s} 秒）：{start} 至 {end}，{targets} 个对象中 {judg"
        "ed} 个有数据。",
        "{rule} ({metric} {op} {threshold} for {for_s} s): {start} to {end}, values known of {judged} of "
        "{targets}.",
    ),
    "none": ("不会告警。", "It would not have fired."),
    "summary": (
        "会告警 {n} 次，涉及 {places} 个对象；同时最多 {most} 起；合计 {stood}，最长 {longest}。",
        "It would have fired {n} times at {places} of them; at most {most} at once; {stood} in all, the "
        "longest {longest}.",
    ),
    "more": ("另有 {n} 起未列出（--all 全列）。", "{n} more are not listed (--all lists them)."),
    "h_place": ("对象", "Where"),
    "h_times": ("次数", "Times"),
    "h_stood": ("合计", "In all"),
    "h_longest": ("最长", "Longest"),
    "h_worst": ("最重值", "Worst"),
    "h_first": ("首次", "First"),
    "h_fired": ("告警", "Fired"),
    "h_ended": ("解除", "Resolved"),
    "h_lasted": ("持续", "Lasted"),
    "h_severity": ("级别", "Severity"),
    "h_threshold": ("阈值", "Threshold"),
    "h_places": ("对象数", "Places"),
    "h_most": ("同时最多", "At once"),
    "h_rule": ("规则", "Rule"),
    "h_name": ("名称", "Name"),
    "h_when": ("条件", "Condition"),
    "stands": ("未解除", "still open"),
}
