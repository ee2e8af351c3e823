"""What `profile.toml` may say: one model per table, nothing unknown let through."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.spec_alerts import AlertsSpec
from data.spec_delivery import DeliverySpec
from data.spec_duty import DutyLevelSpec, DutySpec, RosterFileSpec, RosterSpec
from data.spec_exports import ExportsSpec, ScheduleSpec, TemplatesSpec
from data.spec_hiding import HidingScope, MaintenanceSpec
from data.spec_rules import BalanceSpec, RuleScope, RuleSpec, UsualSpec
from data.spec_table import Name, Severity, Table, Text, Weekday
from data.spec_video import FindingSpec, PlayerScheme, RoundScope, RoundSpec, VideoSpec

__all__ = [
    "AlertsSpec",
    "BalanceSpec",
    "BasemapSpec",
    "CoverageSpec",
    "DeliverySpec",
    "DemandSpec",
    "DutyLevelSpec",
    "DutySpec",
    "ExportsSpec",
    "FindingSpec",
    "HidingScope",
    "KindSpec",
    "LayerSpec",
    "LineSpec",
    "MaintenanceSpec",
    "MapSpec",
    "Name",
    "PlayerScheme",
    "ProfileSpec",
    "ReadingTime",
    "ReadingsSpec",
    "ResponseSpec",
    "RosterFileSpec",
    "RosterSpec",
    "RoundScope",
    "RoundSpec",
    "RuleScope",
    "RuleSpec",
    "ScheduleSpec",
    "Severity",
    "Shape",
    "SimulationSpec",
    "StatusSpec",
    "Table",
    "TemplatesSpec",
    "Text",
    "UsualSpec",
    "VideoSpec",
    "WallSpec",
    "Weekday",
    "WindowsSpec",
]

Shape = Literal["triangle", "diamond", "square", "circle", "hexagon", "star"]


class LineSpec(Table):
    """One line of control, in order from the border inward."""

    id: Name
    name: Text
    short: Text
    """Where it stands, in two characters: 抵边, 纵深, 出口."""
    shape: Shape
    border: bool = False
    """True for the line whose kilometres of border are counted."""
    stated_km: Annotated[float, Field(gt=0)] | None = None
    """The whole border's length as a document counts it, told beside the geometry's own; nothing is
    computed from it."""
    ring_m: Annotated[float, Field(gt=0)] | None = None
    """For a line that closes a ring: metres within which a working, manned site of it holds an exit of the
    `exits` layers. Absent: its exits are not counted."""


class KindSpec(Table):
    """A site kind in this prefecture: its name, its default line, the border it holds."""

    name: Text
    line: Name
    held_m: Annotated[float, Field(ge=0)] = 0.0
    """Metres of border to each side that one online, manned site of this kind holds."""


class LayerSpec(Table):
    """One geodata file."""

    name: Name
    kind: str
    """A layer kind of `layers.catalog`."""
    file: str
    """A path inside the profile's folder, or the address of a PostGIS database without a password, as in
    postgresql://user@host:5432/database."""
    layer: str | None = None
    """The layer in the file, the sheet of a spreadsheet, the table or view of a database; the only one when
    absent."""
    header_row: Annotated[int, Field(ge=1)] | None = None
    """Which row of a table, from 1, names its columns; the first that is not blank when absent."""
    crs: str | None = None
    """EPSG:4326, EPSG:4490, any projected EPSG, GCJ-02 or BD-09: a declaration, never a guess. Only a file
    that carries its own may leave it out."""
    encoding: str | None = None
    """As declared; None where the file carries it or its format fixes it, and UTF-8 for a CSV."""
    on_error: Literal["stop", "quarantine"] = "stop"
    """`quarantine`: rows at fault are left out and told of, and the good ones are used."""
    title: Text
    columns: dict[str, str] = {}
    """Our field to the file's column, where they differ."""
    constants: dict[str, str | int | float | bool] = {}
    """Our field to one value for every row."""


class ReadingTime(Table):
    """How a foreign file writes its time; without this table ISO 8601 with an offset is required."""

    format: str
    """strptime format, e.g. %Y-%m-%d."""
    zone: str | None = None
    """IANA zone of times without an offset; the profile's own when absent."""
    marks: Literal["start", "end"] = "end"
    """Whether the time is the start or the end of the interval."""


class ReadingsSpec(Table):
    """What readings look like when they arrive, and when silence begins.

    A reading speaks for its own interval: a site has no data past `no_data_after_s` or one and a half
    intervals of its newest reading, whichever is longer, and is offline past `offline_after_s` or three of
    them. Rules on `data_age_s` wait in the same way: a threshold from `offline_after_s` up means at least
    three intervals, a lower one at least one and a half.
    """

    expected_interval_s: Annotated[int, Field(gt=0)] = 60
    """The shortest interval sites report at."""
    no_data_after_s: Annotated[int, Field(gt=0)] = 600
    """The age past which the newest reading is no longer shown as true, of sites that report often."""
    offline_after_s: Annotated[int, Field(gt=0)] = 1800
    """The age past which such a site counts as offline; also how long a fence's report holds."""
    columns: dict[str, str] = {}
    """Our field to the sender's column, where they differ."""
    constants: dict[str, str | int | float] = {}
    ignore: list[str] = []
    """The sender's columns to leave out."""
    time: ReadingTime | None = None


class WindowsSpec(Table):
    """Over how many minutes throughput is measured."""

    minutes: tuple[int, ...] = (5, 15, 60)
    main: int = 15
    """The window behind persons_per_hour and vehicles_per_hour."""


class StatusSpec(Table):
    """From which wait or queue a site counts as busy or congested."""

    busy_wait_min: float = 15
    congested_wait_min: float = 30
    busy_queue_m: float = 250
    congested_queue_m: float = 500


class ResponseSpec(Table):
    """The 1-3-5 rule: minutes to answer, to set out, to arrive."""

    answer_min: float = 1
    sent_min: float = 3
    arrive_min: float = 5


class CoverageSpec(Table):
    """How far a fence reaches over the border it stands at, and how deep the second line stands behind it."""

    fence_m: Annotated[float, Field(ge=0)] = 0.0
    depth_km: Annotated[float, Field(gt=0)] | None = None
    """A gap is backed where a working site of the next line inward stands within so many kilometres, along
    the roads where the profile has some, straight otherwise. Absent: depth is not judged."""
    reserve_min: Annotated[int, Field(ge=1)] = 1
    """How many more on duty than required make a site a reserve that could go to a gap."""


class BasemapSpec(Table):
    """A basemap in one file, served by the board itself and drawn under everything."""

    file: str
    """A .pmtiles or .mbtiles file, raster or vector: a path inside the profile's folder, or a whole one."""
    attribution: Text = {}
    opacity: Annotated[float, Field(gt=0, le=1)] = 1.0
    dim: bool = True
    """Draw a bright raster darker, so that the sites stand out; false for one made for dark rooms."""


class MapSpec(Table):
    """The opening view and the map's footer."""

    center: tuple[float, float]
    """Longitude, latitude."""
    zoom: float
    min_zoom: float = 4
    max_zoom: float = 17
    source: Text
    basemap: BasemapSpec | None = None
    approval_number: str = ""
    """审图号; shown only when given here."""


class WallSpec(Table):
    """The wall that the board hangs on."""

    canvas: tuple[Annotated[int, Field(ge=960, le=32768)], Annotated[int, Field(ge=540, le=32768)]] | None = (
        None
    )
    """Pixels of the whole wall, across and down, such as [6656, 1792]: the wall is laid out for that shape
    and shown as a whole, with bands beside it in a window of another shape. Absent: for the window's own."""


class DemandSpec(Table):
    """What the simulated feed makes up for one kind of site."""

    persons_per_hour: float
    """Mean over a week, both directions."""
    vehicles_per_hour: float
    shape: Literal["road", "border", "air", "rail", "rural"]
    """Which day-and-night curve it follows."""
    interval_s: int = 300


class SimulationSpec(Table):
    """The demonstration feed; absent where there is none."""

    seed: int = 1
    holidays: list[str] = []
    """Dates, YYYY-MM-DD, that follow the holiday shape."""
    demand: dict[str, DemandSpec]
    """Site kind to demand; a kind that is not named reports nothing."""
    outcomes: dict[str, Annotated[float, Field(ge=0)]] = {}
    """Outcome to how many of it come of one person checked; what Lincang counted when empty."""


class ProfileSpec(Table):
    """The whole of `profile.toml`."""

    id: Name
    title: Text
    place: Text = {}
    """What all of it together is called, such as 北京市, Beijing; empty: it is told as the whole area."""
    timezone: str
    languages: list[str] = ["zh-CN", "en"]
    area: tuple[float, float, float, float]
    """West, south, east, north in degrees: a position outside it is a fault."""
    map: MapSpec
    lines: list[LineSpec]
    kinds: dict[str, KindSpec]
    layers: list[LayerSpec]
    duty: DutySpec
    roster: RosterSpec | None = None
    """Absent: who is on duty when is not known here."""
    rules: list[RuleSpec] = []
    alerts: AlertsSpec = AlertsSpec()
    balance: BalanceSpec = BalanceSpec()
    usual: UsualSpec = UsualSpec()
    readings: ReadingsSpec = ReadingsSpec()
    windows: WindowsSpec = WindowsSpec()
    status: StatusSpec = StatusSpec()
    response: ResponseSpec = ResponseSpec()
    coverage: CoverageSpec = CoverageSpec()
    outcomes: dict[str, Text] = {}
    """Outcome name to its label, in the order of the wall."""
    retention_days: Annotated[int, Field(ge=1)] = 400
    demonstration: bool = False
    """Everything in it is public or made up: on this machine alone it may be shown without a login."""
    wall: WallSpec = WallSpec()
    simulation: SimulationSpec | None = None
    video: VideoSpec | None = None
    """Absent: there are no video rounds."""
    deliveries: list[DeliverySpec] = []
    """Who outside of the room is told of which alerts; nobody when empty."""
    maintenance: list[MaintenanceSpec] = []
    """Work that comes again, and the alerts that are not heard while it is under way."""
    exports: ExportsSpec = ExportsSpec()
    schedules: list[ScheduleSpec] = []
    """Files that are made by themselves; none when empty."""
