"""What one shift hands to the next (交接班), as plain values: what is open, who answered what, what is
planned, the numbers of the shift. A function of the picture, the journal and the store's alerts.

The values are kept in the journal as they are, so a document that is made of them years later is the one that
was signed, whatever the profile has become. Names are therefore told in every language that the profile has.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from data.compliance import cases, limits, tally
from data.hidden_times import Span
from data.journal import Entry
from data.orders import Answer, Orders, Response
from data.picture import SEVERITIES, Alert, DayTotals, Picture
from data.planned import planned
from data.profile import Profile
from data.roster import Duty, strengths
from data.rules import words
from data.store.base import Alerted
from data.targets import targets_of

VERSION = 1
MOST = 100
"""Rows of one list; how many more there were is told beside it."""
SLOWEST = 5
NAMED = 12
"""Teams of one state that are told by name."""
TOLD = ("duty.set", "silence.add", "silence.end", "delivery.failed")
"""Orders of the shift that are listed; answers stand with their alerts."""

Facts = dict[str, Any]
"""JSON values. `times` are epoch seconds, names a text or texts by language; lists are `{rows, left_off}`."""
Words = str | dict[str, str]


@dataclass(frozen=True)
class Shift:
    """What was in one span of time."""

    start: int
    end: int
    entries: Sequence[Entry] = ()
    """Of the span, of the scope."""
    alerts: Sequence[Alerted] = ()
    """Open at any moment of the span, of the scope."""
    responses: Mapping[str, Response] = field(default_factory=dict)
    """By alert id, as of the end: what people did about them, also before the span."""
    hidden: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    """By alert id: when something hid them."""
    sums: DayTotals = field(default_factory=lambda: DayTotals(None, None, {}))
    simulated: bool = False


def facts_of(picture: Picture, orders: Orders, shift: Shift, *, note: str = "") -> Facts:
    """What is handed over at the time of a picture, of its scope.

    `note`: what the outgoing shift has to say besides.
    """
    profile = picture.profile
    assert profile is not None
    spec, scope = profile.spec, picture.scope
    fired = [alert for alert in picture.alerts if alert.fired]
    level = next((one for one in spec.duty.levels if one.id == picture.duty_level), None)
    return {
        "version": VERSION,
        "title": dict(spec.title),
        "place": dict(spec.place),
        "scope": scope,
        "county": profile.county_name.get(scope, scope) if scope else "",
        "zone": spec.timezone,
        "start": shift.start,
        "end": shift.end,
        "made_at": picture.at,
        "data_at": int(picture.data_at) if math.isfinite(picture.data_at) else None,
        "simulated": picture.simulated or shift.simulated,
        "duty_level": {"id": picture.duty_level, "name": dict(level.name) if level else picture.duty_level},
        "note": note,
        "lines": [
            {
                "name": dict(profile.line[line.id].name),
                "sites": line.sites,
                "online": line.online,
                "staff_on_duty": whole(line.staff_on_duty),
                "staff_required": whole(line.staff_required),
                "km_uncovered": None if line.km_uncovered is None else round(line.km_uncovered, 1),
                "alerts": sum(line.alerts.values()),
            }
            for line in picture.lines
        ],
        "sums": {
            "persons": whole(shift.sums.persons),
            "vehicles": whole(shift.sums.vehicles),
            "outcomes": [
                {"name": dict(spec.outcomes[name]) if name in spec.outcomes else name, "count": whole(count)}
                for name, count in shift.sums.outcomes.items()
                if count
            ],
        },
        "counts": counts(profile, shift, scope)
        | {
            "open": len(fired),
            "unanswered": sum(alert.asks for alert in fired),
            "hidden": sum(bool(alert.hidden_by) and alert.state != "pending" for alert in picture.alerts),
        },
        "open": _listed([open_alert(profile, picture, alert) for alert in fired]),
        "answered": _listed(answered(profile, shift)),
        "orders": _listed([_order(profile, entry) for entry in shift.entries if entry.action in TOLD]),
        "planned": _listed(planned(profile, orders, picture.at, scope)),
        "slowest": slowest(picture),
        "teams": teams(profile, picture.at),
    }  # fmt: skip


def digest_of(facts: Facts) -> str:
    """SHA-256 of what is handed over, hexadecimal: what both sides sign."""
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def counts(profile: Profile, shift: Shift, scope: str = "") -> dict[str, Any]:
    """How many alerts fired in the span, and how many of them were answered, sent to and reached in time: as
    `data.compliance` counts them."""
    found = cases(
        profile, shift.alerts, shift.responses,
        start=shift.start, end=shift.end, county=scope, hidden=shift.hidden,
    )  # fmt: skip
    within = limits(profile.spec.response)
    fired = [
        alert
        for alert in shift.alerts
        if alert.fired_at is not None and shift.start <= alert.fired_at < shift.end
    ]
    return {
        "fired": len(fired),
        "by_severity": {grade: sum(one.severity == grade for one in fired) for grade in reversed(SEVERITIES)},
        "resolved": sum(
            alert.resolved_at is not None and shift.start < alert.resolved_at <= shift.end
            for alert in shift.alerts
            if alert.fired_at is not None
        ),
        "steps": [
            {
                "step": name,
                "minutes": within[name] / 60,
                "due": step.kept + step.late + step.missed,
                "kept": step.kept,
            }
            for name, step in tally(found, within).steps.items()
        ],
    }


def teams(profile: Profile, at: int) -> dict[str, Any] | None:
    """Which teams are on post, stand by and rest now, and after the next change; None without a roster.

    `{now, next_at, next}`: rows of `{state, teams, people, names}`.
    """
    roster, zone = profile.roster, profile.zone
    if roster is None or not roster.teams:
        return None
    now = roster.at(at, zone)
    changes = [duty.until for duty in now if duty.until is not None and duty.until > at]
    next_at = min(changes, default=None)
    later = [] if next_at is None else _teams(roster.at(next_at, zone))
    return {"now": _teams(now), "next_at": next_at, "next": later}


def _teams(duties: Sequence[Duty]) -> list[dict[str, Any]]:
    rows = []
    for state, strength in strengths(duties).items():
        names = [duty.team.name for duty in duties if duty.state == state]
        rows.append(
            {
                "state": state,
                "teams": strength.teams,
                "people": strength.people,
                "names": names[:NAMED],
                "left_off": max(len(names) - NAMED, 0),
            }
        )
    return rows


def answered(profile: Profile, shift: Shift) -> list[dict[str, Any]]:
    """The alerts that somebody answered in the span, by when they did."""
    when = {entry.subject: entry for entry in reversed(shift.entries) if entry.action == "alert.ack"}
    known = {alert.id: alert for alert in shift.alerts}
    rows = []
    for alert_id, entry in sorted(when.items(), key=lambda item: item[1].seq):
        alert = known.get(alert_id)
        if alert is None:
            continue
        response = shift.responses.get(alert_id, Response())
        rows.append(
            {
                **about(profile, alert),
                "fired_at": alert.fired_at,
                "resolved_at": alert.resolved_at
                if alert.resolved_at is not None and alert.resolved_at <= shift.end
                else None,
                "by": entry.who,
                "role": entry.role,
                "at": entry.at,
                "note": str(entry.detail.get("note", "")),
                "sent_at": response.sent_at,
                "arrived_at": response.arrived_at,
            }
        )
    return rows


def slowest(picture: Picture) -> list[dict[str, Any]]:
    """The sites with the longest waits, longest first; those without one are left out."""
    sites, state, profile = picture.sites, picture.state, picture.profile
    names = profile.county_name if profile else {}
    known = [
        row for row, wait in enumerate(state.wait_min.tolist()) if wait > 0 and bool(state.online[row])
    ]  # NaN is not above 0
    known.sort(key=lambda row: (-state.wait_min[row], str(sites.site_id[row])))
    return [
        {
            "name": str(sites.name[row]),
            "county": names.get(str(sites.county[row]), ""),
            "wait_min": whole(state.wait_min[row]),
            "queue_m": whole(state.queue_m[row]),
        }
        for row in known[:SLOWEST]
    ]


def open_alert(profile: Profile, picture: Picture, alert: Alert) -> dict[str, Any]:
    """An alert of the picture with what people did about it."""
    said = {lang: words(profile, alert, picture, lang)[0] for lang in profile.spec.languages}
    return {
        **about(profile, alert),
        "what": said,
        "state": alert.state,
        "fired_at": alert.fired_at,
        "asked_at": alert.asked_at,
        "answer": _answer(alert.answer, holds=alert.state == "acknowledged"),
        "sent_at": alert.sent_at,
        "arrived_at": alert.arrived_at,
    }


def _answer(answer: Answer | None, *, holds: bool) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "by": answer.by,
        "role": answer.role,
        "at": answer.at,
        "until": answer.until,
        "note": answer.note,
        "holds": holds,
    }


def about(profile: Profile, alert: Alert | Alerted) -> dict[str, Any]:
    """What an alert is about, in names."""
    among = targets_of(profile).get(alert.target)
    row = None if among is None else among.row.get(alert.target_id)
    rule = next((rule for rule in profile.spec.rules if rule.id == alert.rule), None)
    name: str | Mapping[str, str] = alert.target_id
    county = line = ""
    if among is not None and row is not None:
        name, county, line = among.names[row], str(among.counties[row]), str(among.lines[row])
    return {
        "id": alert.id,
        "rule": dict(rule.name) if rule and rule.name else alert.rule,
        "name": _words(name),
        "county": profile.county_name.get(county, county),
        "line": dict(profile.line[line].name) if line in profile.line else "",
        "severity": alert.severity,
    }


def _order(profile: Profile, entry: Entry) -> dict[str, Any]:
    """An order as the journal has it, with the names that its ids have now."""
    told = {name: getattr(entry, name) for name in ("seq", "at", "who", "role", "action", "subject")}
    about: Words = entry.subject
    if entry.action == "duty.set":
        about = profile.county_name.get(entry.subject, entry.subject)
        level = str(entry.detail.get("level", ""))
        names = {one.id: dict(one.name) for one in profile.spec.duty.levels}
        told["level"] = names.get(level, level)
    return told | {"about": about, "detail": dict(entry.detail)}


def _listed(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = list(rows)
    return {"rows": rows[:MOST], "left_off": max(len(rows) - MOST, 0)}


def _words(name: str | Mapping[str, str]) -> Words:
    return name if isinstance(name, str) else dict(name)


def whole(value: float | None) -> int | None:
    """A whole number; None where it is not known."""
    return None if value is None or not math.isfinite(value) else round(value)
