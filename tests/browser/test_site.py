"""The site drawer in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.county import COUNTY, ROW, all_well, query
from tests.browser.seeing import open_page, reading
from tests.conftest import NOON
from tests.data.edited import Edited
from tests.serving import wait_for

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
    page.locator(".drawer .js-plotly-plot .scatterlayer .trace").first.wait_for(
        state="attached", timeout=60_000
    )
    assert page.locator(".drawer .js-plotly-plot").count() == 4
    assert page.locator(".drawer .annotation-text", has_text="30").count() == 1
    wait = page.locator(".drawer .js-plotly-plot").nth(2)
    assert wait.locator(".scatterlayer .trace").count() == 2, "the week before is drawn, too"
    said = page.locator("#site-status").inner_text()
    for part in ("拥堵", "实测"):
        assert part in said
    tiles = page.locator(".site-numbers").inner_text()
    for part in ("31", "达到 30", "15", "/ 12", "富余 3 人"):
        assert part in tiles
    page.locator(".levels tr").first.wait_for()
    levels = page.locator(".levels tr").all_inner_texts()
    assert len(levels) == 4
    assert "缺 9 人" in levels[0]
    assert "富余 3 人" in levels[2]
    assert page.locator(".site-outcomes dd").first.inner_text() == "47"
    log = page.locator(".site-log li").all_inner_texts()
    assert any("上报" in line and "候检 31" in line for line in log)


def test_video_opens_the_bureaus_player_in_a_window_of_its_own(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}?site=c1")
    link = page.locator("#site-video a")
    link.wait_for()
    assert link.get_attribute("href") == "https://video.example/c1"
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in link.get_attribute("rel")
    page.locator(ROW.format("d1")).click()
    page.locator(".drawer h2", has_text="界一执勤点").wait_for()
    wait_for(
        lambda: "未接入视频" in page.locator("#site-video").inner_text(), what="a site without video says so"
    )


def test_a_site_opens_at_once_and_its_charts_follow(served: Any, page: Any) -> None:
    """What the page knows stands before the server has answered anything."""
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}")
    page.locator(ROW.format("c1")).wait_for()
    page.context.set_offline(True)
    page.locator(ROW.format("c1")).click()
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()
    assert "2" in page.locator(".site-numbers").inner_text()
    assert page.locator("#site-charts").get_attribute("data-state") == "waiting"
    page.context.set_offline(False)
    page.log.errors.clear()


def test_its_alerts_have_their_clocks_and_a_stale_number_says_so(served: Any, page: Any) -> None:
    all_well(served, NOON - 1200, c1={"wait_min": 45})
    open_page(page, f"{served.url}/county/{COUNTY}?site=c1")
    assert page.locator(".site-status .old").is_visible()
    served.post(
        "/api/v1/readings",
        json=[reading("c1", NOON - 600 + 60 * minute, wait_min=45) for minute in range(10)],
    )
    alert = page.locator("#site-open-alerts .alert")
    alert.first.wait_for(timeout=30_000)
    assert alert.first.locator(".stopwatch").inner_text().startswith("+")
    assert alert.first.locator(".step").count() == 3


def test_leaving_the_page_of_one_site_leaves_its_address(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/site/c1?lang=en")
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()
    page.locator("[data-do=close-site]").click()
    page.locator(".drawer").wait_for(state="hidden")
    assert f"/county/{COUNTY}?lang=en" in page.url
    assert "site" not in query(page)


def test_a_page_whose_site_went_comes_back_when_it_is_there_again(
    live_server: Callable[..., Any], tmp_path: Any, page: Any
) -> None:
    edited = Edited(tmp_path)
    before = edited.text("checkpoints.geojson")
    edited.checkpoint("c9", name="新建检查站")
    server = live_server(edited.folder)
    open_page(page, f"{server.url}/site/c9")
    page.locator(".drawer h2", has_text="新建检查站").wait_for()
    with_it = edited.text("checkpoints.geojson")
    edited.write("checkpoints.geojson", before)
    page.locator(".missing").wait_for(timeout=60_000)
    edited.write("checkpoints.geojson", with_it)
    page.locator(".drawer h2", has_text="新建检查站").wait_for(timeout=60_000)
