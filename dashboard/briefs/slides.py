"""A brief as slides, 16:9: one to six of them, with tables, charts and a map that stay editable.

Every slide has its marks, its number and, in its notes, the times of its figures and its parts in full.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
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
MOST = 10
"""A table of more rows than this does not take the room of the one below it."""
BOTH = 8
"""Open and answered alerts, together, that a slide has room for."""
PLACES = ("Table", "Second", "Third")
"""Tables beside a chart."""


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
    told = keys(m)
    if not told:
        page.move("Summary", LEFT, 184, 740, 200)
        page.move("Times", LEFT, 396, 740, 80)
    page.text("Summary", m.summary)
    page.text("Times", *m.lines)
    width = (WIDE - 8 * (len(told) - 1)) / max(len(told), 1)
    for n, (number, name, of) in enumerate(told):
        page.move(f"Key {n + 1}", LEFT + n * (width + 8), 396, width, 100)
        page.text(f"Key {n + 1}", number, (name, 1), (of, 1), smallest=8)
    if pictures.qr_png:
        page.picture("Code", pictures.qr_png, pictures.qr_svg, say(m.lang, "slides_code"))
    page.text("Address", m.link, smallest=6)
    page.done([_part(m, "summary")], [m.summary, *m.lines, m.link])


def _map(made: Deck, m: Manuscript, pictures: Pictures) -> None:
    part, alerts = _part(m, "map"), _part(m, "open")
    page = Page(made, "Map", m)
    page.text("Title", part.title if part else m.scope)
    high = BOTTOM - TOP - 20
    # The map is as high as the slide allows; what it leaves at its side is the alerts'.
    wide = min(high * pictures.size[0] / pictures.size[1], 640 if alerts else WIDE)
    page.move("Map", LEFT, TOP, wide, high)
    page.picture("Map", pictures.map_png, pictures.map_svg, pictures.alternative)
    if alerts is not None:
        left = LEFT + wide + 20
        page.move("Alerts title", left, TOP, RIGHT - left, 18)
        page.move("Alerts", left, TOP + 24, RIGHT - left, high - 24)
        page.text("Alerts title", alerts.title)
        page.text("Alerts", *paragraphs(m, alerts), *_listed(m, alerts), smallest=11)
    page.text("Source", m.source)
    page.done([part, alerts])


def _listed(m: Manuscript, alerts: Part) -> Iterator[tuple[str, int]]:
    """The first alerts: what and where in a line, below it when and how far it is answered."""
    table = next((table for table in _tables(alerts)), None)
    if table is None:
        return
    for row in table.rows[:LISTED]:
        told = [
            (shown(cell, column.kind, m.zone, m.at), column)
            for cell, column in zip(row, table.columns, strict=True)
            if not unknown(cell)
        ]
        yield " · ".join(text for text, _ in told[:3]), 0
        rest = (f"{column.title} {text}" if column.kind == "time" else text for text, column in told[3:])
        yield " · ".join(rest), 1


def _lines(made: Deck, m: Manuscript, _: Pictures) -> None:
    part, gaps = _part(m, "lines"), _part(m, "gaps")
    tables, charts = _tables(part), _charts(part)
    # Of the tables below that of the lines, the counties' says the most.
    tables[1:] = sorted(tables[1:], key=lambda table: table.name != "counties")
    if part is None or not (tables or charts or part.paragraphs):
        return
    page = Page(made, "Table and chart", m)
    page.text("Title", part.title)
    words = [*part.paragraphs, *(paragraphs(m, gaps) if gaps else ())]
    # What the lines leave of the height is for the chart, the words and the counties.
    top = TOP + min(30 * (len(tables[0].rows) + 1) + 12, 150) + 12 if tables else TOP
    high, left = BOTTOM - 4 - top, 436 if charts else LEFT
    if tables:
        page.move("Table", LEFT, TOP, WIDE, top - TOP - 12)
        page.table("Table", tables[0])
    if charts:
        alone = not words and len(tables) < 2
        page.move("Chart", LEFT, top, WIDE if alone else 380, high)
        page.chart("Chart", charts[0])
    below = len(tables) > 1
    page.move("Text", left, top, RIGHT - left, 72 if below else high)
    page.text("Text", *words)
    if below:
        under = 78 if words else 0
        page.move("Second title", left, top + under, RIGHT - left, 16)
        page.move("Second table", left, top + under + 20, RIGHT - left, high - under - 20)
        page.table("Second table", tables[1], "Second title")
    page.done([part, gaps])


def _day(made: Deck, m: Manuscript, _: Pictures) -> None:
    """The day's throughput, and what changed in it."""
    changes = _part(m, "changes")
    home = next((part for part in m.parts if any(chart.kind == "line" for chart in _charts(part))), None)
    if home is None:
        return
    charts = [chart for chart in _charts(home) if chart.kind == "line"]
    page = Page(made, "Chart", m)
    page.text("Title", _titles(m, home, changes if home is not changes else None))
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
    page.text("Title", _titles(m, alerts, response))
    below = bool(charts or tallies)
    top = 328 if lists else TOP + 28
    if lists:
        # What is open goes before what is answered, where there is room for one only.
        both = sum(len(table.rows) for table in lists[:2]) <= BOTH
        room = (LEFT, TOP, WIDE, top - 14 - TOP if below else HIGH)
        _stacked(page, ("Table", "Answered"), lists[: 1 + both], room)
    elif alerts is not None:
        page.text("Table title", *(alerts.paragraphs[:1] or [say(m.lang, "slides_none", title=alerts.title)]))
    left = 436 if charts else LEFT
    if charts:
        page.move("Chart", LEFT, top, 380 if tallies else WIDE, BOTTOM - 4 - top)
        page.chart("Chart", charts[0])
    # Without alerts there is room for the lines' shares as well.
    names = ("Second",) if lists else ("Second", "Answered")
    _stacked(page, names, tallies, (left, top, RIGHT - left, BOTTOM - 4 - top))
    page.done([alerts, response])


def _slowest(made: Deck, m: Manuscript, _: Pictures) -> None:
    slow, done, staff = (_part(m, name) for name in ("slowest", "outcomes", "staffing"))
    charts = _charts(slow)
    tables = [*_tables(done)[:2], *_tables(staff)[:1]]
    if not charts:
        tables = [*_tables(slow)[:1], *tables][: len(PLACES)]
    if not (charts or tables):
        return
    page = Page(made, "Chart and tables", m)
    page.text("Title", _titles(m, slow, done, staff))
    left = LEFT
    if charts:
        page.move("Chart", LEFT, TOP, 400 if tables else WIDE, HIGH)
        page.chart("Chart", charts[0])
        left = 456
    _stacked(page, PLACES, tables, (left, TOP, RIGHT - left, HIGH))
    page.done([slow, done, staff])


def _stacked(
    page: Page, names: Sequence[str], tables: Sequence[Table], box: tuple[float, float, float, float]
) -> None:
    """Tables one below the other, each with the share of the height that its rows ask for."""
    left, top, width, height = box
    told = list(zip(names, tables, strict=False))
    rows = [min(len(table.rows), MOST) + 2 for _, table in told]
    for (name, table), share in zip(told, rows, strict=True):
        high = height * share / sum(rows)
        page.move(f"{name} title", left, top, width, 16)
        page.move(f"{name} list", left, top + 20, width, high - 28)
        page.table(f"{name} list", table, f"{name} title")
        top += high


SLIDES: Sequence[Callable[[Deck, Manuscript, Pictures], None]] = (
    _cover, _map, _lines, _day, _open, _slowest,
)  # fmt: skip


def _titles(m: Manuscript, *parts: Part | None) -> str:
    return say(m.lang, "slides_and").join(part.title for part in parts if part)


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
