"""Words of a brief on paper: what its tables, pictures and pages are called."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "paper_table": ("表{n}", "Table {n}"),
    "paper_figure": ("图{n}", "Figure {n}"),
    "paper_annex": ("附件{n}", "Annex {n}"),
    "paper_page": ("— {page} —", "— {page} —"),
    "paper_definitions": ("指标说明", "Definitions"),
    "paper_term": ("名称", "Term"),
    "paper_meaning": ("含义", "Meaning"),
    "paper_none": ("无。", "None."),
    "paper_link": ("本期态势画面永久链接", "Permanent link to this picture"),
    "paper_code": (
        "二维码，内容为本期态势画面的永久链接",
        "A code that holds the permanent link to this picture",
    ),
    "paper_unit": ("单位：{unit}", "Unit: {unit}"),
    "paper_points": ("{name}：{points}", "{name}: {points}"),
    "paper_spread": (
        "{name}：{n} 个时点，最低 {low}（{low_at}），最高 {high}（{high_at}）",
        "{name}: {n} points, lowest {low} ({low_at}), highest {high} ({high_at})",
    ),
}
SCRIPT: tuple[str, ...] = ()
