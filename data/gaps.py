"""Where the border is not held at a moment, what stands behind it, and who could go there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.ground import ground_of
from data.holding import Behind, Gap, Reserve, Stretch
from data.per_profile import per_profile
from data.profile import Profile
from data.unheard import Unheard
from layers.coverage import uncovered
from layers.reach import Nearest, Reach

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHORTEST_KM = 0.001
"""A gap of less than a metre is rounding, not a gap."""


@dataclass(frozen=True, eq=False)
class Depth:
    """What a profile fixes about the depth behind its border."""

    reach: Reach
    inner: dict[str, Ints]
    """Line at the border to the sites of the next line inward."""
    pairs: dict[str, tuple[Ints, Nearest]]
    """Line at the border to every cell and inner site within depth_km of each other, by cell, nearest first;
    empty where depth is not judged."""


@per_profile()
def depth_of(profile: Profile) -> Depth:
    """The depth behind a profile's border, worked out once; the profile must have a border."""
    assert profile.border is not None
    sites, spec, ground = profile.sites, profile.spec, ground_of(profile)
    roads = [
        shape
        for layer in spec.layers
        if layer.kind == "roads"
        for shape in profile.layers[layer.name].geometry
    ]
    reach = Reach(profile.border, sites.lon, sites.lat, np.array([None, *roads], dtype=object)[1:])
    inner = {
        line: np.flatnonzero(ground.line_of == ground.lines.index(line) + 1) for line in ground.border_lines
    }
    km = spec.coverage.depth_km
    pairs = {} if km is None else {line: reach.within(rows, km) for line, rows in inner.items()}
    return Depth(reach, inner, pairs)


def find_gaps(
    profile: Profile,
    site_holds: Bools,
    fence_holds: Bools,
    spare: Floats | None = None,
    unheard: Unheard | None = None,
) -> tuple[Gap, ...]:
    """Stretches that no working, manned site and no fence in service holds, nor one that was never heard.

    They are split at county limits, and where what is backed meets what is not. `spare` is each site's staff
    beyond what the duty level asks; None: nobody has any. `unheard`: of whom nothing is known yet; None: of
    nobody.
    """
    border = profile.border
    if border is None:
        return ()
    gaps: list[Gap] = []
    may_site, may_fence = _with(site_holds, fence_holds, unheard)
    for line in ground_of(profile).border_lines:
        if unheard is not None and line in unheard.lines:
            continue
        stretches = _open(profile, line, may_site, may_fence)
        if len(stretches):
            gaps += _gaps_of(profile, line, stretches, site_holds, may=may_site, spare=spare)
    return tuple(gaps)


def find_unknown(
    profile: Profile, site_holds: Bools, fence_holds: Bools, unheard: Unheard
) -> tuple[Stretch, ...]:
    """Stretches that nobody holds as far as is known, and that only who was never heard could hold.

    They are split at county limits; of a line that was never heard they are all that no fence holds.
    """
    border = profile.border
    if border is None or unheard.nobody:
        return ()
    limits = border.county_spans()
    cuts = np.array([km for _, *ends in limits for km in ends])
    found: list[Stretch] = []
    may_site, may_fence = _with(site_holds, fence_holds, unheard)
    for line in ground_of(profile).border_lines:
        never = np.empty((0, 2))
        if line not in unheard.lines:
            never = _open(profile, line, may_site, may_fence)
        start, end = _pieces(_open(profile, line, site_holds, fence_holds), np.append(cuts, never))
        middle = (start + end) / 2
        at = np.searchsorted(never[:, 0], middle) - 1
        known = (at >= 0) & (middle <= np.append(never[:, 1], -np.inf)[at])
        start, end = start[~known], end[~known]
        found += [Stretch(line, *row) for row in zip(*_told(start, end, limits), strict=True)]
    return tuple(found)


def _with(site_holds: Bools, fence_holds: Bools, unheard: Unheard | None) -> tuple[Bools, Bools]:
    """Who may hold: who does, and who was never heard; the same arrays where that is nobody."""
    if unheard is None or unheard.nobody:
        return site_holds, fence_holds
    return site_holds | unheard.sites, fence_holds | unheard.fences


def _open(profile: Profile, line: str, site_holds: Bools, fence_holds: Bools) -> Floats:
    """The stretches of border that none of these holds for a line, shape (n, 2)."""
    assert profile.border is not None
    ground = ground_of(profile)
    mine = site_holds & (ground.line_of == ground.lines.index(line))
    held = [(profile.site_spans, mine), (profile.fence_spans, fence_holds)]
    return np.array(uncovered(profile.border.length_km, held)).reshape(-1, 2)


def _gaps_of(
    profile: Profile, line: str, stretches: Floats, holds: Bools, *, may: Bools, spare: Floats | None
) -> list[Gap]:
    """The gaps of one line, from the stretches of border that it does not hold, shape (n, 2).

    `may`: which sites hold, or may for all that is known.
    """
    assert profile.border is not None
    limits = profile.border.county_spans()
    cuts = np.array([km for _, *ends in limits for km in ends])
    judged = profile.spec.coverage.depth_km is not None
    if not may.any():
        # Nobody anywhere, so nobody behind and no reserve: an empty board need not wait for the depth.
        start, end = _pieces(stretches, cuts)
        backed = False if judged else None
        return [Gap(line, *row, backed=backed) for row in zip(*_told(start, end, limits), strict=True)]
    depth = depth_of(profile)
    reach, inner = depth.reach, depth.inner[line]
    if judged:
        cells = len(reach.edge_km) - 1
        best = _nearest_working(*depth.pairs[line], holds, cells)
        could = best if may is holds else _nearest_working(*depth.pairs[line], may, cells)
        # 2: somebody is behind it, 1: somebody may be, 0: nobody is.
        sure = (best.site >= 0).astype(int) + (could.site >= 0)
        start, end = _pieces(stretches, np.append(cuts, reach.edge_km[1:-1][sure[1:] != sure[:-1]]))
        middle = reach.cell_of((start + end) / 2)
        last = np.searchsorted(reach.edge_km, end) - 1
        behind = _sites(profile, best, _worst(best.km, reach.cell_of(start), last))
        safely = [(False, None, True)[one] for one in sure[middle].tolist()]
    else:
        start, end = _pieces(stretches, cuts)
        middle = reach.cell_of((start + end) / 2)
        behind = _sites(profile, reach.nearest(middle, inner[holds[inner]]), np.arange(len(start)))
        safely = [None] * len(start)
    reserves = (
        np.flatnonzero(spare >= profile.spec.coverage.reserve_min)
        if spare is not None
        else np.array([], dtype=np.int64)
    )
    ready = _sites(profile, reach.nearest(middle, reserves), np.arange(len(start)))
    joined = reach.cell_joined[middle].tolist()
    gaps = []
    for row, (county, from_km, to_km) in enumerate(zip(*_told(start, end, limits), strict=True)):
        near, reserve = behind[row], ready[row]
        gaps.append(
            Gap(
                line,
                county,
                from_km,
                to_km,
                behind=None if near is None else Behind(**near),
                reserve=None
                if reserve is None or spare is None
                else Reserve(**reserve, spare=int(spare[profile.sites.row[reserve["site_id"]]])),
                backed=safely[row],
                by=near["by"] if near else ("road" if joined[row] else "straight") if judged else None,
            )
        )
    return gaps


def _nearest_working(cell: Ints, near: Nearest, holds: Bools, cells: int) -> Nearest:
    """Of each cell the nearest site that works, from all pairs by cell, nearest first."""
    working = np.flatnonzero(holds[near.site])
    cell = cell[working]
    first = np.append(True, cell[1:] != cell[:-1]) if len(cell) else np.array([], dtype=np.bool_)
    cell, pair = cell[first], working[first]
    found = Nearest(np.full(cells, -1), np.full(cells, np.inf), np.zeros(cells, dtype=np.bool_))
    found.site[cell], found.km[cell], found.by_road[cell] = near.site[pair], near.km[pair], near.by_road[pair]
    return found


def _pieces(stretches: Floats, cuts: Floats) -> tuple[Floats, Floats]:
    """Stretches, shape (n, 2), in order and apart from each other, cut at these kilometres."""
    ends = np.unique(np.concatenate([stretches.reshape(-1), cuts]))
    start, end = ends[:-1], ends[1:]
    of = np.searchsorted(stretches[:, 0], (start + end) / 2) - 1
    kept = (of >= 0) & (end <= stretches[of, 1]) & (end - start >= SHORTEST_KM)
    return start[kept], end[kept]


def _worst(km: Floats, first: Ints, last: Ints) -> Ints:
    """Of each run of cells the one that is farthest from whoever stands behind it."""
    if len(first) == 0:
        return first
    runs = zip(first.tolist(), last.tolist(), strict=True)
    return np.array([a + int(np.argmax(km[a : b + 1])) for a, b in runs], dtype=np.int64)


def _told(
    start: Floats, end: Floats, limits: list[tuple[str, float, float]]
) -> tuple[list[str], list[float], list[float]]:
    """County, start and end of each piece; what no county claims has the county ""."""
    names, from_km, to_km = zip(*limits, strict=True)
    middle = (start + end) / 2
    at = np.searchsorted(from_km, middle, side="right") - 1
    inside = (at >= 0) & (middle <= np.array(to_km)[at])
    county = [names[one] if known else "" for one, known in zip(at.tolist(), inside.tolist(), strict=True)]
    return county, start.tolist(), end.tolist()


def _sites(profile: Profile, found: Nearest, rows: Ints) -> list[dict[str, Any] | None]:
    """What is told of the sites in these rows of what was found; None where there is none."""
    sites = profile.sites
    return [
        None
        if site < 0
        else {
            "site_id": str(sites.site_id[site]),
            "name": str(sites.name[site]),
            "line": str(sites.line[site]),
            "km": km,
            "by": "road" if road else "straight",
        }
        for site, km, road in zip(
            found.site[rows].tolist(), found.km[rows].tolist(), found.by_road[rows].tolist(), strict=True
        )
    ]
