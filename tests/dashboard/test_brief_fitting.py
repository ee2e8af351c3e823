"""Columns of a table on paper: they fill the page, numbers stay whole, heads break before their units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.briefs.fitting import PAD_MM, POINT_MM, em, fit, heads
from dashboard.briefs.manuscript import Column, Table

TEXT = st.text("站点执勤abcdefgh0123456789 ", max_size=30)


@given(st.lists(st.tuples(TEXT, TEXT, st.integers(0, 10**7)), max_size=8))
def test_columns_fill_the_width_and_numbers_stay_on_one_line(rows: list[tuple[str, str, int]]) -> None:
    table = Table(
        "t", "", (Column("a", "站点"), Column("b", "位置"), Column("n", "人次", "whole")), tuple(rows)
    )
    told = [(a, b, f"{n:,}") for a, b, n in rows]
    size, widths = fit(table, told, 156, (10.5, 9.0, 8.0))
    assert sum(widths) == pytest.approx(156)
    room = (widths[2] - PAD_MM) / (size * POINT_MM)
    if size > 8.0:
        assert all(em(number) <= room + 1e-6 for _, _, number in told)


def test_letters_shrink_before_columns_do() -> None:
    few = Table("t", "", tuple(Column(f"c{n}", "在岗人数", "whole") for n in range(4)), ())
    many = Table("t", "", tuple(Column(f"c{n}", "在岗人数", "whole") for n in range(14)), ())
    rows = [["1,234,567"] * 14]
    assert fit(few, [rows[0][:4]], 156, (10.5, 9.0, 8.0))[0] == 10.5
    assert fit(many, rows, 156, (10.5, 9.0, 8.0))[0] == 8.0


def test_a_long_table_is_set_so_that_its_rows_stay_on_one_line() -> None:
    columns = tuple(Column(f"c{n}", "名称") for n in range(6))
    rows = [["临翔平掌服务区检查站"] * 6 for _ in range(50)]
    table = Table("t", "", columns, ())
    assert fit(table, rows, 185, (9.0, 8.0))[0] == 9.0
    assert fit(table, rows, 185, (9.0, 8.0), dense=True)[0] == 8.0


def test_a_head_breaks_before_its_unit() -> None:
    table = Table("t", "", (Column("a", "等候（分钟）"), Column("b", "Wait (min)")), ())
    assert heads(table, 10.5, [60, 60]) == ["等候（分钟）", "Wait (min)"]
    assert heads(table, 10.5, [20, 12]) == ["等候\n（分钟）", "Wait\n(min)"]


def test_what_is_left_goes_where_it_saves_most_lines() -> None:
    """Nine columns of alerts in English: a row was as high as six lines, for want of a few letters each."""
    titles = ("Severity", "Place", "County", "What", "Fired", "Answer", "Answered", "Sent", "Arrived")
    times = ("Fired", "Answered", "Sent", "Arrived")
    columns = tuple(Column(title, title, "time" if title in times else "text") for title in titles)
    what = ("Wait 39 min (limit 30)", "Queue 658 m (limit 500)", "No data for 25 min")
    answer = ["07:24", "zk-duty: 已派人查看", "07:26", "07:26", "—"]
    rows = [["critical", "沧源 抵边执勤点 064", "沧源县", said, *answer] for said in what]
    size, widths = fit(Table("t", "", columns, ()), rows, 156, (10.5, 9.0, 8.0))
    ems = [(width - PAD_MM) / (size * POINT_MM) for width in widths]
    assert max(math.ceil(em(cell) / wide) for row in rows for cell, wide in zip(row, ems, strict=True)) == 2
    assert sum(widths) == pytest.approx(156)
    few = Table("t", "", columns[1:4], ())
    assert fit(few, [row[1:4] for row in rows], 156, (10.5, 9.0, 8.0))[0] == 10.5
