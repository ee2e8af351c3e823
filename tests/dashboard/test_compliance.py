"""Response times over HTTP: what people did shows in them, for their own county, over the span asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.access import Access
from dashboard.components.menu import MENU, pages_menu
from dashboard.pages import PAGES
from data.readings import Readings
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.serving import Clock, Served

WHEN = "2026-06-03T00:00:00+08:00"


@pytest.fixture
def answered(serve: Callable[..., Served], clock: Clock) -> Served:
    """Alerts of two sites of two counties: one answered after 20 s, one by nobody for ten minutes."""
    served = serve()
    for at in (NOON - 60, NOON):
        served.board.engine.readings(
            Readings.of(
                site_id=["c1", "c2"], observed_at=[at] * 2, wait_min=[45.0] * 2, staff_on_duty=[20.0] * 2
            )
        )
        served.settle()
    clock.forward(20)
    alert = quote(f"wait_over_30:c1:{NOON - 60}", safe="")
    ok(served.post(f"/api/v1/alerts/{alert}/ack", json={"note": "on it"}))
    clock.forward(580)
    served.settle()
    return served


def told(served: Served, query: str = "") -> dict[str, Any]:
    return ok(served.get(f"/api/v1/compliance?lang=en{query}"))


def wait_of(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    (row,) = (one for one in rows if one["key"] == key)
    return dict(row)


def test_the_steps_are_told_by_rule_county_and_shift(answered: Served) -> None:
    row = wait_of(told(answered, "&by=rule")["rows"], "wait_over_30")
    assert (row["name"], row["alerts"]) == ("Wait too long", 2)
    assert row["steps"]["answered"] == {
        "kept": 1, "late": 0, "missed": 1, "spared": 0, "share": 0.5, "median_s": 20,
    }  # fmt: skip
    assert row["steps"]["arrived"]["missed"] == 2
    counties = told(answered, "&by=county")["rows"]
    assert all(one["name"] != one["key"] for one in counties if one["key"])
    (shift,) = told(answered, "&by=shift")["rows"]
    assert shift["key"] == "08:00-16:00"


def test_a_county_has_its_own_and_the_parts_make_the_whole(answered: Served) -> None:
    whole = told(answered, "&by=county")
    assert sum(row["alerts"] for row in whole["rows"]) == whole["alerts"]
    assert sum(slot["alerts"] for slot in whole["course"]) == whole["alerts"]
    for row in whole["rows"]:
        mine = told(answered, f"&scope={row['key']}&by=county") if row["key"] else None
        assert mine is None or [one["key"] for one in mine["rows"]] == [row["key"]]


def test_a_span_and_a_past_time_leave_out_what_came_after(answered: Served) -> None:
    assert told(answered, f"&from={NOON + 1}&by=rule")["alerts"] == 0
    early = wait_of(told(answered, f"&at={NOON + 10}&by=rule")["rows"], "wait_over_30")
    # Nothing was due yet, and nobody had answered.
    assert early["steps"]["answered"]["spared"] == 2
    assert told(answered, f"&from={quote(WHEN)}")["every"] == "hour"
    assert told(answered)["every"] == "day"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("by=name", "bad-value"),
        ("from=yesterday", "bad-time"),
        (f"from={NOON + 5}&to={NOON}", "bad-time"),
        (f"from={NOON - 500 * 86_400}", "bad-time"),
    ],
    ids=["by", "time", "order", "span"],
)
def test_what_makes_no_sense_is_refused(asked: Served, query: str, kind: str) -> None:
    problem(asked.get(f"/api/v1/compliance?{query}"), 400, kind)


def test_the_menu_leads_to_pages_that_there_are_and_nobody_elsewhere() -> None:
    assert {place.path.removeprefix("/") for place in MENU} <= PAGES.keys()
    assert pages_menu(Access("", "kiosk"), "en") == []
    shown = str(pages_menu(Access("zk-duty", "briefing"), "zh-CN"))
    assert "/alerts?lang=zh-CN" in shown
    hidden = [place.path for place in MENU if not Access("", "briefing").may(place.right)]
    assert [path for path in hidden if path in shown] == []
