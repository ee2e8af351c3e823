"""The demonstration roster of a profile (四班三运转): four teams for each line in each county, three states.

Every team has as many people as its sites ask for at the profile's duty level. It is on post for eight hours,
stands by for eight, and rests for sixteen, and stands ready at the site of its own that asks for most.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
FOUR = "甲乙丙丁"
LETTERS = "ABCD"
TURN_H = 8
FIRST = "2026-01-01"
TEAMS = ("team_id", "name", "people", "county", "line", "site_id")
SHIFTS = ("team_id", "state", "starts", "ends", "every_h")
STATES = (("on_post", 0, 1), ("standby", 1, 2), ("rest", 2, 4))
"""State, and from which to which turn of its own it lasts."""


def write_roster(name: str, folder: Path, sites: Iterable[dict[str, Any]], counties: dict[str, str]) -> None:
    """`teams.csv` and `shifts.csv` of a profile, by its sites' properties; the same bytes each time."""
    spec = tomllib.loads((SAMPLES / name / "profile.toml").read_text("utf-8"))
    names = {line["id"]: line["name"]["zh-CN"] for line in spec["lines"]}
    level = f"staff_required_{spec['duty']['current']}"
    of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for site in sites:
        of.setdefault((site["county"], spec["kinds"][site["kind"]]["line"]), []).append(site)
    order = list(names)
    teams, shifts = [], []
    for county, line in sorted(of, key=lambda one: (one[0], order.index(one[1]))):
        mine = of[county, line]
        people = sum(site[level] for site in mine)
        base = max(mine, key=lambda site: site[level])["site_id"]
        short = base.partition("-")[0]
        for number, (word, letter) in enumerate(zip(FOUR, LETTERS, strict=True)):
            team = f"{short}-{order.index(line) + 1}{letter}"
            teams.append((team, f"{counties[county]} {names[line]} {word}班", people, county, line, base))
            shifts += [
                (team, state, _turn(number + begin), _turn(number + end), TURN_H * len(FOUR))
                for state, begin, end in STATES
            ]
    _write(folder / "teams.csv", TEAMS, teams)
    _write(folder / "shifts.csv", SHIFTS, shifts)


def _turn(number: int) -> str:
    """When a turn begins; the first at eight."""
    day, hour = divmod(8 + number * TURN_H, 24)
    return f"{FIRST[:-2]}{int(FIRST[-2:]) + day:02d} {hour:02d}:00"


def _write(path: Path, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)
