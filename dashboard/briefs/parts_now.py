"""Parts of a brief that tell of its moment: map, lines, waits, staff, gaps, all sites."""

from __future__ import annotations

from dashboard.briefs.manuscript import Chart, Part, Table
from dashboard.briefs.telling import Row, Telling
from dashboard.words import say


def map_(told: Telling) -> Part:
    """The map, which a format draws itself."""
    return Part("map", told.say("part_map"))


def lines(told: Telling) -> Part:
    """The lines as a table, the counties below it, and how far the lines are staffed."""
    facts = told.facts
    rows = facts["lines"]
    border = any(row["km"] is not None for row in rows)
    depth = any(row["km_exposed"] is not None for row in rows)
    rings = any(row["exits"] for row in rows)
    table = told.table(
        "lines",
        (
            told.column("line", width=2.6), told.column("sites", "whole", 1.3),
            told.column("online", "whole", 1.3), told.column("persons_per_hour", "whole", 1.6),
            told.column("vehicles_per_hour", "whole", 1.6), told.column("staff_on_duty", "whole", 1.4),
            told.column("staff_required", "whole", 1.4), told.column("alerts", "whole", 1.2),
            told.column("critical", "whole", 1.2),
            told.column("km", "decimal", 1.5) if border else None,
            told.column("km_uncovered", "decimal", 1.5) if border else None,
            told.column("km_exposed", "decimal", 1.5) if depth else None,
            told.column("exits", "whole", 1.2) if rings else None,
            told.column("exits_held", "whole", 1.2) if rings else None,
        ),
        [
            (
                told.line(row["id"]), row["sites"], row["online"], row["persons_per_hour"],
                row["vehicles_per_hour"], row["staff_on_duty"], row["staff_required"],
                sum(row["alerts"].values()), row["alerts"].get("critical", 0), row["km"], row["km_uncovered"],
                row["km_exposed"], row["exits"], row["exits_held"],
            )
            for row in rows
        ],
        note=told.say("rates_note", minutes=facts["thresholds"]["window_min"]),
    )  # fmt: skip
    chart = Chart(
        "lines_staff",
        told.say("chart_lines_staff"),
        "column",
        tuple(told.line(row["id"]) for row in rows),
        (
            (told.say("col_staff_on_duty"), tuple(row["staff_on_duty"] for row in rows)),
            (told.say("col_staff_required"), tuple(row["staff_required"] for row in rows)),
        ),
        told.say("unit_people"),
    )
    tables = (table, _counties(told)) if facts["counties"] else (table,)
    return Part("lines", told.say("part_lines"), _levels(told), tables, (chart,))


def _levels(told: Telling) -> tuple[str, ...]:
    """The duty level, and the counties that have another one."""
    facts = told.facts
    text = told.say("level_is", level=told.level(facts["duty_level"]))
    apart = [
        told.say("level_of", county=told.county(code), level=told.level(level))
        for code, level in facts["duty_levels"].items()
        if level != facts["duty_level"]
    ]
    return (told.sentence([text, told.say("comma").join(apart)]),)


def _counties(told: Telling) -> Table:
    rows = told.facts["counties"]
    border = any(row["km_uncovered"] is not None for row in rows)
    return told.table(
        "counties",
        (
            told.column("county", width=2), told.column("duty_level", width=2),
            told.column("sites", "whole", 1.3), told.column("online", "whole", 1.3),
            told.column("persons_per_hour", "whole", 1.7), told.column("vehicles_per_hour", "whole", 1.7),
            told.column("staff_on_duty", "whole", 1.4), told.column("staff_required", "whole", 1.4),
            told.column("alerts", "whole", 1.2),
            told.column("km_uncovered", "decimal", 1.6) if border else None,
        ),
        [
            (
                told.county(row["county"]), told.level(row["duty_level"]), row["sites"], row["online"],
                row["persons_per_hour"], row["vehicles_per_hour"], row["staff_on_duty"],
                row["staff_required"], row["alerts"], row["km_uncovered"],
            )
            for row in rows
        ],
    )  # fmt: skip


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
        tables.append(_teams(told))
    return Part("staffing", told.say("part_staffing"), tuple(paragraphs), tuple(tables))


def _staffed(
    on_duty: float | None, required: float | None
) -> tuple[float | None, float | None, float | None]:
    known = on_duty is not None and required
    return on_duty, required, on_duty / required if known and on_duty is not None and required else None


def _teams(told: Telling) -> Table:
    teams = told.facts["staffing"]["teams"]
    spans = (
        (told.say("now"), teams["now"]),
        (told.say("from_then", time=told.short(teams["next_at"])), teams["next"]),
    )
    return told.table(
        "teams",
        (
            told.column("when", width=2.4), told.column("state", width=1.6),
            told.column("teams", "whole", 1), told.column("people", "whole", 1),
            told.column("names", width=5),
        ),
        [
            (
                when, say(told.lang, f"duty_state_{row['state'] or 'unknown'}"), row["teams"], row["people"],
                told.say("comma").join(row["names"])
                + (told.say("and_more", n=row["left_off"]) if row["left_off"] else ""),
            )
            for when, listed in spans
            for row in listed
            if row["teams"]
        ],
    )  # fmt: skip


def gaps(told: Telling) -> Part:
    """Stretches of border that nobody holds, and exits of rings."""
    facts = told.facts
    border = [row for row in facts["lines"] if row["km"] is not None]
    rings = [row for row in facts["lines"] if row["exits"]]
    paragraphs, tables = [], []
    for row in border:
        paragraphs.append(
            told.say(
                "gaps_sum", line=told.line(row["id"]), km=told.number(row["km"], 1),
                covered=told.number(row["km_covered"], 1), open=told.number(row["km_uncovered"], 1),
                n=sum(gap["line"] == row["id"] for gap in facts["gaps"]),
            )
        )  # fmt: skip
    if facts["gaps"]:
        tables.append(_gaps(told))
    for row in rings:
        paragraphs.append(
            told.say("exits_sum", line=told.line(row["id"]), n=row["exits"], held=row["exits_held"])
        )
    if facts["exits_open"]:
        tables.append(
            told.table(
                "exits",
                (
                    told.column("exit", width=3), told.county_column(2), told.column("line", width=2.2),
                    told.column("nearest", width=3), told.column("nearest_km", "decimal", 1.5),
                ),
                [
                    (
                        row["name"], told.county(row["county"]), told.line(row["line"]),
                        *_near(told, row["nearest"]),
                    )
                    for row in facts["exits_open"]
                ],
            )
        )  # fmt: skip
    if not border and not rings:
        paragraphs.append(told.say("no_border"))
    return Part("gaps", told.say("part_gaps"), tuple(paragraphs), tuple(tables))


def _gaps(told: Telling) -> Table:
    facts = told.facts
    judged = facts["depth_km"] is not None
    return told.table(
        "gaps",
        (
            told.column("line", width=2), told.county_column(), told.column("from_km", "decimal", 1.4),
            told.column("to_km", "decimal", 1.4), told.column("gap_km", "decimal", 1.3),
            told.column("backed", width=1.5) if judged else None, told.column("behind", width=3),
            told.column("behind_km", "decimal", 1.4), told.column("reserve", width=3),
            told.column("reserve_km", "decimal", 1.4),
        ),
        [
            (
                told.line(row["line"]), told.county(row["county"]), row["from_km"], row["to_km"], row["km"],
                told.say("yes" if row["backed"] else "no"), *_near(told, row["behind"]),
                *_near(told, row["reserve"]),
            )
            for row in facts["gaps"]
        ],
        note=told.say("gaps_note"),
    )  # fmt: skip


def _near(told: Telling, near: Row | None) -> tuple[str | None, float | None]:
    """A site and how far; of another county's only that it is there."""
    return (None, None) if near is None else (near["name"] or told.say("neighbour"), near["km"])


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
