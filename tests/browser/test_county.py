"""A county's page and the site drawer, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.seeing import DRAWN, PLACE, STATUS, VIEW, open_page, reading, settle
from tests.conftest import NOON
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
COUNTY = "900101"
OTHERS = ("乙城检查站", "乙一卡点", "界三执勤点", "乙便道")
"""Names of sites and a crossing in the other county."""


def all_well(served: Any, seconds: float) -> None:
    rows = [reading(site, seconds) for site in served.board.profile.sites.site_id.tolist()]
    assert served.post("/api/v1/readings", json=rows).json()["accepted"] == len(rows)


def mine(served: Any) -> int:
    return int((served.board.profile.sites.county == COUNTY).sum())


def test_the_county_shows_its_own_sites_only(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    open_page(page, f"{served.url}/county/{COUNTY}")
    wait_for(lambda: page.evaluate(DRAWN) == mine(served), what="the county's sites drawn")
    page.locator(".ag-center-cols-container .ag-row").first.wait_for()
    assert page.locator(".ag-center-cols-container .ag-row").count() == mine(served)
    text = page.content() + "".join(frames)
    assert frames
    assert [name for name in OTHERS if name in text] == []
    assert page.log.errors == []


def test_list_and_map_select_each_other(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, f"{served.url}/county/{COUNTY}")
    row = page.locator(".ag-pinned-left-cols-container .ag-row[row-id='c1']")
    row.click()
    page.locator(".drawer").wait_for(state="visible")
    assert "甲城检查站" in page.locator(".drawer h2").inner_text()
    assert page.evaluate("() => new URLSearchParams(location.search).get('site')") == "c1"
    page.keyboard.press("Escape")
    page.locator(".drawer").wait_for(state="hidden")
    zoomed = page.evaluate(VIEW)
    page.keyboard.press("0")  # back to the whole county
    wait_for(lambda: page.evaluate(VIEW) != zoomed, what="the way back")
    settle(page)

    def opened() -> bool:
        # The map may still be on its way on a busy machine: whoever misses the marker clicks again.
        page.mouse.click(*page.evaluate(PLACE, "p1"))
        page.wait_for_timeout(1000)
        return page.locator(".drawer h2", has_text="甲一卡点").count() > 0

    wait_for(opened, seconds=60, what="the drawer of p1")
    wait_for(
        lambda: (
            "ag-row-selected"
            in page.locator(".ag-pinned-left-cols-container .ag-row[row-id='p1']").get_attribute("class")
        ),
        what="the row selected",
    )


def test_the_drawer_shows_the_last_day_with_its_thresholds(served: Any, page: Any) -> None:
    rows = [reading("c1", NOON - 900 * back, wait_min=back % 40) for back in range(1, 90)]
    served.post("/api/v1/readings", json=rows)
    open_page(page, f"{served.url}/site/c1")
    page.locator(".drawer .js-plotly-plot .scatterlayer .trace").first.wait_for()
    assert page.locator(".drawer .js-plotly-plot").count() == 3
    assert page.locator(".drawer .annotation-text", has_text="30").count() == 1
    assert "实测" in page.locator("#site-status").inner_text()


def test_the_table_follows_live(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, f"{served.url}/county/{COUNTY}")
    cell = page.locator(".ag-row[row-id='c1'] [col-id='wait_min']")
    wait_for(lambda: cell.inner_text() == "2", what="a wait of 2 in the table")
    served.post("/api/v1/readings", json=[reading("c1", NOON - 20, wait_min=33)])
    wait_for(lambda: cell.inner_text() == "33", what="a wait of 33 in the table")
    assert page.evaluate(STATUS, "c1") == "congested"


def test_search_finds_a_site_by_name_and_by_id(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/")
    page.keyboard.press("/")
    page.keyboard.type("乙城")
    page.locator(".search-hit").first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".drawer h2", has_text="乙城检查站").wait_for()
    page.locator("#search").fill("d1")
    assert "界一执勤点" in page.locator(".search-hit").first.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("?") if page.evaluate("() => document.activeElement.id") != "search" else None
    page.locator("#help").wait_for(state="visible")


@pytest.mark.parametrize("address", ["/", "/county/900101", "/site/c1"])
def test_a_phone_shows_it_without_scrolling_sideways(
    served: Any, new_page: Callable[..., Any], address: str
) -> None:
    all_well(served, NOON - 60)
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_page(page, served.url + address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator("#clock").is_visible()
