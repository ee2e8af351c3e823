"""An edit of the profile on the pages that stand open: shown, or refused in words; nobody touches them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.seeing import READY_MS, STATUS, VIEW, open_page, settle
from tests.data.edited import Edited
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SITES = "() => window.threeline.allSites().map((site) => site.id)"
READY = "() => window.threeline.map.ready"


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


def renewed(page: Any, site: str) -> None:
    """Wait until the page was made anew with a site on its map."""
    wait_for(
        lambda: site in page.evaluate(SITES) and page.evaluate(READY), seconds=90, what=f"{site} on the page"
    )
    settle(page)


def test_the_wall_follows_an_edit_says_what_is_wrong_and_follows_again(
    live_server: Callable[..., Any], edited: Edited, page: Any
) -> None:
    server = live_server(edited.folder)
    open_page(page, f"{server.url}/?kiosk=1")
    page.evaluate(
        "() => window.threeline.map.instance.jumpTo({ center: [99.2, 23.8], zoom: 10 }, { ours: true })"
    )
    page.evaluate("() => { window.untouched = true; }")
    settle(page)
    before = page.evaluate(VIEW)
    edited.checkpoint("c9", name="新建检查站")
    edited.replace("profile.toml", '"样例州三道防线态势"', '"改名州三道防线态势"')
    renewed(page, "c9")
    # The same place, the same document: full screen and sound stay as they are.
    assert page.evaluate(VIEW) == before
    assert page.evaluate("() => window.untouched")
    assert "kiosk=1" in page.url
    assert page.locator("h1").inner_text() == "改名州三道防线态势" == page.title()
    assert page.evaluate(STATUS, "c9") == "no_data"
    assert page.locator("#notices").is_hidden()

    good = edited.text("duty_points.csv")
    edited.write("duty_points.csv", good.replace("99.15,23.497", "east,23.497"))
    page.wait_for_selector(".note.warning", timeout=READY_MS)
    said = page.locator("#notices").inner_text()
    for part in ("警告", "配置改动未采用：1 处问题，画面仍按原配置", "duty_points.csv", "2", "lon", "east"):
        assert part in said
    assert page.locator("#notices").get_attribute("aria-live") == "polite"
    # Beside the map, in the panel of the alerts.
    panel, note = page.locator(".alerts-panel").bounding_box(), page.locator(".note").bounding_box()
    assert panel["x"] <= note["x"]
    assert note["y"] + note["height"] <= panel["y"] + panel["height"]
    assert "c9" in page.evaluate(SITES)

    edited.write("duty_points.csv", good.replace("界二执勤点", "界贰执勤点"))
    wait_for(lambda: page.evaluate("() => window.threeline.siteName('d2')") == "界贰执勤点", seconds=90)
    page.wait_for_selector("#notices", state="hidden", timeout=READY_MS)
    assert page.evaluate("() => window.untouched")
    assert page.log.errors == []


def test_a_countys_page_keeps_its_drawer_and_its_list(
    live_server: Callable[..., Any], edited: Edited, new_page: Callable[..., Any]
) -> None:
    server = live_server(edited.folder)
    page = new_page(viewport={"width": 1366, "height": 768})
    open_page(page, f"{server.url}/county/900102")
    page.evaluate("() => window.threeline.select('c3')")
    page.wait_for_selector("#site-drawer:not([hidden]) h2", timeout=READY_MS)
    edited.checkpoint("c3", closed_on="2026-01-05")
    edited.checkpoint("c9", county="")
    edited.replace("checkpoints.geojson", "[99.12, 23.8]", "[99.3, 23.9]")
    renewed(page, "c9")
    page.wait_for_selector(".site-days", timeout=READY_MS)
    assert page.locator(".site-days").inner_text() == "自 2026-01-05 关闭"
    assert page.locator("#site-drawer h2").inner_text() == "乙北卡点"
    assert "site=c3" in page.url
    wait_for(lambda: page.evaluate(STATUS, "c3") == "closed", what="c3 drawn closed")

    # The county itself goes: the page says so, and is itself again when the edit is taken back.
    whole = {
        name: edited.text(name) for name in ("counties.geojson", "checkpoints.geojson", "duty_points.csv")
    }
    fences = edited.text("fences.geojson")
    for name, text in {**whole, "fences.geojson": fences}.items():
        edited.write(name, text.replace("900102", "900109"))
    wait_for(
        lambda: page.locator("#link").inner_text() == "本县已不在当前配置中", seconds=60, what="the reason"
    )
    for name, text in {**whole, "fences.geojson": fences}.items():
        edited.write(name, text)
    wait_for(lambda: page.locator("#mode").inner_text() == "实时", seconds=60, what="the live picture")


def test_a_past_moment_stays_as_it_is(live_server: Callable[..., Any], edited: Edited, page: Any) -> None:
    server = live_server(edited.folder)
    page.goto(f"{server.url}/?at=2026-01-05T08:00:00%2B08:00")
    page.wait_for_function(
        "() => window.threeline?.map.ready && window.threeline.state.replay", timeout=READY_MS
    )
    tag = page.evaluate("() => window.threeline.state.profile")
    edited.checkpoint("c9")
    wait_for(lambda: server.health()["profile"]["tag"] != tag, seconds=60, what="the edit")
    page.wait_for_timeout(3000)
    assert page.evaluate(READY)
    assert "c9" not in page.evaluate(SITES)
