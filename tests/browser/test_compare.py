"""Comparison of up to four sites, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.county import COUNTY, PHONE, ROW, all_well, mine, query
from tests.browser.seeing import open_page
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_sites_stand_side_by_side_with_the_worst_marked(served: Any, page: Any) -> None:
    all_well(served, c1={"wait_min": 40}, c2={"wait_min": 12, "staff_on_duty": 2})
    open_page(page, f"{served.url}/county?compare=c1,c2,d1&lang=en")
    table = page.locator("#compare-table table")
    table.wait_for()
    expect(page.locator(".county-table")).to_be_hidden()
    names = table.locator("thead .compare-name button")
    expect(names).to_have_text(["甲城检查站", "乙城检查站", "界一执勤点"])
    wait = table.locator("tbody tr", has=page.locator("th", has_text="Wait"))
    expect(wait.locator("td").first).to_contain_text("40")
    expect(wait.locator("td").first).to_contain_text("worst")
    expect(wait.locator("td").first).to_have_attribute("data-worst", "true")
    staff = table.locator("tbody tr", has=page.locator("th", has_text="Staff"))
    expect(staff.locator("td[data-worst=true]")).to_have_count(1)
    expect(staff.locator("td[data-worst=true]")).to_contain_text("2 / 9")
    lines = page.locator(".compare-chart").first.locator(".js-line")
    dashes = "(lines) => new Set(lines.map((line) => line.style.strokeDasharray)).size"
    # They differ without their colours.
    wait_for(lambda: lines.evaluate_all(dashes) == 3, what="three kinds of lines")
    page.locator("#compare-search").fill("d2")
    page.keyboard.press("Enter")
    wait_for(lambda: query(page).get("compare") == "c1,c2,d1,d2", what="the fourth")
    expect(page.locator("#compare-search")).to_be_hidden()  # there is no fifth
    page.locator(".remove").first.click()
    wait_for(lambda: query(page).get("compare") == "c2,d1,d2", what="the first removed")
    page.locator("[data-do=close-compare]").click()
    page.locator(".county-table").wait_for(state="visible")
    wait_for(lambda: query(page).get("tab") == "list", what="the list in the address")


def test_sites_are_chosen_in_the_table_up_to_four(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}")
    ours = mine(served)[:5]
    for site in ours:
        page.locator(ROW.format(site)).locator("[col-id=compared]").click()
    wait_for(lambda: query(page).get("compare") == ",".join(ours[:4]), what="four of five")
    expect(page.locator("#table-count")).to_contain_text("4")
    expect(page.locator(".compare-box[aria-checked=true]")).to_have_count(4)
    page.locator(ROW.format(ours[0])).locator("[col-id=compared]").click()
    wait_for(lambda: query(page).get("compare") == ",".join(ours[1:4]), what="one taken out")


def test_a_site_of_another_county_is_shown_where_it_may_be(served: Any, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/county/{COUNTY}?compare=c1,c2")
    way = page.locator(".compare-lost a")
    way.wait_for()
    assert "乙城" not in page.content()
    way.click()
    page.wait_for_url("**/county?*compare=c1,c2*")
    page.locator(".compare-name", has_text="乙城检查站").wait_for(timeout=60_000)


def test_four_sites_fit_a_phone(served: Any, new_page: Callable[..., Any]) -> None:
    all_well(served, c1={"wait_min": 40})
    page = new_page(**PHONE)
    page.goto(f"{served.url}/county?compare=c1,c2,d1,d2")
    page.locator("#compare-table tbody td").first.wait_for(timeout=60_000)
    page.locator("#compare-table td[data-worst=true]").first.wait_for()
    wide = page.locator("#compare-table").evaluate("(node) => node.scrollWidth - node.clientWidth")
    assert wide <= 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
