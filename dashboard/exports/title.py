"""The title block: what a sheet shows, when it was true, who made it, where the map comes from."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import metadata

import numpy as np

from dashboard.exports.basemap import basemap_state
from dashboard.exports.look import Look
from dashboard.exports.pen import Box, Pen
from dashboard.exports.words import WORDS, say, span
from dashboard.words import pick
from data.picture import Picture
from data.profile import Profile
from data.schedule import ON_TIME_S
from data.silence import no_data_after

EDGE, HEADER, FOOTER, SECOND_ROW = 24.0, 92.0, 42.0, 24.0

CAPTION = 15.0
KINDS = {"fences": "fence", "gaps": "border_gap", "exits": "exit_open", "closures": "closure_mark"}
"""Layers whose absence could be taken for good news, and the words for them."""

Words = tuple[str, float, str, bool]
"""Text, size, colour, bold."""
Badge = tuple[str, float, str, str, str]
"""Text, size, ink, fill and edge."""


class TitleBlock:
    """What is written above and below a map, and in its caption where it has no title."""

    def __init__(
        self,
        pen: Pen,
        picture: Picture,
        profile: Profile,
        lang: str,
        look: Look,
        *,
        made_at: float,
        made_by: str,
    ) -> None:
        self.pen, self.picture, self.profile, self.lang, self.look = pen, picture, profile, lang, look
        self.made_at, self.made_by = made_at, made_by

    @property
    def title(self) -> str:
        """The board's title."""
        return pick(self.profile.spec.title, self.lang)

    @property
    def scope(self) -> str:
        """The county and the line that the sheet is cut to; "" for the whole."""
        county = self.profile.county_name.get(self.picture.scope, self.picture.scope)
        line = self.profile.line[self.look.line] if self.look.line else None
        return " · ".join(part for part in (county, pick(line.name, self.lang) if line else "") if part)

    @property
    def handling(self) -> str:
        """The profile's handling mark; "" where it has none."""
        mark = self.profile.spec.exports.handling
        return pick(mark, self.lang) if mark else ""

    @property
    def marks(self) -> list[str]:
        """Simulated, replay and what else the look says."""
        told = [say(self.lang, "simulated")] if self.picture.simulated else []
        told += [say(self.lang, "replay")] if self._replay and not self._late else []
        return [*told, *self._further]

    @property
    def _further(self) -> list[str]:
        """The look's own marks: a word that is known here, such as `late`, or the words as they are."""
        return [say(self.lang, mark) if mark in WORDS else mark for mark in self.look.marks]

    @property
    def footer_height(self) -> float:
        """A second row where there is more to say than whose map it is."""
        return FOOTER + (SECOND_ROW if self.look.link or self._not_shown() else 0)

    def header(self) -> None:
        """Across the top: title, scope, badges; at its right end the times."""
        pen, ink = self.pen, self.pen.ink
        pen.box(Box(0, 0, pen.sheet.w, HEADER), fill=ink.panel)
        pen.line([0, pen.sheet.w], [HEADER, HEADER], ink.hairline, 1.2, round_ends=False)
        right, times = pen.sheet.w - EDGE, self._times()
        for row_base, row in zip((44.0, 74.0), times, strict=True):
            pen.run(right - self._width(row), row_base, row)
        badges, scope = self._badges(), self.scope
        taken = sum(pen.width(text, size, bold=True) + size * 1.1 + 12 for text, size, *_ in badges)
        taken += pen.width(scope, 32, bold=True) + 16 if scope else 0
        room = right - max(self._width(row) for row in times) - 60 - taken - EDGE
        x, base, size = EDGE, 59.0, self._fitting(38.0, room)
        if pen.width(self.title, size, bold=True) <= room:
            x += pen.text(x, base, self.title, size, bold=True, gid="title")
            if scope:
                x += 16 + pen.text(x + 16, base, scope, 32, ink.accent, bold=True, gid="scope")
            x += 26
        else:
            # What a sheet is of is never cut for what stands beside it: two rows, the title alone above.
            room = right - self._width(times[0]) - 24 - EDGE
            pen.text(x, 43, self.title, self._fitting(34.0, room), bold=True, gid="title", room=room)
            base = 80.0
            if scope:
                x += 14 + pen.text(x, base - 4, scope, 24, ink.accent, bold=True, gid="scope")
            badges = [(text, 16.0, letters, fill, edge) for text, _, letters, fill, edge in badges]
        for text, size, letters, fill, edge in badges:
            x += 12 + pen.pill(x, base - 5, text, size, ink=letters, fill=fill, edge=edge)

    def _fitting(self, size: float, room: float) -> float:
        """The size of the title, smaller where it is long, but not small."""
        while size > 24 and self.pen.width(self.title, size, bold=True) > room:
            size -= 1
        return size

    def _badges(self) -> list[Badge]:
        lang, picture, ink = self.lang, self.picture, self.pen.ink
        level = next((lv for lv in self.profile.spec.duty.levels if lv.id == picture.duty_level), None)
        name = pick(level.name, lang) if level else f"{say(lang, 'duty_level')} {picture.duty_level}"
        badges = [(name, 19.0, ink.text, "none", ink.quiet)]
        if self.handling:
            badges.append((self.handling, 19.0, ink.loud["critical"], "none", ink.loud["critical"]))
        if picture.simulated:
            badges.append((say(lang, "simulated"), 21.0, ink.on(ink.simulated), ink.simulated, "none"))
        if self._replay and not self._late:
            badges.append((say(lang, "replay"), 19.0, ink.accent, "none", ink.accent))
        warning = ink.severity["warning"]
        badges += [(mark, 19.0, ink.on(warning), warning, "none") for mark in self._further]
        return badges

    @property
    def _replay(self) -> bool:
        return self.made_at - self.picture.at > ON_TIME_S

    @property
    def _late(self) -> bool:
        """Whether it says that it was made late: then that it is of the past is said already."""
        return say(self.lang, "late") in self._further

    def _width(self, row: list[Words]) -> float:
        return sum(self.pen.width(text, size, bold=bold) for text, size, _, bold in row)

    def _times(self) -> tuple[list[Words], ...]:
        """The two rows at the right of the header: the data's time, and who made the sheet when."""
        lang, picture, ink = self.lang, self.picture, self.pen.ink
        data: list[Words] = [(f"{say(lang, 'as_of')}  ", 19.0, ink.quiet, False)]
        if np.isnan(picture.data_at):
            data.append((say(lang, "no_data_yet"), 26.0, ink.loud["warning"], True))
        else:
            aged = self._aged()
            colour = ink.loud["warning"] if aged else ink.text
            data.append((self._clock(picture.data_at), 30.0, colour, True))
            if aged:
                data.insert(0, (f"{aged}   ", 19.0, colour, True))
        made = [(f"{say(lang, 'made')} {self._clock(self.made_at)}", 17.0, ink.quiet, False)]
        if self.made_by:
            made.append((f"  ·  {self.made_by}", 17.0, ink.quiet, False))
        if self._replay:
            past = say(lang, "past", time=self._clock(picture.at))
            made.insert(0, (f"{past}  ·  ", 17.0, ink.accent, False))
        return data, made

    def _aged(self) -> str:
        """For how long no site has reported, where that is longer than any may be silent; "" otherwise."""
        picture = self.picture
        old = picture.at - picture.data_at
        late = no_data_after(picture.state.interval_s, self.profile.spec.readings)
        heard = late[~np.isnan(picture.state.observed_at)]
        return say(self.lang, "aged", age=span(self.lang, old)) if len(heard) and old > heard.min() else ""

    def _clock(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, self.profile.zone):%Y-%m-%d %H:%M:%S}"

    def footer(self) -> None:
        """Across the foot: simulated, where the map comes from, its number; whose clock; the address."""
        pen, lang, ink = self.pen, self.lang, self.pen.ink
        end, base = pen.sheet.w - EDGE, pen.sheet.h - self.footer_height + FOOTER - 19
        x, left = EDGE, "  ·  ".join(self.sources)
        if self.picture.simulated:
            x += pen.text(x, base, say(lang, "simulated_note"), 16, ink.simulated, bold=True) + 18
        zone = (
            f"{self.profile.spec.timezone} (UTC{datetime.fromtimestamp(self.made_at, self.profile.zone):%z})"
        )
        right = f"{say(lang, 'zone', zone=zone)}  ·  {say(lang, 'app')} {version()}"
        # Where the map comes from must be whole; which software drew it may give way.
        if x + pen.width(left, 15) + 24 + pen.width(right, 15) < end:
            pen.text(end, base, right, 15, ink.quiet, align="right")
        pen.text(x, base, left, 15, ink.quiet, room=end - x, gid="source")
        second = base + SECOND_ROW
        not_shown = self._not_shown()
        used = pen.text(end, second, not_shown, 15, ink.loud["warning"], align="right") if not_shown else 0
        if self.look.link:
            pen.text(EDGE, second, self.look.link, 15, ink.quiet, room=end - EDGE - used - 24, gid="link")

    @property
    def sources(self) -> list[str]:
        """Where the positions and the map come from, and the map's approval number where it has one."""
        spec = self.profile.spec
        told = [pick(spec.map.source, self.lang)]
        if (self.picture.sites.position_source == "demonstration").any():
            told.insert(0, say(self.lang, "demonstration"))
        drawn = basemap_state(self.profile)
        if drawn == "drawn" and spec.map.basemap and spec.map.basemap.attribution:
            told.append(pick(spec.map.basemap.attribution, self.lang))
        elif drawn in ("vector", "broken"):
            told.append(say(self.lang, f"basemap_{drawn}"))
        if spec.map.approval_number:
            told.append(f"{say(self.lang, 'approval')} {spec.map.approval_number}")
        return told

    def _not_shown(self) -> str:
        """Which lines a reader must not take for empty; "" where all are shown."""
        names = [
            pick(line.name, self.lang) for line in self.profile.spec.lines if line.id in self.look.hidden
        ]
        kinds = [kind for kind in ("fences", "gaps", "exits", "closures") if kind in self.look.hidden]
        names += [say(self.lang, KINDS[kind]) for kind in kinds]
        comma = say(self.lang, "comma")
        return say(self.lang, "not_shown", names=comma.join(names)) if names else ""

    def caption(self, box: Box, *, measure: bool = False) -> float:
        """What a map without a title must still say, in rows inside the box; returns the height used."""
        ink, lang = self.pen.ink, self.lang
        known = not np.isnan(self.picture.data_at)
        as_of = self._clock(self.picture.data_at) if known else say(lang, "no_data_yet")
        told = [
            (mark, ink.simulated if mark == say(lang, "simulated") else ink.loud["warning"], True)
            for mark in self.marks
        ]
        told += [(self.scope, ink.text, True)] if self.scope else []
        told.append((f"{say(lang, 'as_of')} {as_of}", ink.text, False))
        told += [(aged, ink.loud["warning"], True)] if known and (aged := self._aged()) else []
        told += [(text, ink.quiet, False) for text in self.sources]
        told += [(text, ink.loud["warning"], False)] if (text := self._not_shown()) else []
        told += [(self.handling, ink.loud["critical"], False)] if self.handling else []
        x, y = box.x, box.y + 17
        for text, colour, bold in told:
            width = self.pen.width(text, CAPTION, bold=bold)
            if x > box.x and x + width > box.right:
                x, y = box.x, y + 22
            if not measure:
                self.pen.text(x, y, text, CAPTION, colour, bold=bold, room=box.w)
            x += width + 18
        return y + 8 - box.y


@cache
def version() -> str:
    """Of this software, as installed."""
    try:
        return metadata.version("threeline")
    except metadata.PackageNotFoundError:  # run from a folder that nobody installed
        return "0"
