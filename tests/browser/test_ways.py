"""Ways out of a county's page: to another county, onto paper; and what it says of files that did not load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from data.notices import refused
from layers.faults import Fault
from tests.browser.county import COUNTY, SHOWN, all_well, query
from tests.browser.seeing import READY_MS, open_page
from tests.conftest import NOON
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OTHER = "900102"
PRINTED = "#printed tbody tr"


def test_the_way_to_another_county_takes_the_filters_along_and_leaves_the_site(
    served: Served, page: Any
) -> None:
    all_well(served)
    kept = "line=second&q=卡点&sort=wait_min:asc"
    open_page(page, f"{served.url}/county/{COUNTY}?{kept}&site=c1&compare=c1&c=99.2,23.8&z=10")
    page.wait_for_function(f"() => ({SHOWN})()?.join() === 'p1'", timeout=READY_MS)
    page.locator("[data-do=places]").first.click()
    page.locator(f"#places [data-place='{OTHER}']").click()
    page.wait_for_url(f"**/county/{OTHER}?*")
    page.wait_for_function(f"() => ({SHOWN})()?.join() === 'p2'", timeout=READY_MS)
    assert query(page).items() >= {"line": "second", "q": "卡点", "sort": "wait_min:asc"}.items()
    assert query(page).keys().isdisjoint({"site", "compare"})
    expect(page.locator("#filter-words")).to_have_value("卡点")


def test_paper_has_all_rows_in_the_order_of_the_table_and_what_is_unknown_last(
    served: Served, page: Any
) -> None:
    all_well(served, c1={"wait_min": 40}, d2={"wait_min": None})
    for way in ("asc", "desc"):
        open_page(page, f"{served.url}/county/{COUNTY}?lang=en&sort=wait_min:{way}")
        page.wait_for_function(f"() => ({SHOWN})()?.includes('c1')", timeout=READY_MS)
        shown = page.evaluate(SHOWN)
        assert shown[-1] == "d2"
        assert shown[-2 if way == "asc" else 0] == "c1"
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.locator(PRINTED)).to_have_count(len(shown))
        expect(page.locator("#sites-table")).to_be_hidden()
        told = page.locator(f"{PRINTED} td:last-child").all_inner_texts()
        assert told == shown
        page.emulate_media(media="screen")
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        expect(page.locator("#printed")).to_have_count(0)


def test_of_files_that_did_not_load_each_is_told_what_is_theirs_to_do(
    serve: Callable[..., Served], new_page: Callable[..., Any]
) -> None:
    served = serve(login=True)
    served.board.engine.tell(
        [refused([Fault("lon cannot be read", "duty_points.csv", 3, "lon", "east")], NOON)]
    )
    served.settle()
    for role, said in (("county", "Please tell an administrator"), ("administrator", "duty_points.csv")):
        page = new_page()
        page.context.add_cookies(served.cookies(role, scope=COUNTY if role == "county" else ""))
        page.goto(f"{served.url}/?lang=en")
        note = page.locator(".note.warning")
        expect(note).to_contain_text(said, timeout=READY_MS)
        if role == "county":
            expect(note).not_to_contain_text("threeline")
