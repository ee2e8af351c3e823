"""The way in: the landing page, what is claimed, and the definition of the interface."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard import words
from dashboard.api.query import answer
from dashboard.ogc.asking import asking
from dashboard.ogc.definition import definition
from dashboard.ogc.terms import CONFORMS_TO, JSON, OPENAPI
from data.rules import in_language

METHODS = ["GET", "HEAD"]

router = APIRouter(prefix="/ogc")


@router.api_route("", methods=METHODS, include_in_schema=False)
@router.api_route("/", methods=METHODS, include_in_schema=False)
def landing(request: Request) -> Response:
    """The landing page."""
    asked = asking(request)
    profile, lang = asked.profile, asked.lang
    parts = [
        asked.say(
            "各图层与站点实时态势，供 QGIS 等按地址打开",
            "Layers and the live state of sites, for QGIS and others to open by address",
        ),
        words.say(lang, "simulated_note") if asked.picture.simulated else "",
    ]
    body = {
        "title": in_language(profile.spec.title, lang, profile),
        "description": asked.say("。", ". ").join(part for part in parts if part) + asked.say("。", "."),
        "attribution": in_language(profile.spec.map.source, lang, profile),
        "simulated": asked.picture.simulated,
        "links": [
            asked.self_link(JSON),
            asked.link("service-desc", OPENAPI, asked.say("接口定义", "API definition"), "api"),
            asked.link(
                "conformance", JSON, asked.say("符合的标准", "Conformance declaration"), "conformance"
            ),
            asked.link("data", JSON, asked.say("数据集合", "Collections"), "collections"),
        ],
    }
    return answer(body)


@router.api_route("/conformance", methods=METHODS, include_in_schema=False)
def conformance(request: Request) -> Response:
    """Which parts of the standard are kept."""
    asked = asking(request)
    return answer({"links": [asked.self_link(JSON)], "conformsTo": list(CONFORMS_TO)})


@router.api_route("/api", methods=METHODS, include_in_schema=False)
def api(request: Request) -> Response:
    """The OpenAPI 3.0 definition."""
    return answer(definition(asking(request, gives=OPENAPI)), OPENAPI)
