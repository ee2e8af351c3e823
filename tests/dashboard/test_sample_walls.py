"""The walls of the sample profiles: with a border and without, of one line, two and three."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.access import OPEN, acting
from dashboard.desk import Desk
from dashboard.figures.base_map import style
from dashboard.pages.shell import page_data
from dashboard.pages.wall import layout
from dashboard.view import View
from data.profile import load_profile
from tests.dashboard.asking import ok
from tests.serving import Served

LINES = {"lincang": 3, "xishuangbanna": 3, "zibo": 2, "lanzhou": 3, "capital": 1}


@pytest.mark.parametrize("name", LINES)
def test_a_wall_has_a_card_per_line_and_a_strip_only_where_there_is_a_border(
    name: str, board: Callable[..., Any]
) -> None:
    profile = load_profile(name)
    with acting(OPEN):
        shown = layout(Desk(board(profile)), View(lang="en"))
    page = json.dumps(shown, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert page.count('"className": "panel card"') == len(profile.spec.lines) == LINES[name]
    assert ('"className": "panel strip"' in page) == (profile.border is not None)
    # The border's stated length stands on its card and over the strip, and nowhere else.
    assert page.count("966.3 km as documented") == (2 if name == "xishuangbanna" else 0)


def test_the_api_tells_the_stated_length_of_the_whole_border_only(serve: Callable[..., Served]) -> None:
    served = serve(load_profile("xishuangbanna"))
    told = {line["id"]: line for line in ok(served.get("/api/v1/lines"))["lines"]}
    assert told["first"]["km_stated"] == 966.3
    assert told["first"]["km"] == pytest.approx(566.2, abs=0.1)
    assert told["depth"]["km_stated"] is None
    county = ok(served.get("/api/v1/lines?scope=532822"))["lines"][0]
    assert county["km_stated"] is None
    assert 0 < county["km"] < 566


def test_the_wall_lists_the_counties_that_have_sites() -> None:
    profile = load_profile("capital")
    listed = [county["adcode"] for county in page_data(profile, View(lang="en"), scrolls=False)["counties"]]
    assert set(listed) == set(profile.sites.county)
    assert len(listed) < len(profile.counties)


def test_where_names_of_counties_would_overlap_the_larger_one_stays() -> None:
    names = style(load_profile("capital"), "")["sources"]["county-names"]["data"]["features"]
    order = {feature["properties"]["name"]: feature["properties"]["order"] for feature in names}
    assert sorted(order.values()) == list(range(16))
    assert order["密云区"] == 0
    assert order["东城区"] == 15
