"""What is wrong with maintenance and rules that hide others: English to Chinese."""

from __future__ import annotations

TEXTS = {
    "the rule hides itself": "规则遮蔽了自己",
    "a rule that does not": "不会反过来遮蔽它的规则",
    "Two rules that hide each other would both be unheard": "互相遮蔽的规则，哪一条都不会有人听到",
    "rule": "规则",
    "fence": "围栏",
    "HH:MM, as in 06:30": "HH:MM，如 06:30",
    "not a day or days": "不是日期，也不是日期区间",
    "YYYY-MM-DD, or two of them in order as YYYY-MM-DD/YYYY-MM-DD": (
        "YYYY-MM-DD，或先后两个日期 YYYY-MM-DD/YYYY-MM-DD"
    ),
    "it would hide every alert": "会遮蔽所有告警",
    "at least one list": "至少一个列表",
    "Name rules, kinds, lines, counties, sites or fences": (
        "请写明 rules、kinds、lines、counties、sites 或 fences"
    ),
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
