"""What there is: the collections, each with its extent, its systems and where its numbers come from."""

from __future__ import annotations

import math
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard import words
from dashboard.api.query import answer
from dashboard.interchange.offer import GAPS, SITES, Collection, collections, frame_of
from dashboard.interchange.systems import CRS84, systems
from dashboard.ogc.asking import Asking, asking
from dashboard.ogc.moments import stamp
from dashboard.ogc.terms import DESCRIBED_BY, GEOJSON, JSON, QUERYABLES, SCHEMA
from data.per_profile import per_profile
from data.profile import Profile
from data.rules import in_language

METHODS = ["GET", "HEAD"]

router = APIRouter(prefix="/ogc/collections")


@router.api_route("", methods=METHODS, include_in_schema=False)
def all_collections(request: Request) -> Response:
    """Every collection."""
    asked = asking(request)
    found = [described(asked, collection) for collection in collections(asked.profile).values()]
    body = {
        "links": [asked.self_link(JSON)],
        "timeStamp": stamp(asked.board.clock()),
        "numberMatched": len(found),
        "numberReturned": len(found),
        "crs": list(systems(asked.profile)),
        "collections": found,
    }
    return answer(body)


@router.api_route("/{collection_id}", methods=METHODS, include_in_schema=False)
def one_collection(request: Request, collection_id: str) -> Response:
    """One collection."""
    asked = asking(request)
    return answer(described(asked, asked.collection(collection_id)))


def described(asked: Asking, collection: Collection) -> dict[str, Any]:
    """A collection as the standard describes it, with where its positions and numbers come from."""
    profile, name = asked.profile, collection.id
    title = collection.title(profile, asked.lang)
    simulated = asked.picture.simulated
    extent: dict[str, Any] = {"spatial": {"bbox": [box(profile, name)], "crs": CRS84}}
    if collection.live:
        extent["temporal"] = {"interval": [[since(asked), None]]}
    return {
        "id": name,
        "title": title,
        "description": description(asked, collection),
        "attribution": in_language(profile.spec.map.source, asked.lang, profile),
        "links": [
            asked.link("self", JSON, title, "collections", name),
            asked.link("items", GEOJSON, title, "collections", name, "items"),
            asked.link(
                DESCRIBED_BY, SCHEMA, asked.say("要素结构", "Feature schema"), "collections", name, "schema"
            ),
            asked.link(
                QUERYABLES,
                SCHEMA,
                asked.say("可查询属性", "Queryables"),
                "collections",
                name,
                "queryables",
            ),
        ],
        "extent": extent,
        "itemType": "feature",
        "crs": list(systems(profile)),
        "storageCrs": CRS84,
        "simulated": simulated,
        "positionSource": position_sources(profile, collection.id),
    }


def description(asked: Asking, collection: Collection) -> str:
    """What a person reads of a collection: whose it is, where it comes from, and what it is not."""
    profile, lang = asked.profile, asked.lang
    title = in_language(profile.spec.title, lang, profile)
    source = in_language(profile.spec.map.source, lang, profile)
    parts = [f"{title} · {collection.title(profile, lang)}", source]
    if collection.live:
        parts.append(asked.say("带实时状态，datetime 可取历史时刻", "Live; datetime asks the past"))
    if collection.kind == GAPS:
        chinese, english = (
            "known 为 false 的区段尚无上报，情况不明",
            "Where known is false, nobody can say yet",
        )
        parts.append(asked.say(chinese, english))
    if "demonstration" in position_sources(profile, collection.id):
        parts.append(words.say(lang, "demonstration"))
    if asked.picture.simulated:
        parts.append(words.say(lang, "simulated_note"))
    end, between = asked.say("。", "."), asked.say("。", ". ")
    return between.join(part.rstrip("。.") for part in parts if part) + end


@per_profile(most=256)
def box(profile: Profile, collection_id: str) -> list[float]:
    """West, south, east and north of a collection; of the place where it has no features."""
    collection = collections(profile)[collection_id]
    if collection.kind == SITES:
        lon, lat = profile.sites.lon, profile.sites.lat
        if len(lon):
            return [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())]
    elif collection.kind == GAPS:
        borders = [profile.layers[layer.name] for layer in profile.spec.layers if layer.kind == "border"]
        return [float(edge) for edge in borders[0].total_bounds]
    elif len(frame := frame_of(profile, collection)):
        return [float(edge) for edge in frame.total_bounds]
    return list(profile.spec.area)


def since(asked: Asking) -> str | None:
    """When the readings begin, RFC 3339; None where there are none."""
    began = asked.board.began
    return None if began is None or not math.isfinite(began) else stamp(began)


@per_profile(most=256)
def position_sources(profile: Profile, collection_id: str) -> list[str]:
    """How the positions were come by, as the sites say it; nothing where a collection does not say."""
    collection = collections(profile)[collection_id]
    if collection.kind == SITES:
        values = profile.sites.position_source
    elif collection.layer is not None and "position_source" in profile.layers[collection.layer.name]:
        values = profile.layers[collection.layer.name]["position_source"].to_numpy(dtype=object)
    else:
        return []
    return sorted({str(value) for value in values if value})
