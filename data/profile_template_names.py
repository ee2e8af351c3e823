"""What a bureau's own template of a brief may name: one table, each name in English and in Chinese."""

from __future__ import annotations

TEXTS = {
    "title": "标题",
    "scope": "范围",
    "number": "文号",
    "date": "日期",
    "head": "说明",
    "marks": "标记",
    "handling": "密级标识",
    "figures": "数据时点",
    "made_by": "制作单位",
    "source": "资料来源",
    "link": "链接",
}
"""Words that may stand anywhere, also in headers and footers. `head` is what stands below a title."""
PARTS = {
    "summary": "综述",
    "map": "态势图",
    "lines": "防线",
    "changes": "变化",
    "open": "警情",
    "response": "处置",
    "slowest": "通行",
    "outcomes": "成果",
    "staffing": "勤务",
    "gaps": "缺口",
    "sites": "附录",
    "definitions": "释义",
}
"""The parts of a brief, in their order. Alone in a paragraph a part's name stands for the whole part, but
`map` for the map and, anywhere, `summary` for the sentence."""
MEMBERS = {
    "title": "标题",
    "text": "正文",
    "table": "表格",
    "chart": "图表",
    "rows": "行",
    "paragraphs": "段落",
    "tables": "各表",
}
"""What each part has: its heading without a number, its paragraphs in one, its tables and its charts as
blocks; the rows of its first table, its paragraphs one by one, and its tables by their names."""
BLOCKS = {"parts": "全部内容", "qr": "二维码"}
"""What else may stand alone in a paragraph: all parts one after another, and the link as a code."""
FILTERS = ("default", "first", "int", "join", "last", "length", "lower", "replace", "round", "trim", "upper")
"""The filters that a template may use."""

COLUMNS = (
    "alerts", "alerts_fired", "answer", "answered_at", "arrived_at", "backed", "behind", "behind_km", "by",
    "change", "change_share", "county", "critical", "due", "duty_level", "exit", "exits", "exits_held",
    "fired_at", "from_km", "gap_km", "in_span", "kept", "kind", "km", "km_before", "km_exposed", "km_now",
    "km_uncovered", "lacking", "lanes_open", "late", "limit_min", "line", "median_min", "meaning", "method",
    "missed", "names", "nearest", "nearest_km", "observed_at", "online", "online_before", "online_now",
    "outcome", "people", "persons_before", "persons_now", "persons_per_hour", "place", "queue_m", "reserve",
    "reserve_km", "resolved_at", "rule", "sent_at", "severity", "share", "share_answered", "share_arrived",
    "share_sent", "site", "sites", "staff_before", "staff_now", "staff_on_duty", "staff_required", "state",
    "status", "step", "teams", "term", "to_km", "today", "vehicles_per_hour", "wait_change", "wait_min",
    "was", "week_before", "what", "what_happened", "when",
)  # fmt: skip
"""The columns that a row may have; one that a profile's brief does without is a dash."""

_NAMES = {chinese: name for table in (TEXTS, PARTS, BLOCKS) for name, chinese in table.items()}
_MEMBERS = {chinese: name for name, chinese in MEMBERS.items()}


def name_of(word: str) -> str:
    """The English of a name in either language; the word itself where it is none."""
    return _NAMES.get(word, word)


def member_of(word: str) -> str:
    """The English of a part's member in either language; the word itself where it is none."""
    return _MEMBERS.get(word, word)


def is_block(name: str, member: str = "") -> bool:
    """Whether a name, in English, stands for more than words."""
    if name in PARTS:
        return member in ("table", "chart") or (member == "" and name != "summary")
    return name in BLOCKS


def known() -> list[str]:
    """Every name that may stand first, English before Chinese."""
    tables = (TEXTS, PARTS, BLOCKS)
    return [
        *(name for table in tables for name in table),
        *(name for table in tables for name in table.values()),
    ]
