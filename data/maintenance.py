"""Planned maintenance of a profile: what is under way at a moment, and what is to come."""

from __future__ import annotations

from datetime import date, timedelta

from data.calendar import Window, windows
from data.per_profile import per_profile
from data.profile import Profile
from data.rota import day_of
from data.spec_hiding import MaintenanceSpec


def maintenance_of(profile: Profile) -> dict[str, MaintenanceSpec]:
    """Id to work, in the profile's order."""
    return {spec.id: spec for spec in profile.spec.maintenance}


def running(profile: Profile, at: int) -> list[Window]:
    """The windows that hold a moment, in the profile's order."""
    if not profile.spec.maintenance:
        return []
    return [one for one in _about(profile, day_of(at, profile.zone)) if one.start <= at < one.end]


def coming(profile: Profile, at: int, days: int) -> list[Window]:
    """The windows of so many days that are not over at a moment, by when they begin."""
    first = day_of(at, profile.zone) - timedelta(days=1)
    found = [
        window
        for spec in profile.spec.maintenance
        for window in windows(spec, profile.zone, first, days + 1)
        if window.end > at
    ]
    return sorted(found, key=lambda window: (window.start, window.id))


@per_profile()
def _about(profile: Profile, day: date) -> tuple[Window, ...]:
    """The windows that may hold a moment of a local day: those that began on it, or on the day before."""
    first = day - timedelta(days=1)
    return tuple(
        window for spec in profile.spec.maintenance for window in windows(spec, profile.zone, first, 2)
    )
