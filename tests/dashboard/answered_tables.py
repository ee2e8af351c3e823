"""The tables that a brief must hold, worked out from nothing but raw answers of the interface.

None of the code that writes a brief is used here: what the two have in common is the interface.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Rows = list[tuple[Any, ...]]

OPEN = ("firing", "acknowledged")
SILENT = ("no_data", "offline")
STEPS = {"answered": "Answered", "sent": "Sent", "arrived": "Arrived"}
STATES = ("on_post", "standby", "rest")
FORMS: dict[str, Callable[[Any], str]] = {"n": "{:,.0f}".format, "d": "{:,.1f}".format, "%": "{:.1%}".format}
"""How a number is written on paper: whole, with a decimal, as a share."""


class Answers:
    """What the interface says of one moment, and of the one that a brief compares with."""

    def __init__(self, ask: Callable[..., Any], at: int, since: int) -> None:
        self.at, self.since = at, since
        self.now, self.then = ask("picture", at=at), ask("picture", at=since)
        self.places = {one["id"]: one["properties"] for one in ask("sites", at=at)["features"]}
        self.ended = [
            _epochs(one) for one in ask("alerts", at=at, state="resolved", **{"from": since})["alerts"]
        ]
        self.kept = ask("compliance", at=at, **{"from": since, "to": at})
        self.duty, self.roster = ask("duty", at=at), ask("roster", at=at)
        self.open = [one for one in self.now["alerts"] if one["state"] in OPEN and not one["hidden_by"]]

    def standing(self, then: bool = False) -> dict[str, Row]:
        """Sites in service."""
        sites = (self.then if then else self.now)["sites"]
        return {site: row for site, row in sites.items() if row["in_service"]}


def _epochs(alert: Row) -> Row:
    """An alert with its times as epoch seconds, as a picture has them."""
    return {
        name: int(datetime.fromisoformat(value).timestamp())
        if name.endswith("_at") and value is not None
        else value
        for name, value in alert.items()
    }


def _share(part: float | None, of: float | None) -> float | None:
    return None if part is None or not of else part / of


def _sum(rows: Sequence[Row], name: str) -> float | None:
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known) if known else None


def expected(told: Answers, sums: Row) -> dict[str, tuple[str, Rows]]:
    """Title of a table to the form of each column and its rows; `...` for words that are not compared.

    A form is `t` for words, `m` for a moment (epoch seconds), or one of FORMS. `sums` are those of the span:
    `persons`, `vehicles` and the outcomes by name.
    """
    return {
        "Key figures": ("tnn%", _key(told, sums)),
        "Line by line": ("tnnnnnnnn", _lines(told)),
        "How far the lines hold": ("tddddnn", _held(told)),
        "The counties": ("ttnnnnnnnd", _counties(told)),
        "The lines, then and now": ("tnnnnnndd", _then_and_now(told)),
        "Open alerts": ("ttttmtmmm", _open(told)),
        "Answered alerts": ("tttt" + "mmtmmm", _answered(told)),
        "By step": ("tdnnnn%d", _steps(told)),
        "In time, by line": ("tn%%%", _lines_kept(told)),
        "Sites with the longest waits": ("ttttddnn", _slowest(told)),
        "Checked": ("tnnn%", _checked(told, sums)),
        "Outcomes": ("tnn", _outcomes(told, sums)),
        "Staff by line": ("tnn%", _staff(told)),
        "Teams by roster": ("tnnnnnn", _teams(told)),
        "Stretches of border that are not held": ("tddnttdtd", _gaps(told)),
        "Exits that are not held": ("ttttd", _exits(told)),
        "All sites": ("tttttnnndnnnmt", _sites(told)),
    }


def _key(told: Answers, sums: Row) -> Rows:
    standing = told.standing()
    online = sum(row["status"] not in SILENT for row in standing.values())
    whole = next(one for one in told.duty["scopes"] if one["scope"] == "")
    answered = sum(one["state"] == "acknowledged" for one in told.open)
    step = told.kept["steps"]["answered"]
    due = step["kept"] + step["late"] + step["missed"]
    rows = [
        ("Sites online", online, len(standing)),
        ("Staff on duty", whole["staff_on_duty"], whole["staff_required"]),
        ("People checked", sums["persons"], None),
        ("Vehicles checked", sums["vehicles"], None),
        ("Open alerts", len(told.open), None),
        ("Answered alerts", answered, len(told.open)),
        ("Answered in time", step["kept"], due),
    ]
    return [(*row, _share(*row[1:])) for row in rows]


def _lines(told: Answers) -> Rows:
    return [
        (
            ..., row["sites"], row["online"], row["persons_per_hour"], row["vehicles_per_hour"],
            row["staff_on_duty"], row["staff_required"], sum(row["alerts"].values()),
            row["alerts"]["critical"],
        )
        for row in told.now["lines"]
    ]  # fmt: skip


def _held(told: Answers) -> Rows:
    return [
        (..., row["km"], row["km_covered"], row["km_uncovered"], row["km_exposed"], row["exits"],
         row["exits_held"])
        for row in told.now["lines"]
        if row["km"] is not None or row["exits"]
    ]  # fmt: skip


def _counties(told: Answers) -> Rows:
    found = []
    for duty in told.duty["scopes"][1:]:
        county = duty["scope"]
        mine = [row for site, row in told.standing().items() if told.places[site]["county"] == county]
        # What passes at a site out of service passes all the same, as in the sums of the lines.
        passed = [row for site, row in told.now["sites"].items() if told.places[site]["county"] == county]
        gaps = [one for one in told.now["gaps"] if one["county"] == county]
        found.append(
            (
                duty["name"], duty["level_name"], len(mine), sum(row["status"] not in SILENT for row in mine),
                _sum(passed, "persons_per_hour"), _sum(passed, "vehicles_per_hour"), duty["staff_on_duty"],
                duty["staff_required"], sum(one["county"] == county for one in told.open),
                round(sum(one["km"] for one in gaps), 2) if gaps else None,
            )
        )  # fmt: skip
    return found


def _then_and_now(told: Answers) -> Rows:
    names = ("online", "staff_on_duty", "persons_per_hour", "km_uncovered")
    both = zip(told.then["lines"], told.now["lines"], strict=True)
    return [(..., *(one[name] for name in names for one in pair)) for pair in both]


def _open(told: Answers) -> Rows:
    return [
        (one["severity"], one["name"], one["county_name"], one["what"], one["fired_at"], ...,
         one["acknowledged_at"], one["sent_at"], one["arrived_at"])
        for one in told.open
    ]  # fmt: skip


def _answered(told: Answers) -> Rows:
    rows = [one for one in (*told.now["alerts"], *told.ended) if (one["answered_at"] or 0) > told.since]
    return [
        (one["severity"], ..., one["name"], one["county_name"], one["fired_at"], one["answered_at"], ...,
         one["sent_at"], one["arrived_at"], one.get("resolved_at"))
        for one in sorted(rows, key=lambda one: one["answered_at"])
    ]  # fmt: skip


def _steps(told: Answers) -> Rows:
    return [
        (
            STEPS[name], told.kept["limits"][name] / 60, step["kept"] + step["late"] + step["missed"],
            step["kept"], step["late"], step["missed"], step["share"],
            None if step["median_s"] is None else step["median_s"] / 60,
        )
        for name, step in told.kept["steps"].items()
    ]  # fmt: skip


def _lines_kept(told: Answers) -> Rows:
    return [
        (row["name"], row["alerts"], *(row["steps"][name]["share"] for name in STEPS))
        for row in told.kept["rows"]
    ]


def _slowest(told: Answers) -> Rows:
    waiting = [(site, row) for site, row in told.now["sites"].items() if row["wait_min"]]
    waiting.sort(key=lambda pair: -pair[1]["wait_min"])
    return [
        (told.places[site]["name"], told.places[site]["county_name"], ..., ..., row["wait_min"],
         row["wait_change"], row["queue_m"], row["lanes_open"])
        for site, row in waiting[:10]
    ]  # fmt: skip


def _checked(told: Answers, sums: Row) -> Rows:
    today = told.now["today"]
    return [
        (title, sums[name], today[name], today[f"{name}_before"], today[name] / today[f"{name}_before"] - 1)
        for title, name in (("People", "persons"), ("Vehicles", "vehicles"))
    ]


def _outcomes(told: Answers, sums: Row) -> Rows:
    return [(..., sums.get(name, 0), today) for name, today in told.now["today"]["outcomes"].items()]


def _staff(told: Answers) -> Rows:
    rows = [(row["staff_on_duty"], row["staff_required"]) for row in told.now["lines"]]
    return [(..., *row, _share(*row)) for row in rows]


def _teams(told: Answers) -> Rows:
    found = []
    for line in told.now["lines"]:
        mine = [team for team in told.roster["teams"] if team["line"] == line["id"]]
        by_state = [[team for team in mine if team["state"] == state] for state in STATES]
        found.append(
            (..., *(n for teams in by_state for n in (len(teams), sum(team["people"] for team in teams))))
        )
    return found


def _near(near: Row | None) -> tuple[Any, Any]:
    return (None, None) if near is None else (near["name"], near["km"])


def _gaps(told: Answers) -> Rows:
    return [
        (
            one["county_name"], one["from_km"], one["to_km"], one["km"] * 1000,
            "yes" if one["backed"] else "no", *_near(one["behind"]), *_near(one["reserve"]),
        )
        for one in told.now["gaps"]
    ]  # fmt: skip


def _exits(told: Answers) -> Rows:
    return [(one["name"], one["county_name"], ..., *_near(one["nearest"])) for one in told.now["exits"]]


def _sites(told: Answers) -> Rows:
    names = (
        "persons_per_hour", "vehicles_per_hour", "queue_m", "wait_min", "lanes_open", "staff_on_duty",
        "staff_required", "observed_at", "method",
    )  # fmt: skip
    found = []
    for site, row in told.now["sites"].items():
        place = told.places[site]
        about = (place["name"], place["county_name"], ..., place["kind_name"], ...)
        found.append((*about, *(row[name] for name in names)))
    return found
