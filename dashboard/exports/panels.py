"""What stands beside the map: the three lines, today, the open alerts, the slowest sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import numpy as np
from matplotlib.path import Path

from dashboard.exports.marks import SHAPES, WORST_LAST, mark_style
from dashboard.exports.pen import Box, Pen
from dashboard.exports.words import count, kilometres, say, span
from dashboard.words import pick
from data import rules
from data.holding import Stretch
from data.picture import SEVERITIES, Alert, LineState, Picture
from data.profile import Profile

CARD, CARD_PLAIN, CLOSER = 262.0, 200.0, 46.0
"""The height of a line's card in design units: with a border, without, and what a close one saves."""
ALERT, ALERT_CLOSE = 84.0, 64.0
SLOW = 34.0
LIST_ENDS = 58.0
"""What a list's title and lower edge take."""
LOUD = {"congested": "critical", "busy": "warning"}
"""Statuses that are written in the colour of a severity."""
SEEN_KM = 0.05
"""From here a length shows in the figures."""


class Panels:
    """The panels of one picture; every method draws into the box it is given."""

    def __init__(self, pen: Pen, picture: Picture, profile: Profile, lang: str) -> None:
        self.pen, self.picture, self.profile, self.lang = pen, picture, profile, lang
        self.ink = pen.ink

    def frame(self, box: Box, title: str, note: str = "") -> Box:
        """A panel with its title; returns the room inside."""
        self.pen.box(box, fill=self.ink.panel, edge=self.ink.hairline, radius=8, width=1.2)
        self.pen.text(box.x + 18, box.y + 32, title, 21, self.ink.text, bold=True)
        if note:
            room = box.w - 54 - self.pen.width(title, 21, bold=True)
            self.pen.text(box.right - 18, box.y + 32, note, 16, self.ink.quiet, align="right", room=room)
        return Box(box.x + 18, box.y + 48, box.w - 36, box.h - 60)

    def line(self, box: Box, line: LineState, *, close: bool = False) -> None:
        """One line: who is online, what passes, who is on post, what is wrong, what nobody holds."""
        pen, spec, lang = self.pen, self.profile.line[line.id], self.lang
        pen.box(box, fill=self.ink.panel, edge=self.ink.hairline, radius=8, width=1.2)
        left, right = box.x + 18, box.right - 18
        pen.marks(SHAPES[spec.shape], [(left + 9, box.y + 26)], 20, fill=self.ink.text)
        total = say(lang, "online_of", total=count(line.sites))
        pen.text(right, box.y + 34, total, 16, self.ink.quiet, align="right")
        online = right - pen.width(total, 16)
        online -= pen.text(online, box.y + 34, count(line.online), 27, bold=True, align="right")
        x = left + 28
        room = online - x - 8
        name = pick(spec.name, lang)
        if pen.width(name, 19, bold=True) > room:
            name = re.split("[:：]", name, maxsplit=1)[0]  # "First line: border control" is the first line
        size = 23 if pen.width(name, 23, bold=True) <= room else 19
        x += pen.text(x, box.y + 34, name, size, bold=True, room=room)
        pen.text(x + 8, box.y + 34, pick(spec.short, lang), 16, self.ink.quiet, room=online - x - 16)
        y = self._throughput(Box(left, box.y + 44, box.w - 36, 0), line, close=close)
        self._statuses(Box(left, y, box.w - 36, 11), line)
        self._staff(left, right, y + 62, line)
        if line.km is not None:
            self._border(Box(left, y + 75, box.w - 36, 64), line)

    def _throughput(self, box: Box, line: LineState, *, close: bool) -> float:
        """Persons and vehicles per hour; returns where the next row begins."""
        pen, half = self.pen, box.w / 2
        for x, key, value in (
            (box.x, "persons_per_hour", line.persons_per_hour),
            (box.x + half, "vehicles_per_hour", line.vehicles_per_hour),
        ):
            used = pen.text(x, box.y + 17, say(self.lang, key), 15, self.ink.quiet)
            if close:
                self._number(x + used + 10, box.y + 18, value, 21, half - used - 14)
            else:
                self._number(x, box.y + 62, value, 46, half - 8)
        return box.y + (31 if close else 77)

    def _number(self, x: float, base: float, value: float | None, size: float, room: float) -> None:
        """A large number, smaller where it is long: a number that is cut is another number."""
        text = count(value)
        wide = self.pen.width(text, size, bold=True)
        self.pen.text(x, base, text, size * min(1.0, room / wide), bold=True)

    def _statuses(self, box: Box, line: LineState) -> None:
        """The line's sites as one bar, worst first, with the counts below it."""
        of_line = self.picture.state.status[self.picture.sites.line == line.id]
        counts = {status: int(np.sum(of_line == status)) for status in reversed(WORST_LAST)}
        x, total, text_x = box.x, max(sum(counts.values()), 1), box.x
        for status, n in counts.items():
            if not n:
                continue
            width = box.w * n / total
            # A single site must still be seen in a bar of four hundred.
            shown = Box(x, box.y, max(width - 1.5, 1.5), box.h)
            self.pen.box(
                shown, fill=self.ink.status[status], alpha=mark_style(status, self.ink.palette).alpha
            )
            x += width
            text = f"{say(self.lang, status)} {count(n)}"
            if text_x + self.pen.width(text, 14) <= box.right:
                colour = self.ink.loud[LOUD[status]] if status in LOUD else self.ink.quiet
                text_x += self.pen.text(text_x, box.y + 29, text, 14, colour) + 13

    def _staff(self, left: float, right: float, base: float, line: LineState) -> None:
        known = line.staff_on_duty is not None and line.staff_required is not None
        short = known and (line.staff_on_duty or 0) < (line.staff_required or 0)
        colour = self.ink.loud["warning"] if short else self.ink.text
        left += 6 + self.pen.text(
            left, base, say(self.lang, "on_post", on=count(line.staff_on_duty)), 18, colour
        )
        for severity in SEVERITIES:
            n = line.alerts.get(severity, 0)
            if n:
                text = f"{count(n)} {say(self.lang, severity)}"
                fill = self.ink.severity[severity]
                right -= 6 + self.pen.pill(
                    right, base, text, 15, ink=self.ink.on(fill), fill=fill, align="right"
                )
        required = say(self.lang, "required", required=count(line.staff_required))
        if left + self.pen.width(required, 16) > right:
            required = f"/ {count(line.staff_required)}"
        left += 12 + self.pen.text(left, base, required, 16, self.ink.quiet)
        if line.exits is not None:
            unknown = line.exits_unknown or 0
            open_ = (line.exits_held or 0) + unknown < line.exits
            text = say(self.lang, "exits_of", held=count(line.exits_held), total=count(line.exits))
            colour = self.ink.loud["critical"] if open_ else self.ink.quiet
            self.pen.text(right, base, text, 16, colour, align="right", room=right - left)

    def _border(self, box: Box, line: LineState) -> None:
        """The border unrolled: what is held, what is not, and whose county it is."""
        pen, lang = self.pen, self.lang
        x, base = box.x, box.y + 20
        if line.km_uncovered is not None and line.km_uncovered >= SEEN_KM:
            text = say(lang, "uncovered_km", km=kilometres(line.km_uncovered))
            x += pen.text(x, base, text, 19, self.ink.loud["critical"], bold=True)
        elif line.km_unknown:
            x += pen.text(x, base, _unknown(lang, line), 19, self.ink.quiet, bold=True)
        else:
            x += pen.text(x, base, say(lang, "whole"), 19, self.ink.status["normal"], bold=True)
        right = box.right
        if line.km_exposed is not None and line.km_exposed >= SEEN_KM:
            exposed = say(lang, "exposed_km", km=kilometres(line.km_exposed))
            right -= 10 + pen.text(
                right, base, exposed, 16, self.ink.loud["critical"], bold=True, align="right"
            )
        whole = say(lang, "of_km", km=kilometres(line.km or 0))
        # Of the two the exposed kilometres matter more; the whole is named where it fits.
        if x + 10 + pen.width(whole, 15) <= right:
            pen.text(x + 10, base, whole, 15, self.ink.quiet)
        self._unrolled(box, line)

    def _unrolled(self, box: Box, line: LineState) -> None:
        """A bar for each county, as long as its border."""
        pen, border = self.pen, self.profile.border
        if border is None:
            return
        own = [span for span in border.county_spans() if self.picture.scope in ("", span[0])]
        total = sum(end - start for _, start, end in own)
        x = box.x
        for adcode, start, end in own:
            width = box.w * (end - start) / total
            bar = Box(x, box.y + 30, width - 2, 8)
            pen.box(bar, fill=self.ink.border_line, alpha=0.75)
            for unknown in self.picture.unknown:
                if unknown.line == line.id and (mark := _along(bar, unknown, start, end)):
                    pen.box(mark, fill=self.ink.status["no_data"], alpha=0.45)
            for gap in self.picture.gaps:
                if gap.line == line.id and (mark := _along(bar, gap, start, end)):
                    if gap.backed is False:
                        pen.box(mark.inset(-1.5), fill=self.ink.text)
                    pen.box(mark, fill=self.ink.severity["warning" if gap.backed else "critical"])
            name = self.profile.county_name.get(adcode, adcode)
            if pen.width(name, 13) < width:
                pen.text(bar.x + bar.w / 2, bar.bottom + 17, name, 13, self.ink.quiet, align="center")
            x += width

    def today(self, box: Box) -> None:
        """The day's sums, beside those of the same time a week before."""
        pen, lang, today = self.pen, self.lang, self.picture.today
        room = self.frame(box, say(lang, "today"), f"{say(lang, 'alerts_today')} {count(today.alerts)}")
        half = room.w / 2
        sums = (
            ("persons_today", today.persons, today.persons_before),
            ("vehicles_today", today.vehicles, today.vehicles_before),
        )
        for column, (key, value, before) in enumerate(sums):
            x = room.x + column * half
            pen.text(x, room.y + 14, say(lang, key), 15, self.ink.quiet, room=half - 8)
            self._number(x, room.y + 50, value, 34, half - 8)
            if value is not None and before:
                change = f"{100 * (value - before) / before:+.0f}%"
                pen.text(
                    x, room.y + 72, say(lang, "versus_week", n=change), 14, self.ink.quiet, room=half - 8
                )
        x, base = room.x, room.y + 104
        for key, label in self.profile.spec.outcomes.items():
            n = today.outcomes.get(key)
            if n is None:
                continue
            name, number = pick(label, lang) + " ", count(n)
            width = pen.width(name, 16) + pen.width(number, 18, bold=True)
            if x > room.x and x + width > room.right:
                x, base = room.x, base + 27
            if base > room.bottom:
                return
            x = pen.run(x, base, [(name, 16, self.ink.quiet, False), (number, 18, self.ink.text, True)]) + 18

    def alerts(self, box: Box, listed: list[Alert], numbers: Mapping[str, int], each: float) -> None:
        """The unanswered alerts: number on the map, where, what, since when, and what to do.

        `each` is the height of one: ALERT, or ALERT_CLOSE for many.
        """
        lang, pen = self.lang, self.pen
        shown = [alert for alert in self.picture.alerts if not alert.hidden_by]
        firing, pending = (sum(one.state == state for one in shown) for state in ("firing", "pending"))
        notes = [say(lang, "firing_n", n=firing)] if firing else []
        notes += [say(lang, "pending_n", n=pending)] if pending else []
        room = self.frame(box, say(lang, "alerts"), " · ".join(notes))
        middle = box.x + box.w / 2
        if not listed:
            pen.text(
                middle,
                room.y + min(room.h / 2, 30),
                say(lang, "no_alerts"),
                18,
                self.ink.quiet,
                align="center",
            )
            return
        for place, alert in enumerate(listed):
            row = Box(box.x + 10, room.y + 2 + place * each, box.w - 20, each - 7)
            self._alert(row, alert, numbers[alert.target_id])
        rest = firing - len(listed)
        if rest > 0:
            pen.text(middle, box.bottom - 12, say(lang, "more", n=rest), 15, self.ink.quiet, align="center")

    def _alert(self, box: Box, alert: Alert, number: int) -> None:
        pen, colour = self.pen, self.ink.severity[alert.severity]
        what, advice = rules.words(self.profile, alert, self.picture, self.lang)
        pen.box(box, fill=self.ink.row[alert.severity], radius=6)
        pen.box(Box(box.x, box.y, 32, box.h), fill=colour, radius=6)
        pen.text(
            box.x + 16, box.y + box.h / 2 + 7, str(number), 20, self.ink.on(colour), bold=True, align="center"
        )
        left, right = box.x + 44, box.right - 12
        since = alert.fired_at or alert.started_at
        clock = f"{datetime.fromtimestamp(since, self.profile.zone):%H:%M}"
        text = f"{say(self.lang, 'since', time=clock)} · {span(self.lang, self.picture.at - since)}"
        used = pen.text(right, box.y + 22, text, 14, self.ink.quiet, align="right")
        name = self._name(alert)
        county = self.profile.county_name.get(alert.county, "")
        # Names often begin with their county: 镇康 ... in 镇康县.
        where = name if self.picture.scope or not county or name[:2] == county[:2] else f"{county} · {name}"
        pen.text(left, box.y + 22, where, 17, self.ink.text, bold=True, room=right - left - used - 12)
        what = what.removeprefix(name).lstrip(" ：:，,")
        what += f" · {say(self.lang, 'held')}" if alert.held else ""
        used = pen.text(
            left, box.y + 45, what, 16.5, self.ink.loud[alert.severity], bold=True, room=right - left
        )
        if box.h > ALERT_CLOSE:
            pen.text(left, box.y + 66, advice, 14.5, self.ink.quiet, room=right - left)
        elif left + used + 110 < right:
            pen.text(
                left + used + 12, box.y + 45, advice, 14.5, self.ink.quiet, room=right - left - used - 12
            )

    def _name(self, alert: Alert) -> str:
        return rules.name_of(self.profile, alert.target, alert.target_id, self.lang)

    def slowest(self, box: Box, most: int) -> None:
        """The sites with the longest wait, beside the threshold, with queue and trend."""
        pen, lang, state = self.pen, self.lang, self.picture.state
        threshold = self.profile.spec.status.congested_wait_min
        note = say(lang, "threshold", n=f"{threshold:g}")
        room = self.frame(box, say(lang, "slowest"), note)
        rows = np.flatnonzero(state.wait_min > 0)
        rows = rows[np.argsort(-state.wait_min[rows], kind="stable")][:most]
        if not len(rows):
            middle = room.y + min(room.h / 2, 40)
            pen.text(box.x + box.w / 2, middle, say(lang, "no_waits"), 18, self.ink.quiet, align="center")
            return
        longest = max(float(state.wait_min[rows[0]]), threshold * 1.4)
        for place, row in enumerate(rows.tolist()):
            self._slow(Box(room.x, room.y + place * SLOW, room.w, SLOW), row, longest, threshold)

    def _slow(self, box: Box, row: int, longest: float, threshold: float) -> None:
        pen, lang, state = self.pen, self.lang, self.picture.state
        base = box.y + 23
        pen.text(box.x, base, str(self.picture.sites.name[row]), 17, room=172)
        bar = Box(box.x + 182, base - 11, box.w - 182 - 158, 10)
        wait = float(state.wait_min[row])
        pen.box(bar, fill=self.ink.track, radius=5)
        colour = self.ink.status.get(str(state.status[row]), self.ink.status["no_data"])
        pen.box(Box(bar.x, bar.y, max(bar.w * wait / longest, 8), bar.h), fill=colour, radius=5)
        tick = bar.x + bar.w * threshold / longest
        pen.line([tick, tick], [bar.y - 4, bar.bottom + 4], self.ink.text, 1.8, round_ends=False)
        unit = say(lang, "minutes")
        used = pen.text(box.right - 92, base, unit, 13, self.ink.quiet, align="right")
        pen.text(box.right - 94 - used, base, f"{wait:.0f}", 19, bold=True, align="right")
        queue = float(state.queue_m[row])
        if queue == queue:  # noqa: PLR0124 — NaN is not equal to itself: no queue was reported
            used = pen.text(box.right - 24, base, say(lang, "metres"), 13, self.ink.quiet, align="right")
            pen.text(box.right - 26 - used, base, count(queue), 16, self.ink.quiet, align="right")
        self._trend(box.right - 8, base - 6, float(state.wait_change[row]))

    def _trend(self, x: float, y: float, change: float) -> None:
        """An arrow for a wait that grows or falls by a minute or more, a dash for one that stands."""
        if abs(change) >= 1:
            up = 1 if change > 0 else -1
            arrow = Path([(x - 6, y + 5 * up), (x + 6, y + 5 * up), (x, y - 6 * up), (x, y)], closed=True)
            self.pen.path(arrow, fill=self.ink.severity["critical"] if up > 0 else self.ink.status["normal"])
        elif abs(change) < 1:
            self.pen.line([x - 5, x + 5], [y, y], self.ink.quiet, 1.8)


def _along(bar: Box, stretch: Stretch, from_km: float, to_km: float) -> Box | None:
    """Where a stretch lies on the bar of a county's border; None where it does not."""
    low, high = max(stretch.from_km, from_km), min(stretch.to_km, to_km)
    if high <= low:
        return None
    x = bar.x + bar.w * (low - from_km) / (to_km - from_km)
    return Box(x, bar.y - 2, max(bar.w * (high - low) / (to_km - from_km), 2.0), bar.h + 4)


def _unknown(lang: str, line: LineState) -> str:
    """That nothing is known of a line's border yet, or of how much of it."""
    if line.km_covered is None:
        return say(lang, "border_unknown")
    return say(lang, "unknown_km", n=kilometres(line.km_unknown or 0.0))
