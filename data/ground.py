"""What a profile fixes for every step, worked out once: row numbers of lines, counties, rules and fences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.per_profile import per_profile
from data.profile import Profile
from data.service import beginnings
from layers.faults import Fault, FaultsError
from layers.sites import Sites

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Ground:
    """Row numbers and masks of one profile; arrays have one value per site or per fence."""

    lines: tuple[str, ...]
    line_of: Ints
    """Index into `lines`, per site."""
    counties: tuple[str, ...]
    """Every adcode that the profile or a site names, then "" for sites outside all of them."""
    county_of: Ints
    """Index into `counties`, per site."""
    staff_required: Floats
    """At the duty level in force."""
    border_lines: tuple[str, ...]
    county_km: Mapping[str, float]
    """Adcode to its own kilometres of border."""
    fence_id: Strings
    fence_name: Strings
    fence_county: Strings
    fence_row: Mapping[str, int]
    opens: Floats
    """From when on each site is in service, epoch seconds; minus infinity for always."""
    closes: Floats
    """From when on it no longer is; infinity for never."""
    dated: bool
    """Whether any site has a day of opening or closing."""

    def in_service(self, at: int) -> Bools:
        """Which sites are in service at a moment: from the day of opening until the day of closing begins."""
        return np.asarray((self.opens <= at) & (at < self.closes), bool)


@dataclass(frozen=True, eq=False)
class Scoped:
    """The sites of one county."""

    rows: Ints
    sites: Sites
    line_of: Ints


@per_profile()
def ground_of(profile: Profile) -> Ground:
    """The ground of a profile; kept, since every step and every request asks for it."""
    sites, spec = profile.sites, profile.spec
    lines = tuple(line.id for line in spec.lines)
    known = [str(code) for code in profile.counties["adcode"].tolist()]
    counties = (*dict.fromkeys([*known, *(code for code in sites.county.tolist() if code)]), "")
    fences = profile.fences
    fence_id = fences["fence_id"].to_numpy(object)
    fence_county = (
        fences["county"].fillna("").to_numpy(object)
        if "county" in fences.columns
        else np.full(len(fences), "", dtype=object)
    )
    county_km: dict[str, float] = {}
    for adcode, from_km, to_km in profile.border.county_spans() if profile.border else []:
        county_km[adcode] = county_km.get(adcode, 0.0) + to_km - from_km
    opens = beginnings(sites.opened_on, profile.zone, -np.inf)
    closes = beginnings(sites.closed_on, profile.zone, np.inf)
    return Ground(
        lines=lines,
        line_of=_index(sites.line, lines),
        counties=counties,
        county_of=_index(sites.county, counties),
        staff_required=sites.staff_required.get(spec.duty.current, np.full(len(sites), np.nan)),
        border_lines=tuple(line.id for line in spec.lines if line.border) if profile.border else (),
        county_km=county_km,
        fence_id=fence_id,
        fence_name=fences["name"].to_numpy(object),
        fence_county=fence_county,
        fence_row={fence: row for row, fence in enumerate(fence_id.tolist())},
        opens=opens,
        closes=closes,
        dated=bool(np.isfinite(opens).any() or np.isfinite(closes).any()),
    )


@per_profile(most=512)
def scoped(profile: Profile, scope: str) -> Scoped:
    """The sites of a county; the same value each time, so that two cut pictures share it.

    Raises FaultsError for a county that the profile does not know.
    """
    ground = ground_of(profile)
    if not scope or scope not in ground.counties:
        names = ", ".join(
            f"{code} {profile.county_name.get(code, '')}".strip() for code in ground.counties[:-1]
        )
        raise FaultsError(
            [
                Fault(
                    what="There is no such county in this profile",
                    field="scope",
                    got=scope,
                    expected=names or "nothing: the profile has no counties",
                    hint="Leave scope out for the whole area.",
                )
            ]
        )
    rows = np.flatnonzero(ground.county_of == ground.counties.index(scope))
    return Scoped(rows=rows, sites=profile.sites.take(rows), line_of=ground.line_of[rows])


def _index(values: Strings, among: tuple[str, ...]) -> Ints:
    number = {value: index for index, value in enumerate(among)}
    return np.array([number[value] for value in values.tolist()], dtype=np.int64)
