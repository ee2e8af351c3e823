"""What `profile.toml` may say of files that leave the board: their marks, their templates, their times."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_table import Severity, Table, Text, Weekday

FileKind = Literal[
    "snapshot.png", "snapshot.svg", "snapshot.pdf", "brief.docx", "brief.pptx", "brief.xlsx", "brief.pdf"
]
Theme = Literal["dark", "light"]
Sheet = Literal["full", "map", "plain"]
"""With the panels; a title block and a map that fills the sheet; the map alone, for documents."""
MapLayer = Literal["fences", "roads", "crossings", "gaps", "exits", "closures"]
"""What the page's legend can switch off beside the lines."""
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


class LookSpec(Table):
    """How the snapshots of a schedule look: all that one may say who makes them by hand."""

    size: str = "1920x1080"
    """Pixels, width before height, up to 7680x4320."""
    theme: Theme = "dark"
    sheet: Sheet = "full"
    line: str = ""
    """A line's id: only its sites and its alerts; all lines when absent."""
    center: tuple[float, float] | None = None
    """Longitude, latitude of the map's middle; all of the scope when absent."""
    zoom: Annotated[float, Field(ge=0, le=24)] | None = None
    """As `map.zoom`; the profile's own when absent."""
    hide: list[str] = []
    """Layers that are switched off: `MapLayer`s, or ids of lines."""
    site: str = ""
    """The selected site; none when absent."""


LOOK = tuple(LookSpec.model_fields)
"""The keys of a schedule that are about its snapshots alone."""


class ScheduleSpec(LookSpec):
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
