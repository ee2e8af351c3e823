"""Whether each line holds: what is open, what stands behind it, who could go there, who holds the exits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar


@dataclass(frozen=True)
class Near:
    """A site and how far it is."""

    site_id: str
    """"" where the site is another county's and the picture is one county's: that it is there is all that
    the county learns."""
    name: str
    line: str
    km: float
    by: str
    """`road` or `straight`: how the distance was measured."""


@dataclass(frozen=True)
class Behind(Near):
    """A working, manned site of the next line inward, and its distance from the gap.

    Where depth is judged, the site nearest to that point of the gap which is worst off.
    """


@dataclass(frozen=True)
class Reserve(Near):
    """The working, manned site, of any line, that is nearest to the middle of a gap among those with at least
    `coverage.reserve_min` staff more than required."""

    spare: int | None
    """Staff on duty beyond what the duty level in force asks; None where the site is another county's."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of the border that a line is to hold, in one county."""

    line: str
    county: str
    from_km: float
    to_km: float

    @property
    def km(self) -> float:
        """Its length."""
        return self.to_km - self.from_km


@dataclass(frozen=True)
class Gap(Stretch):
    """An uncovered stretch of border, all of it backed or none of it."""

    behind: Behind | None = None
    """Within the profile's depth; where it states none, the nearest to the middle at any distance."""
    reserve: Reserve | None = None
    backed: bool | None = None
    """Whether every point of it has somebody behind it within the profile's depth; None: not judged, or
    not known while those who could be behind it have never been heard."""
    by: str | None = None
    """How the depth behind it was measured, `road` or `straight`: at the point that `behind` tells of, at its
    middle where nobody is behind. None where nothing was measured."""


@dataclass(frozen=True)
class Exit:
    """A way out of a ring, and whether somebody stands at it."""

    exit_id: str
    name: str
    line: str
    """The line that closes the ring."""
    county: str
    lon: float
    lat: float
    held: bool
    nearest: Near | None
    """Of an exit that is not held: the nearest working, manned site of the line, straight."""
    known: bool = True
    """False of one that is not held, as far as is known, while who could hold it has never been heard."""

    @property
    def open(self) -> bool:
        """Whether it is known that nobody stands at it."""
        return self.known and not self.held


Someone = TypeVar("Someone", bound=Near)

NOTHING_KM = 0.01
"""Kilometres that are as good as none."""


def open_km(gaps: Sequence[Stretch], unknown: Sequence[Stretch]) -> float | None:
    """Kilometres that are known to be open; None where none are and more may be: that is not zero."""
    return None if unknown and not gaps else sum(gap.km for gap in gaps)


def border_sums(
    gaps: Sequence[Gap], unknown: Sequence[Stretch], whole_km: float, *, judged: bool
) -> dict[str, float | None]:
    """A line's `km_…` from its stretches; `judged`: whether the depth behind them is.

    While some of it is unknown, what is known of the rest is told, but no zero.
    """
    uncovered, uncertain = open_km(gaps, unknown), sum(one.km for one in unknown)
    covered: float | None = max(whole_km - (uncovered or 0.0) - uncertain, 0.0)
    if unknown and covered is not None and covered < NOTHING_KM:
        covered = None
    exposed: float | None = sum(gap.km for gap in gaps if gap.backed is False)
    if not judged or uncovered is None or any(gap.backed is None for gap in gaps):
        exposed = None
    return {
        "km": whole_km,
        "km_covered": covered,
        "km_uncovered": uncovered,
        "km_exposed": exposed,
        "km_unknown": uncertain,
    }


def exit_sums(exits: Sequence[Exit]) -> dict[str, int | None]:
    """A line's `exits…` from the exits of its ring."""
    unknown = sum(not (one.held or one.open) for one in exits)
    return {
        "exits": len(exits),
        "exits_held": None if exits and unknown == len(exits) else sum(one.held for one in exits),
        "exits_unknown": unknown,
    }


def gap_for(gap: Gap, ours: Callable[[str], bool]) -> Gap:
    """A gap as a county sees it, where sites that are not its own have no name; `ours` asks for a site id."""
    reserve = _withheld(gap.reserve, ours)
    if reserve is not None and not reserve.site_id:
        reserve = replace(reserve, spare=None)
    return replace(gap, behind=_withheld(gap.behind, ours), reserve=reserve)


def exit_for(one: Exit, ours: Callable[[str], bool]) -> Exit:
    """An exit as a county sees it, where sites that are not its own have no name."""
    return replace(one, nearest=_withheld(one.nearest, ours))


def _withheld(near: Someone | None, ours: Callable[[str], bool]) -> Someone | None:
    return near if near is None or ours(near.site_id) else replace(near, site_id="", name="")
