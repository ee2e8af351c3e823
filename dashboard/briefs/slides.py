"""A brief as slides, 16:9: one to six of them, with tables, charts and a map that stay editable.

Every slide has its marks, its number and, in its notes, the times of its figures and its parts in full.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pptx.presentation import Presentation as Deck

from dashboard.briefs.cells import shown, unknown
from dashboard.briefs.deck import BOTTOM, KEYS, LEFT, RIGHT, TOP, deck
from dashboard.briefs.manuscript import Chart, Manuscript, Part, Pictures, Table
from dashboard.briefs.outline import paragraphs
from dashboard.briefs.slide_page import Page
from dashboard.words import say

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, HIGH = RIGHT - LEFT, BOTTOM - TOP - 6
LISTED = 14
"""Alerts told beside the map, at most."""


def pptx(m: Manuscript, pictures: Pictures, template: bytes | None = None) -> bytes:
    """The file, in the look of the board or in that of a bureau's own template."""
    if template is not None:
        from dashboard.briefs.template_slides import fill_pptx  # noqa: PLC0415

        return fill_pptx(m, pictures, template)
    made = deck(m.lang)
    for slide in SLIDES:
        slide(made, m, pictures)
    core = made.core_properties
    core.title, core.subject, core.author = m.title, m.scope, m.made_by
    core.last_modified_by, core.language, core.keywords = m.made_by, m.lang, " ".join(m.marks)
    core.created = core.modified = datetime.fromtimestamp(m.made_at, UTC).replace(tzinfo=None)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def keys(m: Manuscript) -> list[tuple[str, str, str]]:
    """The key numbers, what they are and what of: the first table of the summary, as far as there is room."""
    table = next((table for table in _tables(_part(m, "summary")) if table.rows), None)
    if table is None:
        return []
    told = []
    for row in table.rows[:KEYS]:
        cells = list(zip(row, table.columns, strict=True))
        name, number = str(cells[0][0]), shown(cells[1][0], cells[1][1].kind, m.zone, m.at)
        of = [
            (shown(cell, column.kind, m.zone, m.at), column)
            for cell, column in cells[2:]
            if not unknown(cell)
        ]
        told.append((number, name, " · ".join(f"{column.title} {text}" for text, column in of)))
    return told


# ---- the slides, in order ----------------------------------------------------------------------------


def _cover(made: Deck, m: Manuscript, pictures: Pictures) -> None:
    page = Page(made, "Cover", m)
    page.text("Title", m.title)
    page.text("Number and date", "　".join(one for one in (m.number, m.date) if one))
    page.text("Times", *m.lines)
    told = keys(m)
    if not told:
        page.move("Summary", LEFT, 184, 740, 200)
        page.move("Times", LEFT, 396, 740, 80)
    page.text("Summary", m.summary)
    for n, (number, name, of) in enumerate(told):
        page.text(f"Key {n + 1}", number, (name, 1), (of, 1))
    if pictures.qr_png:
        page.picture("Code", pictures.qr_png, pictures.qr_svg, say(m.lang, "slides_code"))
    page.text("Address", m.link, smallest=6)
    page.done([_part(m, "summary")], [m.summary, *m.lines, m.link])


def _map(made: Deck, m: Manuscript, pictures: Pictures) -> None:
    part, alerts = _part(m, "map"), _part(m, "open")
    page = Page(made, "Map", m)
    page.text("Title", part.title if part else m.scope)
    page.picture("Map", pictures.map_png, pictures.map_svg, pictures.alternative)
    table = next(iter(_tables(alerts)), None)
    if alerts is not None:
        page.text("Alerts title", alerts.title)
        told: list[str | tuple[str, int]] = [*paragraphs(m, alerts)]
        if table is not None:
            for row in table.rows[:LISTED]:
                texts = [
                    shown(cell, column.kind, m.zone, m.at)
                    for cell, column in zip(row, table.columns, strict=True)
                ]
                told += [" · ".join(texts[:3]), (" · ".join(texts[3:]), 1)]
        page.text("Alerts", *told, smallest=11)
    page.text("Source", m.source)
    page.done([part, alerts])


def _lines(made: Deck, m: Manuscript, _: Pictures) -> None:
    part, gaps = _part(m, "lines"), _part(m, "gaps")
    tables, charts = _tables(part), _charts(part)
    if part is None or not (tables or charts or part.paragraphs):
        return
    page = Page(made, "Table and chart", m)
    page.text("Title", part.title)
    words = [*part.paragraphs, *(paragraphs(m, gaps) if gaps else ())]
    if not charts:
        page.move("Text", LEFT, 280, WIDE, 214)
    elif not words:
        page.move("Chart", LEFT, 280, WIDE, 214)
    if tables:
        page.table("Table", tables[0])
    if charts:
        page.chart("Chart", charts[0])
    page.text("Text", *words)
    page.done([part, gaps])


def _day(made: Deck, m: Manuscript, _: Pictures) -> None:
    """The day's throughput, and what changed in it."""
    changes = _part(m, "changes")
    home = next((part for part in m.parts if any(chart.kind == "line" for chart in _charts(part))), None)
    if home is None:
        return
    charts = [chart for chart in _charts(home) if chart.kind == "line"]
    page = Page(made, "Chart", m)
    page.text("Title", charts[0].title)
    words = [*paragraphs(m, changes)] if changes else []
    width = 600 if words else WIDE
    for n, (name, chart) in enumerate(zip(("Chart", "Second chart"), charts, strict=False)):
        page.move(name, LEFT, TOP + n * (HIGH / 2), width, HIGH / min(len(charts), 2) - 4)
        page.chart(name, chart)
    if changes:
        page.text("Text title", changes.title)
    page.text("Text", *words)
    page.done([changes, home] if home is not changes else [changes])


def _open(made: Deck, m: Manuscript, _: Pictures) -> None:
    alerts, response = _part(m, "open"), _part(m, "response")
    lists, tallies, charts = _tables(alerts), _tables(response), _charts(response)
    if alerts is None and response is None:
        return
    page = Page(made, "Tables and chart", m)
    page.text("Title", say(m.lang, "slides_and").join(part.title for part in (alerts, response) if part))
    if not (charts or tallies):
        page.move("Table title", LEFT, TOP, WIDE, 16)
        page.move("Table", LEFT, TOP + 20, WIDE, HIGH - 20)
    elif not charts:
        page.move("Second title", 604, TOP, 320, 16)
        page.move("Second table", 604, TOP + 20, 320, HIGH - 20)
    elif not tallies:
        page.move("Chart", 604, TOP, 320, HIGH)
    if lists:
        page.table("Table", lists[0], "Table title")
    elif alerts is not None:
        page.text("Table title", *alerts.paragraphs[:1] or [say(m.lang, "slides_none", title=alerts.title)])
    if charts:
        page.chart("Chart", charts[0])
    if tallies:
        page.table("Second table", tallies[0], "Second title")
    page.done([alerts, response])


def _slowest(made: Deck, m: Manuscript, _: Pictures) -> None:
    parts = [_part(m, name) for name in ("slowest", "outcomes", "staffing")]
    charts = _charts(parts[0])
    tables = [table for part in parts[1:] for table in _tables(part)[:1]]
    if not charts:
        tables = [*_tables(parts[0])[:1], *tables]
    if not (charts or tables):
        return
    page = Page(made, "Chart and tables", m)
    page.text("Title", say(m.lang, "slides_and").join(part.title for part in parts if part))
    if charts and not tables:
        page.move("Chart", LEFT, TOP, WIDE, HIGH)
    if charts:
        page.chart("Chart", charts[0])
    for table, (name, title) in zip(
        tables, (("Table", "Table title"), ("Second table", "Second title")), strict=False
    ):
        if not charts:
            left = LEFT if name == "Table" else LEFT + WIDE / 2 + 10
            page.move(title, left, TOP, WIDE / 2 - 10, 16)
            page.move(name, left, TOP + 20, WIDE / 2 - 10, HIGH - 20)
        page.table(name, table, title)
    page.done(parts)


SLIDES: Sequence[Callable[[Deck, Manuscript, Pictures], None]] = (
    _cover, _map, _lines, _day, _open, _slowest,
)  # fmt: skip


def _part(m: Manuscript, name: str) -> Part | None:
    return next((part for part in m.parts if part.name == name), None)


def _tables(part: Part | None) -> list[Table]:
    """Tables that hold anything."""
    return [table for table in part.tables if table.rows] if part else []


def _charts(part: Part | None) -> list[Chart]:
    """Charts that show anything."""
    return [
        chart
        for chart in (part.charts if part else ())
        if any(value is not None for _, values in chart.series for value in values)
    ]
