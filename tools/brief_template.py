"""Example templates of briefs, to begin one's own from: `python -m tools.brief_template FILE.docx|FILE.pptx`.

What they hold is written in Word, WPS or PowerPoint as any text is; `threeline brief --placeholders` lists
every name. Put the file into the profile's folder and name it in `[exports.templates]` of profile.toml.
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pptx import Presentation
from pptx.util import Emu, Inches, Pt

from dashboard import official
from dashboard.briefs.document import add_styles

HEADER = "{{ 密级标识 }}　{{ 标记 }}"
PARAGRAPHS = (
    ("Title", "{{ 标题 }}"),
    ("Subtitle", "{{ 文号 }}　{{ 日期 }}"),
    ("Brief Head", "{{ 说明 }}"),
    ("Body Text", "{{ 综述 }}"),
    ("Heading 1", "{{ 态势图.标题 }}"),
    ("Normal", "{{ 态势图 }}"),
    ("Heading 1", "{{ 防线.标题 }}"),
    ("Body Text", "{{ 防线.正文 }}"),
    ("Normal", "{{ 防线.表格 }}"),
    ("Normal", "{{ 防线.图表 }}"),
    ("Heading 1", "{{ 告警.标题 }}"),
    ("Normal", "{%p for row in 告警.行 %}"),
    ("List Bullet", "{{ row.place }}：{{ row.what_happened }}（{{ row.fired_at }}，{{ row.answer }}）"),
    ("Normal", "{%p endfor %}"),
    ("Normal", "{{ 变化 }}"),
    ("Normal", "{{ 等候 }}"),
    ("Normal", "{{ 缺口 }}"),
    ("Normal", "{{ 二维码 }}"),
    ("Brief Note", "{{ 链接 }}"),
    ("Heading 1", "{{ 响应.标题 }}"),
    ("Normal", "{{ 响应.正文 }}"),
)
"""Style and text of each paragraph. A part's name alone stands for the whole part, heading and all."""
ROWS = (
    ("环节", "时限（分钟）", "按时率"),
    ("{%tr for row in 响应.行 %}", "", ""),
    ("{{ row.step }}", "{{ row.limit_min }}", "{{ row.share }}"),
    ("{%tr endfor %}", "", ""),
)
"""A table at the end, with its head."""
SLIDES: tuple[tuple[tuple[str, tuple[float, float, float, float]], ...], ...] = (
    (("{{ 标题 }}", (0.6, 1.2, 12, 1)), ("{{ 文号 }}　{{ 日期 }}", (0.6, 2.3, 12, 0.5)),
     ("{{ 综述 }}", (0.6, 3.2, 9, 2.4)), ("{{ 二维码 }}", (10.6, 3.2, 2, 2)),
     ("{{ 说明 }}", (0.6, 5.8, 9, 1.2))),
    (("{{ 态势图.标题 }}", (0.6, 0.4, 8, 0.7)), ("{{ 态势图 }}", (0.6, 1.2, 12, 5.6)),
     ("{{ 密级标识 }}　{{ 标记 }}", (9, 0.4, 3.7, 0.5))),
    (("{{ 防线.标题 }}", (0.6, 0.4, 8, 0.7)), ("{{ 防线.表格 }}", (0.6, 1.3, 12, 2.2)),
     ("{{ 防线.图表 }}", (0.6, 3.7, 6, 3.2)), ("{{ 防线.正文 }}", (7, 3.7, 5.6, 3))),
)  # fmt: skip
"""Per slide the text of each box, and where it stands: left, top, width, height in inches."""


def document(path: Path) -> None:
    """An example of a document."""
    doc = Document()
    official.page(doc.sections[0])
    add_styles(doc, "zh-CN")
    over = doc.sections[0].header.paragraphs[0]
    over.text, over.alignment = HEADER, WD_ALIGN_PARAGRAPH.RIGHT
    for style, text in PARAGRAPHS:
        doc.add_paragraph(text, style=style)
    # A loop over rows of a table: the rows that begin and end it go away.
    table = doc.add_table(rows=len(ROWS), cols=len(ROWS[0]), style="Table Grid")
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    doc.save(str(path))


def deck(path: Path) -> None:
    """An example of a deck."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(13.333), Inches(7.5)
    for boxes in SLIDES:
        slide = made.slides.add_slide(made.slide_layouts[6])
        for text, box in boxes:
            shape = slide.shapes.add_textbox(*(Emu(Inches(side)) for side in box))
            shape.text_frame.word_wrap = True
            run = shape.text_frame.paragraphs[0].add_run()
            run.text = text
            run.font.size = Pt(28 if ".标题" in text or text == "{{ 标题 }}" else 14)
    made.save(str(path))


def main() -> None:
    """Write the file that is named."""
    path = Path(sys.argv[1]) if len(sys.argv) == 2 else Path()
    writer = {".docx": document, ".pptx": deck}.get(path.suffix)
    if writer is None:
        raise SystemExit("python -m tools.brief_template FILE.docx|FILE.pptx")
    writer(path)


if __name__ == "__main__":
    main()
