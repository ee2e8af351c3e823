"""What `profile.toml` may say of video rounds: who is looked at and when, and what a look may find."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_rules import Scope
from data.spec_table import Name, Severity, Table, Text, Weekday

PlayerScheme = Literal["https", "http", "rtsp", "rtsps"]


class RoundScope(Scope):
    """Which sites a round goes to; an empty list means all."""


class RoundSpec(Table):
    """One video round (视频巡查): who is looked at, when by the profile's clocks, how long it may take."""

    id: Name
    name: Text
    where: RoundScope = RoundScope()
    with_video: bool = False
    """True: only to sites that have a video address."""
    times: list[str] = []
    """Times of day, HH:MM."""
    every_h: Annotated[int, Field(ge=1, le=24)] | None = None
    """In place of times: every so many hours of the day, from `start` on; a divisor of 24."""
    start: str = "00:00"
    within_min: Annotated[int, Field(ge=1, le=1440)]
    """Minutes within which each site must have been looked at."""
    weekdays: list[Weekday] = []
    """Only on these days; an empty list means every day."""


class FindingSpec(Table):
    """One thing that a look may find."""

    id: Name
    name: Text
    severity: Severity


class VideoSpec(Table):
    """Video rounds: the rota, what a look may find, and how a player is opened."""

    rounds: list[RoundSpec]
    findings: list[FindingSpec]
    """In the order of the keys."""
    schemes: list[PlayerScheme] = ["https", "http", "rtsp", "rtsps"]
    """Addresses that the page makes a link of."""
    player: str = ""
    """Address of the bureau's player for the sites of a round that have none of their own; {site_id} is the
    site's id."""
