"""The sheet of a snapshot: where the map, the panels and the title block lie on it."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from typing import Any

import matplotlib as mpl
import numpy as np

from dashboard.exports.fonts import find_faces
from dashboard.exports.legend import draw_legend
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
from dashboard.exports.pen import Box, Pen
from dashboard.exports.sites_map import SiteMap
from dashboard.exports.words import say, span
from dashboard.theme import ACCENT, GROUND, HAIRLINE, PANEL, QUIET, SEVERITY, SIMULATED, TEXT
from dashboard.words import pick
from data.picture import Picture
from data.profile import Profile
from data.silence import no_data_after

EDGE, GAP, HEADER, FOOTER = 24.0, 14.0, 92.0, 42.0
LEFT, RIGHT = 400.0, 470.0
MOST_ALERTS, MOST_SLOW, LEAST_SLOW = 8, 10, 7
REPLAY_AFTER_S = 120
"""A picture that was older than this when it was drawn is a past one."""

# rcParams are one for the whole process, so sheets are drawn one at a time.
_one_at_a_time = threading.Lock()
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "threeline",
    # Type 42 is for TrueType outlines: it mislabels the CFF ones of Noto CJK, and takes six times as long.
    "pdf.fonttype": 3,
    # Hinted glyphs have whole widths, and a line of small digits then ends short of its place.
    "text.hinting": "none",
    "text.parse_math": False,
    "path.simplify": False,
}


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
    ) -> None:
        self.picture, self.profile, self.lang = picture, profile, lang
        self.form, self.made_at, self.made_by = form, made_at, made_by
        width, height = size
        self.tall = height > 0.8 * width
        unit = min(width / 1320, height / 1560) if self.tall else min(width / 1920, height / 1080)
        self.pen = Pen(size, unit, find_faces(), GROUND, form=form)
        self.panels = Panels(self.pen, picture, profile, lang)
        self.firing = [alert for alert in picture.alerts if alert.asks]

    def draw(self) -> None:
        """Draw everything."""
        self._header()
        self._footer()
        sheet = self.pen.sheet
        body = Box(EDGE, HEADER + GAP, sheet.w - 2 * EDGE, sheet.h - HEADER - FOOTER - 2 * GAP)
        if self.tall:
            self._tall(body)
        else:
            self._wide(body)

    def _wide(self, body: Box) -> None:
        """Lines on the left, the map in the middle, alerts and the slowest sites on the right."""
        y = self._lines_down(Box(body.x, body.y, LEFT, body.h))
        if body.bottom - y > 150:
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
        width = (box.w - 2 * GAP) / 3
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
        pen = self.pen
        pen.box(box, fill=PANEL, edge=HAIRLINE, radius=8, width=1.2)
        inner = Box(box.x + 18, 0, box.w - 36, 0)
        at = self.picture.at
        closed = any(one.kind == "closure" and one.holds(at) for one in self.picture.planned)
        strip = draw_legend(pen, inner, self.profile, self.lang, closures=closed, measure=True) + 14
        SiteMap(
            pen,
            Box(box.x + 1, box.y + 1, box.w - 2, box.h - strip - 2),
            self.picture,
            self.profile,
            self.lang,
        ).draw(numbers)
        legend = Box(inner.x, box.bottom - strip + 8, inner.w, strip)
        pen.line([box.x, box.right], [box.bottom - strip] * 2, HAIRLINE, 1.2, round_ends=False)
        draw_legend(pen, legend, self.profile, self.lang, closures=closed)

    def _header(self) -> None:
        pen, lang, picture = self.pen, self.lang, self.picture
        pen.box(Box(0, 0, pen.sheet.w, HEADER), fill=PANEL)
        pen.line([0, pen.sheet.w], [HEADER, HEADER], HAIRLINE, 1.2, round_ends=False)
        right, times = pen.sheet.w - EDGE, self._times()
        for row_base, row in zip((44.0, 74.0), times, strict=True):
            pen.run(right - self._right_width(row), row_base, row)
        badges = self._badges()
        scope = self.profile.county_name.get(picture.scope, picture.scope)
        taken = sum(pen.width(text, size, bold=True) + size * 1.1 + 12 for text, size, *_ in badges)
        taken += pen.width(scope, 32, bold=True) + 16 if scope else 0
        room = right - max(self._right_width(row) for row in times) - 60 - taken - EDGE
        title, size = pick(self.profile.spec.title, lang), 38.0
        while size > 24 and pen.width(title, size, bold=True) > room:
            size -= 1
        x, base = EDGE, 59.0
        x += pen.text(x, base, title, size, bold=True, gid="title", room=room)
        if scope:
            x += 16 + pen.text(x + 16, base, scope, 32, ACCENT, bold=True, gid="scope")
        x += 26
        for text, size, ink, fill, edge in badges:
            x += 12 + pen.pill(x, base - 5, text, size, ink=ink, fill=fill, edge=edge)

    def _badges(self) -> list[tuple[str, float, str, str, str]]:
        """Text, size, ink, fill and edge of each badge beside the title."""
        lang, picture = self.lang, self.picture
        level = next((lv for lv in self.profile.spec.duty.levels if lv.id == picture.duty_level), None)
        name = pick(level.name, lang) if level else f"{say(lang, 'duty_level')} {picture.duty_level}"
        badges = [(name, 19.0, TEXT, "none", QUIET)]
        if picture.simulated:
            badges.append((say(lang, "simulated"), 21.0, GROUND, SIMULATED, "none"))
        if self._replay:
            badges.append((say(lang, "replay"), 19.0, ACCENT, "none", ACCENT))
        return badges

    @property
    def _replay(self) -> bool:
        return self.made_at - self.picture.at > REPLAY_AFTER_S

    def _right_width(self, row: list[tuple[str, float, str, bool]]) -> float:
        return sum(self.pen.width(text, size, bold=bold) for text, size, _, bold in row)

    def _times(self) -> tuple[list[tuple[str, float, str, bool]], ...]:
        """The two rows at the right of the header: the data's time, and who made the sheet when."""
        lang, picture = self.lang, self.picture
        as_of = (f"{say(lang, 'as_of')}  ", 19.0, QUIET, False)
        if np.isnan(picture.data_at):
            data = [as_of, (say(lang, "no_data_yet"), 26.0, SEVERITY["warning"], True)]
        else:
            old = picture.at - picture.data_at
            late = no_data_after(picture.state.interval_s, self.profile.spec.readings)
            heard = late[~np.isnan(picture.state.observed_at)]
            stale = bool(len(heard)) and old > heard.min()
            colour = SEVERITY["warning"] if stale else TEXT
            data = [as_of, (self._clock(picture.data_at), 30.0, colour, True)]
            if stale:
                data.insert(0, (say(lang, "aged", age=span(lang, old)) + "   ", 19.0, colour, True))
        made = [(f"{say(lang, 'made')} {self._clock(self.made_at)}", 17.0, QUIET, False)]
        if self.made_by:
            made.append((f"  ·  {self.made_by}", 17.0, QUIET, False))
        if self._replay:
            made.insert(0, (say(lang, "past", time=self._clock(picture.at)) + "  ·  ", 17.0, ACCENT, False))
        return data, made

    def _clock(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, self.profile.zone):%Y-%m-%d %H:%M:%S}"

    def _footer(self) -> None:
        pen, lang, spec = self.pen, self.lang, self.profile.spec
        base = pen.sheet.h - 19
        parts = [pick(spec.map.source, lang)]
        if (self.picture.sites.position_source == "demonstration").any():
            parts.insert(0, say(lang, "demonstration"))
        if spec.map.approval_number:
            parts.append(f"{say(lang, 'approval')} {spec.map.approval_number}")
        x, left = EDGE, "  ·  ".join(parts)
        if self.picture.simulated:
            x += pen.text(x, base, say(lang, "simulated_note"), 16, SIMULATED, bold=True) + 18
        zone = f"{spec.timezone} (UTC{datetime.fromtimestamp(self.made_at, self.profile.zone):%z})"
        right = f"{say(lang, 'zone', zone=zone)}  ·  {say(lang, 'app')} {_version()}"
        end = pen.sheet.w - EDGE
        # Where the map comes from must be whole; which software drew it may give way.
        if x + pen.width(left, 15) + 24 + pen.width(right, 15) < end:
            pen.text(end, base, right, 15, QUIET, align="right")
        pen.text(x, base, left, 15, QUIET, room=end - x, gid="source")

    def save(self) -> bytes:
        """The sheet as a file of a form that matplotlib writes."""
        title = pick(self.profile.spec.title, self.lang)
        if self.picture.simulated:
            title = f"{title} · {say(self.lang, 'simulated')}"
        made = datetime.fromtimestamp(self.made_at, UTC)
        about: dict[str, dict[str, Any]] = {
            "png": {
                "Title": title,
                "Software": f"Threeline {_version()}",
                "Creation Time": made.isoformat(),
            },
            "svg": {"Title": title, "Creator": f"Threeline {_version()}", "Date": made.isoformat()},
            "pdf": {"Title": title, "Creator": f"Threeline {_version()}", "CreationDate": made},
        }
        out = io.BytesIO()
        self.pen.figure.savefig(out, format=self.form, dpi=72, metadata=about[self.form])
        return out.getvalue()


@cache
def _version() -> str:
    try:
        return metadata.version("threeline")
    except metadata.PackageNotFoundError:  # run from a folder that nobody installed
        return "0"


def draw(
    picture: Picture,
    profile: Profile,
    *,
    lang: str,
    size: tuple[int, int],
    form: str,
    made_at: float,
    made_by: str,
) -> bytes:
    """Draw one sheet; safe to call from several threads."""
    with _one_at_a_time, mpl.rc_context(STYLE):
        sheet = Sheet(picture, profile, lang=lang, size=size, form=form, made_at=made_at, made_by=made_by)
        sheet.draw()
        return sheet.save()
