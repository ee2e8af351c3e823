"""Parts of a brief about the lines: the map, how they run and what they hold, the gaps in them."""

from __future__ import annotations

from dashboard.briefs.manuscript import Chart, Part, Table
from dashboard.briefs.telling import Row, Telling

GAPS = 60
"""Stretches that are listed."""


def map_(told: Telling) -> Part:
    """The map, which a format draws itself."""
    return Part("map", told.say("part_map"))


def lines(told: Telling) -> Part:
    """The lines as a table, what they hold, the counties, and how far the lines are staffed."""
    facts = told.facts
    rows = facts["lines"]
    table = told.table(
        "lines",
        (
            told.column("line", width=2.6), told.column("sites", "whole", 1.3),
            told.column("online", "whole", 1.3), told.column("persons_per_hour", "whole", 1.6),
            told.column("vehicles_per_hour", "whole", 1.6), told.column("staff_on_duty", "whole", 1.4),
            told.column("staff_required", "whole", 1.4), told.column("alerts", "whole", 1.2),
            told.column("critical", "whole", 1.4),
        ),
        [
            (
                told.line(row["id"]), row["sites"], row["online"], row["persons_per_hour"],
                row["vehicles_per_hour"], row["staff_on_duty"], row["staff_required"],
                sum(row["alerts"].values()), row["alerts"].get("critical", 0),
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
    more = (_coverage(told), _counties(told))
    tables = (table, *(one for one in more if one.rows))
    return Part("lines", told.say("part_lines"), _levels(told), tables, (chart,))


def _coverage(told: Telling) -> Table:
    """What each line holds of the border and of the ways out; without rows where it is to hold neither."""
    rows = [row for row in told.facts["lines"] if row["km"] is not None or row["exits"]]
    border, rings = any(row["km"] is not None for row in rows), any(row["exits"] for row in rows)
    depth = any(row["km_exposed"] is not None for row in rows)
    return told.table(
        "coverage",
        (
            told.column("line", width=2.6),
            told.column("km", "decimal", 1.8) if border else None,
            told.column("km_covered", "decimal", 1.8) if border else None,
            told.column("km_uncovered", "decimal", 1.8) if border else None,
            told.column("km_exposed", "decimal", 1.8) if depth else None,
            told.column("exits", "whole", 1.3) if rings else None,
            told.column("exits_held", "whole", 1.3) if rings else None,
        ),
        [
            (
                told.line(row["id"]), row["km"], row["km_covered"], row["km_uncovered"], row["km_exposed"],
                row["exits"], row["exits_held"],
            )
            for row in rows
        ],
        note="".join(
            told.say("stated_note", line=told.line(line), km=told.number(km, 1))
            for line, km in told.facts["km_stated"].items()
        ),
    )  # fmt: skip


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


def gaps(told: Telling) -> Part:
    """Stretches of border that nobody holds, and exits of rings."""
    facts = told.facts
    border = [row for row in facts["lines"] if row["km"] is not None]
    rings = [row for row in facts["lines"] if row["exits"]]
    paragraphs = [text for row in border for text in _held_km(told, row)]
    paragraphs += [text for row in rings for text in _held_exits(told, row)]
    tables = [table for table in (_gaps(told), _exits(told)) if table.rows]
    if not border and not rings:
        paragraphs.append(told.say("no_border"))
    return Part("gaps", told.say("part_gaps"), tuple(paragraphs), tuple(tables))


def _held_km(told: Telling, row: Row) -> list[str]:
    """What of its border a line holds and does not, and of how much nothing is known."""
    values = {"line": told.line(row["id"]), "km": told.number(row["km"], 1)}
    found = []
    if row["km_covered"] is not None or row["km_uncovered"] is not None:
        covered, open_ = (told.number(row[name], 1) for name in ("km_covered", "km_uncovered"))
        n = sum(gap["line"] == row["id"] for gap in told.facts["gaps"])
        found.append(told.say("gaps_sum", covered=covered, open=open_, n=n, **values))
    if row["km_unknown"]:
        found.append(told.say("gaps_unknown", unknown=told.number(row["km_unknown"], 1), **values))
    return found


def _held_exits(told: Telling, row: Row) -> list[str]:
    """How many exits a line holds, and of how many nothing is known."""
    line, found = told.line(row["id"]), []
    if row["exits_held"] is not None:
        found.append(told.say("exits_sum", line=line, n=row["exits"], held=row["exits_held"]))
    if row["exits_unknown"]:
        found.append(told.say("exits_unknown", line=line, n=row["exits_unknown"]))
    return found


def _gaps(told: Telling) -> Table:
    facts = told.facts
    rows, judged = facts["gaps"][:GAPS], facts["depth_km"] is not None
    several = len({row["line"] for row in facts["gaps"]}) > 1

    def backed(row: Row) -> str | None:
        return None if row["backed"] is None else told.say("yes" if row["backed"] else "no")

    return told.table(
        "gaps",
        (
            told.column("line", width=2) if several else None, told.county_column(),
            told.column("from_km", "decimal", 1.4), told.column("to_km", "decimal", 1.4),
            told.column("gap_m", "whole", 1.3), told.column("backed", width=1.3) if judged else None,
            told.column("behind", width=3), told.column("behind_km", "decimal", 1.4),
            told.column("reserve", width=3), told.column("reserve_km", "decimal", 1.4),
        ),
        [
            (
                told.line(row["line"]), told.county(row["county"]), row["from_km"], row["to_km"],
                round(row["km"] * 1000), backed(row),
                *_near(told, row["behind"]), *_near(told, row["reserve"]),
            )
            for row in rows
        ],
        left_off=len(facts["gaps"]) - len(rows),
        note=told.say("gaps_note"),
    )  # fmt: skip


def _exits(told: Telling) -> Table:
    return told.table(
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
            for row in told.facts["exits_open"]
        ],
    )  # fmt: skip


def _near(told: Telling, near: Row | None) -> tuple[str | None, float | None]:
    """A site and how far; of another county's only that it is there."""
    return (None, None) if near is None else (near["name"] or told.say("neighbour"), near["km"])
