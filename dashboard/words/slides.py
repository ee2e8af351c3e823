"""Words of a brief's slides and workbook that its text does not have."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "slides_first": ("{title}（前 {n} 项，共 {total} 项）", "{title} (first {n} of {total})"),
    "slides_rest": ("……其余见值班简报正文", "… the rest is in the brief itself"),
    "slides_none": ("{title}：无", "{title}: none"),
    "slides_and": (" · ", " · "),
    "slides_code": ("本期态势画面永久链接的二维码", "A code that holds the permanent link to this picture"),
    "book_cover": ("首页", "About"),
    "book_definitions": ("指标说明", "Definitions"),
    "book_charts": ("图表", "Charts"),
    "book_number": ("编号", "Number"),
    "book_date": ("日期", "Date"),
    "book_scope": ("范围", "Scope"),
    "book_at": ("态势时间", "Time of the picture"),
    "book_made": ("编制时间", "Made at"),
    "book_by": ("编制", "Made by"),
    "book_zone": ("时区", "Time zone"),
    "book_handling": ("密级标识", "Handling"),
    "book_marks": ("标识", "Marks"),
    "book_source": ("底图来源", "Source of the map"),
    "book_link": ("永久链接", "Permanent link"),
    "book_summary": ("综述", "Summary"),
    "book_sheets": ("工作表", "Sheet"),
    "book_holds": ("内容", "What it holds"),
    "book_rows": ("行数", "Rows"),
    "book_term": ("名称", "Term"),
    "book_meaning": ("含义", "Meaning"),
    "book_column": ("列", "Column"),
    "book_field": ("接口字段", "Field"),
    "book_kind": ("类型", "Kind"),
    "book_kind_text": ("文字", "words"),
    "book_kind_whole": ("整数", "whole number"),
    "book_kind_decimal": ("小数", "number with one decimal"),
    "book_kind_share": ("百分比", "share in percent"),
    "book_kind_time": ("时间", "moment"),
    "book_kind_day": ("日期", "day"),
    "book_dash": (
        "“—”表示未掌握，不等于零；时间均为所注时区的当地时间。",
        "A dash means not known, never zero; times are local times of the zone named here.",
    ),
    "book_page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}
SCRIPT: tuple[str, ...] = ()
"""The page's own script needs none of them."""
