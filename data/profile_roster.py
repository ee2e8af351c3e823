"""The files of a roster, read and checked: every fault told, names that fit the rest of the profile."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from data.profile_files import Files
from data.profile_toml import FILE, Draft
from data.quarantine import Refused
from data.roster import Roster, Shift, Team, meet
from data.spec_duty import RosterFileSpec
from layers.catalog import CATALOG
from layers.columns import withheld
from layers.faults import Fault
from layers.formats import is_address
from layers.hints import did_you_mean, one_of, shown
from layers.tables import Columns, Rows, load_table

MOST_ROWS = 20_000
"""Of one table."""
LONGEST_H = 24 * 366
TEAMS = Columns(
    "teams",
    {"team_id": "text", "name": "text", "people": "count"},
    {"county": "text", "line": "text", "site_id": "text"},
)
SHIFTS = Columns(
    "shifts",
    {"team_id": "text", "state": "text", "starts": "text", "ends": "text"},
    {"every_h": "number"},
)
WORDS = {
    "on_post": ("on_post", "on post", "post", "上岗查缉", "上岗", "在岗"),
    "standby": ("standby", "stand by", "on standby", "应急备勤", "备勤", "待命"),
    "rest": ("rest", "resting", "轮换休整", "休整", "轮休", "休息"),
}
"""How people write the states; case does not count."""
STATE_OF = {word: state for state, words in WORDS.items() for word in words}
EXPECTED_TIME = "a time such as 2026-01-31 08:00, by the profile's clocks or with an offset"
_WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*(\d{1,2})[:时](\d{2})?分?(?::(\d{2})(?:\.0+)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What a roster may name of the rest of a profile; None where that cannot be said."""

    counties: Collection[str] | None
    lines: Collection[str]
    county_of: dict[str, str] | None
    """Site id to county."""


def read_roster(folder: Path, draft: Draft, files: Files, adcodes: Collection[str] | None) -> Roster | None:
    """The roster of a profile, None where it has none; what is wrong with it goes to `files`."""
    spec = draft.roster
    if spec is None:
        return None
    known = Known(adcodes, draft.line_ids, _county_of(files))
    lenient = spec.on_error == "quarantine"
    read = [
        _load(folder, f"roster.{key}", one, columns)
        for key, one, columns in (("teams", spec.teams, TEAMS), ("shifts", spec.shifts, SHIFTS))
    ]
    teams, shifts = read
    found = _teams(teams, known)
    ids = [team.team_id for team in found]
    zone = _zone(draft)
    given = [one for one in _column(teams, "team_id") if one]
    coming = _shifts(shifts, ids, given, zone, lenient=lenient) if teams.columns else []
    for name, rows in zip(("roster_teams", "roster_shifts"), read, strict=True):
        _take(files, name, rows, lenient=lenient)
    served = {shift.team_id for shift in coming}
    for team in found if coming else ():
        if team.team_id not in served:
            what, hint = "a team without a shift", "Its state is not known at any time"
            fault = Fault(what, shifts.file, None, "team_id", team.team_id, "a shift at least", hint, True)
            files.warnings.append(fault)
    return Roster(tuple(found), tuple(coming))


def _load(folder: Path, path: str, spec: RosterFileSpec, columns: Columns) -> Rows:
    """One table, or why there is none."""
    try:
        file = (folder / spec.file).resolve()
        inside = file.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        file, inside = folder, False
    if not inside or is_address(spec.file) or Path(spec.file).is_absolute():
        hint = "Copy the file into the profile's folder"
        expected = "a path inside the profile's folder"
        what = "the file is outside the profile's folder"
        return Rows(faults=[Fault(what, FILE, None, f"{path}.file", shown(spec.file), expected, hint)])
    label = f"{spec.file}:{spec.layer}" if spec.layer else spec.file
    rows = load_table(
        file,
        columns,
        file=label,
        layer=spec.layer,
        header_row=spec.header_row,
        encoding=spec.encoding,
        named=spec.columns,
    )
    if len(rows) > MOST_ROWS:
        what, expected = "the table is too large", f"at most {MOST_ROWS} rows"
        return Rows(faults=[Fault(what, label, None, "", str(len(rows)), expected)], file=label)
    return rows


def _teams(rows: Rows, known: Known) -> list[Team]:
    """The teams of good rows; the rows' other faults are added to them."""
    first: dict[str, int] = {}
    for at, team_id in enumerate(_column(rows, "team_id")):
        if team_id and team_id in first:
            expected = f"a team_id of its own (row {first[team_id]} has it)"
            rows.fault(at, "team_id", "team_id stands twice", expected=expected)
        first.setdefault(team_id, int(rows.row[at]))
    for name, among in (("county", known.counties), ("line", known.lines), ("site_id", known.county_of)):
        for at, value in enumerate(_column(rows, name)):
            if value and among is not None and value not in among:
                expected, hint = one_of(list(among)), did_you_mean(value, among)
                rows.fault(at, name, f"unknown {name}", expected=expected, hint=hint)
    for at, (site, county) in enumerate(zip(_column(rows, "site_id"), _column(rows, "county"), strict=True)):
        stands = (known.county_of or {}).get(site, "")
        if county in (known.counties or ()) and stands and county != stands:
            what, hint = "the team's county is not its site's", "Mend one of them, or leave county empty"
            rows.fault(at, "county", what, expected=stands, hint=hint)
    bad = rows.bad
    return [
        Team(team_id, name, int(people), county or (known.county_of or {}).get(site, ""), line, site)
        for row, team_id, name, people, county, line, site in zip(
            rows.row.tolist(), *(_column(rows, name) for name in TEAMS.fields), strict=True
        )
        if row not in bad and team_id and name and people == people  # noqa: PLR0124  (NaN)
    ]


def _shifts(
    rows: Rows, teams: Collection[str], given: Collection[str], zone: ZoneInfo, *, lenient: bool
) -> list[Shift]:
    """The shifts of good rows; the rows' other faults are added to them.

    `teams` are those of good rows, `given` all that the other table names: where a team is left out, so are
    its shifts.
    """
    bad = rows.bad
    made: dict[int, Shift] = {}
    columns = [_column(rows, name) for name in SHIFTS.fields]
    known, named = set(teams), set(given)
    for at, (team_id, word, starts, ends, every_h) in enumerate(zip(*columns, strict=True)):
        row = int(rows.row[at])
        if team_id and team_id not in named:
            hint = did_you_mean(team_id, given)
            rows.fault(at, "team_id", "unknown team", expected="a team of the roster", hint=hint)
        elif team_id in named - known and lenient:
            rows.fault(at, "team_id", "a team that is left out", expected="a team without a fault")
        state = STATE_OF.get(unicodedata.normalize("NFKC", word).casefold(), "")
        if word and not state:
            expected = ", ".join(f"{words[0]} ({words[3]})" for words in WORDS.values())
            rows.fault(at, "state", "unknown state", expected=expected, hint=did_you_mean(word, STATE_OF))
        times = [wall_time(text, zone) for text in (starts, ends)]
        for name, text, wall in (("starts", starts, times[0]), ("ends", ends, times[1])):
            if text and wall is None:
                rows.fault(at, name, "not a time", expected=EXPECTED_TIME)
        begin, end = times
        if begin is None or end is None or row in bad:
            continue
        every_s = None if np.isnan(every_h) else round(every_h * 3600)
        if end <= begin or end - begin > LONGEST_H * 3600:
            rows.fault(at, "ends", "the shift does not end after it starts", expected=f"after {starts}")
        elif every_s is not None and not end - begin <= every_s <= LONGEST_H * 3600:
            expected = f"at least {(end - begin) / 3600:g} hours, as long as it takes"
            rows.fault(at, "every_h", "the shift goes on when it comes again", expected=expected)
        elif state and team_id in known:
            made[at] = Shift(team_id, state, begin, end, every_s)
    _apart(rows, made)
    bad = rows.bad
    return [shift for at, shift in made.items() if int(rows.row[at]) not in bad]


def _apart(rows: Rows, made: dict[int, Shift]) -> None:
    """No team is in two states at once; what comes once goes before what comes again."""
    of: dict[tuple[str, bool], list[tuple[int, Shift]]] = {}
    for at, shift in made.items():
        mine = of.setdefault((shift.team_id, shift.every_s is None), [])
        other = next((before for before, earlier in mine if meet(earlier, shift)), None)
        if other is None:
            mine.append((at, shift))
        else:
            what = "a team's shifts lie upon each other"
            expected = f"a time that row {rows.row[other]} leaves free"
            rows.fault(at, "starts", what, expected=expected)


def _take(files: Files, name: str, rows: Rows, *, lenient: bool) -> None:
    """What is wrong with a table, as what stops the profile or as rows that are left out."""
    rows.faults = sorted(map(withheld, rows.faults), key=lambda fault: fault.row or 0)
    files.warnings += [fault for fault in rows.faults if fault.warning]
    wrong = [fault for fault in rows.faults if not fault.warning]
    of_rows = [fault for fault in wrong if fault.row is not None]
    if not lenient or not of_rows or len(rows.bad) >= len(rows):
        files.faults += wrong
        return
    files.faults += [fault for fault in wrong if fault.row is None]
    at = [place for place, row in enumerate(rows.row.tolist()) if row in rows.bad]
    given: dict[str, list[Any]] = {key: [column[one] for one in at] for key, column in rows.given.items()}
    frame = GeoDataFrame(given, index=rows.row[at] - 1, geometry=[None] * len(at), crs=4326)
    files.refused.append(Refused(name, frame, tuple(of_rows)))


def wall_time(text: str, zone: ZoneInfo) -> int | None:
    """What the clocks of a zone show at a time that a table gives, as seconds; None for what is no time.

    24:00 is the end of its day.
    """
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    late = hour == 24 and minute == second == 0
    try:
        shown = datetime(year, month, day, 0 if late else hour, minute, second, tzinfo=UTC)
        if found[7]:
            shown = shown.replace(tzinfo=_offset(found[7])).astimezone(zone).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return int(shown.timestamp()) + 86_400 * late


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _column(rows: Rows, name: str) -> list[Any]:
    """A field's values; every one empty where the table has none of it."""
    if name not in rows.columns:
        return []
    column = rows.columns[name]
    return list(column.tolist() if isinstance(column, np.ndarray) else column)


def _county_of(files: Files) -> dict[str, str] | None:
    """Site id to county; None while a layer cannot be read."""
    if files.faults:
        return None
    rows: Iterable[pd.DataFrame] = (frame for layer, frame in files.read if CATALOG[layer.kind].is_site)
    return {
        str(site): str(county or "")
        for frame in rows
        for site, county in zip(frame["site_id"], frame["county"], strict=True)
    }


def _zone(draft: Draft) -> ZoneInfo:
    """The profile's clocks; those of Greenwich where it names none that there are, which is a fault of its
    own."""
    try:
        return ZoneInfo(str(draft.tree.get("timezone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
