"""What changed between the picture of the last brief and this one."""

from __future__ import annotations

import math
from typing import Any

from data.brief_alerts import fired_in
from data.brief_rows import line_rows
from data.handover import Shift, whole
from data.numbers import number
from data.picture import Picture
from data.profile import Profile

Row = dict[str, Any]

MOST = 60
"""Sites of one list."""
COMPARED = (
    "sites", "online", "staff_on_duty", "staff_required", "persons_per_hour", "vehicles_per_hour",
    "km_uncovered", "km_exposed", "exits_held",
)  # fmt: skip
"""Numbers of a line that are told as they were and as they are."""


def changes(profile: Profile, picture: Picture, before: Picture | None, shift: Shift) -> Row:
    """Alerts, sites gone silent and back, lines, duty level, throughput of the span.

    `before` is the picture that the last brief was made of, under the profile of now; None where nothing is
    known of that time. Then alerts and sums are told and the rest is None.
    """
    known = before is not None and math.isfinite(before.data_at)
    told: Row = {
        "since": shift.start,
        "known": known,
        "alerts": fired_in(profile, shift),
        "sums": {
            "persons": whole(shift.sums.persons),
            "vehicles": whole(shift.sums.vehicles),
            "outcomes": {name: whole(count) for name, count in shift.sums.outcomes.items()},
        },
        "duty": [
            {
                "at": entry.at,
                "scope": entry.subject,
                "by": entry.who,
                "role": entry.role,
                "level": str(entry.detail.get("level", "")),
                "reason": str(entry.detail.get("reason", "")),
            }
            for entry in shift.entries
            if entry.action == "duty.set"
        ],
    }
    if before is None or not known:
        return told | {"duty_level": None, "sites": None, "lines": None}
    was = {row["id"]: row for row in line_rows(before)}
    return told | {
        "duty_level": {"before": before.duty_level, "now": picture.duty_level},
        "sites": _sites(picture, before),
        "lines": [
            {"id": row["id"]}
            | {name: {"before": was.get(row["id"], {}).get(name), "now": row[name]} for name in COMPARED}
            for row in line_rows(picture)
        ],
    }


def _sites(picture: Picture, before: Picture) -> Row:
    """Sites that went silent, came back, became congested or flowed again, each list bounded."""
    now, then = _told(picture), _told(before)
    both = [site_id for site_id in now if site_id in then]
    silent = [one for one in both if then[one]["heard"] and not now[one]["heard"]]
    back = [one for one in both if now[one]["heard"] and not then[one]["heard"]]
    congested = [one for one in both if _jam(now[one]) and not _jam(then[one])]
    flowing = [one for one in both if _jam(then[one]) and not _jam(now[one])]
    found: Row = {}
    for name, ids in (("silent", silent), ("back", back), ("congested", congested), ("flowing", flowing)):
        rows = [{"site_id": one, "was": then[one]["status"]} | now[one] for one in ids[:MOST]]
        found[name] = {"count": len(ids), "rows": rows, "left_off": max(len(ids) - MOST, 0)}
    return found


def _told(picture: Picture) -> dict[str, Row]:
    """Site in service to what a change is told with."""
    sites, state, online = picture.sites, picture.state, picture.state.online
    return {
        str(sites.site_id[row]): {
            "name": str(sites.name[row]),
            "county": str(sites.county[row]),
            "line": str(sites.line[row]),
            "status": str(state.status[row]),
            "heard": bool(online[row]),
            "observed_at": number(state.observed_at[row], 0),
            "wait_min": number(state.wait_min[row]),
        }
        for row in range(len(sites))
        if state.in_service[row]
    }


def _jam(told: Row) -> bool:
    return bool(told["status"] == "congested")
