"""What a collection's features look like, and what they can be asked for, as JSON Schema."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.api.query import answer
from dashboard.interchange.fields import Field
from dashboard.interchange.offer import Collection
from dashboard.interchange.tables import fields_of
from dashboard.ogc.asking import Asking, asking
from dashboard.ogc.terms import SCHEMA
from data.picture import SEVERITIES, STATUSES
from data.profile import Profile

DRAFT = "https://json-schema.org/draft/2020-12/schema"
GEOMETRIES = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
    "any": ("LineString", "MultiLineString", "Polygon", "MultiPolygon"),
}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
}
METHODS = ["GET", "HEAD"]

router = APIRouter(prefix="/ogc/collections/{collection_id}")


@router.api_route("/schema", methods=METHODS, include_in_schema=False)
def schema(request: Request, collection_id: str) -> Response:
    """The schema of one feature; what is not known of it is null."""
    asked = asking(request, gives=SCHEMA)
    collection = asked.collection(collection_id)
    title = collection.title(asked.profile, asked.lang)
    kinds = [{"type": "object", "title": name} for name in GEOMETRIES[collection.shape]]
    body = {
        "$schema": DRAFT,
        "$id": asked.url("collections", collection.id, "schema"),
        "title": title,
        "description": asked.say(
            "一个要素；未知的属性值为 null。", "One feature; a property that is not known is null."
        ),
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "id": {"type": "string"},
            "geometry": {"oneOf": kinds, "format": f"geometry-{collection.shape}"},
            "properties": {
                "type": "object",
                "properties": {
                    field.name: property_schema(field, asked.profile, asked.lang)
                    for field in fields_of(asked.profile, collection, asked.lang)
                },
            },
        },
    }
    return answer(body, SCHEMA)


@router.api_route("/queryables", methods=METHODS, include_in_schema=False)
def queryables(request: Request, collection_id: str) -> Response:
    """The properties that features can be asked for by their value."""
    asked = asking(request, gives=SCHEMA)
    collection = asked.collection(collection_id)
    return answer(queryables_schema(asked, collection), SCHEMA)


def queryables_schema(asked: Asking, collection: Collection) -> dict[str, Any]:
    """The queryables of a collection: each is also a parameter of its items."""
    properties = {
        field.name: property_schema(field, asked.profile, asked.lang)
        for field in fields_of(asked.profile, collection, asked.lang)
        if field.can_be_asked_for
    }
    return {
        "$schema": DRAFT,
        "$id": asked.url("collections", collection.id, "queryables"),
        "title": collection.title(asked.profile, asked.lang),
        "type": "object",
        "properties": {
            "geometry": {"format": f"geometry-{collection.shape}", "x-ogc-role": "primary-geometry"},
            **properties,
        },
        "additionalProperties": False,
    }


def property_schema(field: Field, profile: Profile, lang: str) -> dict[str, Any]:
    """One property: its type, its title, and its values where they are few."""
    found = {"title": field.title_in(lang), **TYPES[field.type]}
    choices = {
        "status": list(STATUSES),
        "alarm": list(SEVERITIES),
        "line": [line.id for line in profile.spec.lines],
        "state": ["up", "down", "unknown"],
    }
    if field.name in choices:
        found["enum"] = choices[field.name]
    return found
