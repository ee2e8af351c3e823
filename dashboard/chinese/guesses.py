"""The proposals of `layers.likely` in Chinese: which system a file may be in, and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Callable

_LIKELY = re.compile(r"Likely: (.+)\. ([^.]+)", re.DOTALL)
_GUESS = re.compile(
    r"in (?P<system>.+?) (?:all (?P<all>[\d,]+)|(?P<some>[\d,]+) of (?P<of>[\d,]+)|the one) rows? lies? in "
    r"(?P<place>.+?)(?:, (?P<counties>[\d,]+) of them in its counties)?"
    r"(?P<swapped>, with the two coordinates swapped)?"
)


def guesses_in_chinese(text: str, words: Callable[[str], str]) -> str | None:
    """The proposals and the caution behind them, or None where the text is none; `words` knows the rest."""
    found = _LIKELY.fullmatch(text)
    if found is None:
        return None
    guesses = "；".join(_guess(guess, words) for guess in found[1].split("; "))
    return f"可能是：{guesses}。{words(found[2])}"


def _guess(text: str, words: Callable[[str], str]) -> str:
    found = _GUESS.fullmatch(text)
    if found is None:
        return text
    rows = "唯一的一行"
    if found["all"]:
        rows = f"全部 {found['all']} 行"
    elif found["some"]:
        rows = f"{found['of']} 行中有 {found['some']} 行"
    counties = f"，其中 {found['counties']} 行在各县之内" if found["counties"] else ""
    swapped = "，但两个坐标对调" if found["swapped"] else ""
    return f"按 {words(found['system'])}，{rows}位于{words(found['place'])}{counties}{swapped}"
