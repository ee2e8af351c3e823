"""Facts of a brief in one language: names, numbers and times, and the columns of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.area import whole
from dashboard.briefs.cells import DASH
from dashboard.briefs.manuscript import Cell, Column, Kind, Table
from dashboard.journal_words import who
from dashboard.words import pick, say
from data.brief import Facts

Row = Mapping[str, Any]


def further_marks(facts: Facts, lang: str) -> tuple[str, ...]:
    """Marks beside those of a picture made up or past: that it was made late, and whatever else was said."""
    return tuple(say(lang, "export_late") if mark == "late" else str(mark) for mark in facts["marks"])


class Telling:
    """The facts of one brief in one language."""

    def __init__(self, facts: Facts, lang: str) -> None:
        self.facts, self.lang = facts, lang
        self.names: Facts = facts["names"]
        self.zone = ZoneInfo(str(facts["zone"]))
        self.whole = not facts["scope"]
        """Whether it is about the prefecture; a county's tables have no column of counties."""

    def say(self, key: str, **values: object) -> str:
        """Words of the briefs' own room."""
        return say(self.lang, f"brief_{key}", **values)

    def common(self, key: str) -> str:
        """Words that the board has anyway."""
        return say(self.lang, key)

    def words(self, text: str | Mapping[str, str] | None) -> str:
        """A name in the language, where it has one."""
        return pick(dict(text), self.lang) if isinstance(text, Mapping) else str(text or "")

    def area(self) -> str:
        """All of the profile's area."""
        return whole(self.facts["place"], self.lang)

    def line(self, line_id: str) -> str:
        """A line's name; "" for what belongs to none."""
        return self.words(self.names["lines"].get(line_id, line_id))

    def county(self, adcode: str) -> str:
        """A county's name; "" for what is in none."""
        return str(self.names["counties"].get(adcode, adcode))

    def level(self, level: str) -> str:
        """A duty level's name."""
        return self.words(self.names["levels"].get(level, level))

    def outcome(self, name: str) -> str:
        """What an outcome is called."""
        return self.words(self.names["outcomes"].get(name, name))

    def status(self, status: str) -> str:
        """A site's state in words."""
        return say(self.lang, status)

    def who(self, row: Row) -> str:
        """Whose answer it is; in words where nobody logs in."""
        return who(str(row["by"]), str(row["role"]), self.lang)

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number for a sentence; a dash where it is not known."""
        if value is None:
            return DASH
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if digits else text

    def share(self, part: float | None, of: float | None) -> str:
        """A share in percent; a dash where it is not known."""
        return DASH if part is None or not of else f"{part / of:.1%}"

    def time(self, at: int | None) -> str:
        """A moment with its day in full."""
        return self._moment(at, "time_form")

    def short(self, at: int | None) -> str:
        """A moment without its year, where that is the brief's."""
        if at is None:
            return DASH
        when = datetime.fromtimestamp(at, self.zone)
        same = when.year == datetime.fromtimestamp(self.facts["at"], self.zone).year
        return self._moment(at, "short_form" if same else "time_form")

    def _moment(self, at: int | None, form: str) -> str:
        """A moment in words; on the hour without its minutes, where the language writes it so."""
        if at is None:
            return DASH
        when = datetime.fromtimestamp(at, self.zone)
        return when.strftime(self.say(form if when.minute else f"{form}_hour"))

    def clock(self, at: int) -> str:
        """Hours and minutes, for the axis of a chart."""
        return f"{datetime.fromtimestamp(at, self.zone):%H:%M}"

    def grades(self, counts: Mapping[str, int]) -> str:
        """How many of each severity, gravest first; those of which there are none are left out."""
        told = [
            self.say("grade", grade=say(self.lang, grade), n=count)
            for grade, count in counts.items()
            if count
        ]
        return self.say("comma").join(told) or self.say("none")

    def within(self, name: str) -> str:
        """A name inside a sentence: with a small letter, unless it is an abbreviation."""
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def sentence(self, clauses: Iterable[str]) -> str:
        """One sentence of its clauses; those that are empty are left out."""
        text = self.say("clause").join(clause for clause in clauses if clause)
        return text[:1].upper() + text[1:] + self.say("stop") if text else ""

    # ---- tables --------------------------------------------------------------------------------------

    def column(self, name: str, kind: Kind = "text", width: float = 2.0) -> Column:
        """A column under its own head."""
        return Column(name, self.say(f"col_{name}"), kind, width)

    def table(
        self,
        name: str,
        columns: Iterable[Column | None],
        rows: Iterable[Iterable[Cell]],
        *,
        left_off: int = 0,
        note: str = "",
    ) -> Table:
        """A table; a column that is None is left out with its cells, and a note tells how many rows are."""
        told, kept = list(columns), [index for index, one in enumerate(columns) if one is not None]
        cells = tuple(tuple(cell for n, cell in enumerate(row) if n in kept) for row in rows)
        more = self.say("left_off", n=left_off) if left_off else ""
        return Table(
            name,
            self.say(f"table_{name}"),
            tuple(column for column in told if column is not None),
            cells,
            ("" if self.lang.startswith("zh") else " ").join(part for part in (note, more) if part),
        )

    def county_column(self, width: float = 1.6) -> Column | None:
        """The column of counties, where there is more than one."""
        return self.column("county", width=width) if self.whole else None
