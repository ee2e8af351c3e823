"""Parts of a brief that tell of its span: what changed, and what was checked and done."""

from __future__ import annotations

from dashboard.briefs.manuscript import Cell, Chart, Part, Table
from dashboard.briefs.telling import Row, Telling

ALIKE = 0.001
"""A change smaller than this is none."""
HOUR_S, DAY_S = 3600, 86_400
CHANGES = ("silent", "back", "congested", "flowing")
ALERTS = 40
"""Rows of the table of alerts that fired or ended; the rest stands in the board."""


def span(told: Telling) -> str:
    """The span in words: since the last brief, the last 24 hours, the last 7 days."""
    facts = told.facts
    compared = facts["compared"]
    if compared["with"] in ("day", "week"):
        return told.say(f"span_{compared['with']}")
    return told.say("span_since", time=told.short(compared["since"]))


def against_week(told: Telling, now: float | None, before: float | None) -> str:
    """How a number of today compares with the same day a week before; "" where that is not known."""
    if now is None or not before:
        return ""
    change = now / before - 1
    if abs(change) < ALIKE:
        return told.say("week_same")
    return told.say("week_up" if change > 0 else "week_down", share=f"{abs(change):.1%}")


# ---- what changed --------------------------------------------------------------------------------------


def changes(told: Telling) -> Part:
    """Alerts, sites, duty level, throughput since the last brief, and each line as it was and is."""
    facts = told.facts
    found = facts["changes"]
    paragraphs = [
        told.say(
            "changes_alerts", span=span(told), fired=found["alerts"]["fired"],
            grades=told.grades(found["alerts"]["by_severity"]), resolved=found["alerts"]["resolved"],
        )
    ]  # fmt: skip
    if not found["known"]:
        paragraphs.append(told.say("changes_unknown", time=told.time(found["since"])))
        return Part("changes", told.say("part_changes"), tuple(paragraphs), _alerts(told))
    sites = {name: found["sites"][name]["count"] for name in CHANGES}
    moved = [told.say(f"changes_{name}", n=told.number(n)) for name, n in sites.items() if n]
    paragraphs.append(told.sentence(moved or [told.say("changes_no_sites")]))
    paragraphs += [_border(told, row) for row in found["lines"] if row["km_uncovered"]["now"] is not None]
    paragraphs.append(_level(told))
    tables = [_lines(told), *([_sites(told)] if any(sites.values()) else []), *_alerts(told)]
    return Part("changes", told.say("part_changes"), tuple(filter(None, paragraphs)), tuple(tables))


def _border(told: Telling, row: Row) -> str:
    before, now = row["km_uncovered"]["before"], row["km_uncovered"]["now"]
    if before is None or now is None:
        return ""
    values = {"line": told.line(row["id"]), "now": told.number(now, 1), "before": told.number(before, 1)}
    if round(now, 1) == round(before, 1):
        return told.say("km_same", **values)
    return told.say("km_up" if now > before else "km_down", **values)


def _level(told: Telling) -> str:
    """Whether the duty level is another, and each order that was given."""
    found = told.facts["changes"]
    level = found["duty_level"]
    if level["before"] == level["now"]:
        text = told.say("level_same", level=told.level(level["now"]))
    else:
        text = told.say("level_new", before=told.level(level["before"]), now=told.level(level["now"]))
    orders = [
        told.say(
            "level_order", time=told.short(row["at"]),
            where=told.county(row["scope"]) if row["scope"] else told.area(),
            level=told.level(row["level"]) if row["level"] else told.say("level_follows"),
        )
        for row in found["duty"]
    ]  # fmt: skip
    return told.sentence([text, *orders])


def _lines(told: Telling) -> Table:
    """Each line as it was and as it is."""
    rows = told.facts["changes"]["lines"]
    border = any(row["km_uncovered"]["now"] is not None for row in rows)

    def pair(row: Row, name: str) -> tuple[Cell, Cell]:
        return row[name]["before"], row[name]["now"]

    return told.table(
        "lines_changes",
        (
            told.column("line", width=2.6),
            told.column("online_before", "whole", 1.4), told.column("online_now", "whole", 1.4),
            told.column("staff_before", "whole", 1.4), told.column("staff_now", "whole", 1.4),
            told.column("persons_before", "whole", 1.6), told.column("persons_now", "whole", 1.6),
            told.column("km_before", "decimal", 1.6) if border else None,
            told.column("km_now", "decimal", 1.6) if border else None,
        ),
        [
            (
                told.line(row["id"]), *pair(row, "online"), *pair(row, "staff_on_duty"),
                *pair(row, "persons_per_hour"), *pair(row, "km_uncovered"),
            )
            for row in rows
        ],
        note=told.say("before_note", time=told.time(told.facts["changes"]["since"])),
    )  # fmt: skip


def _sites(told: Telling) -> Table:
    found = told.facts["changes"]["sites"]
    return told.table(
        "sites_changed",
        (
            told.column("change", width=1.6), told.column("site", width=3.4), told.county_column(),
            told.column("line", width=2.2), told.column("was", width=1.3), told.column("status", width=1.3),
            told.column("observed_at", "time", 2),
        ),
        [
            (
                told.say(f"change_{name}"), row["name"], told.county(row["county"]), told.line(row["line"]),
                told.status(row["was"]), told.status(row["status"]), row["observed_at"],
            )
            for name in CHANGES
            for row in found[name]["rows"]
        ],
        left_off=sum(found[name]["left_off"] for name in CHANGES),
    )  # fmt: skip


def _alerts(told: Telling) -> tuple[Table, ...]:
    """What fired and what ended in the span; none where nothing did."""
    found = told.facts["changes"]["alerts"]
    rows = found["rows"][:ALERTS]
    if not rows:
        return ()
    table = told.table(
        "alerts_changed",
        (
            told.column("severity", width=1.1), told.column("rule", width=2.4), told.column("place", width=3),
            told.column("county", width=1.6) if told.whole else None,
            told.column("fired_at", "time", 1.9), told.column("resolved_at", "time", 1.9),
        ),
        [
            (
                told.common(row["severity"]), told.words(row["rule"]), told.words(row["name"]), row["county"],
                row["fired_at"], row["resolved_at"],
            )
            for row in rows
        ],
        left_off=found["left_off"] + len(found["rows"]) - len(rows),
        note=told.say("open_still"),
    )  # fmt: skip
    return (table,)


# ---- what was checked and done -------------------------------------------------------------------------


def outcomes(told: Telling) -> Part:
    """People and vehicles checked, in the span and today against a week before; what became of them."""
    facts = told.facts
    sums, today = facts["changes"]["sums"], facts["today"]
    checked = told.table(
        "traffic",
        (
            told.column("what", width=2.4), told.column("in_span", "whole"), told.column("today", "whole"),
            told.column("week_before", "whole"), told.column("change_share", "share"),
        ),
        [
            (
                told.say(f"what_{name}"), sums[name], today[name], today[f"{name}_before"],
                today[name] / today[f"{name}_before"] - 1
                if today[name] is not None and today[f"{name}_before"]
                else None,
            )
            for name in ("persons", "vehicles")
        ],
        note=told.say("traffic_note", span=span(told)),
    )  # fmt: skip
    names = list(dict.fromkeys((*today["outcomes"], *sums["outcomes"])))
    done = told.table(
        "outcomes",
        (told.column("outcome", width=4), told.column("in_span", "whole"), told.column("today", "whole")),
        [(told.outcome(name), sums["outcomes"].get(name), today["outcomes"].get(name)) for name in names],
    )
    text = [
        told.say(
            "outcomes_sum", span=span(told), persons=told.number(sums["persons"]),
            vehicles=told.number(sums["vehicles"]),
        )
    ]  # fmt: skip
    listed = [
        f"{told.within(told.outcome(name))} {told.number(sums['outcomes'][name])}"
        for name in names
        if sums["outcomes"].get(name)
    ]
    text.append(
        told.say("outcomes_list", list=told.say("comma").join(listed))
        if listed
        else told.say("outcomes_none")
    )
    tables = (checked, done) if names else (checked,)
    return Part("outcomes", told.say("part_outcomes"), tuple(text), tables, _day(told))


def _day(told: Telling) -> tuple[Chart, ...]:
    """Throughput of 24 hours against the same weekday; a chart for people and one for vehicles."""
    day = told.facts["day"]
    axis = tuple(told.clock(at) for at in day["starts"])
    return tuple(
        Chart(
            name,
            told.say(f"chart_{name}"),
            "line",
            axis,
            (
                (told.say("series_now"), tuple(day[what])),
                (told.say("series_before"), tuple(day[f"{what}_before"])),
            ),
            told.say(f"unit_{what}"),
        )
        for name, what in (("day", "persons"), ("day_vehicles", "vehicles"))
        if any(value is not None for value in day[what])
    )
