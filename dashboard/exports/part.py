"""A part of a picture: one of its lines alone."""

from __future__ import annotations

from dataclasses import replace

from data.picture import DayTotals, Picture
from data.profile import Profile


def of_line(picture: Picture, profile: Profile, line: str) -> Picture:
    """The picture with the sites, the alerts, the gaps and the exits of one line, and no other's.

    The day's sums are told for all lines together, so of one line they are not known.
    """
    rows = picture.sites.line == line
    # A fence holds the border: it belongs to the line that does.
    border = profile.line[line].border
    state = picture.state.take(rows)
    return replace(
        picture,
        sites=picture.sites.take(rows),
        state=state,
        data_at=state.data_at,
        lines=tuple(one for one in picture.lines if one.id == line),
        alerts=tuple(one for one in picture.alerts if one.line == line or (border and one.target == "fence")),
        fences=picture.fences if border else {},
        gaps=tuple(one for one in picture.gaps if one.line == line),
        unknown=tuple(one for one in picture.unknown if one.line == line),
        exits=tuple(one for one in picture.exits if one.line == line),
        today=DayTotals(None, None, {}),
        today_by={},
    )
