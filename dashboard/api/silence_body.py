"""A silence or closure as it is sent: every field checked before anything is ordered."""

from __future__ import annotations

from typing import Any

from dashboard.api.order_body import text_of
from dashboard.api.problems import Problem, choice
from dashboard.api.query import unknown_scope
from dashboard.desk import Desk
from dashboard.times import EXPECTED, parse_time
from data.ground import ground_of
from data.orders import Silence, Where
from data.profile import Profile
from data.silences import KINDS, covers, hush_of
from data.targets import targets_of

FIELDS = ("kind", "reason", "start", "end", "where", "scope")
LISTS = tuple(Where.__dataclass_fields__)
MOST = 500
"""Names in one list."""
LONGEST_DAYS = {"silence": 31, "closure": 366}
"""How long each may last."""
AHEAD_DAYS = 366
"""How far ahead one may begin."""
DAY_S = 86_400
LATE_S = 300
"""A start so long ago means now: whoever filled in the form took that long."""
WHEN = f"minutes, or {EXPECTED}"


def read_silence(told: dict[str, Any], desk: Desk, *, needed: bool) -> Silence:
    """The silence of a body, without id and author; `needed`: a reason and an end must be said.

    Raises:
        Problem: with the field, what was got and what was expected.
    """
    kind = told.get("kind", "silence")
    if kind not in KINDS:
        raise choice("bad-value", "kind", str(kind)[:40], KINDS)
    scope = told.get("scope") or ""
    mine = desk.narrow(scope) if isinstance(scope, str) else None
    if mine is None:
        raise unknown_scope(desk, str(scope)[:40])
    reason = text_of(told, "reason", needed=needed)
    start, end = _times(told, int(desk.clock()), kind, needed=needed)
    where = _where(told.get("where") or {}, desk.part(desk.profile), kind)
    silence = Silence("", kind, "", start, reason, start, end, mine or _home(desk.profile, where), where)
    if mine == "" and where == Where():
        raise Problem("bad-value", where="where", got="{}", expected="at least one list")
    if not covers(desk.profile, hush_of(silence)):
        what = "at least one site" if kind == "closure" else "at least one target"
        raise Problem("bad-value", where="where", got="{}", expected=what)
    return silence


def _times(told: dict[str, Any], now: int, kind: str, *, needed: bool) -> tuple[int, int]:
    start = _time(told, "start", now)
    start = now if start is None or now - LATE_S <= start < now else start
    if not now <= start <= now + AHEAD_DAYS * DAY_S:
        raise Problem("bad-time", where="start", got=told["start"], expected="now or later, within a year")
    most, end = LONGEST_DAYS[kind], _time(told, "end", start)
    if end is None:
        if needed:
            raise Problem("bad-time", where="end", got="", expected=WHEN)
        end = start + 3600
    if not start < end <= start + most * DAY_S:
        expected = f"after the start, and at most {most} days after it"
        raise Problem("bad-time", where="end", got=told.get("end", ""), expected=expected)
    return start, end


def _time(told: dict[str, Any], name: str, since: int) -> int | None:
    """A time that is said, or that is so many minutes after another; None where nothing is said."""
    given = told.get(name)
    if given is None or given == "":
        return None
    # Ten digits are a time, fewer are minutes.
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1e8:
        return since + int(given * 60)
    at = None if isinstance(given, bool) else parse_time(str(given)[:60])
    if at is None:
        raise Problem("bad-time", where=name, got=str(given)[:60], expected=WHEN)
    return at


def _where(given: Any, profile: Profile, kind: str) -> Where:
    """The lists of a body, each of names that there are for the reader."""
    if not isinstance(given, dict):
        raise Problem("bad-value", where="where", got=type(given).__name__, expected="one JSON object")
    for name in given:
        if name not in LISTS:
            raise choice("bad-value", f"where.{str(name)[:40]}", str(name)[:40], LISTS)
    targets, spec = targets_of(profile), profile.spec
    families = {one.rsplit(".", depth)[0] for one in spec.kinds for depth in range(one.count(".") + 1)}
    known: dict[str, Any] = {
        "rules": [rule.id for rule in spec.rules] if kind == "silence" else [],
        "kinds": [*spec.kinds, *sorted(families - set(spec.kinds))],
        "lines": [line.id for line in spec.lines],
        "counties": profile.county_name,
        "sites": targets["site"].row,
        "fences": targets["fence"].row if kind == "silence" else [],
    }
    lists = {}
    for name in LISTS:
        names = given.get(name) or []
        if not isinstance(names, list) or len(names) > MOST:
            expected = f"a list of at most {MOST} names"
            raise Problem("bad-value", where=f"where.{name}", got=type(names).__name__, expected=expected)
        for one in names:
            if not isinstance(one, str) or one not in known[name]:
                raise choice("bad-value", f"where.{name}", str(one)[:80], known[name])
        lists[name] = tuple(dict.fromkeys(names))
    return Where(**lists)


def _home(profile: Profile, where: Where) -> str:
    """The one county that all of it is in; "" where it is in several, or in none."""
    targets, counties = targets_of(profile), set(where.counties)
    if where.sites or where.fences:
        counties = {
            str(targets[kind].counties[targets[kind].row[name]])
            for kind, names in (("site", where.sites), ("fence", where.fences))
            for name in names
        }
    home = counties.pop() if len(counties) == 1 else ""
    return home if home in ground_of(profile).counties else ""
