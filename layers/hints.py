"""Words for faults: what was meant, what was possible, what was found."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60
SAYS = "the reader says: "
"""Before what GDAL, SQLite and other libraries say, which is in English whatever the reader's language."""


def did_you_mean(word: object, options: Iterable[str]) -> str:
    """`Did you mean 'x'?`, or "" where nothing is close; case does not count."""
    known = {option.casefold(): option for option in options}
    close = get_close_matches(str(word).strip().casefold()[:_LONGEST], known, n=1, cutoff=0.6)
    return f"Did you mean '{known[close[0]]}'?" if close else ""


def one_of(options: Iterable[str], most: int = 12) -> str:
    """`one of a, b, c`, cut after a dozen."""
    known = list(options)
    more = f", … ({len(known)} in all)" if len(known) > most else ""
    return f"one of {', '.join(known[:most])}{more}" if known else "none is defined"


def shown(value: object) -> str:
    """A found value, short enough for one line."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split()) if text.strip() else repr(text)
    most = _LONGEST + (len(SAYS) if text.startswith(SAYS) else 0)
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)


def reader_says(text: object) -> str:
    """What a library says of a file, marked as its own words."""
    return f"{SAYS}{text}"
