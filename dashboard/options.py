"""What a fault of a lone file proposes: options of the command line, where a profile would have keys."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from layers.faults import Fault

_COLUMNS = re.compile(r"columns = \{ (.+) \}")
_PAIR = re.compile(r'(\w+) = "([^"]*)"')
_VALUE = re.compile(r'(encoding|crs) = "([^"]*)"')
_PLAIN = re.compile(r"[\w=…]+")
_FOR_ALL = ("crs", "encoding")


def with_options(fault: Fault) -> Fault:
    """The fault as it is mended without a profile."""
    hint = _COLUMNS.sub(lambda found: _pairs(found[1]), fault.hint)
    hint = _VALUE.sub(lambda found: f"--{found[1]} {shlex.quote(found[2])}", hint)
    if fault.row is None and not fault.warning and fault.field in _FOR_ALL and "--" not in hint:
        hint = f"{hint} (say it with --{fault.field})".strip()
    return replace(fault, hint=hint)


def _pairs(text: str) -> str:
    # What a person would have to quote is quoted; letters of any script are not.
    told = []
    for field, column in _PAIR.findall(text):
        pair = f"{field}={column}"
        told.append(f"--column {pair if _PLAIN.fullmatch(pair) else shlex.quote(pair)}")
    return " ".join(told)
