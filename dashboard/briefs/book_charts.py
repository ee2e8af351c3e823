"""The charts of a workbook, native, each beside the figures it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.briefs.book_cells import FACE, Looks, put, words
from dashboard.briefs.manuscript import Chart, Manuscript
from dashboard.briefs.outline import in_words
from dashboard.theme import LIGHT

HUES = ("accent", "before", "status-normal", "status-busy", "status-closed", "status-congested")
HIGH = 18
"""Rows that a chart takes, at least."""
WIDE_PX, HIGH_PX, ROW_PX = 760, 340, 20


def put_charts(book: Any, sheet: Any, looks: Looks, m: Manuscript, charts: Sequence[Chart]) -> None:
    """Charts one below the other, their figures at the left."""
    across = max(len(chart.series) for chart in charts)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, across, 16)
    top, breaks = 0, []
    for chart in charts:
        breaks.append(top)
        words(sheet, (top, 0), _title(chart, m), looks.get(font_size=14, bold=True))
        words(sheet, (top + 1, 0), m.figures, looks.get(font_color=LIGHT["quiet"]))
        head, first = top + 2, top + 3
        words(sheet, (head, 0), "", looks.head())
        for at, (name, values) in enumerate(chart.series, start=1):
            words(sheet, (head, at), name, looks.head(right=True))
            whole = all(value is None or value % 1 == 0 for value in values)
            for n, value in enumerate(values, start=first):
                if value is None:
                    # A dash would be drawn as a zero.
                    sheet.write_blank(n, at, None, looks.cell("decimal"))
                else:
                    put(sheet, looks, (n, at), value, "whole" if whole else "decimal")
        for n, category in enumerate(chart.categories, start=first):
            put(sheet, looks, (n, 0), category, "text")
        _draw(book, sheet, chart, m, (head, across + 2))
        top = first + max(len(chart.categories), HIGH) + 2
    sheet.set_h_pagebreaks(breaks[1:])


def _title(chart: Chart, m: Manuscript) -> str:
    if not chart.unit:
        return chart.title
    return f"{chart.title}（{chart.unit}）" if m.lang.startswith("zh") else f"{chart.title} ({chart.unit})"


def _draw(book: Any, sheet: Any, chart: Chart, m: Manuscript, at: tuple[int, int]) -> None:
    if not chart.categories or not chart.series:
        return
    drawn = book.add_chart({"type": chart.kind})
    head, last, name = at[0], at[0] + len(chart.categories), sheet.get_name()
    for n in range(len(chart.series)):
        hue = {"color": LIGHT[HUES[n % len(HUES)]]}
        line = hue | {"width": 2.25 if n == 0 else 1.5, "dash_type": "dash" if n else "solid"}
        drawn.add_series(
            {
                "name": [name, head, n + 1],
                "categories": [name, head + 1, 0, last, 0],
                "values": [name, head + 1, n + 1, last, n + 1],
                **({"line": line} if chart.kind == "line" else {"fill": hue, "gap": 70}),
                "data_labels": {"value": chart.kind != "line", "font": {"name": FACE, "size": 9}},
            }
        )
    face = {"name": FACE, "size": 9, "color": LIGHT["quiet"]}
    title = {"name": FACE, "size": 12, "bold": True, "color": LIGHT["text"]}
    drawn.set_title({"name": _title(chart, m), "name_font": title})
    names: dict[str, object] = {"num_font": face, "line": {"color": LIGHT["before"]}}
    names["interval_unit"] = max(1, len(chart.categories) // 12) if chart.kind == "line" else 1
    # Where every value is said, its axis would only say it again.
    said = chart.kind != "line"
    grid = {"visible": not said, "line": {"color": LIGHT["grid"]}}
    values: dict[str, object] = {"num_font": face, "min": 0, "num_format": "#,##0"}
    values |= {"major_gridlines": grid, "visible": not said}
    if chart.unit == "%":
        values["max"] = 100
    # In a chart of bars the categories stand at the side; the first belongs on top.
    drawn.set_x_axis(values if chart.kind == "bar" else names)
    drawn.set_y_axis(names | {"reverse": True} if chart.kind == "bar" else values)
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": face})
    drawn.show_blanks_as("gap")
    drawn.set_size({"width": WIDE_PX, "height": max(HIGH_PX, ROW_PX * (HIGH - 1))})
    sheet.insert_chart(*at, drawn, {"description": in_words(m, chart), "object_position": 2})
