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
    "open": "告警",
    "response": "响应",
    "slowest": "等候",
    "outcomes": "查处",
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

_ALERT = "severity place county fired_at answered_at sent_at arrived_at"
TABLES = {
    "summary": {"key": "figure value of share"},
    "lines": {
        "lines": "line sites online persons_per_hour vehicles_per_hour staff_on_duty staff_required alerts "
        "critical",
        "coverage": "line km km_covered km_uncovered km_exposed exits exits_held",
        "counties": "county duty_level sites online persons_per_hour vehicles_per_hour staff_on_duty "
        "staff_required alerts km_uncovered",
    },
    "changes": {
        "lines_changes": "line online_before online_now staff_before staff_now persons_before persons_now "
        "km_before km_now",
        "sites_changed": "change site county line was status observed_at",
        "alerts_changed": "severity rule place county fired_at resolved_at",
    },
    "open": {
        "open": f"{_ALERT} what_happened answer",
        "answered": f"{_ALERT} rule by resolved_at",
    },
    "response": {
        "response": "step limit_min due kept late missed share median_min",
        "response_lines": "line alerts_fired share_answered share_sent share_arrived",
    },
    "slowest": {"slowest": "site county line status wait_min wait_change queue_m lanes_open"},
    "outcomes": {
        "traffic": "what in_span today week_before change_share",
        "outcomes": "outcome in_span today",
    },
    "staffing": {
        "staffing": "line staff_on_duty staff_required share",
        "teams": "line teams_on_post people_on_post teams_standby people_standby teams_rest people_rest",
        "short": "site county line staff_on_duty staff_required lacking",
    },
    "gaps": {
        "gaps": "county line from_km to_km gap_m backed behind behind_km reserve reserve_km",
        "exits": "exit county line nearest nearest_km",
    },
    "sites": {
        "sites": "site county line kind status persons_per_hour vehicles_per_hour queue_m wait_min "
        "lanes_open staff_on_duty staff_required observed_at method"
    },
    "definitions": {"definitions": "term meaning"},
}
"""The tables of each part and the columns of their rows; what a profile's brief does without is a dash, or no
row at all."""


def columns_of(part: str, table: str = "") -> list[str]:
    """The columns that rows of a part, or of one of its tables, may have."""
    told = TABLES.get(part, {})
    chosen = [told.get(table, "")] if table else list(told.values())
    return list(dict.fromkeys(name for columns in chosen for name in columns.split()))


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
