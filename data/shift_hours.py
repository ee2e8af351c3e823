"""When shifts change: when the roster's shifts begin by the clock, or every eight hours without a roster."""

from __future__ import annotations

from bisect import bisect_right
from math import lcm

from data.per_profile import per_profile
from data.profile import Profile

DAY_S = 86_400
USUAL = (0, 8 * 3600, 16 * 3600)
MOST = 12
"""With more changes a day than that, teams come and go one by one and there is no shift to speak of."""


@per_profile()
def shift_hours(profile: Profile) -> tuple[int, ...]:
    """Seconds of the day at which a shift ends and the next begins, in order; never none."""
    found: set[int] = set()
    for shift in profile.roster.shifts if profile.roster else ():
        if shift.state != "on_post" or shift.every_s is None:
            continue
        rounds = min(lcm(shift.every_s, DAY_S) // shift.every_s, DAY_S)
        found.update((shift.starts + turn * shift.every_s) % DAY_S for turn in range(rounds))
        if len(found) > MOST:
            return USUAL
    return tuple(sorted(found)) or USUAL


def shift_of(hours: tuple[int, ...], second: int) -> tuple[int, int]:
    """Start and end of the shift that a second of the day belongs to, seconds of the day."""
    place = bisect_right(hours, second) - 1
    return hours[place], hours[(place + 1) % len(hours)]


def clock(second: int) -> str:
    """A second of the day as HH:MM."""
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"
