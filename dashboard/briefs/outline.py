"""A manuscript as paper shows it: what goes under a heading, what is an annex, what a picture is called.

The .docx and the .pdf are both laid out from here, so that they number and name the same things alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.briefs.cells import shown
from dashboard.briefs.manuscript import Cell, Chart, Column, Manuscript, Part, Table
from dashboard.words import say

TABLE_PT, SMALL_PT, LEAST_PT = 10.5, 9.0, 8.0
"""Letters of tables, of wide ones, annexes and notes, of the widest: 五号, 小五, and a little less."""
SIZES = (TABLE_PT, SMALL_PT, LEAST_PT)
WHOLE, LONG = 6, 30
"""A table of no more rows stays on one page, unless a cell of it has more letters than the second."""
ACROSS_FROM = 7
"""An annex whose table has so many columns lies across."""
FEW = 12
"""So many points of a chart are told one by one; of more, the lowest and the highest."""


def lead(m: Manuscript) -> tuple[Part, ...]:
    """Parts of the body, in order; the summary stands at the head, its part only with what it has more."""
    return tuple(
        part
        for part in m.parts
        if not part.appendix
        and (part.name != "summary" or part.tables or part.charts or paragraphs(m, part, empty=False))
    )


def annexes(m: Manuscript) -> tuple[Part, ...]:
    """What stands at the end on pages of its own: the manuscript's appendices, then its definitions."""
    found = [part for part in m.parts if part.appendix]
    if m.definitions:
        columns = (
            Column("term", say(m.lang, "paper_term"), width=2),
            Column("meaning", say(m.lang, "paper_meaning"), width=7),
        )
        title = say(m.lang, "paper_definitions")
        found.append(
            Part(
                "definitions",
                title,
                tables=(Table("definitions", title, columns, m.definitions),),
                appendix=True,
            )
        )
    return tuple(found)


def across(part: Part) -> bool:
    """Whether an annex lies across the page."""
    return any(len(table.columns) >= ACROSS_FROM for table in part.tables)


def annex_title(m: Manuscript, n: int, part: Part) -> str:
    """The heading of an annex, with its number."""
    space = "\u3000" if m.lang.startswith("zh") else " "
    return say(m.lang, "paper_annex", n=n) + space + part.title


def paragraphs(m: Manuscript, part: Part, *, empty: bool = True) -> tuple[str, ...]:
    """The words of a part without the summary, which stands at the head; one of which there is nothing says
    so, unless not `empty`."""
    words = tuple(text for text in part.paragraphs if part.name != "summary" or text != m.summary)
    if words or part.charts or part.name == "map" or any(table.rows for table in part.tables) or not empty:
        return words
    return (say(m.lang, "paper_none"),)


def tables(part: Part) -> tuple[Table, ...]:
    """The tables of a part that hold anything, or that say why they do not."""
    return tuple(table for table in part.tables if table.rows or table.note)


def row(m: Manuscript, table: Table, values: Sequence[Cell]) -> tuple[str, ...]:
    """A row as people read it."""
    return tuple(
        shown(cell, column.kind, m.zone, m.at) for cell, column in zip(values, table.columns, strict=True)
    )


def whole(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is so small that no page's end should part it."""
    return len(rows) <= WHOLE and all(len(cell) <= LONG for values in rows for cell in values)


def side(column: Column) -> str:
    """Where the cells of a column stand: numbers at its right, so that their digits line up."""
    if column.kind in ("whole", "decimal", "share"):
        return "right"
    return "left" if column.kind == "text" else "center"


def value(number: float | None, unit: str) -> str:
    """A chart's value in words, with its unit."""
    if number is None:
        return shown(None, "text", "UTC")
    return f"{number:,.1f}".removesuffix(".0") + unit


def chart_title(m: Manuscript, chart: Chart) -> str:
    """What stands below a chart, with its unit."""
    if not chart.unit:
        return chart.title
    unit = say(m.lang, "paper_unit", unit=chart.unit)
    return f"{chart.title}（{unit}）" if m.lang.startswith("zh") else f"{chart.title} ({unit})"


def chart_mm(chart: Chart) -> float:
    """How high a chart stands on paper; one of bars as its bars need."""
    if chart.kind == "bar":
        return max(28.0, 9 + 5.6 * len(chart.categories) * max(1, len(chart.series)))
    return 62.0 if chart.kind == "line" else 54.0


def in_words(m: Manuscript, chart: Chart) -> str:
    """A chart for whoever cannot see it."""
    told = [chart.title]
    for name, values in chart.series:
        known = [
            (number, place)
            for place, number in zip(chart.categories, values, strict=True)
            if number is not None
        ]
        if len(values) <= FEW or not known:
            pairs = (
                f"{place} {value(number, chart.unit)}"
                for place, number in zip(chart.categories, values, strict=True)
            )
            told.append(say(m.lang, "paper_points", name=name, points=", ".join(pairs)))
            continue
        (low, low_at), (high, high_at) = min(known), max(known)
        told.append(
            say(
                m.lang,
                "paper_spread",
                name=name,
                n=len(values),
                low=value(low, chart.unit),
                low_at=low_at,
                high=value(high, chart.unit),
                high_at=high_at,
            )
        )
    return ("。" if m.lang.startswith("zh") else ". ").join(told)
