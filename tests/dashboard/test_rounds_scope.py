"""Rounds as far as they are a reader's: a county's account neither sees nor records anything of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from dashboard.access import Access, acting
from dashboard.api import rounds as routes
from dashboard.api.problems import Problem
from dashboard.api.rights import rights
from dashboard.api.rounds import due_row, keep, look_row
from dashboard.bulletin import csv_of, text_of
from dashboard.desk import Desk
from dashboard.pages.rounds import page as rounds_page
from dashboard.view import parse_view
from data.bulletin import today_of
from layers.faults import FaultsError
from tests.conftest import NOON
from tests.data.walking import look, walking
from tests.serving import Clock

MINE = Access("zk-duty", "county", "900101")
DUE = NOON - 3 * 3600 - 1800
THEIRS = ("c2", "c3", "乙城", "乙北", "乙县", "900102", "cc-duty", "别处")


@pytest.fixture
def desk(board: Callable[..., Any], profile: Any, clock: Clock) -> Desk:
    """A board on which both counties have looked."""
    clock.now = DUE - 60
    made = board(walking(of=profile))
    made.engine.resume()
    clock.now = DUE + 600
    made.engine.looks(
        [
            look("c1", DUE, DUE + 60, findings=("dress",), by="zk-duty"),
            look("c2", DUE, DUE + 60, findings=("off_post",), note="别处", by="cc-duty"),
        ]
    )
    made.engine.step()
    return Desk(made)


def tells_nothing_of_others(told: str) -> None:
    assert [word for word in THEIRS if word in told] == []


def test_the_list_and_the_bulletin_are_of_the_county_alone(desk: Desk) -> None:
    at = DUE + 600
    with acting(MINE):
        mine = desk.rounds
        due = mine.due(at)
        told = mine.bulletin(today_of(mine.profile, at), at)
        assert [due_row(mine.profile, one, "zh-CN")["site_id"] for one in due] == ["c1"]
        tells_nothing_of_others(orjson.dumps([due_row(mine.profile, one, "zh-CN") for one in due]).decode())
        tells_nothing_of_others(text_of(mine.profile, told, at, "zh-CN"))
        tells_nothing_of_others(csv_of(mine.profile, told, "zh-CN").decode())
        assert [look_row(mine.profile, one)["by"] for one in mine.last("c1", at)] == ["zk-duty"]
        assert mine.last("c2", at) == []
        with pytest.raises(FaultsError):
            mine.due(at, "900102")


def test_another_countys_site_is_one_that_there_is_not(desk: Desk) -> None:
    body = {"site_id": "c2", "round": "shift", "due_at": str(DUE), "result": "seen"}
    with acting(MINE):
        with pytest.raises(Problem) as one:
            keep(desk, body)
        with pytest.raises(Problem) as none:
            keep(desk, body | {"site_id": "nosuch"})
    assert one.value.kind == none.value.kind == "unknown-site"
    assert one.value.more["expected"] == none.value.more["expected"]
    tells_nothing_of_others(str(one.value.more["expected"]))


def test_another_countys_record_is_one_that_there_is_not(desk: Desk) -> None:
    with acting(Access("hq-duty", "command")):
        theirs = desk.rounds.last("c2", DUE + 600)[0]
    with acting(MINE):
        with pytest.raises(Problem) as no:
            keep(desk, {"replaces": theirs.id, "result": "seen"})
        assert no.value.kind == "unknown-look"
        mine = desk.rounds.last("c1", DUE + 600)[0]
        kept = orjson.loads(keep(desk, {"replaces": mine.id, "result": "seen"}).body)["look"]
    assert (kept["replaces"], kept["by"]) == (mine.id, "zk-duty")


def test_the_page_holds_nothing_of_others(desk: Desk) -> None:
    with acting(MINE):
        view = parse_view("?lang=zh-CN", ["zh-CN", "en"], access=MINE)
        tells_nothing_of_others(str(rounds_page(desk, view).to_plotly_json()))


def test_recording_asks_for_the_right_to_operate() -> None:
    assert "operate" in rights(routes.router.routes)["/api/v1/rounds", "POST"]
