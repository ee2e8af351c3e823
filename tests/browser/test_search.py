"""Search in a real browser: names, ids, pinyin, counties, and the keys of a combobox."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.county import COUNTY, all_well
from tests.browser.seeing import open_page, stands_at

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FOUND = "(text) => window.threeline.findSites(text).map((site) => site.id)"


def test_search_ranks_names_initials_pinyin_and_ids(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/")

    def found(text: str) -> list[str]:
        return page.evaluate(FOUND, text)

    assert found("甲城检查站")[0] == "c1"
    assert set(found("甲")[:2]) == {"c1", "p1"}
    assert found("jcjcz") == ["c1"]
    assert found("jiacheng") == ["c1"]
    assert found("C1") == ["c1"]
    assert "c1" in found("jiancha"), "a syllable in the middle"
    assert "c1" not in found("iacheng"), "but not the middle of a syllable"
    assert set(found("界 执勤")) == {"d1", "d2", "d3"}, "each of several words must fit"
    assert found("zqd 二") == ["d2"]
    assert found("") == found("   ") == []
    assert found("没有这个") == []
    assert page.log.errors == []


def test_search_is_a_combobox_that_keys_drive(served: Any, page: Any) -> None:
    all_well(served, c2={"wait_min": 40})
    open_page(page, f"{served.url}/")
    # The list says how a site is when it is made.
    stands_at(page, "c2", "congested")
    page.keyboard.press("/")
    field, results = page.locator("#search"), page.locator("#search-results")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("role", "combobox")
    page.keyboard.type("yi")
    expect(results.locator("[role=option]").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    # Sites stand by their county where there are several.
    expect(results.locator("[role=group][aria-label='乙县']")).to_be_visible()
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", first)
    second = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{second}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", first)
    expect(results.locator("[data-site=c2]")).to_contain_text("拥堵")
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    expect(field).not_to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("乙城")
    expect(results.locator("[data-site=c2]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".drawer h2")).to_have_text("乙城检查站")
    expect(field).to_have_attribute("aria-expanded", "false")
    # What was chosen last is offered before anything is typed.
    page.keyboard.press("/")
    expect(results).to_contain_text("乙城检查站")
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def test_a_county_is_found_and_gone_to(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/?lang=en")
    page.keyboard.press("/")
    page.keyboard.type("jx")
    page.locator(f"#search-results [data-county='{COUNTY}']").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/county/{COUNTY}?lang=en*")


def test_nothing_found_is_said(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/county/{COUNTY}")
    page.locator("#search").fill("乙城")
    expect(page.locator("#search-results")).to_contain_text("没有找到")
    expect(page.locator("#search-results [role=option]")).to_have_count(0)
