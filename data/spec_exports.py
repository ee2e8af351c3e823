"""What `profile.toml` may say of files that leave the board: their marks, their templates, their times."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_table import Severity, Table, Text, Weekday

FileKind = Literal[
    "snapshot.png", "snapshot.svg", "snapshot.pdf", "brief.docx", "brief.pptx", "brief.xlsx", "brief.pdf"
]
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Clock = Annotated[str, Field(pattern=CLOCK)]


class TemplatesSpec(Table):
    """A bureau's own files with placeholders, by form; paths inside the profile's folder."""

    docx: str = ""
    pptx: str = ""


class ExportsSpec(Table):
    """Files of the picture."""

    handling: Text | None = None
    """Handling mark on every page, such as 内部资料; none when absent."""
    number: Text | None = None
    """Number of a brief: `{year}` and `{issue}`, the day of the year; none when absent."""
    title: Text | None = None
    """Heading of a brief; the board's title and 值班简报 when absent."""
    templates: TemplatesSpec = TemplatesSpec()
    keep_days: Annotated[int, Field(ge=1, le=3660)] = 30
    """How long files are kept in the folder of exports."""


class ScheduleSpec(Table):
    """Files that are made by themselves: at a time of the day, or when an alert fires."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
    files: Annotated[list[FileKind], Field(min_length=1)]
    at: list[Clock] = []
    """By the profile's clock; empty where `severities` says when."""
    weekdays: list[Weekday] = []
    """Only on these; every day when empty."""
    severities: list[Severity] = []
    """On every alert of these severities as it fires."""
    covers: Literal["last", "day", "week"] = "last"
    """What a brief compares with: the last brief of the scope, 24 hours or 7 days before."""
    scopes: list[str] = [""]
    """"" for the prefecture, adcodes, or `*` for every county one by one."""
    lang: str = ""
    """One of the profile's languages; the first when absent."""
    mail: list[Annotated[str, Field(max_length=300)]] = []
    """Addresses that the files are sent to, where there is a mail server."""
    late_h: Annotated[int, Field(ge=0, le=168)] = 24
    """One that was missed is made up to so many hours later, and marked."""
