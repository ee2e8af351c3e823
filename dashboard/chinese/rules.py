"""What is wrong with the rules of a profile: English to Chinese."""

from __future__ import annotations

TEXTS = {
    "hours without length": "时段没有长度",
    "two different times of day": "两个不同的时刻",
    "steps out of order": "加重阈值顺序不对",
    "above the one before, {}": "大于前一个 {}",
    "below the one before, {}": "小于前一个 {}",
    "a step that is no graver": "该档并未加重",
    "not a metric of a {}, which the rule is about": "与规则所看的对象（{}）不是同一类的指标",
    "a {} is not chosen by {}": "{} 类规则不能用 {} 限定范围",
    "alerts that no {} groups": "不能按 {} 归并的告警",
    "a metric of a {}": "对象为 {} 的指标",
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
