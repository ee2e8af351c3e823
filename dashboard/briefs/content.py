"""The manuscript of a brief from its facts, in one language: head, summary, parts in order, definitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dashboard.briefs import parts_alerts, parts_lines, parts_sites, parts_span
from dashboard.briefs.manuscript import Manuscript, Part
from dashboard.briefs.telling import Telling, further_marks
from dashboard.journal_words import who
from dashboard.words import say
from data.brief import Facts

PARTS: tuple[Callable[[Telling], Part], ...] = (
    parts_lines.map_, parts_lines.lines, parts_span.changes, parts_alerts.open_, parts_alerts.response,
    parts_sites.slowest, parts_span.outcomes, parts_sites.staffing, parts_lines.gaps, parts_sites.sites,
)  # fmt: skip
"""After the summary, in order."""
DEFINED = (
    "online", "wait", "rate", "congested", "staff", "lacking", "km_uncovered", "km_exposed", "exits",
    "alerts", "response", "silent", "day", "unknown",
)  # fmt: skip
"""Terms that are explained."""
BORDER = {"km_uncovered": "km", "km_exposed": "km", "exits": "exits"}
"""Of these, those that need no explaining where no line has a border or an exit."""


def manuscript(facts: Facts, lang: str) -> Manuscript:
    """The brief in a language, before any file format."""
    told = Telling(facts, lang)
    summary = _summary(told)
    return Manuscript(
        title=_title(told),
        scope=facts["county"] or told.area(),
        number=told.words(facts["number"]),
        date=datetime.fromtimestamp(facts["at"], told.zone).strftime(told.say("date_form")),
        lines=_lines(told),
        marks=_marks(told),
        handling=told.words(facts["handling"]),
        summary=summary,
        parts=(_overview(told, summary), *(make(told) for make in PARTS)),
        definitions=_definitions(told),
        source=_source(told),
        link=told.words(facts["link"]),
        figures=_figures(told),
        lang=lang,
        zone=facts["zone"],
        at=facts["at"],
        made_at=facts["made_at"],
        made_by=facts["made_by"],
    )


def _title(told: Telling) -> str:
    facts = told.facts
    heading = told.words(facts["heading"]) or told.say("heading", where=told.words(facts["title"]))
    return told.say("heading_of", heading=heading, county=facts["county"]) if facts["county"] else heading


def _lines(told: Telling) -> tuple[str, ...]:
    facts = told.facts
    compared = facts["compared"]
    by = facts["made_by"]
    made = told.say("made_by", time=told.time(facts["made_at"]), who=who(by, "", told.lang))
    return (
        told.say("as_of", time=told.time(facts["data_at"])) if facts["data_at"] else told.say("no_data"),
        made if by else told.say("made", time=told.time(facts["made_at"])),
        told.say(f"since_{compared['with']}", time=told.time(compared["since"])),
    )


def _marks(told: Telling) -> tuple[str, ...]:
    facts = told.facts
    marks = [say(told.lang, "simulated")] if facts["simulated"] else []
    # What was made late is of the past by its nature: one mark says it.
    if facts["replay"] and "late" not in facts["marks"]:
        marks.append(say(told.lang, "replay"))
    return (*marks, *further_marks(facts, told.lang))


def _source(told: Telling) -> str:
    facts = told.facts
    parts = [told.words(facts["source"])]
    if facts["approval_number"]:
        parts.append(told.say("approval", number=facts["approval_number"]))
    if facts["demonstration"]:
        parts.append(told.say("demonstration"))
    return told.say("clause").join(part for part in parts if part)


def _figures(told: Telling) -> str:
    facts = told.facts
    return told.say(
        "figures",
        data=told.time(facts["data_at"]),
        since=told.time(facts["compared"]["since"]),
        at=told.time(facts["at"]),
    )


def _definitions(told: Telling) -> tuple[tuple[str, str], ...]:
    facts = told.facts
    minutes = {name: f"{limit / 60:g}" for name, limit in facts["response"]["limits"].items()}
    limits = {name: told.number(value, 1) for name, value in facts["thresholds"].items()}
    values = {**minutes, **limits, "depth_km": told.number(facts["depth_km"], 2)}
    lines = facts["lines"]
    needless = {term for term, figure in BORDER.items() if not any(line[figure] for line in lines)}
    terms = [
        *(term for term in DEFINED if term not in needless),
        *(["simulated"] if facts["simulated"] else []),
    ]
    return tuple((told.say(f"term_{term}"), told.say(f"means_{term}", **values)) for term in terms)


# ---- the summary ---------------------------------------------------------------------------------------


def _summary(told: Telling) -> str:
    """One sentence with the numbers that matter; what is not known is left out of it."""
    facts = told.facts
    counts = facts["sites_by_status"]
    where = told.say("in_area", where=facts["county"]) if facts["county"] else told.say("whole_area")
    head = told.say("sum_at", time=told.short(facts["at"]), where=where)
    if facts["data_at"] is None:
        return head + told.say("sum_nothing") + told.say("stop")
    clauses = [
        head
        + told.say(
            "sum_sites", online=told.number(counts["online"]), sites=told.number(counts["sites"]),
            share=told.share(counts["online"], counts["sites"]),
        ),
        _sum_staff(told), _sum_traffic(told), _sum_alerts(told), _sum_border(told), _sum_slowest(told),
    ]  # fmt: skip
    return told.sentence(clauses)


def _sum_staff(told: Telling) -> str:
    staff, level = told.facts["staffing"], told.level(told.facts["duty_level"])
    if staff["staff_on_duty"] is None:
        return told.say("sum_level", level=level)
    return told.say(
        "sum_staff", level=level, on_duty=told.number(staff["staff_on_duty"]),
        required=told.number(staff["staff_required"]),
        share=told.share(staff["staff_on_duty"], staff["staff_required"]),
    )  # fmt: skip


def _sum_traffic(told: Telling) -> str:
    facts = told.facts
    sums, today = facts["changes"]["sums"], facts["today"]
    if sums["persons"] is None and sums["vehicles"] is None:
        return ""
    text = told.say(
        "sum_traffic", span=parts_span.span(told), persons=told.number(sums["persons"]),
        vehicles=told.number(sums["vehicles"]),
    )  # fmt: skip
    change = parts_span.against_week(told, today["persons"], today["persons_before"])
    return text + (told.say("sum_week", change=change) if change else "")


def _sum_alerts(told: Telling) -> str:
    alerts = told.facts["alerts"]
    if not alerts["open"]:
        return told.say("sum_no_alerts")
    return told.say(
        "sum_alerts", n=alerts["open"], grades=told.grades(alerts["by_severity"]),
        unanswered=alerts["unanswered"],
    )  # fmt: skip


def _sum_border(told: Telling) -> str:
    """What of the border nobody holds, and which exits of rings."""
    found = []
    for line in told.facts["lines"]:
        km, open_, unknown = (told.number(line[name], 1) for name in ("km", "km_uncovered", "km_unknown"))
        if line["km_uncovered"]:
            found.append(told.say("sum_open", km=km, open=open_))
            if line["km_exposed"] is not None:
                found[-1] += told.say("sum_exposed", km=told.number(line["km_exposed"], 1))
        elif line["km"] is not None and not line["km_unknown"]:
            found.append(told.say("sum_held", km=km))
        if line["km_unknown"]:
            found.append(told.say("sum_unknown", km=km, unknown=unknown))
        if line["km"] is None and line["exits"]:
            name, never = told.line(line["id"]), line["exits_unknown"]
            if nobody := line["exits"] - (line["exits_held"] or 0) - never:
                found.append(told.say("sum_exits", line=name, n=nobody))
            if never:
                found.append(told.say("sum_exits_unknown", line=name, n=never))
    return told.say("pause").join(found)


def _sum_slowest(told: Telling) -> str:
    slowest = told.facts["slowest"]
    if not slowest:
        return ""
    return told.say("sum_slowest", site=slowest[0]["name"], wait=told.number(slowest[0]["wait_min"]))


def _overview(told: Telling, summary: str) -> Part:
    """The summary again, how the alerts were answered, and the key figures."""
    facts = told.facts
    counts, staff, alerts = facts["sites_by_status"], facts["staffing"], facts["alerts"]
    answered = facts["response"]["steps"]["answered"]
    due = answered["kept"] + answered["late"] + answered["missed"]
    sums = facts["changes"]["sums"]
    rows = [
        ("online", counts["online"], counts["sites"]),
        ("staff", staff["staff_on_duty"], staff["staff_required"]),
        ("persons", sums["persons"], None),
        ("vehicles", sums["vehicles"], None),
        ("alerts", alerts["open"], None),
        ("answered", alerts["answered"], alerts["open"]),
        ("in_time", answered["kept"] if due else None, due or None),
    ]
    table = told.table(
        "key",
        (
            told.column("figure", width=5), told.column("value", "whole"), told.column("of", "whole"),
            told.column("share", "share"),
        ),
        [
            (told.say(f"key_{name}"), value, of, value / of if value is not None and of else None)
            for name, value, of in rows
        ],
        note=told.say("key_note", span=parts_span.span(told)),
    )  # fmt: skip
    return Part("summary", told.say("part_summary"), (summary,), (table,))
