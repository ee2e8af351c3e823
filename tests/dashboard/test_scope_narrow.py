"""The rules of scope themselves: what a question may narrow, what an address may name, who has which door."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from dashboard.access import NOBODY, OPEN, Access, access_now, acting
from dashboard.api.query import has_token
from dashboard.basemap import touches, within
from dashboard.desk import Desk
from dashboard.figures.base_map import style
from dashboard.pages import page, shell
from data.county import county_profile
from data.profile import Profile, load_profile
from layers.faults import FaultsError
from tests.conftest import NOON
from tests.dashboard.secrets_of import Secrets
from tests.serving import ROOT, Served

WEST, EAST = "900101", "900102"
LEAD = Access("zk-duty", "county", WEST, "s1")
CODES = st.one_of(st.sampled_from(["", WEST, EAST, "900109"]), st.text(max_size=8))


@given(CODES, CODES)
def test_nothing_widens_a_scope(own: str, asked_for: str) -> None:
    reader = Access("someone", "county", own)
    narrowed = reader.narrow(asked_for)
    if not own:
        assert narrowed == asked_for
    else:
        assert narrowed in (own, None)
        assert (narrowed == own) == (asked_for in ("", own))
    assert set(reader.counties({WEST: "a", EAST: "b"})) <= ({own} if own else {WEST, EAST})


@pytest.fixture
def desk(asked: Served) -> Desk:
    return Desk(asked.board)


def legible(made: Any) -> str:
    """A component or a figure as the text that a browser gets, with its words as they are."""
    return json.dumps(json.loads(to_json_plotly(made)), ensure_ascii=False)


PARTS = st.one_of(
    st.sampled_from(["county", "site", "rounds", WEST, EAST, "c1", "c2", "d3", "..", "%2e%2e", ""]),
    st.text(max_size=6),
)
SEARCH = st.dictionaries(
    st.sampled_from(["lang", "site", "scope", "c", "z", "at", "hide", "kiosk", "reach", "may", "compare"]),
    st.sampled_from(["en", "c2", EAST, "99.3,23.6", "1", "9", "x"]),
)


@settings(max_examples=60)
@given(st.lists(PARTS, max_size=3), SEARCH)
def test_no_address_shows_another_county(desk: Desk, parts: list[str], search: dict[str, str]) -> None:
    path = "/" + "/".join(quote(part) for part in parts)
    query = "?" + "&".join(f"{name}={value}" for name, value in search.items())
    secrets = Secrets(desk._board.profile, WEST)
    with acting(LEAD):
        shown = legible(page(desk, path, query))
    assert secrets.told(shown, [*parts, *search.values(), *path.split("/")]) == []


@pytest.mark.parametrize("path", ["/", "/county", f"/county/{EAST}", "/rounds", "/site/c1", "/nowhere"])
@pytest.mark.parametrize("search", ["", "?kiosk=1"])
def test_a_reader_whose_county_is_gone_is_told_so_at_every_address(
    desk: Desk, path: str, search: str
) -> None:
    with acting(Access("gone", "county", "900109")):
        shown = legible(page(desk, path, f"{search}{'&' if search else '?'}lang=zh-CN"))
    assert "900109" in shown
    assert Secrets(desk._board.profile, "").told(shown, path.split("/")) == []


@given(st.dictionaries(st.sampled_from(["scope", "lang", "at", "reach", "may"]), CODES | st.none()))
def test_what_a_browser_sends_back_widens_nothing(desk: Desk, data: dict[str, Any]) -> None:
    with acting(LEAD):
        view = shell.asked(desk, {"lang": "en", **data})
    assert view is None or (view.scope, view.reach) == (WEST, WEST)
    assert view is None or "administer" not in view.may


def test_nothing_is_answered_for_nobody_in_particular(desk: Desk) -> None:
    with pytest.raises(LookupError):
        access_now()
    with pytest.raises(LookupError):
        _ = desk.profile
    assert not any(NOBODY.may(right) for right in ("see", "export", "operate", "administer"))


def test_the_desk_cuts_to_who_asks(desk: Desk) -> None:
    with acting(OPEN):
        assert list(desk.scopes) == [WEST, EAST]
        assert desk.narrow(EAST) == EAST
        assert desk.narrow("900109") is None
    with acting(LEAD):
        assert list(desk.scopes) == [WEST]
        assert (desk.narrow(""), desk.narrow(WEST), desk.narrow(EAST)) == (WEST, WEST, None)
        with pytest.raises(FaultsError):
            desk.picture(EAST)
        with pytest.raises(FaultsError):
            desk.picture_at(NOON, EAST)
    # A county that went with an edit of the profile leaves its reader nothing.
    with acting(Access("gone", "county", "900109")):
        assert (desk.scopes, len(desk.profile.sites), desk.narrow("")) == ({}, 0, None)


@pytest.mark.parametrize("sample", ["lincang", "xishuangbanna", "zibo", "lanzhou", "capital"])
def test_the_counties_of_a_profile_are_its_parts(sample: str) -> None:
    profile = load_profile(sample)
    parts = [county_profile(profile, adcode) for adcode in profile.county_name]
    assert sum(len(part.sites) for part in parts) == np.count_nonzero(profile.sites.county != "")
    assert sum(len(part.fences) for part in parts) == len(profile.fences)
    if profile.border is not None:
        km = sum(end - start for part in parts if part.border for _, start, end in part.border.county_spans())
        named = sum(end - start for adcode, start, end in profile.border.county_spans() if adcode)
        assert km == pytest.approx(named)
    for part in parts:
        assert part.tag == profile.tag
        land = shapely.union_all(part.counties.geometry.to_numpy()).buffer(0.003)
        for layer in part.spec.layers:
            if layer.kind in ("roads", "waters"):
                assert part.layers[layer.name].within(land).all()


def test_a_countys_border_cuts_nothing_beyond_it(profile: Profile) -> None:
    part = county_profile(profile, WEST).border
    assert part is not None
    assert profile.border is not None
    ((adcode, start, end),) = part.county_spans()
    assert adcode == WEST
    assert part.cut(0, 1e6).length == pytest.approx(profile.border.cut(start, end).length)
    assert part.cut(end + 1, end + 5).is_empty
    assert county_profile(profile, "900109").border is None


def test_rules_of_other_counties_are_not_the_countys(profile: Profile) -> None:
    rule = profile.spec.rules[0]
    rules = [
        rule.model_copy(update={"id": "east", "where": rule.where.model_copy(update={"counties": [EAST]})}),
        rule.model_copy(
            update={"id": "both", "where": rule.where.model_copy(update={"counties": [EAST, WEST]})}
        ),
        rule,
    ]
    whole = replace(profile, spec=profile.spec.model_copy(update={"rules": rules}))
    cut = county_profile(whole, WEST).spec.rules
    assert [(one.id, one.where.counties) for one in cut] == [("both", [WEST]), (rule.id, [])]


def test_tiles_are_the_countys_or_none(profile: Profile) -> None:
    part = county_profile(profile, WEST)
    # Zoom 12: the tiles around 99.1 E, 23.6 N and 99.4 E, 23.6 N.
    assert touches(part, 0, 0, 0)
    assert touches(part, 12, 3175, 1772)
    assert not touches(part, 12, 3179, 1772)
    west, south, east, north = within(part, [90.0, 20.0, 110.0, 30.0])
    assert [west, south, east, north] == pytest.approx(part.counties.total_bounds.tolist())
    assert not touches(county_profile(profile, "900109"), 12, 3175, 1772)


def test_the_map_of_a_county_is_drawn_from_its_part(profile: Profile) -> None:
    secrets = Secrets(profile, WEST)
    assert secrets.told(legible(style(county_profile(profile, WEST), WEST))) == []
    assert "乙县" in legible(style(profile, WEST))


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_token_is_the_whole_token(given_: str, token: str) -> None:
    assert has_token(f"Bearer {given_}", token) == (bool(token) and given_.strip() == token)
    assert not has_token(given_, token) or given_.lower().startswith("bearer ")
    assert not has_token(f"Bearer {given_}", "")


DOORS = {
    "api/readings.py": "feeds send for every county; by token",
    "api/export_asking.py": "the address that the settings name for links",
    "api/files.py": "facts of a brief, of a scope that a desk has narrowed",
    "api/metrics.py": "the whole prefecture's, and asks for that",
    "api/feed.py": "a token of its own, asked for before anything is read",
    "api/health.py": "whether the engine stands still is everybody's",
    "api/problems.py": "the languages there are",
    "api/routes.py": "wiring",
    "ogc/moments.py": "remembers whole pictures, gives them through a desk",
}
"""The only modules of what people see that reach beyond a desk, and why."""


def test_few_modules_reach_beyond_the_desk() -> None:
    found = set()
    for folder in ("api", "ogc", "pages", "components", "figures", "interchange", "exporting", "exports"):
        for path in (ROOT / "dashboard" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and (
                    node.attr in ("engine", "_board", "_history")
                    or (
                        node.attr == "board"
                        and isinstance(node.value, ast.Attribute)
                        and node.value.attr == "state"
                    )
                ):
                    found.add(str(path.relative_to(ROOT / "dashboard")))
    assert found <= DOORS.keys(), (
        f"take what you need from a desk (dashboard/desk.py): {found - DOORS.keys()}"
    )
