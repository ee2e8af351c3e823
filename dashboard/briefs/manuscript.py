"""The manuscript of a brief: its words, tables and charts in order, before any file format.

Every format shows the same manuscript and nothing else, so that none of them can say another number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "decimal", "share", "time", "day"]
"""What a column holds: words; a count; a number with one decimal; 0 to 1, shown in percent; epoch seconds,
shown as a moment; epoch seconds, shown as a day."""
Cell = str | int | float | None
"""None where it is not known, shown as a dash and never as a zero."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    """What it is called in the facts, and in the sheet of definitions."""
    title: str
    kind: Kind = "text"
    width: float = 2.0
    """Share of the table's width."""


@dataclass(frozen=True)
class Table:
    """A table with typed cells."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """A sentence below it: how many more there are, what a figure means."""


@dataclass(frozen=True)
class Chart:
    """A chart that stays editable where the format can have one."""

    name: str
    title: str
    kind: Literal["line", "column", "bar"]
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    """Name and a value per category; None where nothing is known."""
    unit: str = ""


@dataclass(frozen=True)
class Part:
    """A part under its own heading."""

    name: str
    """summary, map, lines, changes, open, response, slowest, outcomes, staffing, gaps, sites."""
    title: str
    """Without a number; the format numbers them."""
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    appendix: bool = False
    """Whether it stands at the end, on pages of its own."""


@dataclass(frozen=True)
class Manuscript:
    """A whole brief in one language."""

    title: str
    scope: str
    """Name of the county, or of the prefecture."""
    number: str
    """Such as 〔2026〕第326期; "" where the profile gives none."""
    date: str
    lines: tuple[str, ...]
    """Below the title: data as of, made at and by whom, since which brief."""
    marks: tuple[str, ...]
    """SIMULATED, REPLAY, made late; each must be on every page."""
    handling: str
    """The profile's handling mark, such as 内部资料; on every page; "" where there is none."""
    summary: str
    """One sentence with the numbers that matter."""
    parts: tuple[Part, ...]
    definitions: tuple[tuple[str, str], ...]
    """Term and what it means."""
    source: str
    """Where the map comes from, with the approval number where the profile gives one."""
    link: str
    """The permanent address of this picture; "" where none is known."""
    figures: str
    """Times of the figures, for notes and captions."""
    lang: str
    zone: str
    """IANA name of the zone that times are shown in."""
    at: int
    """Epoch seconds of the picture."""
    made_at: int
    made_by: str

    def part(self, name: str) -> Part:
        """A part by its name; raises KeyError where there is none."""
        found = next((part for part in self.parts if part.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


@dataclass(frozen=True)
class Pictures:
    """What is drawn for a brief: a map on a light ground with its legend, as vector and as pixels."""

    map_svg: bytes
    map_png: bytes
    size: tuple[int, int]
    """Pixels of the PNG; the SVG has the same proportions."""
    alternative: str
    """The map in words, for whoever cannot see it."""
    qr_svg: bytes = b""
    qr_png: bytes = b""
    """The permanent address as a code; empty where there is none."""
