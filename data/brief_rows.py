"""Sites, lines, counties, gaps and exits of a picture as rows of a brief, in the interface's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.ground import ground_of
from data.holding import Near, Stretch, open_km
from data.numbers import SITE_DIGITS, number, plain, rounded
from data.picture import Picture
from data.profile import Profile
from data.roster import Duty, strengths

Row = dict[str, Any]

SLOWEST = 10
SHORT = 10
"""Sites that are shortest of staff."""


def site_rows(profile: Profile, picture: Picture) -> list[Row]:
    """Every site with its state, by line, county and id; numbers as the interface tells them."""
    sites = picture.sites
    names = ("site_id", "name", "county", "line", "kind")
    told = [getattr(sites, name).tolist() for name in names]
    told += [plain(rounded(getattr(picture.state, name), name)) for name in SITE_DIGITS]
    rows = [dict(zip((*names, *SITE_DIGITS), row, strict=True)) for row in zip(*told, strict=True)]
    lines = {line.id: index for index, line in enumerate(profile.spec.lines)}
    counties = {adcode: index for index, adcode in enumerate(profile.county_name)}
    rows.sort(
        key=lambda row: (lines.get(row["line"], 99), counties.get(row["county"], 999), str(row["site_id"]))
    )
    return rows


def slowest(rows: list[Row]) -> list[Row]:
    """The ten sites with the longest waits, as the wall's list has them; those that do not wait are left out.

    `rows` are those of `site_rows`.
    """
    known = [row for row in rows if row["wait_min"]]
    known.sort(key=lambda row: (-row["wait_min"], -(row["queue_m"] or 0), str(row["site_id"])))
    names = (
        "site_id", "name", "county", "line", "status", "wait_min", "wait_change", "queue_m", "lanes_open",
        "observed_at",
    )  # fmt: skip
    return [{name: row[name] for name in names} for row in known[:SLOWEST]]


def line_rows(picture: Picture) -> list[Row]:
    """The lines rolled up, from the border inward."""
    return [
        {
            "id": line.id,
            "sites": line.sites,
            "online": line.online,
            "persons_per_hour": number(line.persons_per_hour),
            "vehicles_per_hour": number(line.vehicles_per_hour),
            "staff_on_duty": number(line.staff_on_duty, 0),
            "staff_required": number(line.staff_required, 0),
            "alerts": dict(line.alerts),
            "km": number(line.km, 2),
            "km_covered": number(line.km_covered, 2),
            "km_uncovered": number(line.km_uncovered, 2),
            "km_exposed": number(line.km_exposed, 2),
            "km_unknown": number(line.km_unknown, 2),
            "exits": line.exits,
            "exits_held": line.exits_held,
            "exits_unknown": line.exits_unknown,
        }
        for line in picture.lines
    ]


def county_rows(profile: Profile, picture: Picture, rows: list[Row]) -> list[Row]:
    """Every county that has sites, summed up; empty for a picture of one. `rows` are those of `site_rows`."""
    if picture.scope:
        return []
    found = []
    for adcode in profile.county_name:
        mine = [row for row in rows if row["county"] == adcode]
        serving = [row for row in mine if row["in_service"]]
        if not serving:
            continue
        fired = [alert for alert in picture.alerts if alert.fired and alert.county == adcode]
        found.append(
            {
                "county": adcode,
                "duty_level": picture.duty_levels.get(adcode, picture.duty_level),
                "sites": len(serving),
                "online": sum(row["status"] not in ("no_data", "offline") for row in serving),
                "persons_per_hour": _sum(mine, "persons_per_hour"),
                "vehicles_per_hour": _sum(mine, "vehicles_per_hour"),
                "staff_on_duty": _sum(mine, "staff_on_duty", 0),
                "staff_required": _sum(mine, "staff_required", 0),
                "alerts": len(fired),
                "km_uncovered": number(_uncovered(profile, picture, adcode), 2),
            }
        )
    return found


def staffing(picture: Picture, rows: list[Row]) -> Row:
    """Who is on duty against what is required: together, and the sites that are shortest.

    `rows` are those of `site_rows`.
    """
    known = [
        row
        for row in rows
        if row["in_service"] and row["staff_on_duty"] is not None and row["staff_required"] is not None
    ]
    short = [row for row in known if row["staff_on_duty"] < row["staff_required"]]
    short.sort(key=lambda row: (row["staff_on_duty"] - row["staff_required"], str(row["site_id"])))
    names = ("site_id", "name", "county", "line", "staff_on_duty", "staff_required")
    return {
        "staff_on_duty": number(_total([line.staff_on_duty for line in picture.lines]), 0),
        "staff_required": number(_total([line.staff_required for line in picture.lines]), 0),
        "short_sites": len(short),
        "staff_short": sum(row["staff_required"] - row["staff_on_duty"] for row in short),
        "short": [{name: row[name] for name in names} for row in short[:SHORT]],
    }


def teams(profile: Profile, at: int) -> Row | None:
    """Who is on post, stands by and rests, by line and together, and when that changes.

    None without a roster. A team of no line counts under "". A state that nobody is in has zero teams: the
    roster says so.
    """
    roster = profile.roster
    if roster is None or not roster.teams:
        return None
    now = roster.at(at, profile.zone)
    lines = [line.id for line in profile.spec.lines]
    known = [*lines, *sorted({duty.team.line for duty in now} - set(lines))]
    changes = [duty.until for duty in now if duty.until is not None and duty.until > at]
    return {
        "next_at": min(changes, default=None),
        **_strength(now),
        "lines": [
            {"line": line} | _strength(mine)
            for line in known
            if (mine := [duty for duty in now if duty.team.line == line])
        ],
    }


def _strength(duties: Sequence[Duty]) -> Row:
    """Teams and people by state."""
    return {
        state: {"teams": one.teams, "people": one.people} for state, one in strengths(duties).items() if state
    }


def gap_rows(picture: Picture) -> list[Row]:
    """The stretches of border that are known to be uncovered, along it."""
    return [
        {
            "line": gap.line,
            "county": gap.county,
            "from_km": number(gap.from_km, 3),
            "to_km": number(gap.to_km, 3),
            "km": number(gap.km, 3),
            "backed": gap.backed,
            "behind": _near(gap.behind),
            "reserve": _near(gap.reserve),
        }
        for gap in picture.gaps
    ]


def exit_rows(picture: Picture) -> list[Row]:
    """The exits of rings that are known to be held by nobody."""
    return [
        {
            "exit_id": one.exit_id,
            "name": one.name,
            "line": one.line,
            "county": one.county,
            "nearest": _near(one.nearest),
        }
        for one in picture.exits
        if one.open
    ]


def statuses(picture: Picture) -> dict[str, int]:
    """How many sites in service have each status, with `sites` and `online`."""
    state = picture.state
    names, counts = np.unique(state.status[state.in_service].astype(str), return_counts=True)
    found = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return {"sites": int(state.in_service.sum()), "online": int(state.online.sum()), **found}


def _near(near: Near | None) -> Row | None:
    """A site and how far it is; a county's picture does not name another's."""
    if near is None:
        return None
    return {"site_id": near.site_id or None, "name": near.name or None, "km": number(near.km, 2)}


def _uncovered(profile: Profile, picture: Picture, adcode: str) -> float | None:
    """Kilometres of a county's border that nobody holds; None without a border, or where nothing is known."""

    def mine(stretches: Sequence[Stretch]) -> list[Stretch]:
        return [one for one in stretches if one.county == adcode]

    borders = ground_of(profile).county_km.get(adcode)
    return open_km(mine(picture.gaps), mine(picture.unknown)) if borders else None


def _sum(rows: list[Row], name: str, digits: int = 1) -> float | int | None:
    return number(_total([row[name] for row in rows]), digits)


def _total(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(sum(known)) if known else None
