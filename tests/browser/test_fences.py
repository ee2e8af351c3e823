"""The fences in a real browser: drawn by their state, and told under the pointer and from an alert."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seeing import READY_MS, iso, open_page, settle
from tests.conftest import NOON
from tests.serving import Served, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LOOKS = """() => Object.fromEntries(window.threeline.map.instance
  .querySourceFeatures('tl-fences').map((one) => [one.properties.fence_id, one.properties.look]))"""


def report(served: Served, fence_id: str, state: str, **counts: int) -> None:
    row = {"fence_id": fence_id, "observed_at": iso(NOON - 60), "state": state, **counts}
    assert served.post("/api/v1/readings", json=[row]).status_code == 200


def test_a_fence_is_drawn_by_its_state_and_told_from_its_alert(served: Served, page: Any) -> None:
    report(served, "f1", "up", crossings_in=2, crossings_out=1)
    open_page(page, served.url)
    wait_for(lambda: page.evaluate(LOOKS) == {"f1": "breach", "f2": "unknown"}, what="looks")
    page.locator("[data-alert^='fence_crossed:f1']").click()
    settle(page)
    expect(page.locator("#hint")).to_be_visible(timeout=READY_MS)
    expect(page.locator("#hint")).to_contain_text("甲县围栏")
    expect(page.locator("#hint")).to_contain_text("入 2 · 出 1")
    page.wait_for_function("() => window.threeline.map.instance.getZoom() > 10", timeout=READY_MS)
    assert page.log.errors == []


def test_a_fence_that_falls_out_changes_its_line_at_once(served: Served, page: Any) -> None:
    report(served, "f2", "up")
    open_page(page, served.url)
    wait_for(lambda: page.evaluate(LOOKS).get("f2") == "up", what="a working fence")
    row = {"fence_id": "f2", "observed_at": iso(NOON - 30), "state": "down"}
    served.post("/api/v1/readings", json=[row])
    wait_for(lambda: page.evaluate(LOOKS).get("f2") == "down", what="a fence that is down")


def test_the_legend_switches_the_fences_off(served: Served, page: Any) -> None:
    open_page(page, served.url)
    shown = (
        "() => window.threeline.map.instance.getLayoutProperty('tl-fence-unknown', 'visibility') !== 'none'"
    )
    wait_for(lambda: page.evaluate(shown), what="fences shown")
    page.locator("[data-layer='fences']").click()
    wait_for(lambda: not page.evaluate(shown), what="fences hidden")
