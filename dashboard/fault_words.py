"""Faults in the language of the reader."""

from __future__ import annotations

from layers.faults import Fault


def in_words(fault: Fault, lang: str) -> Fault:
    """The fault in a language."""
    return fault


def in_line(fault: Fault, lang: str) -> str:
    """The fault in one line."""
    return str(in_words(fault, lang))
