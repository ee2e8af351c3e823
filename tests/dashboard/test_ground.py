"""The ground under the sites: fetched once by a browser, and no part of a page's figure."""

from __future__ import annotations

import json

from dashboard.figures.base_map import base_map, ground, style
from dashboard.view import View
from data.profile import Profile
from tests.serving import Served


def test_a_page_carries_no_coordinates_and_the_ground_carries_them_all(profile: Profile) -> None:
    whole = style(profile, "")
    figure = json.loads(base_map(profile, View(lang="zh-CN")).to_json())["layout"]["map"]["style"]
    assert [layer["id"] for layer in figure["layers"]] == [layer["id"] for layer in whole["layers"]]
    assert figure["sources"].keys() == whole["sources"].keys() > {"counties", "border"}
    assert all(source["data"]["features"] == [] for source in figure["sources"].values())
    told = json.loads(ground(profile, "").body)
    assert told == {name: source["data"] for name, source in whole["sources"].items()}
    assert all(data["features"] for data in told.values())


def test_the_ground_is_asked_about_and_not_sent_again(asked: Served) -> None:
    first = asked.get("/api/v1/ground")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    again = asked.client.get("/api/v1/ground", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    county = asked.get("/api/v1/ground?scope=900101")
    assert county.json()["counties"] == first.json()["counties"]
    assert asked.get("/api/v1/ground?scope=1").status_code == 404
