"""Duty levels as far as they are the reader's: what was ordered, and ordering another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.desk import Desk
from dashboard.times import moment
from data.duty import Posture
from data.journal import Draft, Entry
from data.numbers import number
from data.profile import Profile

ACTION = "duty.set"


def history(desk: Desk, scopes: Sequence[str], *, until: int | None = None) -> list[Entry]:
    """What was ordered for these scopes, in order, up to a time; a county's reader learns of the county."""
    told = [entry for entry in desk.entries(scopes) if entry.action == ACTION]
    return told if until is None else [entry for entry in told if entry.at <= until]


def set_level(desk: Desk, scope: str, level: str, reason: str) -> bool:
    """Order a level for a scope, "" for letting it follow again; False where that is so already."""
    before = desk.orders.levels.get(scope)
    if (before.level if before else "") == level:
        return False
    desk.order([Draft(ACTION, scope, scope=scope, detail={"level": level, "reason": reason})])
    return True


def posture_row(profile: Profile, one: Posture, names: dict[str, str], *, reach: str) -> dict[str, Any]:
    """How one scope stands. A county's reader learns what the prefecture ordered for it, not why: the words
    may name another county."""
    order = one.order if not reach or one.scope == reach else None
    return {
        "scope": one.scope,
        "name": profile.county_name.get(one.scope, ""),
        "level": one.level,
        "level_name": names.get(one.level, one.level),
        "own": one.own,
        "by": order.by if order else None,
        "set_at": moment(order.at, profile.zone) if order else None,
        "reason": order.reason if order else None,
        "sites": one.sites,
        "staff_on_duty": number(one.staff_on_duty, 0),
        "staff_required": number(one.staff_required, 0),
        "short_sites": one.short_sites,
        "staff_short": one.staff_short,
        "required_by_level": {level: number(value, 0) for level, value in one.required_by_level.items()},
    }
