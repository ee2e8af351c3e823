"""The profile of one county: of what a profile holds, that county's part, and nothing of the others.

Whatever is worked out of it, a page, a list, a map, a hint about a mistyped name, tells of no other county.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

from data.ground import ground_of, scoped
from data.per_profile import per_profile
from data.profile import Profile
from data.spec import HidingScope, ProfileSpec, RuleSpec
from layers.counties import NEAR_M, county_near
from layers.coverage import Border, Spans
from layers.crs import Metric

_BESIDE_DEG = 1e-6
"""A tenth of a metre: how far a stretch of border may be from the line it was cut from."""


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a county is."""

    adcode: str
    counties: GeoDataFrame
    """Every county of the profile."""
    around: Any
    """The county's land, a little widened; None where the profile has no shape of it."""
    border: Border | None
    """What the county holds of the border."""


@per_profile(most=512)
def county_profile(profile: Profile, adcode: str) -> Profile:
    """What a profile says of a county; an empty one for a county that it does not have.

    Rows belong to the county that they name; points without one to the county they stand in; lines and areas
    without one end at its limit, generalised as that is. Layers that have something elsewhere and nothing
    here are left out, for their names may say where. Settings stay but for rules of others and the view.
    """
    known = adcode and adcode in ground_of(profile).counties
    rows = scoped(profile, adcode).rows if known else np.array([], dtype=np.int64)
    sites = scoped(profile, adcode).sites if known else profile.sites.take(rows)
    counties = profile.counties[profile.counties["adcode"] == adcode]
    border = profile.border.part(adcode) if profile.border is not None else None
    place = _Place(adcode, profile.counties, _around(counties), border)
    layers = {}
    for layer in profile.spec.layers:
        frame = profile.layers[layer.name]
        mine = _part(frame, layer.kind, place)
        if len(mine) or not len(frame):
            layers[layer.name] = mine
    fences = np.flatnonzero(_is(profile.fences, "county", adcode))
    cut = replace(
        profile,
        layers=layers,
        sites=sites,
        counties=counties,
        border=border,
        site_spans=_spans(profile.site_spans, rows),
        fence_spans=_spans(profile.fence_spans, fences),
        fences=profile.fences.iloc[fences],
        warnings=(),
        quarantined=(),
        refused=(),
        roster=None if profile.roster is None else profile.roster.part(adcode),
    )
    rules = [rule for one in profile.spec.rules if (rule := _rule(one, cut, adcode)) is not None]
    spec = _spec(profile.spec, adcode, list(layers), place.around)
    cut = replace(cut, spec=spec.model_copy(update={"rules": rules}))
    works = [work for work in profile.spec.maintenance if _here(work.where, cut, adcode)]
    cut = replace(cut, spec=cut.spec.model_copy(update={"maintenance": works}))
    # A page of the county is made anew when anything of the profile changed, as every other page is.
    vars(cut)["tag"] = profile.tag
    return cut


def _part(frame: GeoDataFrame, kind: str, place: _Place) -> GeoDataFrame:
    """The rows of a layer that are a county's, and of shapes that belong to nobody the part within it."""
    for column in ("county", "adcode"):
        if column in frame.columns:
            return frame[_is(frame, column, place.adcode)]
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if len(shapes) == 0 or place.around is None:
        return frame.iloc[:0]
    if kind == "border":
        own = place.border.cut(0.0, place.border.length_km) if place.border else LineString()
        return _clipped(frame, shapely.buffer(own, _BESIDE_DEG))
    if (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all():
        xy = shapely.get_coordinates(shapes)
        return frame[county_near(xy[:, 0], xy[:, 1], place.counties) == place.adcode]
    return _clipped(frame, place.around)


def _clipped(frame: GeoDataFrame, shape: Any) -> GeoDataFrame:
    """What lies within a shape, of the same dimension as before; rows without any of it are left out."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    meets = shapely.intersects(shapes, shape)
    frame, shapes = frame[meets], shapes[meets]
    pieces = shapely.intersection(shapes, shape)
    cut = [_same_dimension(piece, whole) for piece, whole in zip(pieces, shapes, strict=True)]
    kept = np.array([not piece.is_empty for piece in cut], dtype=np.bool_)
    frame = frame[kept].copy()
    frame[frame.geometry.name] = [piece for piece in cut if not piece.is_empty]
    return frame


def _same_dimension(piece: Any, whole: Any) -> Any:
    """A piece of a shape without the points and lines in which the shape only touches the limit."""
    parts = shapely.get_parts(piece)
    parts = parts[shapely.get_dimensions(parts) == shapely.get_dimensions(whole)]
    if len(parts) <= 1:
        return parts[0] if len(parts) else LineString()
    if shapely.get_dimensions(whole) == 1:
        return shapely.line_merge(MultiLineString(parts.tolist()))
    return shapely.multipolygons(parts)


def _around(counties: GeoDataFrame) -> Any:
    """The county's land with the width by which published limits are generalised; None without a county."""
    if not len(counties):
        return None
    plane = Metric((*counties.total_bounds.tolist(),))
    land = plane.shapes(np.asarray(counties.geometry.array, dtype=object))
    return shapely.union_all(plane.degrees(shapely.buffer(land, NEAR_M)))


def _spec(spec: ProfileSpec, adcode: str, layers: list[str], around: Any) -> ProfileSpec:
    """The settings, with the county's place for the prefecture's, without rules and deliveries of others."""
    changes: dict[str, Any] = {
        "layers": [layer for layer in spec.layers if layer.name in layers],
        "simulation": None,
        "deliveries": [one for one in spec.deliveries if one.where.counties == [adcode]],
        "schedules": [one for one in spec.schedules if one.scopes == [adcode]],
    }
    if around is not None:
        west, south, east, north = (round(edge, 6) for edge in around.bounds)
        # A county may be bent around its own middle.
        middle = (round((inside := around.representative_point()).x, 6), round(inside.y, 6))
        changes["area"] = (west, south, east, north)
        changes["map"] = spec.map.model_copy(update={"center": middle})
    return spec.model_copy(update=changes)


def _here(where: HidingScope, part: Profile, adcode: str) -> bool:
    """Whether a work names nothing of another county: its words may say where it is."""
    own = {*part.sites.site_id.tolist()}, {*part.fences["fence_id"].tolist()}
    rules = {rule.id for rule in part.spec.rules}
    return (
        set(where.counties) <= {adcode}
        and set(where.sites) <= own[0]
        and set(where.fences) <= own[1]
        and set(where.rules) <= rules
    )


def _rule(rule: RuleSpec, part: Profile, adcode: str) -> RuleSpec | None:
    """A rule as a county has it, which learns of no place elsewhere; None where it is about others alone."""
    where = rule.where
    sites = [site for site in where.sites if site in part.sites.row]
    fences = [fence for fence in where.fences if fence in set(part.fences["fence_id"])]
    if adcode not in (where.counties or [adcode]) or (where.sites and not sites):
        return None
    if where.fences and not fences:
        return None
    counties = [adcode] if where.counties else []
    own = where.model_copy(update={"counties": counties, "sites": sites, "fences": fences})
    return rule.model_copy(update={"where": own})


def _is(frame: GeoDataFrame, column: str, adcode: str) -> NDArray[np.bool_]:
    """Which rows name the county."""
    if column not in frame.columns:
        return np.zeros(len(frame), dtype=np.bool_)
    return np.array([adcode != "" and value == adcode for value in frame[column].tolist()], dtype=np.bool_)


def _spans(spans: Spans, rows: NDArray[np.int64]) -> Spans:
    """The stretches that these owners hold, under their numbers among themselves."""
    mine = np.isin(spans.owner, rows)
    return Spans(np.searchsorted(rows, spans.owner[mine]), spans.from_km[mine], spans.to_km[mine])
