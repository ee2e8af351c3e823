"""The features themselves: GeoJSON, page by page, or one by its id."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import orjson
import shapely
from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.problems import choice
from dashboard.api.query import answer, known_scope
from dashboard.interchange.offer import Collection
from dashboard.interchange.systems import System, place, systems
from dashboard.interchange.table import Table
from dashboard.interchange.tables import fields_of, table_of
from dashboard.ogc.asking import Asking, asking, collection_of
from dashboard.ogc.moments import Period, Pictures, stamp
from dashboard.ogc.seeking import Page, system_of, with_values, within
from dashboard.ogc.terms import GEOJSON, JSON
from dashboard.times import AHEAD_S, moment
from data.picture import Picture
from data.profile import Profile

PARAMETERS = ("limit", "offset", "bbox", "bbox-crs", "crs", "datetime")
METHODS = ["GET", "HEAD"]

router = APIRouter(prefix="/ogc/collections/{collection_id}/items")


@router.api_route("", methods=METHODS, include_in_schema=False)
def items(request: Request, collection_id: str) -> Response:
    """A page of a collection's features."""
    asked = asking(request, more=partial(parameters_of, collection_id), gives=GEOJSON)
    asked.collection(collection_id)
    parameters = asked.parameters
    page, period = Page.parse(parameters), Period.parse(parameters.get("datetime", ""))
    known = systems(asked.profile)
    system, box_system = (system_of(parameters, name, known) for name in ("crs", "bbox-crs"))
    pictures: Pictures = request.app.state.pictures
    picture = picture_for(asked, pictures, period)
    asked = asked.under(picture)
    collection = asked.collection(collection_id)
    table = table_of(asked.profile, collection, picture, asked.lang)
    table = table.take(in_period(table, period, picture))
    table = table.take(with_values(table, parameters))
    if "bbox" in parameters:
        table = table.take(within(table, parameters["bbox"], box_system))
    shown = table.take(np.arange(page.offset, min(page.offset + page.limit, len(table))))
    body = {
        "type": "FeatureCollection",
        **head(asked, picture),
        "numberMatched": len(table),
        "numberReturned": len(shown),
        "timeStamp": stamp(asked.board.clock()),
        "links": page_links(asked, collection, page, len(table), pinned(asked, collection, period, picture)),
        "features": features(asked, shown, system),
    }
    return answer(body, GEOJSON, **content_crs(system))


@router.api_route("/{feature_id:path}", methods=METHODS, include_in_schema=False)
def item(request: Request, collection_id: str, feature_id: str) -> Response:
    """One feature, as it is now."""
    asked = asking(request, more=lambda _: ["crs"], gives=GEOJSON)
    asked.collection(collection_id)
    system = system_of(asked.parameters, "crs", systems(asked.profile))
    picture = asked.picture
    asked = asked.under(picture)
    collection = asked.collection(collection_id)
    table = table_of(asked.profile, collection, picture, asked.lang)
    rows = np.flatnonzero(table.ids == feature_id)
    if not len(rows):
        raise choice("unknown-feature", "featureId", feature_id, table.ids.tolist())
    (feature,) = features(asked, table.take(rows), system)
    title = collection.title(asked.profile, asked.lang)
    feature["links"] = [
        asked.self_link(GEOJSON),
        asked.link("collection", JSON, title, "collections", collection.id),
    ]
    return answer(feature | head(asked, picture), GEOJSON, **content_crs(system))


def parameters_of(collection_id: str, profile: Profile) -> list[str]:
    """The parameters of a collection's items besides the common ones: the standard's, and its fields."""
    fields = fields_of(profile, collection_of(profile, collection_id), profile.spec.languages[0])
    return [*PARAMETERS, *(field.name for field in fields if field.can_be_asked_for)]


def picture_for(asked: Asking, pictures: Pictures, period: Period) -> Picture:
    """The picture at the end of a period; the newest where that is not over."""
    with known_scope(asked.board, asked.scope):
        if period.end > asked.picture.at:
            return pictures.newest(asked.scope)
        return pictures.at(int(period.end), asked.scope)


def in_period(table: Table, period: Period, picture: Picture) -> Any:
    """Which features belong to a period.

    At a moment, all of the picture. Over a span, those whose newest report lies in it, and all that carry no
    time: what never reported, and what is only a place. Of the time to come nothing is known.
    """
    everything = np.ones(len(table), dtype=np.bool_)
    if "observed_at" not in table.columns:
        return everything
    if period.start > picture.at + AHEAD_S:
        return ~everything
    if period.moment:
        return everything
    observed = table.columns["observed_at"]
    return np.isnan(observed) | (observed >= period.start)


def features(asked: Asking, table: Table, system: System) -> list[dict[str, Any]]:
    """A table as GeoJSON features in a coordinate system."""
    shapes = shapely.to_geojson(place(table.shapes, system))
    return [
        {"type": "Feature", "id": name, "geometry": orjson.Fragment(shape), "properties": properties}
        for name, shape, properties in zip(table.ids, shapes, table.rows(asked.profile.zone), strict=True)
    ]


def head(asked: Asking, picture: Picture) -> dict[str, Any]:
    """What an answer says of itself, besides what the standard asks for."""
    zone = asked.profile.zone
    return {
        "at": moment(picture.at, zone),
        "data_at": moment(picture.data_at, zone),
        "simulated": picture.simulated,
        "scope": picture.scope,
    }


def content_crs(system: System) -> dict[str, str]:
    """The header that says which system and axis order the coordinates are in."""
    return {"Content-Crs": f"<{system.uri}>"}


def pinned(asked: Asking, collection: Collection, period: Period, picture: Picture) -> dict[str, str]:
    """The query of another page: where features carry a state it names the time of this page's picture."""
    kept = asked.parameters
    if collection.live and math.isinf(period.end):
        start = "" if math.isinf(period.start) else f"{stamp(period.start)}/"
        kept["datetime"] = start + stamp(picture.at)
    return kept


def page_links(
    asked: Asking, collection: Collection, page: Page, total: int, kept: dict[str, str]
) -> list[dict[str, Any]]:
    """Links to this page, to the one after and the one before, and to the collection."""

    def turn(rel: str, title: str, offset: int) -> dict[str, Any]:
        parameters = kept | {"limit": str(page.limit), "offset": str(offset)}
        href = asked.url("collections", collection.id, "items", **parameters)
        return {"href": href, "rel": rel, "type": GEOJSON, "title": title}

    links = [asked.self_link(GEOJSON)]
    if page.offset + page.limit < total:
        links.append(turn("next", asked.say("后一页", "The page after"), page.offset + page.limit))
    if page.offset > 0:
        links.append(turn("prev", asked.say("前一页", "The page before"), max(page.offset - page.limit, 0)))
    title = collection.title(asked.profile, asked.lang)
    return [*links, asked.link("collection", JSON, title, "collections", collection.id)]
