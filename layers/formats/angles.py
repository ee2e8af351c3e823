"""Longitudes and latitudes as people write them: decimal degrees, or degrees, minutes and seconds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two angles of a position."""

    name: str
    sides: str
    """The letters of its positive and its negative half of the earth."""
    limit: float
    example: str

    @property
    def expected(self) -> str:
        """What a person may write."""
        return f"a number, or an angle such as {self.example}"


LON = Axis("longitude", "EW", 180.0, "99°24′36.5″E")
LAT = Axis("latitude", "NS", 90.0, "北纬23°30′")

_SAME = {
    # As PROJ writes a degree; then most angles are plain ASCII, which is quickly read.
    "D": "°度º˚∘⁰",
    "'": "分′’‘ʹʼ´`＇",
    '"': "秒″”“ʺ＂",
    "-": "−–—－‐‑﹣",
}
_MARKS = str.maketrans({other: mark for mark, others in _SAME.items() for other in others})
_SIDES = (
    (re.compile("东经|東經|东|東"), "E"),
    (re.compile("西经|西經|西"), "W"),
    (re.compile("北纬|北緯|北"), "N"),
    (re.compile("南纬|南緯|南"), "S"),
)
_NUMBER = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_WRITTEN = re.compile(r"(?P<before>[NSEW]?) ?(?P<sign>[+-]?) ?(?P<body>.*?) ?(?P<after>[NSEW]?)")
_BODIES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<d>{_NUMBER})",
        # 99°24′36.5″, the mark of the last part left out or not.
        rf"(?P<d>{_NUMBER}) ?D ?(?:(?P<m>{_NUMBER}) ?(?:' ?(?:(?P<s>{_NUMBER}) ?\"?)?)?)?",
        rf"(?P<d>{_NUMBER})(?P<gap> ?: ?| ?- ?| )(?P<m>{_NUMBER})(?:(?P=gap)(?P<s>{_NUMBER}))?",
    )
)


class AngleError(ValueError):
    """Raised for a text that is no angle of its axis; its words are the hint."""


def angle(text: str, axis: Axis) -> float:
    """Degrees, south and west negative; raises AngleError.

    A plain number is taken as it stands, so that eastings and northings pass.
    """
    written = _WRITTEN.fullmatch(_plain(text))
    body = next((found for one in _BODIES if written and (found := one.fullmatch(written["body"]))), None)
    if written is None or body is None:
        raise AngleError(f"Write decimal degrees, or {axis.example}" if re.search(r"\d", text) else "")
    side = written["before"] or written["after"]
    if written["before"] and written["after"] and written["before"] != written["after"]:
        raise AngleError("It names two sides of the earth")
    if side and side not in axis.sides:
        raise AngleError(f"{side} is no side of a {axis.name}: the two columns may be swapped")
    if side and written["sign"]:
        raise AngleError("It has a sign and a side of the earth: leave one away")
    parts = body.groupdict()
    degrees, minutes, seconds = (parts.get(name) or "" for name in "dms")
    if (minutes and "." in degrees) or (seconds and "." in minutes):
        raise AngleError("Only the last of degrees, minutes and seconds may have decimals")
    if float(minutes or 0) >= 60 or float(seconds or 0) >= 60:
        raise AngleError("Minutes and seconds stay below 60")
    value = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    is_plain = not side and not minutes and body.re is _BODIES[0]
    if value > axis.limit and not is_plain:
        raise AngleError(
            f"Write it with its marks, as in {axis.example}"
            if body.re is _BODIES[0]
            else f"A {axis.name} stays within {axis.limit:g} degrees"
        )
    return -value if written["sign"] == "-" or side == axis.sides[1] else value


def angles(values: Sequence[Any], axis: Axis) -> tuple[NDArray[np.float64], dict[int, str]]:
    """A column as degrees (or metres, where plain numbers are), NaN and a hint for what is none."""
    try:
        numbers = np.array(values, dtype=object).astype(np.float64)
        # Python takes 1_000 for a number, a person does not.
        if np.isfinite(numbers).all() and not any("_" in value for value in values if isinstance(value, str)):
            return numbers, {}
    except (TypeError, ValueError):
        pass
    numbers = np.full(len(values), np.nan)
    hints: dict[int, str] = {}
    for at, value in enumerate(values):
        try:
            numbers[at] = value if isinstance(value, int | float) else _number(str(value), axis)
        except AngleError as error:
            hints[at] = str(error)
        else:
            if not np.isfinite(numbers[at]):
                numbers[at], hints[at] = np.nan, ""
    return numbers, hints


def pair(text: str) -> tuple[str, str] | None:
    """The two halves of a position in one text, in their order; None where it is not clear where to cut.

    Cut at a comma or a semicolon, else at the letters of the sides, else in the middle of the numbers.
    """
    plain = _plain(text).strip("()[] ")
    halves = re.split(r" ?[,;、/|] ?", plain)
    if len(halves) == 1:
        cut = re.fullmatch(r"([NSEW][^NSEW]+) ?([NSEW][^NSEW]+)|([^NSEW]+[NSEW]) ?([^NSEW]+[NSEW])", plain)
        words = plain.split(" ")
        if cut:
            halves = [half for half in cut.groups() if half]
        elif len(words) in (2, 4, 6):
            half = len(words) // 2
            halves = [" ".join(words[:half]), " ".join(words[half:])]
    return (halves[0].strip(), halves[1].strip()) if len(halves) == 2 else None


def packed(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> bool:
    """Whether every position looks like 992436.5, 233012: degrees, minutes and seconds run together.

    Northings so near the equator do not occur with such eastings, so metres are not mistaken for it.
    """
    if not len(lon):
        return False
    fits = (lon >= 730_000) & (lon < 1_360_000) & (lat >= 30_000) & (lat < 600_000)
    for values in (lon, lat):
        fits &= (values % 100 < 60) & (values // 100 % 100 < 60)
    return bool(fits.all())


def _number(text: str, axis: Axis) -> float:
    if "_" not in text:
        try:
            return float(text)
        except ValueError:
            pass
    return angle(text, axis)


def _plain(text: str) -> str:
    """Full-width letters narrow, marks and names of sides as one letter each, single spaces."""
    text = text.translate(_MARKS)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_MARKS)
        for words, letter in _SIDES:
            text = words.sub(letter, text)
    text = text.upper()
    return " ".join(text.replace("''", '"').split())
