"""Parts of a brief about sites and their people: waits, staff, teams, all sites."""

from __future__ import annotations

from dashboard.briefs.manuscript import Chart, Part, Table
from dashboard.briefs.telling import Telling
from dashboard.words import say
from data.roster import STATES


def slowest(told: Telling) -> Part:
    """The ten sites with the longest waits."""
    rows = told.facts["slowest"]
    limits = told.facts["thresholds"]
    over = sum(row["wait_min"] >= limits["wait_min"] for row in rows)
    if not rows:
        return Part("slowest", told.say("part_slowest"), (told.say("no_waits"),))
    table = told.table(
        "slowest",
        (
            told.column("site", width=3.4), told.county_column(), told.column("line", width=2.2),
            told.column("status", width=1.2), told.column("wait_min", "decimal", 1.4),
            told.column("wait_change", "decimal", 1.6), told.column("queue_m", "whole", 1.4),
            told.column("lanes_open", "whole", 1.2),
        ),
        [
            (
                row["name"], told.county(row["county"]), told.line(row["line"]), told.status(row["status"]),
                row["wait_min"], row["wait_change"], row["queue_m"], row["lanes_open"],
            )
            for row in rows
        ],
        note=told.say("change_note"),
    )  # fmt: skip
    chart = Chart(
        "slowest",
        told.say("chart_slowest"),
        "bar",
        tuple(row["name"] for row in rows),
        ((told.say("col_wait_min"), tuple(row["wait_min"] for row in rows)),),
        told.say("unit_min"),
    )
    text = told.say("slowest_over", n=over, limit=told.number(limits["wait_min"]), of=len(rows))
    return Part("slowest", told.say("part_slowest"), (text,), (table,), (chart,))


def staffing(told: Telling) -> Part:
    """Who is on duty against what the duty level asks: by line, the shortest sites, the teams."""
    facts = told.facts
    staff = facts["staffing"]
    text = told.say(
        "staff_sum", on_duty=told.number(staff["staff_on_duty"]),
        required=told.number(staff["staff_required"]),
        share=told.share(staff["staff_on_duty"], staff["staff_required"]),
    )  # fmt: skip
    short = (
        told.say("staff_short", sites=staff["short_sites"], n=told.number(staff["staff_short"]))
        if staff["short_sites"]
        else told.say("staff_full")
    )
    by_line = told.table(
        "staffing",
        (
            told.column("line", width=3), told.column("staff_on_duty", "whole"),
            told.column("staff_required", "whole"), told.column("share", "share"),
        ),
        [
            (told.line(row["id"]), *_staffed(row["staff_on_duty"], row["staff_required"]))
            for row in facts["lines"]
        ],
    )  # fmt: skip
    tables = [by_line]
    if staff["short"]:
        tables.append(
            told.table(
                "short",
                (
                    told.column("site", width=3.4), told.county_column(), told.column("line", width=2.2),
                    told.column("staff_on_duty", "whole", 1.4), told.column("staff_required", "whole", 1.4),
                    told.column("lacking", "whole", 1.2),
                ),
                [
                    (
                        row["name"], told.county(row["county"]), told.line(row["line"]), row["staff_on_duty"],
                        row["staff_required"], row["staff_required"] - row["staff_on_duty"],
                    )
                    for row in staff["short"]
                ],
                left_off=staff["short_sites"] - len(staff["short"]),
            )
        )  # fmt: skip
    paragraphs = [told.sentence([text, short])]
    if staff["teams"] is None:
        paragraphs.append(told.say("no_roster"))
    else:
        paragraphs.append(_roster(told))
        tables.append(_teams(told))
    return Part("staffing", told.say("part_staffing"), tuple(paragraphs), tuple(tables))


def _staffed(
    on_duty: float | None, required: float | None
) -> tuple[float | None, float | None, float | None]:
    known = on_duty is not None and required
    return on_duty, required, on_duty / required if known and on_duty is not None and required else None


def _roster(told: Telling) -> str:
    """How many teams and people are in each state, and when that changes."""
    teams = told.facts["staffing"]["teams"]
    listed = told.say("comma").join(
        told.say(
            "roster_state", state=told.within(say(told.lang, f"duty_state_{state}")),
            teams=teams[state]["teams"], people=told.number(teams[state]["people"]),
        )
        for state in STATES
    )  # fmt: skip
    change = told.say("roster_change", time=told.short(teams["next_at"])) if teams["next_at"] else ""
    return told.sentence([told.say("roster_now", list=listed), change])


def _teams(told: Telling) -> Table:
    """Teams and people of each line by state."""
    teams = told.facts["staffing"]["teams"]
    return told.table(
        "teams",
        (
            told.column("line", width=2.6),
            *(
                told.column(f"{what}_{state}", "whole", 1.5)
                for state in STATES
                for what in ("teams", "people")
            ),
        ),
        [
            (
                told.line(row["line"]) or told.say("no_line"),
                *(row[state][what] for state in STATES for what in ("teams", "people")),
            )
            for row in teams["lines"]
        ],
    )  # fmt: skip


def sites(told: Telling) -> Part:
    """All sites, as an appendix."""
    facts = told.facts
    rows = facts["sites"]
    table = told.table(
        "sites",
        (
            told.column("site", width=3.4), told.county_column(1.5), told.column("line", width=2),
            told.column("kind", width=2.2), told.column("status", width=1.1),
            told.column("persons_per_hour", "whole", 1.2), told.column("vehicles_per_hour", "whole", 1.2),
            told.column("queue_m", "whole", 1.1), told.column("wait_min", "decimal", 1.1),
            told.column("lanes_open", "whole", 1), told.column("staff_on_duty", "whole", 1),
            told.column("staff_required", "whole", 1), told.column("observed_at", "time", 1.8),
            told.column("method", width=1.1),
        ),
        [
            (
                row["name"], told.county(row["county"]), told.line(row["line"]),
                told.words(told.names["kinds"].get(row["kind"], row["kind"])), told.status(row["status"]),
                row["persons_per_hour"], row["vehicles_per_hour"], row["queue_m"], row["wait_min"],
                row["lanes_open"], row["staff_on_duty"], row["staff_required"], row["observed_at"],
                _method(told, row["method"]),
            )
            for row in rows
        ],
        note=told.say("rates_note", minutes=facts["thresholds"]["window_min"]),
    )  # fmt: skip
    return Part("sites", told.say("part_sites"), (told.say("sites_n", n=len(rows)),), (table,), appendix=True)


def _method(told: Telling, method: str) -> str:
    """How a site's newest reading was made; "" where there never was one."""
    if not method:
        return ""
    return say(told.lang, "method_simulated" if method == "simulated" else method)
