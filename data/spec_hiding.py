"""What `profile.toml` may say of maintenance: which alerts are not heard, and when."""

from __future__ import annotations

from data.spec_table import Name, Table, Text, Weekday


class HidingScope(Table):
    """Which alerts are meant: those that every list names; an empty list means all."""

    rules: list[str] = []
    kinds: list[str] = []
    """Of sites; `checkpoint` names every kind that begins with `checkpoint.`."""
    lines: list[str] = []
    counties: list[str] = []
    sites: list[str] = []
    """Site ids; with fences beside them, either."""
    fences: list[str] = []


class MaintenanceSpec(Table):
    """Work that comes again: while it is under way, the alerts that it explains are not heard."""

    id: Name
    name: Text
    where: HidingScope = HidingScope()
    weekdays: list[Weekday] = []
    """Only on these days; an empty list means every day."""
    dates: list[str] = []
    """Only on these days, YYYY-MM-DD, or from one to another, YYYY-MM-DD/YYYY-MM-DD; with weekdays beside
    them, on the days that both name."""
    start: str = "00:00"
    """Time of day by the profile's clocks, HH:MM."""
    end: str = "00:00"
    """Time of day at which it is over; at or before `start` means of the day after."""
    reason: Text = {}
