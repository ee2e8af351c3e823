"""How much room text takes before anything sets it: estimated, a little too wide rather than too narrow."""

from __future__ import annotations

import math
import unicodedata

LINE = 1.35
"""Height of a line, in sizes of its letters: that of Chinese faces on screens."""


def ems(text: str) -> float:
    """Width of a text in sizes of its letters: a Chinese character is one, a letter about half."""
    return sum(
        1.0
        if unicodedata.east_asian_width(letter) in "WFA"
        else 0.3
        if letter == " "
        else 0.62
        if letter.isupper()
        else 0.56
        for letter in text
    )


def lines(text: str, width: float, size: float) -> int:
    """How many lines a text takes in a width; width and size in the same unit."""
    room = max(width / size, 1.0)
    return sum(max(1, math.ceil(ems(part) / room - 0.02)) for part in text.split("\n"))
