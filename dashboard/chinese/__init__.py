"""The texts of faults in Chinese: tables of English to Chinese, and looking a text up in them."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard.chinese import (
    deliveries,
    exports,
    files,
    formats,
    geodata,
    hiding,
    profile,
    report,
    roster,
    rules,
    templates,
)
from dashboard.chinese.evidence import evidence_in_chinese
from dashboard.chinese.guesses import guesses_in_chinese
from dashboard.chinese.report import reader_in_chinese

TEXTS = {
    **geodata.TEXTS,
    **files.TEXTS,
    **formats.TEXTS,
    **profile.TEXTS,
    **report.TEXTS,
    **deliveries.TEXTS,
    **exports.TEXTS,
    **hiding.TEXTS,
    **roster.TEXTS,
    **rules.TEXTS,
    **templates.TEXTS,
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""

_SLOT = re.compile(r"\{(\d*)\}")
_WHERE = re.compile(r"(.*?) ?\(([^()\s]+) in (profile\.toml)\)", re.DOTALL)
_SAID_WITH = re.compile(r"(.*?) ?\(say it with (--\w+)\)", re.DOTALL)
_MEANT = re.compile(r"Did you mean ['‘]?(.+?)['’]?\?(?: (.+))?", re.DOTALL)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), re.DOTALL)


# The longest text is tried first: a short one would take in more than it should.
_PATTERNS = sorted(
    ((_pattern(english), chinese) for english, chinese in TEXTS.items() if "{}" in english),
    key=lambda row: -len(row[0].pattern.replace("(.+?)", "")),
)


@lru_cache(maxsize=4096)
def in_chinese(text: str) -> str:
    """A text of a fault in Chinese; as it is where there is no translation."""
    if text in TEXTS:
        return TEXTS[text]
    if found := _WHERE.fullmatch(text) or _SAID_WITH.fullmatch(text):
        where = f"用 {found[2]} 注明" if found.re is _SAID_WITH else f"见 {found[3]} 的 {found[2]}"
        return f"{in_chinese(found[1])}（{where}）" if found[1] else where
    told = reader_in_chinese(text) or guesses_in_chinese(text, in_chinese) or evidence_in_chinese(text)
    if told is not None:
        return told
    if found := _MEANT.fullmatch(text):
        return f"是否是“{found[1]}”？{in_chinese(found[2] or '')}"
    for pattern, chinese in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _filled(chinese, [_part(value) for value in found.groups()])
    return text


def _part(text: str) -> str:
    """A part of a text: a word of ours, a whole text, or what a file says, which stays as it is."""
    return in_chinese(text) if " " in text else TEXTS.get(text, text)


def _filled(chinese: str, values: list[str]) -> str:
    """The Chinese text with its places filled, in order or by number."""
    order = iter(values)
    return _SLOT.sub(lambda slot: values[int(slot[1])] if slot[1] else next(order), chinese)
