"""The sheet of a snapshot: where the map, the panels and the title block lie on it."""

from __future__ import annotations

import threading

import matplotlib as mpl
import numpy as np

from dashboard.exports.code import Code
from dashboard.exports.fonts import find_faces
from dashboard.exports.ink import ink_of
from dashboard.exports.legend import draw_legend
from dashboard.exports.look import Look
from dashboard.exports.panels import (
    ALERT,
    ALERT_CLOSE,
    CARD,
    CARD_PLAIN,
    CLOSER,
    LIST_ENDS,
    SLOW,
    Panels,
)
from dashboard.exports.part import of_line
from dashboard.exports.pen import Box, Pen
from dashboard.exports.scene import Scene
from dashboard.exports.sites_map import SiteMap
from dashboard.exports.title import EDGE, HEADER, TitleBlock
from dashboard.exports.writing import STYLE, write
from data.picture import Picture
from data.profile import Profile

GAP = 14.0
LEFT, RIGHT = 400.0, 470.0
MOST_ALERTS, MOST_SLOW, LEAST_SLOW, MOST_NAMES = 8, 10, 7, 12
WIDE, TALL, PLAIN = (1920, 1080), (1320, 1560), (1040, 780)
"""The canvases that sheets are designed on; another shape gets more room on one side."""

# rcParams are one for the whole process, so sheets are drawn one at a time.
_one_at_a_time = threading.Lock()


class Sheet:
    """One picture on one sheet."""

    def __init__(
        self,
        picture: Picture,
        profile: Profile,
        *,
        lang: str,
        size: tuple[int, int],
        form: str,
        made_at: float,
        made_by: str,
        look: Look,
    ) -> None:
        self.picture = of_line(picture, profile, look.line) if look.line else picture
        self.profile, self.lang, self.look = profile, lang, look
        self.form, self.made_at = form, made_at
        width, height = size
        self.tall = height > 0.8 * width
        canvas = PLAIN if look.sheet == "plain" else TALL if self.tall else WIDE
        unit = min(width / canvas[0], height / canvas[1])
        self.pen = Pen(size, unit, find_faces(), ink_of(look.theme), form=form)
        self.panels = Panels(self.pen, self.picture, profile, lang)
        self.title = TitleBlock(self.pen, self.picture, profile, lang, look, made_at=made_at, made_by=made_by)
        self.firing = [alert for alert in self.picture.alerts if alert.asks]

    def draw(self) -> None:
        """Draw everything."""
        sheet = self.pen.sheet
        if self.look.sheet == "plain":
            self._map(sheet, self._unnumbered())
            return
        self.title.header()
        self.title.footer()
        foot = self.title.footer_height
        body = Box(EDGE, HEADER + GAP, sheet.w - 2 * EDGE, sheet.h - HEADER - foot - 2 * GAP)
        if self.look.sheet == "map":
            self._map(body, self._unnumbered())
        elif self.tall:
            self._tall(body)
        else:
            self._wide(body)

    def _unnumbered(self) -> dict[str, int]:
        """The alerts to name where no list stands beside the map."""
        return dict.fromkeys([alert.target_id for alert in self.firing][:MOST_NAMES], 0)

    def _wide(self, body: Box) -> None:
        """Lines on the left, the map in the middle, alerts and the slowest sites on the right."""
        y = self._lines_down(Box(body.x, body.y, LEFT, body.h))
        if body.bottom - y > 150 and not self.look.line:
            self.panels.today(Box(body.x, y, LEFT, min(body.bottom - y, 240)))
        middle = Box(body.x + LEFT + GAP, body.y, body.w - LEFT - RIGHT - 2 * GAP, body.h)
        right = Box(body.right - RIGHT, body.y, RIGHT, body.h)
        slow = int(np.sum(self.picture.state.wait_min > 0))
        slow_height = 60 + SLOW * min(max(slow, 2), LEAST_SLOW)
        numbers, used = self._alerts(right, right.h - GAP - slow_height)
        self._slowest(Box(right.x, right.y + used + GAP, right.w, right.h - used - GAP))
        self._map(middle, numbers)

    def _tall(self, body: Box) -> None:
        """The map above, the lines beside each other below it, then alerts beside the slowest sites."""
        lists = min(max(0.3 * body.h, 430.0), 640.0)
        below = Box(body.x, body.bottom - lists, (body.w - GAP) / 2, lists)
        cards = self._lines_across(Box(body.x, body.y, body.w, body.h - lists - GAP))
        numbers, _ = self._alerts(below, below.h)
        beside = Box(below.right + GAP, below.y, below.w, below.h)
        today = 178.0
        if self.look.line:
            self._slowest(beside)
        else:
            self._slowest(Box(beside.x, beside.y, beside.w, beside.h - today - GAP))
            self.panels.today(Box(beside.x, beside.bottom - today, beside.w, today))
        self._map(Box(body.x, body.y, body.w, body.h - lists - cards - 2 * GAP), numbers)

    def _lines_down(self, box: Box) -> float:
        """A card per line, one below the other; returns where the next panel may begin."""
        lines = self.picture.lines
        heights = [CARD if line.km is not None else CARD_PLAIN for line in lines]
        close = sum(heights) + GAP * (len(heights) - 1) > box.h
        y = box.y
        for line, full in zip(lines, heights, strict=True):
            height = full - CLOSER if close else full
            self.panels.line(Box(box.x, y, box.w, height), line, close=close)
            y += height + GAP
        return y

    def _lines_across(self, box: Box) -> float:
        """A card per line, three in a row, at the foot of the box; returns the height they take."""
        lines = self.picture.lines
        abreast = min(max(len(lines), 1), 3)
        width = (box.w - (abreast - 1) * GAP) / abreast
        rows = [lines[start : start + 3] for start in range(0, len(lines), 3)]
        heights = [CARD if any(line.km is not None for line in row) else CARD_PLAIN for row in rows]
        taken = sum(heights) + GAP * (len(rows) - 1)
        y = box.bottom - taken
        for row, height in zip(rows, heights, strict=True):
            for place, line in enumerate(row):
                self.panels.line(Box(box.x + place * (width + GAP), y, width, height), line)
            y += height + GAP
        return taken

    def _alerts(self, box: Box, most: float) -> tuple[dict[str, int], float]:
        """The alerts, no higher than `most`; the number each one's target bears, and the height used."""
        room = most - LIST_ENDS
        # Advice gets a row of its own while there are few; many stand closer.
        each = ALERT if len(self.firing) * ALERT <= room else ALERT_CLOSE
        listed = self.firing[: min(max(int((room - 24) // each), 1), MOST_ALERTS)]
        if len(self.firing) * each <= room:
            listed = self.firing[:MOST_ALERTS]
        numbers: dict[str, int] = {}
        for alert in listed:
            numbers.setdefault(alert.target_id, len(numbers) + 1)
        rest = 24 if len(self.firing) > len(listed) else 0
        height = LIST_ENDS + each * len(listed) + rest if listed else 130.0
        if self.tall:
            height = most  # nothing stands below
        self.panels.alerts(Box(box.x, box.y, box.w, height), listed, numbers, each)
        return numbers, height

    def _slowest(self, box: Box) -> None:
        self.panels.slowest(box, min(MOST_SLOW, max(int((box.h - 60) // SLOW), 0)))

    def _map(self, box: Box, numbers: dict[str, int]) -> None:
        """The map in a frame; at the foot of it the legend, a caption on a plain sheet, and the code of the
        address where no corner of the map is free for it."""
        pen, ink = self.pen, self.pen.ink
        pen.box(box, fill=ink.panel, edge=ink.hairline, radius=8, width=1.2)
        scene, code = Scene(self.picture, self.profile, self.lang, self.look), Code(pen, self.look.link)
        foot = Box(box.x + 18, 0, box.w - 36, 0)
        area, strip, caption = self._above(box, foot)
        site_map = SiteMap(pen, area, scene)
        inside = site_map.free_corner(code.side)
        if not inside:
            foot = Box(foot.x, 0, foot.w - code.side, 0)
            area, strip, caption = self._above(box, foot, code.side + 8)
            site_map = SiteMap(pen, area, scene)
        site_map.draw(numbers, code if inside else None)
        top = box.bottom - strip
        pen.line([box.x, box.right], [top, top], ink.hairline, 1.2, round_ends=False)
        self._legend(Box(foot.x, top + 8, foot.w, strip))
        if caption:
            self.title.caption(Box(foot.x, box.bottom - caption - 3, foot.w, caption))
        if not inside:
            code.draw(Box(foot.right + 12, top + (strip - code.side) / 2, code.side, code.side))

    def _above(self, box: Box, foot: Box, least: float = 0.0) -> tuple[Box, float, float]:
        """The map's room, the height of the strip below it, and how much of that a caption takes."""
        caption = self.title.caption(foot, measure=True) if self.look.sheet == "plain" else 0.0
        strip = max(self._legend(foot, measure=True) + 14 + caption, least)
        return Box(box.x + 1, box.y + 1, box.w - 2, box.h - strip - 2), strip, caption

    def _legend(self, box: Box, *, measure: bool = False) -> float:
        at = self.picture.at
        closed = any(one.kind == "closure" and one.holds(at) for one in self.picture.planned)
        unknown = bool(self.picture.unknown)
        return draw_legend(
            self.pen, box, self.profile, self.lang, self.look,
            closures=closed, unknown=unknown, measure=measure,
        )  # fmt: skip

    def save(self) -> bytes:
        """The sheet as a file of a form that matplotlib writes."""
        title = " · ".join(
            [self.title.title, *([self.title.scope] if self.title.scope else []), *self.title.marks]
        )
        return write(self.pen, self.form, title, self.made_at)


def draw(
    picture: Picture,
    profile: Profile,
    *,
    lang: str,
    size: tuple[int, int],
    form: str,
    made_at: float,
    made_by: str,
    look: Look,
) -> bytes:
    """Draw one sheet; safe to call from several threads."""
    with _one_at_a_time, mpl.rc_context(STYLE):
        sheet = Sheet(
            picture, profile, lang=lang, size=size, form=form, made_at=made_at, made_by=made_by, look=look
        )
        sheet.draw()
        return sheet.save()
