"""A profile folder becomes one frozen value: what a prefecture is, checked in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from shapely import MultiLineString

from data.profile_basemap import check_basemap
from data.profile_check import check_parts
from data.profile_delivery import check_deliveries
from data.profile_exports import check_exports
from data.profile_files import Files, Read, read_files, stacked
from data.profile_hiding import check_hiding
from data.profile_roster import read_roster
from data.profile_rules import check_rules
from data.profile_templates import check_templates
from data.profile_toml import FILE, Draft, read_toml
from data.profile_video import check_video
from data.quarantine import Refused
from data.roster import Roster
from data.rota import addresses
from data.shifted import shift_warnings
from data.spec import LineSpec, ProfileSpec
from data.tag import tag_of
from layers.catalog import CATALOG, STAFF
from layers.check import check_file
from layers.coverage import Border, Spans
from layers.faults import Fault, FaultsError
from layers.hints import did_you_mean, one_of
from layers.sites import Sites

__all__ = ["SAMPLES", "Profile", "check_file", "check_profile", "find_profile", "load_profile"]

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, eq=False)
class Profile:
    """One prefecture: its settings and its checked layers, EPSG:4326."""

    spec: ProfileSpec
    folder: Path
    layers: Mapping[str, GeoDataFrame]
    """Layer name to its checked frame."""
    sites: Sites
    """Every site of every site layer, as columns."""
    counties: GeoDataFrame
    """Columns adcode, name, geometry; empty where the profile gives none."""
    border: Border | None
    site_spans: Spans
    """What each site holds of the border; `owner` is the site's row."""
    fence_spans: Spans
    """What each fence holds of the border; `owner` is the fence's row in `fences`."""
    fences: GeoDataFrame
    """Columns fence_id, name, county, geometry."""
    warnings: tuple[Fault, ...] = ()
    """What is worth a look and stops nothing."""
    quarantined: tuple[Fault, ...] = ()
    """Why each row was left out that a layer with `on_error = "quarantine"` leaves out."""
    refused: tuple[Refused, ...] = ()
    """Those rows themselves."""
    roster: Roster | None = None
    """Who is on duty when; None where the profile does not say."""

    @cached_property
    def tag(self) -> str:
        """A short mark of what the profile holds: another content has another one."""
        return tag_of(self)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the prefecture's clocks stand."""
        return ZoneInfo(self.spec.timezone)

    @cached_property
    def line(self) -> dict[str, LineSpec]:
        """Line id to line, border first."""
        return {line.id: line for line in self.spec.lines}

    @cached_property
    def county_name(self) -> dict[str, str]:
        """Adcode to name."""
        return dict(zip(self.counties["adcode"], self.counties["name"], strict=True))


def load_profile(name_or_folder: str | Path) -> Profile:
    """The profile of a folder, or of a sample by its name; raises FaultsError with every fault."""
    folder = find_profile(name_or_folder)
    found = examine_profile(folder)
    if found.faults or found.draft.spec is None:
        raise FaultsError(found.faults)
    return _assemble(folder, found.draft.spec, found.files)


def check_profile(folder: str | Path) -> list[Fault]:
    """Every fault of a profile folder: of profile.toml, of each file, and between them; warnings and what
    quarantined rows have, too."""
    try:
        found = examine_profile(find_profile(folder))
    except FaultsError as error:
        return list(error.faults)
    return [*found.faults, *found.files.warnings, *found.files.quarantined]


def find_profile(name_or_folder: str | Path) -> Path:
    """The folder that is meant: a folder as it stands, or a sample's name; raises FaultsError."""
    folder = Path(name_or_folder)
    samples = sorted(path.parent.name for path in SAMPLES.glob(f"*/{FILE}"))
    if str(name_or_folder) in samples and not (folder / FILE).is_file():
        return SAMPLES / str(name_or_folder)
    if folder.is_dir():
        return folder.resolve()
    got, expected = (
        str(name_or_folder),
        f"a folder, or a profile that ships with the board: {one_of(samples)}",
    )
    raise FaultsError(
        [Fault("no such profile", "", None, "profile", got, expected, did_you_mean(got, samples))]
    )


@dataclass
class Examined:
    """A profile folder that was read, right or wrong."""

    draft: Draft
    files: Files
    faults: list[Fault]
    """What stops it; warnings and quarantined rows are with the files."""


def examine_profile(folder: Path) -> Examined:
    """Everything that could be read, and everything wrong with it."""
    draft, faults = read_toml(folder)
    if not draft.tree:
        return Examined(draft, Files(), faults)
    files = read_files(folder, draft)
    files.warnings += shift_warnings(draft, files)
    # Without all of its counties it cannot be said which county a rule may name.
    given = [layer.kind for layer in draft.layers.values()].count("counties")
    found = [layer.kind for layer, _ in files.read].count("counties")
    adcodes = stacked(files.read, "counties")["adcode"].tolist() if given == found else None
    files.roster = read_roster(folder, draft, files, adcodes)
    faults += [*check_parts(draft), *check_rules(draft, files, adcodes), *check_video(draft, files, adcodes)]
    faults += [*check_deliveries(draft, adcodes), *check_hiding(draft, files, adcodes)]
    faults += [*check_exports(draft, files, adcodes), *check_templates(folder, draft)]
    faults += [*check_basemap(folder, draft), *files.faults]
    return Examined(draft, files, faults)


def _assemble(folder: Path, spec: ProfileSpec, files: Files) -> Profile:
    """The value of parts that have been checked."""
    read = files.read
    counties, fences = stacked(read, "counties"), stacked(read, "fences")
    sites = _sites(spec, read)
    parts = shapely.get_parts(np.asarray(stacked(read, "border").geometry.array, dtype=object))
    border = Border(MultiLineString(parts.tolist()), counties) if len(parts) else None
    nothing = Spans(np.array([], dtype=np.int64), np.array([]), np.array([]))
    at_border = {line.id for line in spec.lines if line.border}
    held_m = np.array(
        [
            spec.kinds[kind].held_m if line in at_border else 0.0
            for kind, line in zip(sites.kind, sites.line, strict=True)
        ]
    )
    return Profile(
        spec=spec,
        folder=folder,
        layers={layer.name: frame for layer, frame in read},
        sites=sites,
        counties=counties,
        border=border,
        site_spans=border.held_by_points(sites.lon, sites.lat, held_m) if border else nothing,
        fence_spans=border.held_by_shapes(list(fences.geometry), spec.coverage.fence_m)
        if border
        else nothing,
        fences=fences,
        warnings=tuple(files.warnings),
        quarantined=tuple(files.quarantined),
        refused=tuple(files.refused),
        roster=files.roster,
    )


def _sites(spec: ProfileSpec, read: Read) -> Sites:
    """The rows of every site layer as columns, in the profile's order."""
    rows = pd.concat([frame for layer, frame in read if CATALOG[layer.kind].is_site], ignore_index=True)
    xy = shapely.get_coordinates(np.asarray(rows.geometry.array, dtype=object))
    columns = {
        name: rows[name].to_numpy(dtype=object)
        for name in (
            "site_id", "name", "kind", "line", "county", "video_url", "position_source",
            "opened_on", "closed_on",
        )
    }  # fmt: skip
    if spec.video is not None:
        columns["video_url"] = addresses(spec.video, columns)
    numbers = {
        name: rows[name].to_numpy(dtype=np.float64)
        for name in ("lanes_total", "capacity_persons_per_lane_h", "capacity_vehicles_per_lane_h")
    }
    return Sites(
        **columns,
        **numbers,
        lon=np.ascontiguousarray(xy[:, 0]),
        lat=np.ascontiguousarray(xy[:, 1]),
        staff_required={
            level.id: rows[f"{STAFF}{level.id}"].to_numpy(dtype=np.float64) for level in spec.duty.levels
        },
        smart=rows["smart"].to_numpy(dtype=np.bool_),
    )
