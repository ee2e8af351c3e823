"""The rota of video rounds: when each round is due by the profile's clocks, and to which sites it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from data.per_profile import per_profile
from data.spec import RoundSpec, VideoSpec, Weekday
from data.where import any_of, scope_mask

if TYPE_CHECKING:  # the profile's check asks this module
    from data.profile import Profile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]

COLUMNS = ("site_id", "kind", "line", "county", "video_url")
"""Of the sites: what says to which of them a round goes."""
DAY_MIN = 1440
BACK_DAYS = 32
"""How far back a look that nobody took still counts as late."""
AHEAD_DAYS = 9
"""A round of one weekday is due again within so many days."""
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, eq=False)
class Turns:
    """The turns of a round over some days, ascending; epoch seconds. A turn is over when the next is due."""

    due: Ints
    until: Ints
    """By when every site is to have been looked at: never after the next turn is due."""

    def running(self, at: float) -> int:
        """The number of the last turn that is due by a moment; -1 where none is."""
        return int(np.searchsorted(self.due, at, side="right")) - 1

    def next(self, turn: int) -> float:
        """When the turn after this one is due; infinity where these days hold none."""
        return float(self.due[turn + 1]) if turn + 1 < len(self.due) else float("inf")


def minutes_of(text: str) -> int | None:
    """Minutes since midnight of a time of day HH:MM; None for what is none."""
    return int(text[:2]) * 60 + int(text[3:]) if TIME.fullmatch(text) else None


def times_of(spec: RoundSpec) -> list[int]:
    """When a round is due, minutes since local midnight, ascending, each once."""
    if spec.every_h is not None:
        begin = minutes_of(spec.start) or 0
        return sorted({(begin + hour * 60) % DAY_MIN for hour in range(0, 24, spec.every_h)})
    return sorted({minute for text in spec.times if (minute := minutes_of(text)) is not None})


def turns(spec: RoundSpec, zone: ZoneInfo, first: date, days: int) -> Turns:
    """The turns due on so many local days.

    Where clocks are put forward, a time of day that does not exist is due as much later; where they are put
    back, one that comes twice is due the first time only.
    """
    times = [time(minute // 60, minute % 60) for minute in times_of(spec)]
    at = set()
    for day in (first + timedelta(days=number) for number in range(days)):
        if not spec.weekdays or WEEKDAYS[day.weekday()] in spec.weekdays:
            at |= {int(datetime.combine(day, one, zone).timestamp()) for one in times}
    due = np.array(sorted(at), dtype=np.int64)
    until = due + spec.within_min * 60
    return Turns(due, np.minimum(until, np.append(due[1:], until[-1:])))


def day_of(at: float, zone: ZoneInfo) -> date:
    """The local day of a moment."""
    return datetime.fromtimestamp(at, zone).date()


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a local day begins, epoch seconds."""
    return int(datetime.combine(day, time(), zone).timestamp())


def turns_about(profile: Profile, round_id: str, at: float) -> Turns:
    """A round's turns about a moment: `BACK_DAYS` before its day and `AHEAD_DAYS` after."""
    return _turns_about(profile, round_id, day_of(at, profile.zone))


@per_profile(most=256)
def _turns_about(profile: Profile, round_id: str, day: date) -> Turns:
    return turns(
        rounds_of(profile)[round_id], profile.zone, day - timedelta(BACK_DAYS), BACK_DAYS + 1 + AHEAD_DAYS
    )


def rounds_of(profile: Profile) -> dict[str, RoundSpec]:
    """Round id to round, in the profile's order; empty where the profile has no video rounds."""
    return {} if profile.spec.video is None else {spec.id: spec for spec in profile.spec.video.rounds}


def round_mask(spec: RoundSpec, columns: Mapping[str, Strings]) -> Bools:
    """Which sites a round goes to; `columns` are their site_id, kind, line, county and video_url."""
    mask = scope_mask(columns["kind"], columns["line"], columns["county"], spec.where)
    mask &= any_of(columns["site_id"], spec.where.sites)
    return mask & np.asarray(columns["video_url"] != "", bool) if spec.with_video else mask


def addresses(video: VideoSpec, columns: Mapping[str, Strings]) -> Strings:
    """Each site's video address: its own, else the player's for the sites of a round, else ""."""
    own = columns["video_url"]
    if not video.player:
        return own
    asked = np.zeros(len(own), bool)
    for spec in video.rounds:
        asked |= round_mask(spec, columns)
    given = [video.player.format(site_id=quote(str(one), safe="")) for one in columns["site_id"].tolist()]
    return np.where(asked & (own == ""), np.array(given, dtype=object), own)


@per_profile()
def members(profile: Profile, round_id: str) -> Ints:
    """The rows of the sites that a round goes to, ascending."""
    sites = profile.sites
    columns = {name: getattr(sites, name) for name in COLUMNS}
    return np.flatnonzero(round_mask(rounds_of(profile)[round_id], columns))


@per_profile()
def asked_of(profile: Profile) -> Bools:
    """Which sites any round goes to."""
    mask = np.zeros(len(profile.sites), bool)
    for round_id in rounds_of(profile):
        mask[members(profile, round_id)] = True
    return mask
