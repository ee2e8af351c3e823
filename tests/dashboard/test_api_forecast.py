"""Forecast, advice and what-if over HTTP and in the drawer: words, numbers, and nothing of another county."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.access import OPEN, Access, acting
from dashboard.desk import Desk
from dashboard.foretold import advice_words, forecast_words, score_words
from dashboard.pages import ahead as page
from dashboard.pages.drawer import charts
from dashboard.view import View
from data.advice import Advice
from data.forecast import Point, SiteForecast
from data.forecast_score import Score
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.data.foreseen import rushes
from tests.data.places import small
from tests.serving import Served

END = NOON + 1800
"""The rush ends so much later: at noon it is at its height."""
GOOD = Score(600, NOON - 6 * 86400, NOON, 1.0, 1.5, 200, 1.1, 4.0, 0.81)


@pytest.fixture
def rushed(serve: Callable[..., Served]) -> Served:
    served = serve()
    rushes(served.board.engine.store, END)
    return served


def test_the_forecast_with_its_score(rushed: Served) -> None:
    told = ok(rushed.get("/api/v1/sites/c1/forecast"))
    assert told["shown"] is True
    assert [point["t"][11:16] for point in told["points"]] == ["12:15", "12:30"]
    assert all(point["low"] <= point["wait_min"] <= point["high"] for point in told["points"])
    score = told["score"]
    assert score["mae"] < score["mae_no_change"]
    assert (score["verdict"], score["moments_with_week"], score["mae_last_week"]) == ("better", 0, None)
    assert "维持现状" in told["score_text"]
    assert "no change" in ok(rushed.get("/api/v1/sites/c1/forecast", params={"lang": "en"}))["score_text"]


def test_a_forecast_that_hides_tells_why_and_no_numbers(rushed: Served) -> None:
    told = ok(rushed.get("/api/v1/sites/d1/forecast"))
    assert (told["shown"], told["why"], told["points"]) == (False, "no_wait", [])
    assert told["text"] == "本站不上报候检时间，不作预测。"


def test_advice_with_what_it_rests_on(rushed: Served) -> None:
    told = ok(rushed.get("/api/v1/sites/c1/advice"))
    assert told["wait_min"] >= 30
    assert told["what"] in ("open", "wait", "divert")
    assert told["unit"] == "vehicles"
    assert [one["lanes"] for one in told["options"]] == [3, 4, 5, 6]
    assert "条车道" in told["text"]
    assert "实测" in told["basis"]
    calm = ok(rushed.get("/api/v1/sites/c1/advice", params={"at": str(NOON - 8 * 3600)}))
    assert (calm["what"], calm["text"]) == ("calm", None)


def test_what_if(rushed: Served) -> None:
    told = ok(rushed.post("/api/v1/whatif", json={"site_id": "c1", "close": "site"}))
    assert {one["site_id"] for one in told["outcome"]["taken_by"]} == {"c2", "c3"}
    assert told["outcome"]["wait_with"] is None
    assert "转往邻站" in told["text"]
    lane = ok(rushed.post("/api/v1/whatif", json={"site_id": "c1", "close": "lanes", "lanes": 1}))
    assert lane["outcome"]["lanes_left"] == 2
    # Nothing of it is kept: it is asked, not ordered.
    assert rushed.board.engine.store.entries() == []
    unknown = ok(rushed.post("/api/v1/whatif", json={"site_id": "d1", "close": "site"}))
    assert unknown["outcome"] is None
    assert "无法推演" in unknown["text"]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ([], 400, "unreadable"),
        ({"site_id": "c1"}, 400, "bad-value"),
        ({"site_id": "c1", "close": "site", "who": "x"}, 400, "bad-value"),
        ({"site_id": "c1", "close": "lanes", "lanes": 0}, 400, "bad-number"),
        ({"site_id": "c1", "close": "lanes", "lanes": True}, 400, "bad-number"),
        ({"site_id": 7, "close": "site"}, 404, "unknown-site"),
        ({"site_id": "zz", "close": "site"}, 404, "unknown-site"),
        ({"site_id": "c" * 5000, "close": "site"}, 413, "too-large"),
    ],
    ids=["list", "no-close", "unknown-field", "none", "true", "number", "unknown-site", "large"],
)
def test_a_wrong_question_is_refused(asked: Served, body: Any, status: int, kind: str) -> None:
    problem(asked.post("/api/v1/whatif", json=body), status, kind)


def test_what_if_takes_json_only(asked: Served) -> None:
    answer = asked.post("/api/v1/whatif", content=b"{}", headers={"Content-Type": "text/plain"})
    problem(answer, 415, "wrong-media-type")


def test_a_county_gets_its_own_sites_only(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    rushes(served.board.engine.store, END)
    reader = served.login("county", scope="900102")
    for what in ("forecast", "advice"):
        problem(reader.get(f"/api/v1/sites/c1/{what}"), 404, "unknown-site")
    problem(reader.post("/api/v1/whatif", json={"site_id": "c1", "close": "site"}), 404, "unknown-site")
    answer = reader.post("/api/v1/whatif", json={"site_id": "c2", "close": "site"})
    assert {one["site_id"] for one in ok(answer)["outcome"]["taken_by"]} == {"c3"}
    assert "只含本县站点" in ok(answer)["note"]


def test_the_drawer_says_what_to_do_and_draws_the_band(rushed: Served) -> None:
    desk, view = Desk(rushed.board), View(lang="zh-CN")
    with acting(OPEN):
        drawn = str(charts(desk, "c1", view))
        told = str(page.what_if(desk, "c1", page.SITE, view))
    assert "条车道" in drawn
    assert "tonexty" in drawn
    assert "候检预测" in drawn
    assert "维持现状" in drawn
    assert "乙城检查站" in told
    with acting(Access("zk", "county", "900102")):
        assert "乙城检查站" in str(page.what_if(desk, "c3", page.SITE, view))
        assert "甲城检查站" not in str(page.what_if(desk, "c3", page.SITE, view))


def test_the_chart_of_a_hidden_forecast_has_no_band(serve: Callable[..., Served]) -> None:
    served = serve()
    rushes(served.board.engine.store, END, days=1)
    with acting(OPEN):
        drawn = str(charts(Desk(served.board), "c1", View(lang="zh-CN")))
    assert "tonexty" not in drawn
    assert "历史数据不足" in drawn


ADVICE = Advice(
    "open", 30.0, 45.0, unit="vehicles", per_lane_h=60.0, arrivals_h=100.0, lanes_open=2, lanes=4,
    lanes_more=2, staff_more=3, under_min=20,
)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "chinese"),
    [
        ({}, "建议再开 2 条车道（共 4 条），预计 12:20 前候检回到 30 分钟以下；需增派 3 人上岗。"),
        ({"under_min": 0, "staff_more": 0}, "建议再开 2 条车道（共 4 条），候检即可回到 30 分钟以下。"),
        (
            {"what": "wait", "lanes": 2, "lanes_more": 0, "staff_more": None},
            "现有 2 条车道即可，预计 12:20 前候检回到 30 分钟以下。",
        ),
        (
            {"what": "divert", "under_min": None, "divert_h": 81.4, "staff_more": 0},
            "建议先再开 2 条车道，开满 4 条；开满 4 条车道，半小时内仍不能回到 30 分钟以下，"
            "建议上游分流约 81 辆/时，持续半小时。",
        ),
        ({"what": "calm"}, ""),
        ({"what": "unknown"}, "候检过长，但车道或通行数据不足，无法测算所需车道。"),
    ],
    ids=["open", "at-once", "wait", "divert", "calm", "unknown"],
)
def test_advice_in_words(more: dict[str, Any], chinese: str) -> None:
    told = Advice(**vars(ADVICE) | more)
    assert advice_words(told, "zh-CN", NOON, small().zone) == chinese
    assert bool(advice_words(told, "en", NOON, small().zone)) == bool(chinese)


def test_the_forecast_in_words() -> None:
    points = (Point(NOON + 900, 25.0, 20.0, 31.0), Point(NOON + 1800, 33.4, 24.6, 47.2))
    told = SiteForecast(points, GOOD, "", 20.0)
    assert forecast_words(told, "zh-CN", small().zone) == (
        "预计 12:30 候检 33 分钟，八成把握在 25–47 分钟之间"
    )
    assert score_words(told, "en").startswith("Mean error half an hour ahead over 6 days: 1.00 min")
    assert "4.00" in score_words(told, "zh-CN")
    assert score_words(SiteForecast((), None, "too_short"), "en") == ""
