"""Search in a real browser: names, ids, pinyin, counties, and the keys of a combobox."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.county import COUNTY, all_well
from tests.browser.seeing import open_page
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FOUND = "(text) => window.threeline.findSites(text).map((site) => site.id)"


def test_search_ranks_names_initials_pinyin_and_ids(served: Any, page: Any) -> None:
    all_well(served)
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
    page.keyboard.press("/")
    field = page.locator("#search")
    assert field.get_attribute("role") == "combobox"
    page.keyboard.type("yi")
    options = page.locator("#search-results [role=option]")
    options.first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    groups = page.locator("#search-results [role=group]").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    assert "乙县" in groups, "sites stand by their county where there are several"
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    second = field.get_attribute("aria-activedescendant")
    assert first != second
    assert page.locator(f"#{second}").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == first
    congested = page.locator("#search-results [data-site=c2]")
    assert "拥堵" in congested.inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#search-results").is_hidden()
    assert page.evaluate("() => document.activeElement.id") != "search"
    page.keyboard.press("/")
    page.keyboard.type("乙城")
    page.keyboard.press("Enter")
    page.locator(".drawer h2", has_text="乙城检查站").wait_for()
    assert field.get_attribute("aria-expanded") == "false"
    # What was chosen last is offered before anything is typed.
    page.keyboard.press("/")
    wait_for(lambda: "乙城检查站" in page.locator("#search-results").inner_text(), what="the last choice")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#help").wait_for(state="visible")


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
    wait_for(
        lambda: "没有找到" in page.locator("#search-results").inner_text(), what="that nothing was found"
    )
    assert page.locator("#search-results [role=option]").count() == 0
