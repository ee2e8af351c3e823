"""The interface told as an OpenAPI 3.0 document, every collection with its own addresses and parameters."""

from __future__ import annotations

from typing import Any

from dashboard.api.problems import MEDIA_TYPE
from dashboard.interchange.fields import Field
from dashboard.interchange.offer import Collection, collections
from dashboard.interchange.systems import CRS84, systems
from dashboard.interchange.tables import fields_of
from dashboard.ogc.asking import Asking
from dashboard.ogc.schemas import GEOMETRIES, property_schema
from dashboard.ogc.terms import GEOJSON, JSON, LIMIT, MOST, OPENAPI, PERIOD, SCHEMA
from data.profile import Profile
from data.rules import in_language

Part = dict[str, Any]

REFUSALS = {
    "400": "A parameter is not known, or its value is not possible",
    "404": "There is no such thing",
    "406": "No form of the answer that the caller takes",
    "500": "The server failed",
    "503": "The store cannot be read now",
}
ON_ITEMS = ("limit", "offset", "bbox", "bbox-crs", "crs", "datetime")


def definition(asked: Asking) -> Part:
    """The whole document, for one caller: addresses are those the caller reached the board by."""
    profile = asked.profile
    offered = collections(profile)
    paths: Part = {
        "/": _get("getLandingPage", "Landing page", JSON, "landingPage"),
        "/conformance": _get("getConformanceDeclaration", "Parts of the standard", JSON, "confClasses"),
        "/api": _get("getApiDefinition", "This document", OPENAPI, "anything"),
        "/collections": _get("getCollections", "Every collection", JSON, "collections"),
    }
    for collection in offered.values():
        paths |= _collection(asked, collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": in_language(profile.spec.title, asked.lang, profile),
            "version": asked.board.version,
            "description": "OGC API Features, part 1 (Core, GeoJSON, OpenAPI 3.0), part 2 (CRS by reference) "
            "and of part 3 the queryables as parameters.",
        },
        "servers": [{"url": asked.url().rstrip("/")}],
        "tags": [{"name": "Capabilities"}, {"name": "Data"}],
        "paths": paths,
        "components": {
            "parameters": _parameters(profile),
            "responses": {
                f"refused{code}": {
                    "description": said,
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}},
                }
                for code, said in REFUSALS.items()
            },
            "headers": {
                "Content-Crs": {
                    "description": "The coordinate system of the answer, in angle brackets",
                    "schema": {"type": "string"},
                }
            },
            "schemas": _schemas(),
        },
    }


def _collection(asked: Asking, collection: Collection) -> Part:
    """The addresses of one collection."""
    name, title = collection.id, collection.title(asked.profile, asked.lang)
    fields = fields_of(asked.profile, collection, asked.lang)
    base = f"/collections/{name}"
    items = _get(f"get.{name}.items", title, GEOJSON, "", tag="Data", more=ON_ITEMS)
    items["get"]["parameters"] += [
        _query(field, asked.profile, asked.lang) for field in fields if field.can_be_asked_for
    ]
    one = _get(f"get.{name}.item", title, GEOJSON, "", tag="Data", more=("crs",))
    one["get"]["parameters"].append({"$ref": "#/components/parameters/featureId"})
    feature = _feature(asked, collection, fields)
    _says(one, GEOJSON, feature)
    _says(items, GEOJSON, _page(feature))
    for answered in (items, one):
        answered["get"]["responses"]["200"]["headers"] = {
            "Content-Crs": {"$ref": "#/components/headers/Content-Crs"}
        }
    return {
        base: _get(f"get.{name}", title, JSON, "collection", tag="Data"),
        f"{base}/items": items,
        f"{base}/items/{{featureId}}": one,
        f"{base}/schema": _get(f"get.{name}.schema", f"{title}: schema", SCHEMA, "anything"),
        f"{base}/queryables": _get(f"get.{name}.queryables", f"{title}: queryables", SCHEMA, "anything"),
    }


def _get(
    operation: str, said: str, media_type: str, schema: str, *, tag: str = "Capabilities", more: Any = ()
) -> Part:
    refs = [{"$ref": f"#/components/parameters/{name}"} for name in ("f", "lang", "scope", *more)]
    answered: Part = {"description": said}
    path: Part = {
        "get": {
            "operationId": operation,
            "summary": said,
            "tags": [tag],
            "parameters": refs,
            "responses": {
                "200": answered,
                **{code: {"$ref": f"#/components/responses/refused{code}"} for code in REFUSALS},
            },
        }
    }
    if schema:
        _says(path, media_type, {"$ref": f"#/components/schemas/{schema}"})
    return path


def _says(path: Part, media_type: str, schema: Part) -> None:
    path["get"]["responses"]["200"]["content"] = {media_type: {"schema": schema}}


def _query(field: Field, profile: Profile, lang: str) -> Part:
    schema = property_schema(field, profile, lang)
    return {
        "name": field.name, "in": "query", "required": False, "description": schema.pop("title"),
        "schema": schema, "style": "form", "explode": False,
    }  # fmt: skip


def _feature(asked: Asking, collection: Collection, fields: tuple[Field, ...]) -> Part:
    properties = {field.name: property_schema(field, asked.profile, asked.lang) for field in fields}
    for schema in properties.values():
        schema["nullable"] = True
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    kinds = list(GEOMETRIES[collection.shape])
    geometry = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": kinds},
            "coordinates": {"type": "array", "items": {}},
        },
    }
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": geometry,
            "properties": {"type": "object", "properties": properties},
            "links": {"$ref": "#/components/schemas/links"},
        },
    }


def _page(feature: Part) -> Part:
    count = {"type": "integer", "minimum": 0}
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature},
            "links": {"$ref": "#/components/schemas/links"},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": count,
            "numberReturned": count,
        },
    }


def _parameters(profile: Profile) -> Part:
    uris = list(systems(profile))
    sizes = [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    box: Part = {"type": "array", "oneOf": sizes, "items": {"type": "number"}}
    schemas: dict[str, tuple[str, Part]] = {
        "f": ("The form of the answer", {"type": "string", "enum": ["json"]}),
        "lang": ("The language of the answer", {"type": "string", "enum": list(profile.spec.languages)}),
        "scope": (
            "A county's adcode: only what is in it is told",
            {"type": "string", "enum": list(profile.county_name)},
        ),
        "limit": (
            "Features of one page; more than the maximum counts as the maximum",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        ),
        "offset": ("Features to pass over", {"type": "integer", "minimum": 0, "default": 0}),
        "bbox": ("Only features that meet this box", box),
        "bbox-crs": (
            "The coordinate system of bbox",
            {"type": "string", "format": "uri", "enum": uris, "default": CRS84},
        ),
        "crs": (
            "The coordinate system of the answer",
            {"type": "string", "format": "uri", "enum": uris, "default": CRS84},
        ),
        "datetime": (
            f"{PERIOD}. A moment gives the state as it was then; a span the state at its end, "
            "of what last reported within it or never did",
            {"type": "string"},
        ),
    }
    # A profile without counties has no scopes to name.
    if not profile.county_name:
        del schemas["scope"][1]["enum"]
    found: Part = {
        name: {
            "name": name, "in": "query", "required": False, "description": said, "schema": schema,
            "style": "form", "explode": False,
        }
        for name, (said, schema) in schemas.items()
    }  # fmt: skip
    found["featureId"] = {
        "name": "featureId", "in": "path", "required": True, "description": "The id of a feature",
        "schema": {"type": "string"},
    }  # fmt: skip
    return found


def _schemas() -> Part:
    text, anything = {"type": "string"}, {"type": "object"}
    links = {"$ref": "#/components/schemas/links"}

    def thing(required: list[str], **properties: Part) -> Part:
        return {"type": "object", "required": required, "properties": properties}

    return {
        "anything": anything,
        "link": thing(["href", "rel"], href=text, rel=text, type=text, title=text),
        "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
        "landingPage": thing(["links"], title=text, description=text, attribution=text, links=links),
        "confClasses": thing(["conformsTo"], conformsTo={"type": "array", "items": text}),
        "collections": thing(
            ["links", "collections"],
            links=links,
            collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        ),
        "collection": thing(
            ["id", "links"],
            id=text,
            title=text,
            description=text,
            attribution=text,
            links=links,
            extent=anything,
            itemType=text,
            crs={"type": "array", "items": text},
            storageCrs={"type": "string", "format": "uri"},
        ),
        "problem": thing(
            ["type", "title", "status"],
            type=text,
            title=text,
            status={"type": "integer"},
            detail=text,
            instance=text,
        ),
    }
