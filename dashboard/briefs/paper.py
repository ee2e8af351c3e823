"""A brief as a .pdf, set by Typst: fonts embedded, drawings as vectors, headings as bookmarks, tagged.

The layout is `paper.typ` beside this file. It is given the manuscript as data, and reaches no network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from dashboard.briefs import outline
from dashboard.briefs.chart_drawing import draw_chart
from dashboard.briefs.fitting import fit, heads
from dashboard.briefs.manuscript import Chart, Manuscript, Part, Pictures, Table
from dashboard.briefs.packing import packed
from dashboard.exports.errors import NoFontError
from dashboard.official import BLACK, BODY, KAI, LATIN, LATIN_BLACK, SONG, TEXT_MM, WIDE_MM, clean
from dashboard.theme import LIGHT
from dashboard.words import say
from layers.faults import Fault

LAYOUT = Path(__file__).with_name("paper.typ")
STANDARD: Literal["ua-1"] = "ua-1"
"""Tagged so that whoever cannot see it hears it in order: ISO 14289-1."""
REMEMBERED = 10
"""What no compilation of the last ten used is dropped from Typst's memory."""
MAP_HIGH_MM = 150
SERIF = (
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Songti SC",
    "SimSun",
)
SANS = (
    "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "HarmonyOS Sans SC", "PingFang SC",
    "Microsoft YaHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
FACES: dict[str, tuple[str, ...]] = {
    "song": (SONG, "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong"),
    "fangsong": (BODY, "仿宋", "FangSong_GB2312", "FangSong", "STFangsong"),
    "hei": (BLACK, "SimHei", *SANS),
    "kai": (KAI, "楷体", "KaiTi_GB2312", "KaiTi", "STKaiti"),
}
"""The faces of official documents and those like them, the best first; a serif stands in for all but 黑体."""
LATINS = (LATIN, "Liberation Serif", "Tinos")
LATINS_BLACK = (LATIN_BLACK, "Liberation Sans", "Arimo")


def pdf(m: Manuscript, pictures: Pictures) -> bytes:
    """The file.

    Raises:
        NoFontError: no Chinese font is installed; says what to install.
    """
    fonts = _fonts()
    drawings: dict[str, str] = {"map": pictures.map_svg.decode()}
    if pictures.qr_svg:
        drawings["code"] = pictures.qr_svg.decode()
    told = _told(m, pictures, fonts, drawings)
    made = typst.compile(
        str(LAYOUT),
        format="pdf",
        font_paths=fonts,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False), **drawings},
        pdf_standards=STANDARD,
        timestamp=m.made_at,
    )
    _forget()
    return packed(bytes(made))


def _forget() -> None:
    """Let Typst forget the brief: for editors it keeps what its last compilations made, 130 MB of each."""
    for _ in range(REMEMBERED + 1):
        typst.compile(b"", font_paths=_no_fonts())


@lru_cache(maxsize=1)
def _no_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def faces(families: set[str], lang: str) -> dict[str, list[str]]:
    """Which of the machine's families sets what; for Latin letters its own where the machine has one.

    Raises:
        NoFontError: none of them is Chinese.
    """
    serif = [name for name in SERIF if name in families]
    sans = [name for name in SANS if name in families]
    if not serif and not sans:
        raise NoFontError(
            [
                Fault(
                    what="No Chinese font is installed, so no brief can be set as a .pdf",
                    expected=", ".join((*SERIF[:1], SERIF[2], SANS[1])) + " or another of their kind",
                    hint="Debian and Ubuntu: apt-get install fonts-noto-cjk; then ask again",
                )
            ]
        )
    found = {}
    for role, names in FACES.items():
        mine = [name for name in names if name in families]
        latin = [name for name in (LATINS_BLACK if role == "hei" else LATINS) if name in families]
        stand_in = sans + serif if role == "hei" else serif + sans
        # Digits and Latin letters have a face of their own, but in a Chinese heading: 黑体 has fitting ones.
        own = role == "hei" and lang.startswith("zh")
        found[role] = ([] if own else latin[:1]) + mine[:1] + stand_in
    return found


def _told(m: Manuscript, pictures: Pictures, fonts: typst.Fonts, drawings: dict[str, str]) -> dict[str, Any]:
    """The manuscript as the layout reads it; draws its charts into `drawings`."""
    families = set(fonts.families())
    face = faces(families, m.lang)
    own_song = any(name in families for name in FACES["song"])
    setting = Setting(m, pictures, drawings)
    told: Any = {
        "lang": m.lang,
        "region": "CN" if m.lang.startswith("zh") else "GB",
        "fonts": [face["song"], face["fangsong"], face["hei"], face["kai"]],
        # 小标宋 is a heavy face of its own; what stands in for it is set bold.
        "song_weight": "regular" if own_song else "bold",
        "colours": dict(LIGHT),
        "page": say(m.lang, "paper_page", page="\0"),
        "author": m.made_by or m.title,
        "title": m.title,
        "number": m.number,
        "scope": m.scope,
        "date": m.date,
        "lines": m.lines,
        "handling": m.handling,
        "marks": " · ".join(m.marks),
        "summary": m.summary,
        "parts": [{"title": part.title, "blocks": list(setting.blocks(part))} for part in outline.lead(m)],
        "annexes": [
            {
                "title": outline.annex_title(m, n, part),
                "across": outline.across(part),
                "blocks": list(setting.annex(part)),
            }
            for n, part in enumerate(outline.annexes(m), start=1)
        ],
        "figures": [m.figures] if m.figures else [],
        "link": m.link,
        "link_words": say(m.lang, "paper_link"),
        "code": say(m.lang, "paper_code") if pictures.qr_svg else "",
    }
    return dict(_cleaned(told))


class Setting:
    """Parts of a manuscript as blocks of the layout, with their numbers."""

    def __init__(self, m: Manuscript, pictures: Pictures, drawings: dict[str, str]) -> None:
        self.m, self.pictures, self.drawings = m, pictures, drawings
        self.figures = self.tables = 0

    def blocks(self, part: Part) -> Iterator[dict[str, Any]]:
        """What stands under a part's heading."""
        if part.name == "map":
            wide, high = self.pictures.size
            width = min(TEXT_MM, MAP_HIGH_MM * wide / high)
            yield self._drawing("map", self.pictures.alternative, width, part.title)
            if self.m.source:
                yield {"kind": "note", "text": self.m.source}
        for text in outline.paragraphs(self.m, part):
            yield {"kind": "text", "text": text}
        found = outline.tables(part)
        for table in found:
            if len(found) > 1:
                yield {"kind": "heading", "text": table.title}
            yield from self._table(table, captioned=len(found) == 1)
        for chart in part.charts:
            yield self._chart(chart)

    def annex(self, part: Part) -> Iterator[dict[str, Any]]:
        """What stands under an annex's heading."""
        across = outline.across(part)
        for text in part.paragraphs:
            yield {"kind": "note", "text": text}
        for table in outline.tables(part):
            if len(part.tables) > 1:
                yield {"kind": "heading", "text": table.title}
            yield from self._table(table, captioned=False, across=across)

    def _table(
        self, table: Table, *, captioned: bool, across: bool | None = None
    ) -> Iterator[dict[str, Any]]:
        """`across` says of an annex whether it lies across; None in the body."""
        if table.rows:
            rows = [outline.row(self.m, table, values) for values in table.rows]
            sizes = outline.SIZES if across is None else outline.SIZES[1:]
            letters, widths = fit(
                table, rows, WIDE_MM if across else TEXT_MM, sizes, dense=across is not None
            )
            caption = ""
            if captioned:
                self.tables += 1
                caption = self._caption("paper_table", self.tables, table.title)
            yield {
                "kind": "table",
                "caption": caption,
                "heads": heads(table, letters, widths),
                "widths": widths,
                "letters": letters,
                "sides": [outline.side(column) for column in table.columns],
                "rows": rows,
                "note": table.note,
                "whole": outline.whole(rows),
            }
        elif table.note:
            yield {"kind": "note", "text": table.note}

    def _chart(self, chart: Chart) -> dict[str, Any]:
        name = f"chart-{chart.name}"
        self.drawings[name] = draw_chart(chart, TEXT_MM)
        return self._drawing(
            name, outline.in_words(self.m, chart), TEXT_MM, outline.chart_title(self.m, chart)
        )

    def _drawing(self, name: str, words: str, width: float, title: str) -> dict[str, Any]:
        self.figures += 1
        caption = self._caption("paper_figure", self.figures, title)
        return {"kind": "drawing", "name": name, "words": words, "width": width, "caption": caption}

    def _caption(self, key: str, n: int, title: str) -> str:
        space = "\u3000" if self.m.lang.startswith("zh") else "  "
        return say(self.m.lang, key, n=n) + space + title


def _cleaned(value: Any) -> Any:
    """The same without control characters but the one that a page's number stands for."""
    if isinstance(value, str):
        return "\0".join(clean(piece) for piece in value.split("\0"))
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, (list, tuple)) else value
