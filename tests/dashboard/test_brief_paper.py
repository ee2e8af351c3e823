"""A brief as a .pdf: every label can be found in it, it is tagged, and nothing in it points elsewhere."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest
from pypdf import PdfReader

from dashboard.briefs import paper
from dashboard.briefs.cells import shown
from dashboard.briefs.manuscript import Manuscript
from dashboard.briefs.packing import packed
from dashboard.exports.errors import NoFontError
from tests.dashboard.made_brief import AT, HARD, LINK, made, pictures

LANGS = ("zh-CN", "en")


@pytest.fixture(scope="module", params=LANGS)
def brief(request: pytest.FixtureRequest) -> tuple[Manuscript, PdfReader]:
    m = made(request.param)
    return m, PdfReader(io.BytesIO(paper.pdf(m, pictures())))


def words(reader: PdfReader) -> str:
    """All text, without the breaks of its lines."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def test_every_label_and_every_figure_can_be_found(brief: tuple[Manuscript, PdfReader]) -> None:
    m, reader = brief
    told = words(reader)
    labels = [m.title, m.number, m.scope, m.date, *m.lines, m.summary, m.source, m.figures, HARD]
    for part in m.parts:
        labels += [part.title] if part.name != "summary" else []
        labels += part.paragraphs
        for table in part.tables:
            if table.rows:
                labels += [table.note, *(column.title for column in table.columns)]
            for row in table.rows:
                labels += [
                    shown(cell, column.kind, m.zone, AT)
                    for cell, column in zip(row, table.columns, strict=True)
                    if cell != HARD
                ]
        for chart in part.charts:
            labels += [chart.title, *(name for name, _ in chart.series), *chart.categories[:1]]
    labels += [text for pair in m.definitions for text in pair]
    labels += ["临翔区小黑江检查站"]  # of the map, which is drawn
    missing = {label for label in labels if "".join(label.split()) not in told}
    assert not missing


def test_marks_and_the_number_are_on_every_page(brief: tuple[Manuscript, PdfReader]) -> None:
    m, reader = brief
    for n, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert all(mark in text for mark in (m.handling, *m.marks, f"— {n} —"))


def test_headings_are_bookmarks(brief: tuple[Manuscript, PdfReader]) -> None:
    m, reader = brief
    found = [
        (entry.title if not isinstance(entry, list) else [one.title for one in entry])
        for entry in reader.outline
    ]
    body = [part.title for part in m.parts if not part.appendix and part.name != "summary"]
    first = [title for title in found if isinstance(title, str)]
    assert len(first) == len(body) + 2
    assert all(title in mark for title, mark in zip(body, first, strict=False))
    (second,) = (inside for inside in found if isinstance(inside, list))
    assert [mark[-len(table.title) :] for mark, table in zip(second, m.part("open").tables, strict=True)] == [
        table.title for table in m.part("open").tables
    ]


def test_it_is_tagged_in_its_language_with_words_for_every_drawing(
    brief: tuple[Manuscript, PdfReader],
) -> None:
    m, reader = brief
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(m.lang[:2])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds: dict[str, list[Any]] = {}
    heap = [root["/StructTreeRoot"]]
    while heap:
        node = heap.pop().get_object()
        if isinstance(node, list):
            heap += node
        elif isinstance(node, dict):
            kinds.setdefault(str(node.get("/S", "")), []).append(node)
            heap += [node["/K"]] if "/K" in node else []
    charts = sum(len(part.charts) for part in m.parts)
    assert len([one for one in kinds["/Figure"] if one.get("/Alt")]) == charts + 2
    assert len(kinds["/Table"]) == len(kinds["/THead"])
    assert {"/H1", "/H2", "/TH", "/TD"} <= kinds.keys()


def test_fonts_are_inside_and_drawings_are_vectors(brief: tuple[Manuscript, PdfReader]) -> None:
    reader = brief[1]
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
        assert not page.images


def test_the_only_way_out_is_the_permanent_link(brief: tuple[Manuscript, PdfReader]) -> None:
    m, reader = brief
    ways = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots") or []
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert set(ways) == {LINK}
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (m.title, "zk-duty")


def test_pages_are_a4_and_annexes_lie_across(brief: tuple[Manuscript, PdfReader]) -> None:
    sizes = [
        (round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in brief[1].pages
    ]
    assert sizes[0] == (595, 842)
    assert (842, 595) in sizes
    assert set(sizes) == {(595, 842), (842, 595)}


def test_the_same_brief_is_the_same_file_and_an_empty_one_is_a_page() -> None:
    m = dataclasses.replace(
        made(sites=1), parts=(), definitions=(), marks=(), handling="", number="", link=""
    )
    bare = dataclasses.replace(pictures(), qr_svg=b"", qr_png=b"")
    one = paper.pdf(m, bare)
    assert one == paper.pdf(m, bare)
    assert len(PdfReader(io.BytesIO(one)).pages) == 1


def test_official_faces_come_before_what_stands_in_for_them() -> None:
    clean = {"Noto Sans CJK SC", "Noto Serif CJK SC", "DejaVu Sans"}
    found = paper.faces(clean, "zh-CN")
    assert {role: names[0] for role, names in found.items()} == {
        "song": "Noto Serif CJK SC",
        "fangsong": "Noto Serif CJK SC",
        "hei": "Noto Sans CJK SC",
        "kai": "Noto Serif CJK SC",
    }
    rich = paper.faces(clean | {"仿宋_GB2312", "SimHei", "Times New Roman", "FangSong"}, "zh-CN")
    assert rich["fangsong"][:2] == ["Times New Roman", "仿宋_GB2312"]
    assert rich["hei"][0] == "SimHei"
    assert paper.faces(clean | {"Liberation Sans"}, "en")["hei"][0] == "Liberation Sans"
    with pytest.raises(NoFontError, match="fonts-noto-cjk"):
        paper.faces({"DejaVu Sans"}, "en")


def test_packing_changes_the_size_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    m = made(sites=200)
    small = paper.pdf(m, pictures())
    monkeypatch.setattr(paper, "packed", lambda data: data)
    plain = paper.pdf(m, pictures())
    assert len(small) < len(plain) / 2
    one, other = (PdfReader(io.BytesIO(data), strict=True) for data in (small, plain))
    assert [page.extract_text() for page in one.pages] == [page.extract_text() for page in other.pages]
    assert one.metadata == other.metadata


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"trailer\n<<>>\nstartxref\n0\n%%EOF"])
def test_what_is_not_laid_out_as_expected_is_left_as_it_is(data: bytes) -> None:
    assert packed(data) == data
