"""Whether each line holds, as the API and the live messages tell it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

from dashboard.encode import delta_message, take_apart, whole_message
from data.profile import load_profile
from tests.conftest import NOON
from tests.dashboard.asking import ok
from tests.dashboard.test_api_read import FULL, empty, report
from tests.data.held import held_folder
from tests.serving import Served

GEOD = Geod(ellps="WGS84")
WEST, EAST = "900101", "900102"


@pytest.fixture
def held(serve: Callable[..., Served], tmp_path: Path) -> Served:
    """The small profile with a depth of 20 km and a ring, served."""
    return serve(load_profile(held_folder(tmp_path / "held", depth_km=20)))


def features(served: Served, query: str = "") -> list[dict[str, Any]]:
    return ok(served.get(f"/api/v1/gaps{query}"))["features"]


def test_gaps_say_what_stands_behind_and_who_could_go(held: Served) -> None:
    empty(held)
    report(held, "p1", **FULL)  # nine on duty, four asked
    held.settle()
    assert ok(held.get("/api/v1/gaps"))["depth_km"] == 20
    told = [one["properties"] for one in features(held)]
    assert {one["backed"] for one in told} == {True, False}
    for one in told:
        assert set(one) == {
            "line", "county", "county_name", "from_km", "to_km", "km", "backed", "by", "behind", "reserve",
        }  # fmt: skip
        assert one["by"] == "straight"
        assert (one["behind"] is not None) == one["backed"]
        assert one["reserve"]["site_id"] == "p1"
        assert one["reserve"]["spare"] == 5
    backed = next(one for one in told if one["backed"])
    assert set(backed["behind"]) == {"site_id", "name", "line", "km", "by"}
    assert backed["behind"]["km"] <= 20


def test_a_gap_is_as_long_as_its_geometry(held: Served) -> None:
    report(held, "d1", **FULL)
    report(held, "p1", **FULL)
    held.settle()
    for one in features(held):
        line = shapely.geometry.shape(one["geometry"])
        assert GEOD.geometry_length(line) / 1000 == pytest.approx(one["properties"]["km"], abs=0.0011)


def test_before_the_first_reading_nothing_is_known(held: Served) -> None:
    told = ok(held.get("/api/v1/gaps"))
    assert told["features"] == []
    assert {one["properties"]["county"] for one in told["unknown"]} == {WEST, EAST}
    assert {one["geometry"]["type"] for one in told["unknown"]} <= {"LineString", "MultiLineString"}
    first, _, third = ok(held.get("/api/v1/lines"))["lines"]
    assert (first["km_covered"], first["km_uncovered"], first["km_exposed"]) == (None, None, None)
    assert first["km_unknown"] == first["km"]
    assert (third["exits"], third["exits_held"], third["exits_unknown"], third["exits_open"]) == (
        3,
        None,
        3,
        [],
    )
    message = ok(held.get("/api/v1/picture"))
    assert (message["gaps"], message["exits"]) == ([], [])
    assert [one["county"] for one in message["unknown"]] == [WEST, EAST]
    assert "threeline_km_uncovered{" not in held.get("/metrics").text
    (west,) = ok(held.get(f"/api/v1/gaps?scope={WEST}"))["unknown"]
    assert west["properties"]["county"] == WEST


def test_lines_count_what_is_exposed_and_which_exits_are_open(held: Served) -> None:
    empty(held)
    report(held, "p1", **FULL)
    report(held, "c1", **FULL)
    held.settle()
    first, second, third = ok(held.get("/api/v1/lines?lang=en"))["lines"]
    gaps = [one["properties"] for one in features(held)]
    assert first["km_exposed"] == pytest.approx(sum(one["km"] for one in gaps if not one["backed"]), abs=0.02)
    assert 0 < first["km_exposed"] < first["km_uncovered"]
    assert (first["exits"], first["exits_open"], second["km_exposed"]) == (None, [], None)
    assert (third["exits"], third["exits_held"]) == (3, 1)
    assert [(one["exit_id"], one["name"], one["county"]) for one in third["exits_open"]] == [
        ("x2", "甲北出口", WEST),
        ("x3", "乙出口", EAST),
    ]
    near = third["exits_open"][0]["nearest"]
    assert (near["site_id"], near["by"]) == ("c1", "straight")
    assert near["km"] == pytest.approx(3.1, abs=0.01)


def test_a_county_is_told_of_its_own_and_no_other_countys_site(held: Served) -> None:
    empty(held)
    report(held, "p2", **FULL)
    held.settle()
    (west, *_) = [
        one["properties"] for one in features(held, f"?scope={WEST}") if one["properties"]["backed"]
    ]
    assert (west["behind"]["site_id"], west["behind"]["name"], west["behind"]["line"]) == (
        None,
        None,
        "second",
    )
    assert (west["reserve"]["site_id"], west["reserve"]["spare"]) == (None, None)
    assert west["reserve"]["km"] > 0
    third = ok(held.get(f"/api/v1/lines?scope={EAST}"))["lines"][2]
    assert (third["exits"], [one["exit_id"] for one in third["exits_open"]]) == (1, ["x3"])
    for path in ("gaps", "lines", "picture"):
        assert "p2" not in held.get(f"/api/v1/{path}?scope={WEST}").text.replace("p2_", "")


def test_the_past_is_told_the_same(held: Served) -> None:
    empty(held)
    report(held, "p1", **FULL)
    report(held, "c1", **FULL)
    held.settle()
    gaps, lines = features(held), ok(held.get("/api/v1/lines"))["lines"]
    held.board.clock.forward(60)
    report(held, "p1", at=NOON + 60, **(FULL | {"staff_on_duty": 0}))
    report(held, "c1", at=NOON + 60, **(FULL | {"staff_on_duty": 0}))
    held.settle()
    assert features(held) != gaps
    past = "at=2026-06-03T12:00:00%2B08:00"
    assert features(held, f"?{past}") == gaps
    assert ok(held.get(f"/api/v1/lines?{past}"))["lines"] == lines


def test_messages_carry_gaps_and_open_exits_and_only_when_they_change(held: Served) -> None:
    board = held.board
    empty(held)
    report(held, "c1", **FULL)
    held.settle()
    parts = take_apart(board.profile, board.engine.picture, ["en"])
    whole = whole_message(parts, "en", epoch="", version="")
    assert [one["exit_id"] for one in whole["exits"]] == ["x2", "x3"]
    assert {"lon", "lat", "county_name", "nearest"} <= set(whole["exits"][0])
    assert whole["gaps"][0]["backed"] is False
    report(held, "c2", **FULL)
    held.settle()
    after = take_apart(board.profile, board.engine.picture, ["en"], parts)
    delta = delta_message(parts, after)
    assert [one["exit_id"] for one in delta["exits"]] == ["x2"]
    report(held, "c2", at=NOON + 1, **(FULL | {"queue_m": 121}))
    board.clock.forward(1)
    held.settle()
    last = take_apart(board.profile, board.engine.picture, ["en"], after)
    assert not {"exits", "gaps"} & set(delta_message(after, last))
