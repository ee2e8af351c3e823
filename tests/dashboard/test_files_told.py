"""Every number in a brief's tables is what the interface answers for the same moment.

From the files straight to the interface, read back by other programs' libraries; and the codes in the files
lead back to the board.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import openpyxl
import pypdfium2
import pytest
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from pptx import Presentation

from dashboard.board import Board
from dashboard.settings import Settings
from data.engine import Engine
from tests.briefs import BASE, DAY_S, eight, engine_of
from tests.dashboard.answered_tables import FORMS, Answers, expected
from tests.dashboard.asking import ok
from tests.serving import Clock, Served

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store

Tables = dict[str, list[list[Any]]]
DASH = "—"
SORTED = ("All sites",)
"""Tables whose rows stand in an order that the interface does not have."""
DOTS_PER_POINT = 2


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A board that stands at eight o'clock."""
    lived = engine_of("lincang")
    engine = Engine(lived.profile, lived.store, clock=Clock(eight(lived.profile)), step_s=0.05)
    served = Served(Board(lived.profile, engine, Settings(address=BASE)))
    engine.refresh_today()
    served.settle()
    yield served
    served.close()
    served.board.close_accounts()


@pytest.fixture(scope="module")
def at(served: Served) -> int:
    return eight(served.board.profile)


@pytest.fixture(scope="module")
def told(served: Served, at: int) -> Any:
    """The tables, from raw answers; sums of the span from the readings themselves."""

    def ask(path: str, **query: Any) -> Any:
        return ok(served.get(f"/api/v1/{path}", params={"lang": "en"} | query))

    rows = served.board.engine.store.read(at - DAY_S, at)
    sums = {
        what: int(np.nansum(getattr(rows, f"{what}_in")) + np.nansum(getattr(rows, f"{what}_out")))
        for what in ("persons", "vehicles")
    }
    for counts in rows.outcomes.tolist():
        for name, n in (counts or {}).items():
            sums[name] = sums.get(name, 0) + n
    return expected(Answers(ask, at, at - DAY_S), sums)


def brief(served: Served, form: str, at: int) -> bytes:
    query = {"at": at, "lang": "en", "covers": "day"}
    answer = served.get(f"/api/v1/brief.{form}", params=query, timeout=240)
    assert answer.status_code == 200, answer.text
    return answer.content


# ---- reading ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document(served: Served, at: int) -> Tables:
    """Title of a table to its rows, the head first."""
    found = {}
    for table in Document(io.BytesIO(brief(served, "docx", at))).tables:
        title = table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        # Cell by cell through python-docx a thousand rows take half a minute.
        found[title] = [
            ["\n".join(line.text for line in cell.p_lst) for cell in row.tc_lst] for row in table._tbl.tr_lst
        ]
    return found


def cells(told: Any, title: str, zone: Any) -> list[list[Any]]:
    """The rows of a table as paper shows them."""
    forms, rows = told[title]
    return [[_written(value, form, zone) for value, form in zip(row, forms, strict=True)] for row in rows]


def _written(value: Any, form: str, zone: Any) -> Any:
    if value is None:
        return DASH
    if form == "m":
        return f"{datetime.fromtimestamp(value, zone):%H:%M}"
    return value if value is ... or form == "t" else FORMS[form](value)


def same(found: list[list[Any]], wanted: list[list[Any]], title: str) -> None:
    """Whether rows are those wanted, but for what is not compared."""
    if title in SORTED:
        found, wanted = (sorted(rows, key=lambda row: row[0]) for rows in (found, wanted))
    assert len(found) == len(wanted), title
    for row, cells in zip(found, wanted, strict=True):
        left = [value for value, cell in zip(row, cells, strict=True) if cell is not ...]
        assert left == [cell for cell in cells if cell is not ...], title


# ---- documents, slides, workbook ---------------------------------------------------------------------------


def test_every_number_of_the_document_is_that_of_the_interface(
    document: Tables, told: Any, served: Served
) -> None:
    for title in told:
        same(document[title][1:], cells(told, title, served.board.profile.zone), title)
    others = {"Sites whose state changed", "Alerts that fired or ended", "Definitions"}
    assert document.keys() - told.keys() <= others


def test_every_cell_of_the_workbook_is_that_of_the_interface(told: Any, served: Served, at: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(brief(served, "xlsx", at)))
    sheets = {sheet["A1"].value: sheet for sheet in book}
    for title, (forms, rows) in told.items():
        found = [list(row) for row in sheets[title].iter_rows(min_row=5, values_only=True)]
        wanted = [
            [_typed(value, form, served) for value, form in zip(row, forms, strict=True)] for row in rows
        ]
        same(found, wanted, title)


def _typed(value: Any, form: str, served: Served) -> Any:
    if value is None:
        return DASH
    if form == "m":
        return datetime.fromtimestamp(value, served.board.profile.zone).replace(tzinfo=None)
    return value if value is ... or form == "t" else pytest.approx(value, rel=1e-9, abs=1e-9)


def test_every_number_of_the_slides_is_that_of_the_interface(
    document: Tables, told: Any, served: Served, at: int
) -> None:
    titles = {tuple(head.replace("\n", " ") for head in rows[0]): title for title, rows in document.items()}
    shown, charts, texts = {}, {}, []
    for slide in Presentation(io.BytesIO(brief(served, "pptx", at))).slides:
        for shape in slide.shapes:
            if shape.has_table:
                head, *rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
                shown[titles[tuple(head)]] = rows
            elif shape.has_chart:
                charts |= {one.name: list(one.values) for one in shape.chart.plots[0].series}
            elif shape.has_text_frame:
                texts.append(shape.text_frame.text)
    zone = served.board.profile.zone
    assert shown.keys() >= {
        "Line by line",
        "The counties",
        "Open alerts",
        "By step",
        "Outcomes",
        "Staff by line",
    }
    for title, rows in shown.items():
        same(rows, cells(told, title, zone)[: len(rows)], title)
    lines, slowest, steps = (
        told[title][1] for title in ("Line by line", "Sites with the longest waits", "By step")
    )
    assert charts["On duty"] == [row[5] for row in lines]
    assert charts["Required"] == [row[6] for row in lines]
    assert charts["Wait (min)"] == [row[4] for row in slowest]
    assert charts["Share"] == pytest.approx([row[6] * 100 for row in steps], abs=0.051)
    for title, value, *_ in told["Key figures"][1]:
        assert any(text.startswith(f"{value:,}\n{title}") for text in texts), title


# ---- the way back ------------------------------------------------------------------------------------------


def codes(image: Image.Image) -> list[str]:
    """What a reader that knows nothing of this board reads from a picture."""
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("size", ["1920x1080", "1080x1920"])
def test_the_code_of_a_snapshot_reads_as_its_link(served: Served, at: int, size: str) -> None:
    seen = {"at": at, "lang": "en", "line": "third", "site": "SJ-C001", "hide": "fences", "theme": "light"}
    link = ok(served.get("/api/v1/link", params=seen))["link"]
    assert "&line=third" in link
    answer = served.get("/api/v1/snapshot.png", params=seen | {"size": size}, timeout=240)
    assert answer.status_code == 200, answer.text
    assert codes(Image.open(io.BytesIO(answer.content))) == [link]


def test_the_code_of_a_brief_on_paper_reads_as_the_link_beside_it(served: Served, at: int) -> None:
    link = ok(served.get("/api/v1/link", params={"at": at, "lang": "en"}))["link"]
    pages = pypdfium2.PdfDocument(brief(served, "pdf", at))
    found = {}
    for page in pages:
        text = "".join(page.get_textpage().get_text_range().split())
        if link in text:
            found[text] = codes(page.render(scale=DOTS_PER_POINT).to_pil())
    assert list(found.values()) == [[link]]
