"""A county's page in a real browser: map and table as equals, filters, keys, and all of it in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.county import COUNTY, PHONE, ROW, all_well, mine, query, rows
from tests.browser.seeing import DRAWN, PLACE, STATUS, VIEW, open_page, reading, settle
from tests.conftest import NOON
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OTHERS = ("乙城检查站", "乙一卡点", "界三执勤点", "乙便道")
"""Names of sites and a crossing in the other county."""
CENTRE = "() => { const c = window.threeline.map.instance.getCenter(); return [c.lng, c.lat]; }"


def test_the_county_shows_its_own_sites_only(served: Any, page: Any) -> None:
    all_well(served)
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    open_page(page, f"{served.url}/county/{COUNTY}")
    ours = mine(served)
    wait_for(lambda: page.evaluate(DRAWN) == len(ours), what="the county's sites drawn")
    wait_for(lambda: sorted(rows(page)) == sorted(ours), what="the county's sites in the table")
    text = page.content() + "".join(frames)
    assert frames
    assert [name for name in OTHERS if name in text] == []
    assert page.log.errors == []


def test_list_and_map_select_each_other(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}")
    page.locator(ROW.format("c1")).click()
    expect(page.locator(".drawer h2")).to_contain_text("甲城检查站")
    assert query(page)["site"] == "c1"
    site = page.evaluate("() => { const s = window.threeline.siteOf('c1'); return [s.lon, s.lat]; }")
    # The map becomes narrower for the drawer while it flies there, and gets there all the same.
    wait_for(
        lambda: all(abs(a - b) < 1e-3 for a, b in zip(page.evaluate(CENTRE), site, strict=True)),
        what="the map at c1",
    )
    settle(page)
    page.keyboard.press("Escape")
    page.locator(".drawer").wait_for(state="hidden")
    assert "site" not in query(page)
    zoomed = page.evaluate(VIEW)
    page.keyboard.press("0")  # back to the whole county
    wait_for(lambda: page.evaluate(VIEW)[2] < zoomed[2] - 0.5, what="the way back")
    settle(page)

    def opened() -> bool:
        # A software-drawn map on a busy machine may still be moving: whoever misses the marker clicks again.
        page.mouse.click(*page.evaluate(PLACE, "p1"))
        page.wait_for_timeout(300)
        return page.locator(".drawer h2", has_text="甲一卡点").count() > 0

    wait_for(opened, what="the drawer of p1")
    expect(page.locator(ROW.format("p1"))).to_have_class(re.compile("ag-row-selected"))


def test_a_click_before_the_map_is_there_selects_all_the_same(served: Any, page: Any) -> None:
    """The table is listened to as soon as it has rows, however long the map takes."""
    all_well(served)
    page.route("**/plotly.min.js*", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto(f"{served.url}/county/{COUNTY}")
    page.locator(ROW.format("c1")).click(timeout=60_000)
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()


def test_the_table_follows_live_and_says_what_is_worst_first(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}")
    cell = page.locator(".ag-row[row-id='c1'] [col-id='wait_min']")
    expect(cell).to_have_text("2")
    served.post("/api/v1/readings", json=[reading("c1", NOON - 20, wait_min=33)])
    expect(cell).to_have_text("33")
    expect(cell).to_have_class(re.compile("level-congested"))
    wait_for(lambda: page.evaluate(STATUS, "c1") == "congested", what="the marker in its colour")
    wait_for(lambda: rows(page)[:1] == ["c1"], what="the congested site on top")


def test_the_summary_counts_and_its_chips_filter(served: Any, page: Any) -> None:
    all_well(served, c1={"wait_min": 40}, d1={"wait_min": 18}, d2={"staff_on_duty": 1})
    open_page(page, f"{served.url}/county/{COUNTY}")
    ours = mine(served)

    counts = {"status:congested": 1, "status:busy": 1, "status:normal": len(ours) - 2, "attention:1": 2}
    for chip, count in counts.items():
        expect(page.locator(f"[data-count='{chip}']")).to_have_text(str(count))
    page.locator("[data-filter=attention]").click()
    wait_for(lambda: sorted(rows(page)) == ["c1", "d2"], what="only those")
    wait_for(lambda: query(page).get("attention") == "1", what="the filter in the address")
    page.locator("[data-filter=line][data-value=first]").click()
    wait_for(lambda: rows(page) == ["d2"], what="only the first line's")
    expect(page.locator("#table-count")).to_contain_text("1 / ")
    page.locator("[data-do=clear-filters]").click()
    wait_for(lambda: len(rows(page)) == len(ours), what="all again")
    filters = {"attention", "line", "status", "q", "filter"}
    wait_for(lambda: query(page).keys().isdisjoint(filters), what="an address without a filter")


def test_an_address_pasted_elsewhere_shows_the_same(served: Any, new_page: Callable[..., Any]) -> None:
    all_well(served, d1={"wait_min": 18}, d2={"wait_min": 20})
    here = new_page()
    open_page(here, f"{served.url}/county/{COUNTY}")
    wait_for(lambda: rows(here), what="rows")
    here.locator("[data-filter=status][data-value=busy]").click()
    here.evaluate(
        """() => {
          const grid = window.threeline.tableGrid();
          const state = [{ colId: 'wait_min', sort: 'asc' }];
          grid.applyColumnState({ state, defaultState: { sort: null } });
        }"""
    )

    here.evaluate(
        """() => window.threeline.tableGrid().setFilterModel(
          { wait_min: { filterType: 'number', type: 'greaterThan', filter: 10 } })"""
    )
    wait_for(lambda: "filter" in query(here), what="the filter in the address")
    here.locator("#filter-words").fill("jie")
    legend = here.locator(".legend")
    here.locator("[data-do=legend]").click()
    folded = legend.get_attribute("data-folded")
    here.locator("#side-tab-gaps").click()
    here.locator(ROW.format("d2")).click()
    here.locator("[data-do=compare-site]").click()
    wait_for(lambda: query(here).get("compare") == "d2", what="the comparison in the address")
    wait_for(lambda: query(here).get("sort") == "wait_min:asc", what="the order in the address")
    wait_for(lambda: query(here).get("q") == "jie", what="the words in the address")
    settle(here)
    there = new_page()
    open_page(there, here.evaluate("location.href"))
    wait_for(lambda: rows(there) == ["d1", "d2"], what="the same rows in the same order")
    expect(there.locator("#filter-words")).to_have_value("jie")
    expect(there.locator(".legend")).to_have_attribute("data-folded", folded or "")
    expect(there.locator("#side-gaps")).to_be_visible()
    expect(there.locator(".drawer h2")).to_have_text("界二执勤点")
    expect(there.locator("#compare-count")).to_have_text("1/4")
    wait_for(lambda: query(there) == query(here), what="the same address")


def test_a_filter_of_the_address_outlives_what_the_grid_was_made_with(served: Any, page: Any) -> None:
    all_well(served, c1={"wait_min": 40}, d2={"wait_min": 35})
    model = '{"wait_min":{"filterType":"number","type":"greaterThan","filter":36}}'
    open_page(page, f"{served.url}/county/{COUNTY}?sort=wait_min:asc&filter={quote(model)}")
    wait_for(lambda: rows(page) == ["c1"], what="what the address asks for")
    # What dash-ag-grid does by itself, once, when a column has changed for the first time.
    page.evaluate("() => window.dash_clientside.set_props('sites-table', { filterModel: {} })")
    page.wait_for_timeout(500)
    wait_for(lambda: rows(page) == ["c1"], what="still what the address asks for")
    wait_for(lambda: query(page).get("filter") == model, what="the filter in the address")
    wait_for(lambda: query(page).get("sort") == "wait_min:asc", what="the order in the address")
    page.locator("[data-do=clear-filters]").click()
    wait_for(lambda: len(rows(page)) == len(mine(served)), what="all again, for a hand asked for it")
    wait_for(lambda: "filter" not in query(page), what="an address without a filter")


def test_a_number_filters_from_there_on(served: Any, page: Any) -> None:
    all_well(served, c1={"wait_min": 40})
    open_page(page, f"{served.url}/county/{COUNTY}")
    page.locator("#sites-table .ag-header-cell[col-id=wait_min] .ag-header-cell-filter-button").click()
    page.locator(".ag-filter input[type=number]").first.fill("30")
    wait_for(lambda: rows(page) == ["c1"], what="what waits 30 minutes or more")


def test_a_filter_that_the_grid_does_not_know_filters_nothing(served: Any, page: Any) -> None:
    all_well(served)
    for wild in (
        '{"wait_min":{"filterType":"number","type":"unheard of"}}',
        '{"x":1}',
        "null",
        "[",
    ):
        page.goto(f"{served.url}/county/{COUNTY}?filter={quote(wild)}")
        wait_for(lambda: len(rows(page)) == len(mine(served)), what="all rows")
        assert page.log.errors == []


def test_keys_go_through_the_rows_and_take_the_drawer_along(served: Any, page: Any) -> None:
    all_well(served, c1={"wait_min": 40}, d2={"wait_min": 35})
    open_page(page, f"{served.url}/county/{COUNTY}")
    wait_for(lambda: rows(page)[:2] == ["c1", "d2"], what="the worst on top")
    page.keyboard.press("j")
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()
    page.keyboard.press("j")
    page.locator(".drawer h2", has_text="界二执勤点").wait_for()
    page.keyboard.press("k")
    wait_for(lambda: query(page).get("site") == "c1", what="back at the first")
    page.locator(ROW.format("c1")).locator("[col-id=name]").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wait_for(lambda: query(page).get("site") == rows(page)[2], what="two rows down")
    third = query(page)["site"]
    page.keyboard.press("c")
    wait_for(lambda: query(page).get("compare") == third, what="the row in the comparison")
    page.keyboard.press("Escape")
    page.locator(".drawer").wait_for(state="hidden")


def test_what_is_seen_goes_into_a_file(served: Any, page: Any) -> None:
    served.post("/api/v1/readings", json=[reading("c1", NOON - 60, wait_min=33, method="simulated")])
    all_well(served, NOON - 90)
    open_page(page, f"{served.url}/county/{COUNTY}?line=third")
    wait_for(lambda: rows(page) == ["c1"], what="one row")
    with page.expect_download() as download:
        page.locator("[data-do=export-shown]").click()
    assert download.value.suggested_filename.endswith("-SIMULATED.csv")
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith("\ufeff".encode())
    head, titles, row = raw.decode("utf-8-sig").split("\r\n")[:3]
    assert "2026-06-03" in head
    assert "模拟数据" in head
    assert "站点" in titles
    assert "甲城检查站" in row
    assert '"33"' in row
    assert "2026-06-03 11:59:00" in row


def test_all_sites_have_a_page_and_the_ways_lead_there_and_back(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county?lang=en")
    wait_for(lambda: len(rows(page)) == len(served.board.profile.sites), what="every site")
    page.locator("[data-do=places]").click()
    page.locator(f"#places [data-place='{COUNTY}']").click()
    page.wait_for_url(f"**/county/{COUNTY}?lang=en*")
    expect(page.locator(".home-link")).to_have_attribute("href", "/?lang=en")


@pytest.mark.parametrize("address", ["/", "/county/900101", "/site/c1"])
def test_a_phone_shows_it_without_scrolling_sideways(
    served: Any, new_page: Callable[..., Any], address: str
) -> None:
    all_well(served)
    page = new_page(**PHONE)
    open_page(page, served.url + address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    expect(page.locator("#clock")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(683, 384), (844, 390)])
def test_a_low_screen_has_room_for_rows(
    served: Any, new_page: Callable[..., Any], width: int, height: int
) -> None:
    """Text enlarged twofold on a laptop, and a phone held across."""
    all_well(served)
    page = new_page(viewport={"width": width, "height": height})
    page.goto(f"{served.url}/county/900101")
    row = page.locator(".ag-center-cols-container .ag-row").nth(1)
    row.click()
    expect(page.locator("#site-drawer .site-title h2")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_what_is_printed_is_bright_and_says_that_it_is_not_all(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/900101?theme=dark")
    html = page.locator("html")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(html).to_have_attribute("data-theme", "light")
    expect(page.locator(".bar .controls")).to_be_hidden()
    after = "() => getComputedStyle(document.getElementById('table-count'), '::after').content"
    wait_for(lambda: page.evaluate(after) != "none", what="the word that it is not all")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    expect(html).to_have_attribute("data-theme", "dark")


def test_a_site_that_is_none_offers_nothing(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/900101?site=nobody")
    page.locator(".site-gone").wait_for()
    for part in (".site-actions", ".whatif", "#site-more"):
        expect(page.locator(f"#site-drawer {part}")).to_be_hidden()


def test_the_roster_of_another_time_fits_a_phone(served: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(**PHONE)
    page.goto(f"{served.url}/duty")
    page.locator("#duty-when").wait_for(state="attached")
    page.evaluate(
        """() => {
          const field = Object.assign(document.createElement('input'), { type: 'datetime-local' });
          document.querySelector('.duty-time').hidden = false;
          document.getElementById('duty-when').append(field);
        }"""
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


SMALL = """() => [...document.querySelectorAll('button, a, input, [role=option]')]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .filter((node) => !node.closest('.ag-header, .bar, #map'))
  .map((node) => [node.textContent.slice(0, 20) || node.id, Math.round(node.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


def test_one_thumb_reaches_everything_on_a_phone(served: Any, new_page: Callable[..., Any]) -> None:
    all_well(served, c1={"wait_min": 40})
    page = new_page(**PHONE)
    page.goto(f"{served.url}/county/{COUNTY}")
    page.locator(".ag-row[row-id='c1']").wait_for(timeout=60_000)
    bar = page.locator(".pane-bar").bounding_box()
    assert bar["y"] + bar["height"] == 844
    expect(page.locator(".pane-bar button")).to_have_count(4)
    fits = "(node) => node.querySelector('.ag-center-cols-viewport').scrollWidth <= node.clientWidth"
    wait_for(lambda: page.locator("#sites-table").evaluate(fits), what="a list that fits")
    seen = [page.evaluate(SMALL)]
    page.locator(".ag-row[row-id='c1']").click()
    page.locator(".drawer h2", has_text="甲城检查站").wait_for()
    half = page.locator(".drawer").bounding_box()
    assert half["y"] > 844 * 0.3
    seen.append(page.evaluate(SMALL))
    page.locator(".grip").click()
    wait_for(
        lambda: page.locator(".drawer").bounding_box()["y"] < 100, what="the sheet as tall as the screen"
    )
    wait_for(lambda: query(page).get("sheet") == "full", what="the sheet in the address")
    page.locator(".pane-bar [data-tab=map]").click()
    page.locator(".drawer").wait_for(state="hidden")
    page.locator("#map").wait_for(state="visible")
    wait_for(lambda: query(page).get("tab") == "map", what="the map in the address")
    seen.append(page.evaluate(SMALL))
    page.locator(".pane-bar [data-tab=alerts]").click()
    page.locator("#alerts").wait_for(state="visible")
    page.locator(".pane-bar [data-tab=search]").click()
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jc")
    page.locator(".search-hit").first.wait_for()
    seen.append(page.evaluate(SMALL))
    assert [small for some in seen for small in some] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
