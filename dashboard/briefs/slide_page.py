"""One slide of a brief: its layout's placeholders filled one by one, those left empty taken away."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from dashboard.briefs.deck import LAYOUTS, Place, layout_named, speech
from dashboard.briefs.manuscript import Chart, Manuscript, Part, Table
from dashboard.briefs.measure import LINE, lines
from dashboard.briefs.slide_chart import put_chart
from dashboard.briefs.slide_picture import POINT, put_picture
from dashboard.briefs.slide_table import put_table
from dashboard.words import say

SMALLEST = 9.0
"""Letters of a slide are never smaller, in points, but for an address."""
Lines = Sequence[tuple[str, int]]
"""Paragraphs and their levels, 0 or 1."""


class Page:
    """A slide as it is filled. Places are those of `deck.LAYOUTS`, by name."""

    def __init__(self, made: Deck, layout: str, m: Manuscript) -> None:
        self.m, self.lang = m, m.lang
        self.slide = made.slides.add_slide(layout_named(made, layout))
        self.places = {place.name: place for place in LAYOUTS[layout]}
        self.open = {place.name: self._shape(place) for place in LAYOUTS[layout]}
        self._foot()

    def _shape(self, place: Place) -> Any:
        found = {shape.placeholder_format.idx: shape for shape in self.slide.placeholders}[place.index]
        found.name = place.name
        return found

    def move(self, name: str, left: float, top: float, width: float, height: float) -> None:
        """Another box for a place, in points, where its neighbour has nothing to show."""
        shape = self.open[name]
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)

    def text(self, name: str, *paragraphs: str | tuple[str, int], smallest: float = SMALLEST) -> None:
        """Paragraphs, with their level where that is not the first; smaller where they do not fit."""
        told = [(one, 0) if isinstance(one, str) else one for one in paragraphs]
        told = [(text, level) for text, level in told if text]
        if not told:
            return
        place, shape = self.places[name], self.open.pop(name)
        frame = shape.text_frame
        inset = 14 if place.fill else 0
        width = shape.width / POINT - inset - (14 if place.bullet else 0)
        told, scale = self._fit(told, place, width, shape.height / POINT - inset / 2, smallest)
        for n, (text, level) in enumerate(told):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.level = level
            run = paragraph.add_run()
            run.text = text
            run.font._element.set("lang", speech(self.lang))
            if scale < 1 and not (place.steady and level == 0):
                size = (place.size, place.second[0])[level]
                run.font.size = Pt(max(round(size * scale * 2) / 2, smallest))

    def _fit(
        self, told: list[tuple[str, int]], place: Place, width: float, height: float, smallest: float
    ) -> tuple[list[tuple[str, int]], float]:
        """As large as the layout wants, or smaller; what does not fit even so is left to the brief itself."""
        sizes = (place.size, place.second[0])

        def high(of: Lines, scale: float) -> float:
            total = 0.0
            for text, level in of:
                size = sizes[level] if place.steady and not level else max(sizes[level] * scale, smallest)
                total += lines(text, width, size) * size * LINE + (4 if place.bullet and not level else 1)
            return total

        for scale in (1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.65, 0.6):
            if high(told, scale) <= height:
                return told, scale
        rest = (say(self.lang, "slides_rest"), 0)
        kept = list(told)
        while len(kept) > 1 and high([*kept, rest], 0.6) > height:
            kept.pop()
        # What has more to say below it is not left alone.
        while len(kept) < len(told) and told[len(kept)][1] and len(kept) > 1:
            kept.pop()
        return [*kept, rest] if len(kept) < len(told) else told, 0.6

    def table(self, name: str, table: Table, title: str = "") -> int:
        """A native table, and its title in the place of that name; returns how many rows it shows."""
        shown = put_table(self.open.pop(name), table, self.m)
        if title:
            head = table.title
            if shown < len(table.rows):
                head = say(self.lang, "slides_first", title=head, n=shown, total=len(table.rows))
            self.text(title, head)
        return shown

    def chart(self, name: str, chart: Chart) -> None:
        """A native chart."""
        put_chart(self.open.pop(name), chart, self.m)

    def picture(self, name: str, png: bytes, svg: bytes, alternative: str) -> None:
        """A picture, vector and pixels."""
        put_picture(self.open.pop(name), png, svg, alternative)

    def done(self, parts: Sequence[Part | None] = (), more: Sequence[str] = ()) -> None:
        """Empty placeholders go, and the notes are written: times of the figures, and the parts in full."""
        for shape in self.open.values():
            shape._element.getparent().remove(shape._element)
        self.open.clear()
        told = [self.m.figures, *more]
        for part in parts:
            if part is None:
                continue
            told += ["", part.title, *part.paragraphs, *(table.note for table in part.tables)]
        told += ["", "　".join(one for one in (self.m.handling, *self.m.marks) if one), self.m.source]
        frame = self.slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = "\n".join(told).strip("\n").replace("\n\n\n", "\n\n")
        for run in frame._txBody.iter("{*}rPr"):
            run.set("lang", speech(self.lang))

    def _foot(self) -> None:
        """Times, marks and number; a slide has its own copy of its layout's, as when they are switched on."""
        for shape in self.slide.slide_layout.placeholders:
            kind = shape.element.ph.get("type")
            if kind not in ("dt", "ftr", "sldNum"):
                continue
            mine = copy.deepcopy(shape.element)
            for old in list(mine.spPr):
                mine.spPr.remove(old)
            style = mine.txBody.find("{*}lstStyle")
            for old in list(style):
                style.remove(old)
            self.slide.shapes._spTree.append(mine)
            mine.nvSpPr.cNvPr.set("id", str(100 + shape.placeholder_format.idx))
            frame = next(one for one in self.slide.placeholders if one.element is mine).text_frame
            if kind == "dt":
                frame.text = self.m.figures
            elif kind == "ftr":
                self._marks(frame.paragraphs[0])
            for run in frame._txBody.iter("{*}rPr"):
                run.set("lang", speech(self.lang))

    def _marks(self, paragraph: Any) -> None:
        """The handling mark in the red of official documents, then what makes the figures other than live."""
        red, purple = MSO_THEME_COLOR.ACCENT_4, MSO_THEME_COLOR.FOLLOWED_HYPERLINK
        told = [(self.m.handling, red)] if self.m.handling else []
        told += [(mark, purple) for mark in self.m.marks]
        for n, (text, colour) in enumerate(told):
            run = paragraph.add_run()
            run.text = f"{'　' if n else ''}{text}"
            run.font.color.theme_color = colour
