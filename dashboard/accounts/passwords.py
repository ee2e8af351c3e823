"""What a password must be: long, known to nobody else, and not what an attacker tries first.

The rules are those of NIST SP 800-63B-4 (2025) for a password that is the only factor: at least 15 code
points, long ones welcome, every script, no classes of characters to be mixed, no change by the calendar, and
a look at what is common, expected or known to have leaked, with the reason told.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from threading import Lock
from typing import Any, Literal

Reason = Literal[
    "short", "long", "strange", "context", "common", "repeated", "sequence", "date", "easy", "same"
]
"""Why a password is refused; the words are `password_<reason>`."""

SHORTEST, LONGEST = 15, 256
"""Code points after normalising. The longest is far over the 64 that must be allowed, and bounds the work."""
GUESSES = 1e10
"""What a good guesser must need at least: zxcvbn's own mark for its highest score."""
_PIECE = 72
"""Code points that zxcvbn looks at in one go; its work grows with their square."""
_READINGS = 8
"""Ways to read `@` as a, `$` as s and so on that zxcvbn may try; some texts have hundreds, and take 10 s."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for another: i, l, o, 0, 1."""
_PATTERNS: dict[str, Reason] = {
    "repeat": "repeated", "sequence": "sequence", "spatial": "sequence", "date": "date", "regex": "date",
}  # fmt: skip
# The library keeps the words of the caller in a table of the module.
_ONE_AT_A_TIME = Lock()


def normalised(password: str) -> str:
    """The same password however it was typed: full width, composed or not (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def objection(password: str, context: Iterable[str] = ()) -> Reason | None:
    """Why a password cannot be taken; None when it can.

    `context`: words that anyone here would try, such as the account's name and those of the counties.
    """
    text = normalised(password)
    # What Unicode has not assigned yet may be normalised otherwise by a later version.
    if any(unicodedata.category(char) in ("Cc", "Cn", "Cs") for char in text):
        return "strange"
    if len(text) < SHORTEST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    words = tuple(sorted({normalised(word).lower() for word in context if word}))
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    looks = [_look(piece, words) for piece in pieces]
    # A part that nobody guesses makes the whole one that nobody guesses.
    hardest = max(looks, key=lambda look: float(look["guesses"]))
    return _reason(hardest["sequence"]) if float(hardest["guesses"]) < GUESSES else None


def _look(text: str, words: Sequence[str]) -> dict[str, Any]:
    from zxcvbn import zxcvbn  # noqa: PLC0415  (0.1 s of word lists)

    with _ONE_AT_A_TIME:
        found: dict[str, Any] = zxcvbn(_plainer(text), user_inputs=list(words))
    return found


def _plainer(text: str) -> str:
    """A text as it is, or with letters for the signs that may stand for them where too many readings are."""
    from zxcvbn.matching import L33T_TABLE  # noqa: PLC0415  (as above)

    readings = prod(sum(sign in text for sign in signs) or 1 for signs in L33T_TABLE.values())
    if readings <= _READINGS:
        return text
    return text.translate({ord(sign): letter for letter, signs in L33T_TABLE.items() for sign in signs})


def _reason(parts: Sequence[dict[str, Any]]) -> Reason:
    """What most of a password is."""
    longest = max(parts, key=lambda part: len(part["token"]))
    if any(part.get("dictionary_name") == "user_inputs" for part in parts):
        return "context"
    if longest["pattern"] == "dictionary":
        return "common"
    return _PATTERNS.get(longest["pattern"], "easy")


def one_time() -> str:
    """A password to be changed at the first login: 79 bits, easy to read out and to type."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


@lru_cache(maxsize=64)
def expected(names: tuple[str, ...]) -> tuple[str, ...]:
    """What a guesser tries for names of places: as they are, in pinyin, by initials, without the suffix."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  (start-up time)

    words = {"threeline", "sanxian", "sanxiantaishi", "三线态势", "态势板", "password", "mima", "wodemima"}
    for name in names:
        # 耿马傣族佤族自治县 is called 耿马.
        for text in {name, name.rstrip("省市州县区"), name[:2] if "自治" in name else name}:
            words |= {text, "".join(lazy_pinyin(text))}
            words.add("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)))
    return tuple(sorted(word for word in words if len(word) > 1))
