"""The site drawer in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.county import COUNTY, ROW, all_well, query
from tests.browser.seeing import READY_MS, open_page, reading
from tests.conftest import NOON
from tests.data.edited import Edited
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_drawer_shows_the_last_day_with_its_thresholds(served: Any, page: Any) -> None:
    week = [reading("c1", NOON - 7 * 86400 - 900 * back, wait_min=12) for back in range(1, 90)]
    rows = [
        reading("c1", NOON - 900 * back, wait_min=back % 40, outcomes={"turned_back": 1})
        for back in range(1, 90)
    ]
    served.post("/api/v1/readings", json=[*week, *rows, reading("c1", NOON - 60, wait_min=1)])
    served.post("/api/v1/readings", json=[reading("c1", NOON - 60, wait_min=31, staff_on_duty=15)])
    open_page(page, f"{served.url}/site/c1")
    plots = page.locator(".drawer .js-plotly-plot")
    expect(plots).to_have_count(4, timeout=READY_MS)
    expect(page.locator(".drawer .annotation-text", has_text="30")).to_have_count(1, timeout=READY_MS)
    # The week before is drawn, too.
    expect(plots.nth(2).locator(".scatterlayer .trace")).to_have_count(2, timeout=READY_MS)
    for part in ("拥堵", "实测"):
        expect(page.locator("#site-status")).to_contain_text(part)
    for part in ("31", "达到 30", "15", "/ 12", "富余 3 人"):
        expect(page.locator(".site-numbers")).to_contain_text(part)
    levels = page.locator(".levels tr")
    expect(levels).to_have_count(4)
    expect(levels.nth(0)).to_contain_text("缺 9 人")
    expect(levels.nth(2)).to_contain_text("富余 3 人")
    expect(page.locator(".site-outcomes dd").first).to_have_text("47")
    log = page.locator(".site-log li").filter(has_text="上报").filter(has_text="候检 31")
    expect(log.first).to_be_attached()


def test_video_opens_the_bureaus_player_in_a_window_of_its_own(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}?site=c1")
    link = page.locator("#site-video a")
    expect(link).to_have_attribute("href", "https://video.example/c1")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    page.locator(ROW.format("d1")).click()
    expect(page.locator(".drawer h2")).to_have_text("界一执勤点")
    # A site without video says so.
    expect(page.locator("#site-video")).to_contain_text("未接入视频")


def test_a_site_opens_at_once_and_its_charts_follow(served: Any, page: Any) -> None:
    """What the page knows stands before the server has answered anything."""
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}")
    page.locator(ROW.format("c1")).wait_for()
    page.context.set_offline(True)
    page.locator(ROW.format("c1")).click()
    expect(page.locator(".drawer h2")).to_have_text("甲城检查站")
    expect(page.locator(".site-numbers")).to_contain_text("2")
    expect(page.locator("#site-charts")).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    page.log.errors.clear()


def test_its_alerts_have_their_clocks_and_a_stale_number_says_so(served: Any, page: Any) -> None:
    all_well(served, NOON - 1200, c1={"wait_min": 45})
    open_page(page, f"{served.url}/county/{COUNTY}?site=c1")
    expect(page.locator(".site-status .old")).to_be_visible()
    served.post(
        "/api/v1/readings",
        json=[reading("c1", NOON - 600 + 60 * minute, wait_min=45) for minute in range(10)],
    )
    alert = page.locator("#site-open-alerts .alert").first
    expect(alert.locator(".stopwatch")).to_have_text(re.compile(r"^\+"), timeout=READY_MS)
    expect(alert.locator(".step")).to_have_count(3)


def test_leaving_the_page_of_one_site_leaves_its_address(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/site/c1?lang=en")
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()
    page.locator("[data-do=close-site]").click()
    page.locator(".drawer").wait_for(state="hidden")
    assert page.evaluate("location.pathname") == f"/county/{COUNTY}"
    assert query(page)["lang"] == "en"
    assert "site" not in query(page)


def test_a_page_whose_site_went_comes_back_when_it_is_there_again(
    board: Callable[..., Any], serve: Callable[..., Served], tmp_path: Path, page: Any
) -> None:
    edited = Edited(tmp_path)
    before = edited.text("checkpoints.geojson")
    edited.checkpoint("c9", name="新建检查站")
    made = board(edited.load(), simulate=False)
    made.follow()
    open_page(page, f"{serve(made).url}/site/c9")
    page.locator(".drawer h2", has_text="新建检查站").wait_for()
    with_it = edited.text("checkpoints.geojson")
    edited.write("checkpoints.geojson", before)
    page.locator(".missing").wait_for(timeout=READY_MS)
    edited.write("checkpoints.geojson", with_it)
    page.locator(".drawer h2", has_text="新建检查站").wait_for(timeout=READY_MS)
