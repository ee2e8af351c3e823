"""What is planned for the next day: silences, closures, maintenance, sites that open or close for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from data.maintenance import coming
from data.orders import Orders, Where
from data.profile import Profile
from data.silences import Hush, meant, planned_for, where_of
from data.silences import planned as not_over
from data.targets import targets_of

AHEAD_S = 86_400


def planned(profile: Profile, orders: Orders, at: int, scope: str = "") -> list[dict[str, Any]]:
    """Rows of `{kind, start, end, by, reason, name, where}` for the next day, by when they begin; what is
    under way stands first. `profile` is the scope's own.

    `kind` is `silence`, `closure`, `maintenance`, `opens` or `closes`; `end` is None where there is none;
    names are texts, or texts by language.
    """
    rows = [*_orders(profile, orders, at, scope), *_works(profile, at), *_service(profile, at)]
    return sorted((row for row in rows if row["start"] <= at + AHEAD_S), key=lambda row: row["start"])


def _orders(profile: Profile, orders: Orders, at: int, scope: str) -> Iterator[dict[str, Any]]:
    left = not_over(orders, at)
    for one in planned_for(left, profile, scope) if scope else left:
        yield {
            "kind": one.kind,
            "start": one.start,
            "end": one.end,
            "by": one.by,
            "reason": one.reason,
            "name": one.id,
            "where": _where(profile, one.where),
        }


def _works(profile: Profile, at: int) -> Iterator[dict[str, Any]]:
    works = {work.id: work for work in profile.spec.maintenance}
    for window in coming(profile, at, 2) if works else ():
        work = works[window.id]
        where = where_of(work.where)
        # Of a county: work that has no bearing on it is not told of.
        if not any(mask.any() for mask in meant(profile, Hush(f"maintenance:{work.id}", where)).values()):
            continue
        yield {
            "kind": "maintenance",
            "start": window.start,
            "end": window.end,
            "by": "",
            "reason": dict(work.reason),
            "name": dict(work.name),
            "where": _where(profile, where),
        }


def _service(profile: Profile, at: int) -> Iterator[dict[str, Any]]:
    """Sites whose day of opening or closing is the next."""
    midnight = datetime.fromtimestamp(at, profile.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    next_day = midnight + timedelta(days=1)
    day, sites = next_day.date().isoformat(), profile.sites
    for kind, column in (("opens", sites.opened_on), ("closes", sites.closed_on)):
        for row in (row for row, on in enumerate(column.tolist()) if on == day):
            yield {
                "kind": kind,
                "start": int(next_day.timestamp()),
                "end": None,
                "by": "",
                "reason": "",
                "name": str(sites.site_id[row]),
                "where": [str(sites.name[row])],
            }


def _where(profile: Profile, where: Where) -> list[str | dict[str, str]]:
    """What is meant, in names; nothing for all of it. Ids that are not the profile's stay out."""
    spec, known = profile.spec, targets_of(profile)
    told: list[str | dict[str, str]] = []
    for target, ids in (("county", where.counties), ("site", where.sites), ("fence", where.fences)):
        rows = [row for one in ids if (row := known[target].row.get(one)) is not None]
        names = (known[target].names[row] for row in rows)
        told += [name if isinstance(name, str) else dict(name) for name in names]
    told += [dict(profile.line[one].name) for one in where.lines if one in profile.line]
    told += [dict(kind.name) for name, kind in spec.kinds.items() if name in where.kinds]
    return told + [dict(rule.name) or rule.id for rule in spec.rules if rule.id in where.rules]
