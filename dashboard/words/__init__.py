"""The board's own words in every language it speaks; a prefecture's words come from its profile.

A room has its words in a module of its own here; all of them together are one table.
"""

from __future__ import annotations

from types import ModuleType

from dashboard.words import (
    accounts,
    alerts,
    board,
    brief,
    brief_tables,
    county,
    duty,
    entry,
    exports,
    forecast,
    guide,
    handover,
    journal,
    notify,
    paper,
    rounds,
    schedules,
    silences,
    slides,
    states,
    wall,
)
from data.spec import Text

ROOMS: tuple[ModuleType, ...] = (
    board,
    wall,
    alerts,
    county,
    forecast,
    states,
    accounts,
    entry,
    rounds,
    silences,
    duty,
    guide,
    notify,
    journal,
    handover,
    brief,
    brief_tables,
    exports,
    paper,
    slides,
    schedules,
)


def _together() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for room in ROOMS:
        if twice := table.keys() & room.WORDS.keys():
            raise ValueError(f"{room.__name__} has words of another room: {', '.join(sorted(twice))}")
        table |= room.WORDS
    return table


WORDS = _together()
"""Key to its words: zh-CN, en."""
SCRIPT_WORDS: tuple[str, ...] = tuple(key for room in ROOMS for key in room.SCRIPT)
"""Keys of the words that the page's own script needs."""


def say(lang: str, key: str, **values: object) -> str:
    """The words of a key in a language (Chinese when the language is unknown).

    Raises:
        KeyError: for a key that is not in the table.
    """
    chinese, english = WORDS[key]
    text = english if lang.startswith("en") else chinese
    return text.format(**values) if values else text


def pick(text: Text, lang: str) -> str:
    """A profile's text in a language, or in its first language where that one is missing."""
    return text.get(lang) or next(iter(text.values()), "")
