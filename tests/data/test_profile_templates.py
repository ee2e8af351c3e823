"""A bureau's template of a brief is checked before anybody waits for a brief."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from dashboard.briefs.outline import annexes
from dashboard.fault_words import in_line, in_words
from data.profile import check_profile
from data.profile_template_file import MAX_FILE, stories
from data.profile_template_names import BLOCKS, PARTS, TABLES, TEXTS, columns_of, member_of, name_of
from data.profile_template_words import block_of, check_words
from layers.faults import Fault, FaultsError
from tests.briefs import manuscript_of
from tests.data.edited import Edited
from tests.data.templates import document, slides, with_part

GOOD = (
    "{{ title }}　{{ number }}",
    "{{ 综述 }}",
    "{{p map }}",
    "{{p 防线.表格 }}",
    "{%p if 告警.行 %}",
    "{% for row in open.rows %}{{ loop.index }}. {{ row.place }}；{% endfor %}",
    "{%p endif %}",
    "{{ parts }}",
    "{{ changes.paragraphs | join('；') }}",
)


def found(tmp_path: Path, body: bytes, form: str = "docx") -> list[Fault]:
    path = tmp_path / f"t.{form}"
    path.write_bytes(body)
    try:
        return [fault for story in stories(path, form, path.name) for fault in check_words(story, path.name)]
    except FaultsError as error:
        return list(error.faults)


def test_what_a_brief_has_may_be_named_in_both_languages(tmp_path: Path) -> None:
    cells = ["{%tr for r in lines.rows %}{{ r.line }}", "{{ r.staff_on_duty }}{%tr endfor %}"]
    assert found(tmp_path, document(*GOOD, header="{{ handling }} {{ 标记 }}", cells=cells)) == []
    deck = slides("{{ title }}", "{{ 态势图 }}", "{{ slowest.chart }}", "{{p qr }}")
    assert found(tmp_path, deck, "pptx") == []


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("{{ titel }}", "unknown placeholder, paragraph 2 of the text", "Did you mean 'title'?"),
        ("{{ lines.tabel }}", "unknown placeholder, paragraph 2 of the text", "Did you mean 'lines.table'?"),
        ("{{ 态势 }}", "unknown placeholder, paragraph 2 of the text", "Did you mean '态势图'?"),
        ("{% for r in open.rows %}{{ r.sevrity }}{% endfor %}", "unknown column, paragraph 2 of the text",
         "Did you mean 'r.severity'?"),
        ("{% for r in open.tables.answered.rows %}{{ r.answer }}{% endfor %}",
         "unknown column, paragraph 2 of the text", "Did you mean 'r.answered_at'?"),
        ("{{ open.tables.asnwered.rows | length }}", "unknown placeholder, paragraph 2 of the text",
         "Did you mean 'open.tables.answered'?"),
        ("{{ title.text }}", "unknown placeholder, paragraph 2 of the text", "Did you mean 'title'?"),
        ("{{ title | uper }}", "unknown filter, paragraph 2 of the text", "Did you mean 'upper'?"),
        ("{{ title", "a placeholder or a loop has no end, paragraph 2 of the text", None),
        ("{% if map %}{{ date }}", "a placeholder or a loop has no end, paragraph 2 of the text", None),
        ("{{ title title }}", "a placeholder cannot be read, paragraph 2 of the text", None),
        ("{{ title.__class__ }}", "unknown placeholder, paragraph 2 of the text", None),
        ("{{ title.upper() }}", "templates cannot do this, paragraph 2 of the text", None),
        ("{{ 9 ** 9 ** 9 }}", "templates cannot do this, paragraph 2 of the text", None),
        ("{% include 'x' %}", "templates cannot do this, paragraph 2 of the text", None),
        ("地图：{{ map }}", "a block stands beside other text, paragraph 2 of the text", None),
    ],
)  # fmt: skip
def test_what_a_brief_does_not_have_is_told_with_its_paragraph(
    tmp_path: Path, text: str, what: str, hint: str | None
) -> None:
    faults = found(tmp_path, document("{{ title }}", text, "{{ date }}"))
    assert [fault.what for fault in faults][:1] == [what]
    assert hint is None or faults[0].hint == hint
    assert in_words(faults[0], "zh-CN").what != what


def test_there_is_no_room_for_a_block_in_a_header_nor_for_all_parts_on_a_slide(tmp_path: Path) -> None:
    faults = found(tmp_path, document("{{ title }}", header="{{ map }}"))
    assert [fault.what for fault in faults] == ["no room for a block, paragraph 1 of a header"]
    faults = found(tmp_path, slides("{{ parts }}"), "pptx")
    assert [fault.what for fault in faults] == ["no room for a block, slide 1, TextBox 1"]


def test_a_slide_is_told_by_its_number_and_its_shape(tmp_path: Path) -> None:
    faults = found(tmp_path, slides("{{ title }}", "{{ nummer }}"), "pptx")
    assert [(fault.what, fault.got) for fault in faults] == [
        ("unknown placeholder, slide 2, TextBox 1", "nummer")
    ]


def test_a_file_that_is_no_template_is_told(tmp_path: Path) -> None:
    plain = document("{{ title }}")
    bomb = with_part(plain, "word/media/image1.bin", b"\0" * 120 * 2**20)
    entities = with_part(
        plain, "word/document.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><w:document xmlns:w="w">&x;</w:document>'
    )
    fetches = with_part(
        plain, "word/_rels/header9.xml.rels",
        b'<Relationships><Relationship Id="r1" Type="http://x/image" Target="http://x/a.png" '
        b'TargetMode="External"/></Relationships>',
    )  # fmt: skip
    large = plain + b"\0" * MAX_FILE
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as other:
        other.writestr("a.txt", "a")
    for body, what in (
        (b"not a zip", "the zip cannot be read"),
        (plain[:-400], "the zip cannot be read"),
        (stream.getvalue(), "not a template of this form"),
        (slides("{{ title }}"), "not a template of this form"),
        (with_part(plain, "word/document.xml", b"<w:document"), "the template cannot be read"),
        (entities, "the template cannot be read"),
        (fetches, "the template fetches something from elsewhere"),
        (bomb, "the template is too large once unpacked"),
        (large, "the template is too large"),
    ):
        faults = found(tmp_path, body)
        assert [fault.what for fault in faults] == [what]
        told = in_line(faults[0], "zh-CN")
        assert in_words(faults[0], "zh-CN").what in told != faults[0].what


TOO_DEEP = "placeholders stand too deep inside each other, paragraph 1 of the text"


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        pytest.param("<w:p/>" * 60_000 + "<broken", "the template has too many paragraphs", id="paragraphs"),
        pytest.param(
            f"<w:p>{'<w:t>so long</w:t>' * 9000}</w:p><broken",
            "a paragraph is too long, paragraph 1 of the text",
            id="letters",
        ),
        pytest.param(f"<w:p><w:t>{'{{' * 3000}</w:t></w:p>", TOO_DEEP, id="brackets"),
        pytest.param(
            f"<w:p><w:t>{'{% for a in open.rows %}' * 25}x{'{% endfor %}' * 25}</w:t></w:p>",
            TOO_DEEP,
            id="loops",
        ),
    ],
)
def test_what_is_too_much_is_told_before_it_costs_anything(tmp_path: Path, inside: str, what: str) -> None:
    """Of the first two what follows is not read any more."""
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"{inside}</w:body></w:document>"
    )
    (fault,) = found(tmp_path, with_part(document("x"), "word/document.xml", body.encode()))
    assert fault.what == what
    assert in_words(fault, "zh-CN").what != what


def test_a_profile_with_a_broken_template_is_refused(tmp_path: Path) -> None:
    folder = Edited(tmp_path).folder
    toml = folder / "profile.toml"
    toml.write_text(
        toml.read_text("utf-8") + '\n[exports.templates]\ndocx = "brief.docx"\npptx = "../deck.pptx"\n',
        "utf-8",
    )
    (folder / "brief.docx").write_bytes(document("{{ titel }}"))
    assert [(fault.file, fault.what, fault.got) for fault in check_profile(folder)] == [
        ("brief.docx", "unknown placeholder, paragraph 1 of the text", "titel"),
        ("profile.toml", "the file is outside the profile's folder", "../deck.pptx"),
    ]
    (folder / "brief.docx").unlink()
    toml.write_text(toml.read_text("utf-8").replace("../deck.pptx", ""), "utf-8")
    assert [(fault.file, fault.what) for fault in check_profile(folder)] == [("brief.docx", "no such file")]
    (folder / "brief.docx").write_bytes(document(*GOOD))
    assert check_profile(folder) == []


@pytest.mark.xdist_group("briefs")  # they share a simulated store
def test_the_columns_that_templates_may_name_are_those_that_briefs_have() -> None:
    m = manuscript_of("lincang", "en")
    found = {(part.name, table.name): table for part in (*m.parts, *annexes(m)) for table in part.tables}
    told = {(part, table): columns_of(part, table) for part, tables in TABLES.items() for table in tables}
    # Nobody lacks staff in this one, and its gaps are of one line.
    assert told.keys() - found.keys() <= {("staffing", "short")}
    assert found.keys() <= told.keys()
    for key, table in found.items():
        have = {column.name for column in table.columns}
        assert have <= set(told[key])
        assert set(told[key]) - have <= {"line"}, key


def test_no_name_means_two_things() -> None:
    words = [*TEXTS, *PARTS, *BLOCKS, *TEXTS.values(), *PARTS.values(), *BLOCKS.values()]
    assert len(words) == len(set(words))
    assert {name_of(word) for word in words} == {*TEXTS, *PARTS, *BLOCKS}
    assert member_of("表格") == "table"
    blocks = ("{{p 防线.表格 }}", "{{summary}}", "{{ map }}", "{{ 综述.图表 }}", "a")
    assert [block_of(text) for text in blocks] == ["lines.table", "", "map", "summary.chart", ""]
