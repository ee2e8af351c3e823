"""The table of each collection at a picture: what stands in the profile, and what is known of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from geopandas import GeoDataFrame

from dashboard import words
from dashboard.interchange.fields import MARKS, Field, field_of
from dashboard.interchange.offer import EXITS, FENCES, GAPS, SITES, Collection, frame_of, part_of
from dashboard.interchange.table import Column, Table
from data.holding import Gap, Stretch
from data.numbers import SITE_DIGITS, TEXT
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language
from layers.catalog import CATALOG, STAFF, value_of

_SITE = (
    "site_id", "name", "kind", "kind_name", "line", "line_name", "county", "county_name", "status",
    "status_name", "alarm", "persons_per_hour", "vehicles_per_hour", "queue_m", "wait_min", "wait_change",
    "lanes_open", "lanes_total", "staff_on_duty", "staff_required", "observed_at", "data_age_s", "interval_s",
    "method", "capacity_persons_per_lane_h", "capacity_vehicles_per_lane_h", "smart", "video_url",
    "opened_on", "closed_on", "position_source",
)  # fmt: skip
_BEHIND = ("behind_site_id", "behind_name", "behind_km", "behind_by")
_RESERVE = ("reserve_site_id", "reserve_name", "reserve_km", "reserve_spare")
_GAP = (
    "gap_id", "line", "line_name", "county", "county_name", "km", "from_km", "to_km", "known", "backed",
    *_BEHIND, *_RESERVE,
)  # fmt: skip
_STATE = ("state", "observed_at", "crossings_in", "crossings_out")
_LIVE = {FENCES: ("alarm", *_STATE), EXITS: ("held",)}


def fields_of(profile: Profile, collection: Collection, lang: str) -> tuple[Field, ...]:
    """The fields of a collection, in the order in which they are told."""
    levels = {level.id: in_language(level.name, lang, profile) for level in profile.spec.duty.levels}
    kind = collection.kind
    names: Iterable[str]
    if kind == SITES or (kind in CATALOG and CATALOG[kind].is_site):
        names = (*_SITE, *(f"{STAFF}{level}" for level in levels))
    elif kind == GAPS:
        names = _GAP
    else:
        row = CATALOG[kind]
        names = (*row.fields(), *(("county_name",) if "county" in row.optional else ()))
        names = (*names, *_LIVE.get(kind, ()))
    return tuple(field_of(name, levels.get(name.removeprefix(STAFF), "")) for name in (*names, *MARKS))


_MADE: WeakKeyDictionary[Picture, dict[tuple[str, str], Table]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def table_of(profile: Profile, collection: Collection, picture: Picture, lang: str) -> Table:
    """The features of a collection at a picture, whose profile it is: both are cut to a scope already.

    It is made once: the pages of one answer are pages of the same table, which goes with its picture.
    """
    asked = (collection.id, lang)
    with _LOCK:
        mine = _MADE.setdefault(picture, {})
    if asked not in mine:
        mine[asked] = _make(profile, collection, picture, lang)
    return mine[asked]


def _make(profile: Profile, collection: Collection, picture: Picture, lang: str) -> Table:
    kind = collection.kind
    if kind == SITES:
        made = _sites(profile, picture, lang, np.ones(len(picture.sites), dtype=np.bool_))
    elif kind == GAPS:
        made = _gaps(profile, picture, lang)
    else:
        frame = frame_of(profile, collection)
        if collection.part:
            frame = frame[[part_of(shape) == collection.part for shape in frame.geom_type]]
        if CATALOG[kind].is_site:
            mine = np.isin(picture.sites.site_id.astype(str), frame["site_id"].to_numpy(dtype=str))
            made = _sites(profile, picture, lang, mine)
        else:
            made = _rows(profile, frame, kind, picture)
    ids, shapes, columns = made
    source = in_language(profile.spec.map.source, lang, profile)
    for name, value in zip(MARKS, (float(picture.at), picture.simulated, source), strict=True):
        columns[name] = np.full(len(ids), value, dtype=object if isinstance(value, str) else type(value))
    return Table(fields_of(profile, collection, lang), ids, shapes, columns)


FENCE = "fence"
"""What an alert about a fence names as its target."""
Made = tuple[Column, Column, dict[str, Column]]


def _sites(profile: Profile, picture: Picture, lang: str, which: Column) -> Made:
    sites, state, spec = picture.sites.take(which), picture.state.take(which), profile.spec
    columns: dict[str, Column] = {}
    for name in _SITE:
        if hasattr(sites, name):
            columns[name] = getattr(sites, name)
        elif name in SITE_DIGITS:
            values = getattr(state, name)
            columns[name] = values if SITE_DIGITS[name] == TEXT else np.round(values, SITE_DIGITS[name])
    columns |= {f"{STAFF}{level}": column for level, column in sites.staff_required.items()}
    columns["staff_required"] = state.staff_required
    columns["data_age_s"] = np.maximum(picture.at - state.observed_at, 0.0)
    kinds = {kind: in_language(row.name, lang, profile) for kind, row in spec.kinds.items()}
    lines = {line.id: in_language(line.name, lang, profile) for line in spec.lines}
    columns["kind_name"] = _named(sites.kind, kinds)
    columns["line_name"] = _named(sites.line, lines)
    columns["county_name"] = _named(sites.county, profile.county_name)
    columns["status_name"] = _named(
        state.status, {status: words.say(lang, status) for status in set(state.status.tolist())}
    )
    shapes = shapely.points(sites.lon, sites.lat) if len(sites) else np.empty(0, dtype=object)
    return sites.site_id.astype(str).astype(object), np.asarray(shapes, dtype=object), columns


def _named(codes: Column, names: dict[str, str]) -> Column:
    return np.array([names.get(code, "") for code in codes.tolist()], dtype=object)


def gap_id(gap: Stretch) -> str:
    """The id of a gap: the same stretch of the same line is the same gap."""
    return f"{gap.line}.{round(gap.from_km * 1000)}-{round(gap.to_km * 1000)}"


def _gaps(profile: Profile, picture: Picture, lang: str) -> Made:
    """The gaps, and after them the stretches of which nobody can say yet whether they are any."""
    border = profile.border
    assert border is not None
    gaps: list[Stretch] = [*picture.gaps, *picture.unknown]
    known = [gap if isinstance(gap, Gap) else None for gap in gaps]
    lines = {line.id: in_language(line.name, lang, profile) for line in profile.spec.lines}
    ids = _objects(gap_id(gap) for gap in gaps)
    columns = {
        "gap_id": ids,
        "line": _objects(gap.line for gap in gaps),
        "county": _objects(gap.county for gap in gaps),
        "km": _numbers((gap.km for gap in gaps), 3),
        "from_km": _numbers((gap.from_km for gap in gaps), 3),
        "to_km": _numbers((gap.to_km for gap in gaps), 3),
        "known": _objects(gap is not None for gap in known),
        "backed": _objects(gap and gap.backed for gap in known),
        **_nearest(_BEHIND, [gap and gap.behind for gap in known]),
        **_nearest(_RESERVE, [gap and gap.reserve for gap in known]),
    }
    columns["line_name"] = _named(columns["line"], lines)
    columns["county_name"] = _named(columns["county"], profile.county_name)
    return ids, _objects(border.cut(gap.from_km, gap.to_km) for gap in gaps), columns


def _nearest(names: tuple[str, ...], found: list[Any]) -> dict[str, Column]:
    """What is told of a site near each gap, field name to values; nothing where there is none."""
    columns: dict[str, Column] = {}
    for name in names:
        told = [None if near is None else getattr(near, name.partition("_")[2]) for near in found]
        columns[name] = _numbers(told, 3) if name.endswith(("_km", "_spare")) else _objects(told)
    return columns


def _rows(profile: Profile, frame: GeoDataFrame, kind: str, picture: Picture) -> Made:
    """The rows of a layer as they stand in the profile; fences with their state."""
    row = CATALOG[kind]
    columns: dict[str, Column] = {}
    for name in row.fields():
        column = frame[name]
        number = value_of(name) in ("count", "number")
        columns[name] = column.to_numpy(dtype=np.float64 if number else object)
    # Without an id of its own a row is told by where it stands in its file.
    ids = columns[row.identity] if row.identity else _objects(str(int(at) + 1) for at in frame.index)
    if "county" in row.optional:
        columns["county_name"] = _named(columns["county"], profile.county_name)
    if kind == FENCES:
        known = [picture.fences.get(fence_id) for fence_id in ids.tolist()]
        worst = _alarms(picture, FENCE)
        columns["alarm"] = _objects(worst.get(fence_id, "") for fence_id in ids.tolist())
        columns["state"] = _objects(fence.state if fence else "unknown" for fence in known)
        for name in _STATE[1:]:
            columns[name] = _numbers((getattr(fence, name, None) for fence in known), 3)
    elif kind == EXITS:
        told: dict[str, set[bool | None]] = {}
        for one in picture.exits:
            told.setdefault(one.exit_id, set()).add(one.held if one.known else None)
        # One that several rings count is held when all of them hold it.
        held = {
            key: False if False in found else None if None in found else True for key, found in told.items()
        }
        columns["held"] = _objects(held.get(exit_id) for exit_id in ids.tolist())
    return ids, np.asarray(frame.geometry.array, dtype=object), columns


def _alarms(picture: Picture, target: str) -> dict[str, str]:
    """Target id to the worst severity of an alert on it that nobody has answered."""
    worst: dict[str, str] = {}
    # The picture tells the most severe first.
    for alert in picture.alerts:
        if alert.target == target and alert.asks:
            worst.setdefault(alert.target_id, alert.severity)
    return worst


def _numbers(values: Iterable[float | None], digits: int) -> Column:
    """Numbers as a column; NaN for None."""
    return np.round(np.array([np.nan if value is None else value for value in values], np.float64), digits)


def _objects(values: Iterable[Any]) -> Column:
    """Values as a column of objects, shapes included."""
    found = list(values)
    column = np.empty(len(found), dtype=object)
    column[:] = found
    return column
