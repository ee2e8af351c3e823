"""What the placeholders of a template stand for in one brief: words, rows, and marks where blocks go.

The names themselves are in `data.profile_template_names`, where templates are checked against them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from dashboard.briefs import outline
from dashboard.briefs.cells import DASH
from dashboard.briefs.manuscript import Manuscript, Part, Table
from dashboard.official import clean
from data.profile_template_names import BLOCKS, MEMBERS, PARTS, TABLES, TEXTS, columns_of, member_of, name_of

_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([a-z_.]+){_END}")
_NAMED = re.compile(r"\{[{%](?!%)[^{}]*?[}%]\}")


def mark(block: str) -> str:
    """What a block leaves in a filled template until it is put there."""
    return f"{_BEGIN}{block}{_END}"


def marked(text: str) -> str:
    """The block that a filled paragraph stands for; "" for words."""
    found = _MARK.fullmatch(text.strip())
    return found[1] if found else ""


def names(text: str, *wanted: str) -> bool:
    """Whether the placeholders in a text name any of these, in either language."""
    words = {name_of(word) for tag in _NAMED.findall(text) for word in re.findall(r"\w+", tag)}
    return bool(words & set(wanted))


def parts_of(m: Manuscript) -> dict[str, Part]:
    """Every part by its name, those of the end too."""
    return {part.name: part for part in (*m.parts, *outline.annexes(m))}


def context(m: Manuscript) -> dict[str, Any]:
    """Everything that a template may name, in both languages."""
    told: dict[str, Any] = {
        "title": m.title,
        "scope": m.scope,
        "number": m.number,
        "date": m.date,
        "head": "\n".join(m.lines),
        "marks": " · ".join(m.marks),
        "handling": m.handling,
        "figures": m.figures,
        "made_by": m.made_by or DASH,
        "source": m.source,
        "link": m.link,
    }
    told = {name: clean(text) for name, text in told.items()}
    found = parts_of(m)
    told |= {name: Named(m, found.get(name, Part(name, ""))) for name in PARTS}
    told |= {name: mark(name) for name in BLOCKS}
    chinese = {**TEXTS, **PARTS, **BLOCKS}
    return told | {chinese[name]: value for name, value in told.items()}


class Named:
    """A part as templates see it; as words it is the part itself, put there as a block."""

    def __init__(self, m: Manuscript, part: Part) -> None:
        found = outline.tables(part)
        tables = {name: _Tabled(m, part.name, Table(name, "", (), ())) for name in TABLES.get(part.name, {})}
        tables |= {table.name: _Tabled(m, part.name, table) for table in found}
        paragraphs = [clean(text) for text in outline.paragraphs(m, part)] if part.title else []
        self._told: dict[str, Any] = {
            "title": clean(part.title),
            "paragraphs": paragraphs,
            "text": "\n".join(paragraphs),
            "rows": tables[found[0].name].rows if found else [],
            "tables": tables,
            "table": mark(f"{part.name}.table"),
            "chart": mark(f"{part.name}.chart"),
        }
        self._words = clean(m.summary) if part.name == "summary" else mark(part.name)
        assert self._told.keys() == MEMBERS.keys()

    def __getattr__(self, name: str) -> Any:
        told: Mapping[str, Any] = self.__dict__.get("_told", {})
        try:
            return told[member_of(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return self._words


class _Tabled:
    """One of the tables of a part."""

    def __init__(self, m: Manuscript, part: str, table: Table) -> None:
        self.title, self.note = clean(table.title), clean(table.note)
        columns = [column.name for column in table.columns]
        known = columns_of(part)
        self.rows = [
            Row(dict(zip(columns, map(clean, outline.row(m, table, values)), strict=True)), known)
            for values in table.rows
        ]

    def __getattr__(self, name: str) -> Any:
        if name in ("行", "标题") and "rows" in self.__dict__:
            return self.rows if name == "行" else self.title
        raise AttributeError(name)


class Row:
    """A row with its cells in words, by the names of the columns."""

    def __init__(self, cells: Mapping[str, str], known: Collection[str]) -> None:
        self.__dict__.update(cells)
        self._known = known

    def __getattr__(self, name: str) -> str:
        if name in self.__dict__.get("_known", ()):
            return DASH
        raise AttributeError(name)
