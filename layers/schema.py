"""A loaded frame is held against its layer kind: a clean frame, and all of its faults at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers import values
from layers.catalog import CATALOG, STAFF, LayerKind, value_of
from layers.counties import county_near, reaches
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown
from layers.shapes import WORLD, Area, check_shapes

Strings = NDArray[np.object_]


def check_layer(
    frame: GeoDataFrame,
    kind: str | LayerKind,
    *,
    file: str,
    area: Area = WORLD,
    kinds: Mapping[str, str] | None = None,
    lines: Collection[str] | None = None,
    counties: GeoDataFrame | None = None,
    levels: Sequence[str] | None = None,
    unplaced: Collection[int] = (),
    absent: Collection[str] = (),
) -> tuple[GeoDataFrame, list[Fault]]:
    """A frame in EPSG:4326 with exactly the kind's fields, typed, and every fault found in it.

    `kinds` maps each site kind to its default line; what is None is not checked against. Row numbers
    in faults are the frame's index plus one. Rows in `unplaced` (index values) are known to lack a position,
    columns in `absent` to be missing. Rows at fault stay in the frame: use it only where there is no fault.
    """
    row = CATALOG[kind] if isinstance(kind, str) else kind
    check = _Check(frame, row, file, absent)
    staff = {name for name in frame.columns if row.is_site and str(name).startswith(STAFF)}
    fields = row.fields(
        tuple(name.removeprefix(STAFF) for name in sorted(staff)) if levels is None else tuple(levels)
    )
    for name in fields:
        check.read(name)
    for name in sorted(staff - set(fields)):
        known = [field for field in fields if field.startswith(STAFF)]
        hint = did_you_mean(name, known)
        check.faults.append(Fault("no such duty level", file, None, name, name, one_of(known), hint))
    if row.identity:
        check.unique(row.identity)
    if row.choices:
        check.known("kind", row.choices)
    skip = np.isin(np.asarray(frame.index), list(unplaced))
    shapes, faults = check_shapes(
        np.asarray(frame.geometry.array, dtype=object), row, area, file=file, rows=check.rows, skip=skip
    )
    check.faults += faults
    if row.is_site:
        check.sites(kinds, lines)
        check.days()
    if "county" in row.optional and counties is not None and len(counties):
        check.county(shapes, counties)
    if row.id == "border":
        check.laid_once(shapes)
    geometry = gpd.GeoSeries(shapes, index=frame.index, crs=4326)
    return GeoDataFrame(check.out, index=frame.index, geometry=geometry), check.faults


class _Check:
    """One pass over one frame: the columns read so far and the faults found so far."""

    def __init__(self, frame: GeoDataFrame, row: LayerKind, file: str, absent: Collection[str]) -> None:
        self.frame, self.row, self.file, self.absent = frame, row, file, absent
        self.rows = np.asarray(frame.index, dtype=np.int64) + 1
        self.out: dict[str, Any] = {}
        self.bad: dict[str, NDArray[np.bool_]] = {}
        """Per field, the rows that have a fault already."""
        self.faults: list[Fault] = []

    def fault(self, at: int, name: str, what: str, *, got: str, expected: str, hint: str = "") -> None:
        """One fault of one row; the row is then left alone by later checks of that field."""
        self.faults.append(Fault(what, self.file, int(self.rows[at]), name, got, expected, hint))
        self.bad[name][at] = True

    def read(self, name: str) -> None:
        """A column in its type; a missing required column is one fault, a missing value one each."""
        kind, length = value_of(name), len(self.frame)
        self.bad[name] = np.zeros(length, dtype=np.bool_)
        if name not in self.frame.columns:
            self.out[name] = values.empty(length, kind)
            if name in self.row.required:
                self.bad[name][:] = True
            if name in self.row.required and name not in self.absent:
                got = f"columns {', '.join(shown(str(column)) for column in self.frame.columns)}"
                hint = did_you_mean(name, map(str, self.frame.columns))
                self.faults.append(Fault("missing column", self.file, None, name, got, name, hint))
            return
        raw = self.frame[name]
        self.out[name], bad = values.read(raw.array, kind)
        odd = np.flatnonzero(bad)
        for at, given in zip(odd.tolist(), raw.iloc[odd].tolist(), strict=True):
            expected, hint = values.EXPECTED[kind], values.hint(kind, given)
            self.fault(at, name, f"{name} cannot be read", got=shown(given), expected=expected, hint=hint)
        if name in self.row.required:
            for at in np.flatnonzero((self.out[name] == "") & ~bad).tolist():
                self.fault(at, name, f"{name} is empty", got="nothing", expected="a value in every row")

    def unique(self, name: str) -> None:
        """No two rows share the identity."""
        rows = np.flatnonzero(~self.bad[name])
        given = pd.Series(self.out[name][rows])
        again = rows[given.duplicated().to_numpy()]
        if len(again) == 0:
            return
        first = dict(zip(given[::-1], rows[::-1].tolist(), strict=True))
        for at in again.tolist():
            value = self.out[name][at]
            expected = f"a {name} of its own (row {self.rows[first[value]]} has it)"
            self.fault(at, name, f"{name} stands twice", got=shown(value), expected=expected)

    def known(self, name: str, options: Collection[str], *, hint: str = "") -> None:
        """Every value that is given is one of the options."""
        column = self.out[name]
        strange = [value for value in pd.unique(column) if value and value not in options]
        if not strange:
            return
        near = {value: did_you_mean(value, options) or hint for value in strange}
        for at in np.flatnonzero(~self.bad[name] & pd.Series(column).isin(strange).to_numpy()).tolist():
            value = column[at]
            self.fault(
                at, name, f"unknown {name}", got=shown(value), expected=one_of(options), hint=near[value]
            )

    def sites(self, kinds: Mapping[str, str] | None, lines: Collection[str] | None) -> None:
        """Kinds and lines that the profile knows; an empty line becomes the kind's own."""
        kind, line = self.out["kind"], self.out["line"]
        if self.row.default_kind:
            kind[kind == ""] = self.row.default_kind
        if kinds is not None:
            self.known("kind", kinds, hint="Site kinds are named under [kinds] in profile.toml")
            empty = line == ""
            for of in pd.unique(kind[empty]):
                line[empty & (kind == of)] = kinds.get(of, "")
        if lines is not None:
            self.known("line", lines, hint="Lines are named under [[lines]] in profile.toml")

    def days(self) -> None:
        """No site closes before it opens."""
        opened, closed = self.out["opened_on"], self.out["closed_on"]
        for at in np.flatnonzero((opened != "") & (closed != "")).tolist():
            if closed[at] < opened[at]:
                expected, what = f"{opened[at]} or later, the day it opens", "the site closes before it opens"
                self.fault(at, "closed_on", what, got=closed[at], expected=expected)

    def county(self, shapes: Strings, counties: GeoDataFrame) -> None:
        """Filled in by position where absent; known, and not at odds with the position, where given."""
        name_of = dict(zip(counties["adcode"], counties["name"], strict=True))
        code_of = {name: code for code, name in name_of.items()}
        county = np.asarray(self.out["county"], dtype=object)
        for at in np.flatnonzero(~self.bad["county"] & (county != "")).tolist():
            value = county[at]
            if value not in name_of:
                hint = did_you_mean(value, name_of)
                if value in code_of:
                    hint = f"Write its adcode, {code_of[value]}"
                expected = one_of(f"{code} ({name})" for code, name in name_of.items())
                self.fault(at, "county", "unknown county", got=shown(value), expected=expected, hint=hint)
        placed = ~shapely.is_missing(shapes)
        at_point = shapely.get_coordinates(shapely.point_on_surface(shapes[placed]))
        found = np.full(len(shapes), "", dtype=object)
        found[placed] = county_near(at_point[:, 0], at_point[:, 1], counties)
        given = placed & (county != "") & ~self.bad["county"] & (county != found)
        # A position on the edge, or a fence across it, may belong to either side.
        odd = np.flatnonzero(given)
        odd = odd[~reaches(shapes[odd], county[odd], counties)]
        for at in odd.tolist():
            stands = f"{found[at]} ({name_of[found[at]]})" if found[at] else "no county of the profile"
            got = f"{county[at]} ({name_of[county[at]]})"
            what, hint = "the county disagrees with the position", "Mend one of them, or leave county empty"
            self.fault(at, "county", what, got=got, expected=f"{stands}, where it stands", hint=hint)
        empty = county == ""
        county[empty] = found[empty]
        self.out["county"] = values.texts(county)

    def laid_once(self, shapes: Strings) -> None:
        """A border drawn twice over would count its kilometres twice."""
        whole = shapes[~shapely.is_missing(shapes)]
        if len(whole) == 0:
            return
        drawn, alone = float(shapely.length(whole).sum()), float(shapely.length(shapely.union_all(whole)))
        if drawn > alone * (1 + 1e-6):
            hint = "Make one line of them, for example with QGIS: Dissolve"
            what, got = "the border lies upon itself", f"{(drawn / alone - 1):.1%} of it drawn twice"
            self.faults.append(Fault(what, self.file, None, "geometry", got, "each stretch once", hint))
