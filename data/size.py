"""The size of a drawing as people write it."""

from __future__ import annotations

import re

SHORTEST, LONGEST, MOST_PIXELS = 320, 7680, 4 * 3840 * 2160
"""Pixels of a side, and of the whole."""
DEFAULT = (1920, 1080)
SIZES = f"WIDTHxHEIGHT, each from {SHORTEST} to {LONGEST} pixels, as many in all as 7680x4320"


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of a text such as 1920x1080.

    Raises:
        ValueError: anything else, or a size out of bounds.
    """
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip().lower())
    if match is None:
        raise ValueError(text)
    width, height = int(match[1]), int(match[2])
    if not SHORTEST <= min(width, height) <= max(width, height) <= LONGEST or width * height > MOST_PIXELS:
        raise ValueError(text)
    return width, height
