"""An edit of the profile on the pages that stand open: shown, or refused in words; nobody touches them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.county import query
from tests.browser.seeing import READY_MS, VIEW, open_page, settle, stands_at
from tests.data.edited import Edited
from tests.serving import Served, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SITES = "() => window.threeline.allSites().map((site) => site.id)"
TOLD = """(tag) => {
  Math.random = () => 0;
  window.threeline.state.profile = tag;
  window.threeline.tell({ whole: true, sites: [] });
  return new Promise((done) => setTimeout(done, 500));
}"""
"""Tells a page that the board shows another profile; it need not wait for its turn among all pages."""
BESIDE = """() => {
  const boxOf = (name) => document.querySelector(name).getBoundingClientRect();
  const [panel, note] = [boxOf('.alerts-panel'), boxOf('.note')];
  return panel.left <= note.left && note.bottom <= panel.bottom;
}"""
READY = "() => window.threeline.map.ready"


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def followed(board: Callable[..., Any], serve: Callable[..., Served], edited: Edited) -> Served:
    """A board whose profile's folder is followed."""
    made = board(edited.load(), simulate=False)
    made.follow()
    return serve(made)


def renewed(page: Any, site: str) -> None:
    """Wait until the page was made anew with a site on its map."""
    wait_for(
        lambda: site in page.evaluate(SITES) and page.evaluate(READY), seconds=90, what=f"{site} on the page"
    )
    settle(page)


def test_the_wall_follows_an_edit_says_what_is_wrong_and_follows_again(
    followed: Served, edited: Edited, page: Any
) -> None:
    open_page(page, f"{followed.url}/?kiosk=1")
    page.evaluate(
        "() => window.threeline.map.instance.jumpTo({ center: [99.2, 23.8], zoom: 10 }, { ours: true })"
    )
    page.evaluate("() => { window.untouched = true; }")
    settle(page)
    before = page.evaluate(VIEW)
    edited.checkpoint("c9", name="新建检查站")
    edited.replace("profile.toml", '"样例州三道防线态势"', '"改名州三道防线态势"')
    # The name is written last: a page that has it has all, and is not made anew once more.
    expect(page.locator("h1")).to_have_text("改名州三道防线态势", timeout=READY_MS)
    expect(page).to_have_title("改名州三道防线态势")
    renewed(page, "c9")
    # The same place, the same document: full screen and sound stay as they are.
    assert page.evaluate(VIEW) == before
    assert page.evaluate("() => window.untouched")
    assert query(page)["kiosk"] == "1"
    stands_at(page, "c9", "no_data")
    expect(page.locator("#notices")).to_be_hidden()

    good = edited.text("duty_points.csv")
    edited.write("duty_points.csv", good.replace("99.15,23.497", "east,23.497"))
    page.wait_for_selector(".note.warning", timeout=READY_MS)
    for part in ("警告", "配置改动未采用：1 处问题，画面仍按原配置", "duty_points.csv", "2", "lon", "east"):
        expect(page.locator("#notices")).to_contain_text(part)
    expect(page.locator("#notices")).to_have_attribute("aria-live", "polite")
    # Beside the map, in the panel of the alerts.
    page.wait_for_function(BESIDE, timeout=READY_MS)
    assert "c9" in page.evaluate(SITES)

    edited.write("duty_points.csv", good.replace("界二执勤点", "界贰执勤点"))
    wait_for(lambda: page.evaluate("() => window.threeline.siteName('d2')") == "界贰执勤点", seconds=90)
    expect(page.locator("#notices")).to_be_hidden(timeout=READY_MS)
    assert page.evaluate("() => window.untouched")
    assert page.log.errors == []


def test_a_countys_page_keeps_its_drawer_and_its_list(
    followed: Served, edited: Edited, new_page: Callable[..., Any]
) -> None:
    page = new_page(viewport={"width": 1366, "height": 768})
    open_page(page, f"{followed.url}/county/900102")
    page.evaluate("() => window.threeline.select('c3')")
    page.wait_for_selector("#site-drawer:not([hidden]) h2", timeout=READY_MS)
    edited.checkpoint("c3", closed_on="2026-01-05")
    edited.checkpoint("c9", county="")
    edited.replace("checkpoints.geojson", "[99.12, 23.8]", "[99.3, 23.9]")
    renewed(page, "c9")
    expect(page.locator(".site-days")).to_have_text("自 2026-01-05 关闭", timeout=READY_MS)
    expect(page.locator("#site-drawer h2")).to_have_text("乙北卡点")
    assert query(page)["site"] == "c3"
    stands_at(page, "c3", "closed")

    # The county itself goes: the page says so, and is itself again when the edit is taken back.
    whole = {
        name: edited.text(name) for name in ("counties.geojson", "checkpoints.geojson", "duty_points.csv")
    }
    fences = edited.text("fences.geojson")
    for name, text in {**whole, "fences.geojson": fences}.items():
        edited.write(name, text.replace("900102", "900109"))
    expect(page.locator("#link")).to_have_text("本县已不在当前配置中", timeout=READY_MS)
    for name, text in {**whole, "fences.geojson": fences}.items():
        edited.write(name, text)
    expect(page.locator("#mode")).to_have_text("实时", timeout=READY_MS)


def test_a_past_moment_stays_as_it_is(followed: Served, edited: Edited, page: Any) -> None:
    page.goto(f"{followed.url}/?at=2026-01-05T08:00:00%2B08:00")
    page.wait_for_function(
        "() => window.threeline?.map.ready && window.threeline.state.replay", timeout=READY_MS
    )
    tag = page.evaluate("() => window.threeline.state.profile")
    edited.checkpoint("c9")
    wait_for(lambda: followed.board.profile.tag != tag, seconds=60, what="the edit")
    # As soon as may be, and though it were told of the other profile: nothing is made anew.
    page.evaluate(TOLD, followed.board.profile.tag)
    assert page.evaluate(READY)
    assert "c9" not in page.evaluate(SITES)
