"""The evidence of `layers.offset` in Chinese: how positions fit as declared, and read in another datum."""

from __future__ import annotations

import re

_PART = re.compile(
    r"(?P<count>\d+) positions(?: of (?P<file>.+?))?: (?:"
    r"(?P<share>\d+%) stand in the county they name as declared, (?P<then>\d+%)|"
    r"they lie unevenly along (?P<along>.+?), by a median of (?P<uneven>[\d,]+) m as declared "
    r"and (?P<even>[\d,]+) m|"
    r"the median distance to (?P<to>.+?) is (?P<far>[\d,]+) m as declared and (?P<near>[\d,]+) m"
    r") with (?P<whose>.+?) read as (?P<datum>.+)"
)
_NAMES = {
    "them": "它们",
    "the border": "国界",
    "the roads": "道路",
    "the counties' edges": "县界",
    "the counties": "各县",
}


def evidence_in_chinese(text: str) -> str | None:
    """The numbers of a suspected shift, or None where the text is something else."""
    parts = [_PART.fullmatch(part) for part in text.split("; ")]
    return "；".join(_told(part) for part in parts if part) if all(parts) else None


def _told(part: re.Match[str]) -> str:
    of = f"{part['file']} 的 " if part["file"] else ""
    read = f"若{_NAMES.get(part['whose'], part['whose'])}是 {part['datum']}"
    if part["share"]:
        numbers = f"按声明有 {part['share']} 位于所填的县内，{read}，则为 {part['then']}"
    elif part["along"]:
        along = _NAMES.get(part["along"], part["along"])
        numbers = f"按声明沿{along}参差不齐，中位偏差 {part['uneven']} 米，{read}，则为 {part['even']} 米"
    else:
        to = _NAMES.get(part["to"], part["to"])
        numbers = f"按声明到{to}的中位距离为 {part['far']} 米，{read}，则为 {part['near']} 米"
    return f"{of}{part['count']} 个位置：{numbers}"
