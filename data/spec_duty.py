"""What `profile.toml` may say of duty: the levels with what each sounds, and the files of the roster."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_table import Severity, Table, Text


class DutyLevelSpec(Table):
    """One alert posture of the prefecture."""

    id: str
    name: Text
    sounds: list[Severity] = ["critical", "warning", "notice"]
    """Alerts of these severities sound where it is in force; an empty list means none do."""


class DutySpec(Table):
    """The duty levels, highest first, and the one in force."""

    levels: list[DutyLevelSpec]
    current: str
    """Until somebody orders another one."""


class RosterFileSpec(Table):
    """One table of the roster, a CSV or a sheet of an XLSX."""

    file: str
    """A path inside the profile's folder."""
    layer: str | None = None
    """The sheet of a spreadsheet; the only one when absent."""
    header_row: Annotated[int, Field(ge=1)] | None = None
    """Which row, from 1, names the columns; the first that is not blank when absent."""
    encoding: str | None = None
    """Of a CSV; UTF-8 when absent."""
    columns: dict[str, str] = {}
    """Our field to the file's column, where they differ."""


class RosterSpec(Table):
    """Who is on duty when (四班三运转), as teams and numbers: nobody's name has a place in it."""

    teams: RosterFileSpec
    """Fields team_id, name, people; county, line, and site_id for where a team stands ready."""
    shifts: RosterFileSpec
    """Fields team_id, state, starts, ends, and every_h where it comes again every so many hours."""
    on_error: Literal["stop", "quarantine"] = "stop"
    """`quarantine`: rows at fault are left out and told of, and the good ones are used."""
