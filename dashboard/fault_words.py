"""Faults in the language of the reader."""

from __future__ import annotations

from dataclasses import replace

from layers.faults import Fault


def in_words(fault: Fault, lang: str) -> Fault:
    """The fault in a language; what was found in a file stays as it is."""
    if lang == "en":
        return fault
    from dashboard.chinese import in_chinese  # noqa: PLC0415  (start-up time)

    texts = {name: in_chinese(getattr(fault, name)) for name in ("what", "got", "expected", "hint")}
    return replace(fault, **texts)  # type: ignore[arg-type]  # all four are texts


def in_line(fault: Fault, lang: str) -> str:
    """The fault in one line."""
    if lang == "en":
        return str(fault)
    told = in_words(fault, lang)
    where = "，".join(
        part
        for part in (
            told.file,
            f"图层 {told.layer}" if told.layer else "",
            f"第 {told.row} 行" if told.row is not None else "",
            f"字段 {told.field}" if told.field else "",
        )
        if part
    )
    text = f"{where}：{told.what}" if where else told.what
    if told.expected:
        text += f"（现值：{told.got or '空'}；应为：{told.expected}）"
    elif told.got:
        text += f"（{told.got}）"
    return f"{text}。{told.hint}" if told.hint else text
