"""A site is closed on the page after a look at what that hides, is marked on the map, and opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from data.readings import Readings
from tests.browser.seeing import READY_MS
from tests.conftest import NOON
from tests.serving import Served

pytestmark = pytest.mark.browser

HATCHED = """() => window.threeline?.map?.ready && document.documentElement.dataset.closures === '1'
  && threeline.map.instance.queryRenderedFeatures({ layers: ['tl-closures'] })
    .some((one) => one.properties.site_id === 'c1')"""
ENDED = """() => {
  const press = () => document.querySelector('[data-do=silence-end]').click();
  press();
  const asked = document.querySelector('[data-do=silence-end]').dataset.sure;
  press();
  return asked;
}"""
"""What the button says after the first press; it is asked for no longer than some seconds."""


@pytest.fixture
def slow(serve: Callable[..., Served]) -> Served:
    """A board on which two sites have waited for too long."""
    served = serve()
    for at in (NOON - 60, NOON):
        served.board.engine.readings(
            Readings.of(
                site_id=["c1", "c2"], observed_at=[at] * 2, wait_min=[45.0] * 2, staff_on_duty=[20] * 2
            )
        )
        served.settle()
    return served


def stands(page: Any, selector: str, text: str) -> None:
    """Wait until a part of the page holds a text."""
    page.wait_for_function(
        "([where, text]) => document.querySelector(where)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=READY_MS,
    )


def test_a_site_is_closed_and_opened_again(new_page: Callable[..., Any], slow: Served) -> None:
    wall, page = new_page(), new_page()
    wall.goto(f"{slow.url}/?lang=zh-CN")
    page.goto(f"{slow.url}/silences?lang=zh-CN")
    page.wait_for_function(
        "() => window.threeline?.silences?.rows && threeline.siteOf('c1')", timeout=READY_MS
    )
    stands(page, "#silences-list", "生效中")
    page.click("[data-silence=kind][data-value=closure]")
    page.fill("#silence-find", "甲城")
    page.keyboard.press("Enter")
    stands(page, "#silence-picked", "甲城检查站")
    stands(page, "#silence-preview", "将屏蔽现有告警 1 条")
    expect(page.locator("#silence-save")).to_be_disabled()
    page.click("[data-silence=end][data-value='60']")
    page.fill("#silence-reason", "道路施工")
    page.click("#silence-save")
    stands(page, "#silences-list", "道路施工")
    stands(page, "#silences-list", "正屏蔽 1 条告警")
    slow.settle()
    wall.wait_for_function(HATCHED, timeout=READY_MS)
    stands(wall, ".legend [data-layer=closures]", "计划关闭")
    assert slow.board.engine.picture.state.status[slow.board.profile.sites.row["c1"]] == "closed"
    wall.goto(f"{slow.url}/site/c1?lang=zh-CN")
    stands(wall, "#site-head", "临时关闭至")
    stands(wall, "#site-head", "道路施工")
    expect(wall.locator("#site-head a[href*='/silences?'][href*='sites=c1']")).to_have_count(1)
    wall.wait_for_function(HATCHED, timeout=READY_MS)
    # The first press asks, the second does it.
    assert page.evaluate(ENDED) == "true"
    stands(page, "#silence-said", "已结束")
    slow.settle()
    wall.wait_for_function("() => document.documentElement.dataset.closures === '0'", timeout=READY_MS)
