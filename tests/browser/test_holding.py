"""Whether the lines hold, as a person sees it on the wall and on a county's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from data.profile import load_profile
from tests.browser.seeing import VIEW, catch_up, open_page, reading, settle
from tests.conftest import NOON
from tests.data.held import held_folder
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LAYERS = ("tl-gaps-case", "tl-gaps", "tl-gaps-backed", "tl-gap-pins", "tl-exit-marks")
DRAWN = """(layers) => {
  const { instance } = window.threeline.map;
  const ids = (id) => instance.queryRenderedFeatures({ layers: [id] }).map((feature) => feature.id);
  return Object.fromEntries(layers.map((id) => [id, new Set(ids(id)).size]));
}"""
PLACE = """(source) => {
  const { instance } = window.threeline.map;
  const [one] = instance.querySourceFeatures(source);
  const at = instance.project(one.geometry.coordinates);
  const box = instance.getContainer().getBoundingClientRect();
  return [box.left + at.x, box.top + at.y];
}"""


@pytest.fixture
def served(serve: Callable[..., Any], tmp_path: Path) -> Any:
    """Half of the border is backed by p1, x1 is held by c1; x2 and x3 are not."""
    made = serve(load_profile(held_folder(tmp_path / "held", depth_km=16)))
    manned = ("p1", "c1")
    rows = [
        reading(site, NOON, staff_on_duty=20 if site in manned else 0)
        for site in made.board.profile.sites.site_id.tolist()
    ]
    assert made.post("/api/v1/readings", json=rows).status_code == 200
    made.settle()
    return made


def test_the_card_the_map_and_the_strip_agree(served: Any, page: Any) -> None:
    open_page(page, served.url)
    gaps = served.get("/api/v1/gaps").json()["features"]
    exposed = [one for one in gaps if one["properties"]["backed"] is False]
    assert 0 < len(exposed) < len(gaps)
    drawn = {
        "tl-gaps-case": len(exposed),
        "tl-gaps": len(exposed),
        "tl-gaps-backed": len(gaps) - len(exposed),
        "tl-gap-pins": len(exposed),
        "tl-exit-marks": 2,
    }
    wait_for(lambda: page.evaluate(DRAWN, LAYERS) == drawn, what="gaps, pins and exits on the map")
    rows = page.locator(".gap-row")
    expect(rows).to_have_count(min(len(gaps), 3))
    expect(rows.first).to_have_attribute("data-backed", "false")
    expect(rows.first).to_have_attribute("title", re.compile("甲一卡点"))
    expect(page.locator(".strip-gap[data-backed='false']")).to_have_count(len(exposed))
    expect(page.locator(".exits")).to_have_text("出口在守 1/3")
    line = served.get("/api/v1/lines").json()["lines"][0]
    expect(page.locator(".exposed")).to_have_text(f"后方无人 {line['km_exposed']:.1f} km")

    # A round comes to counties that have none of it: of them nothing is claimed.
    said = page.evaluate(
        """() => {
          const { state } = window.threeline;
          for (const line of Object.values(state.lines)) Object.assign(line, { km: null, km_covered: null });
          state.gaps = [];
          window.threeline.repaint();
          return document.querySelector('.card-border .gaps').innerText;
        }"""
    )
    assert said == "辖区内无边境线"


def test_a_gap_in_the_list_is_flown_to_and_told(served: Any, page: Any) -> None:
    open_page(page, served.url)
    wait_for(lambda: page.evaluate(DRAWN, LAYERS)["tl-gap-pins"] > 0, what="pins")
    before = page.evaluate(VIEW)
    page.locator(".gap-row").first.click()
    page.wait_for_selector("#hint:not([hidden]) .gap-mark[data-backed='false']")
    wait_for(lambda: page.evaluate(VIEW) != before, what="the way there")
    settle(page)
    hint = page.locator("#hint")
    for told in ("缺口，后方无人", "16 km 内", "富余 16 人"):
        expect(hint).to_contain_text(told)
    # A picture that comes meanwhile neither closes it nor moves the map.
    view = page.evaluate(VIEW)
    served.post("/api/v1/readings", json=[reading("c1", NOON, staff_on_duty=20, queue_m=33)])
    catch_up(page, served)
    assert hint.is_visible()
    assert page.evaluate(VIEW) == view


def test_an_exit_that_nobody_holds_tells_who_is_nearest(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/?lang=en")
    wait_for(lambda: page.evaluate(DRAWN, LAYERS)["tl-exit-marks"] == 2, what="two exits")
    settle(page)
    page.mouse.move(*page.evaluate(PLACE, "tl-exits"))
    page.wait_for_selector("#hint:not([hidden]) .exit-mark")
    expect(page.locator("#hint")).to_contain_text("Exit not held")
    expect(page.locator("#hint")).to_contain_text("甲城检查站 · 3.1 km straight")
    page.locator("[data-layer='exits']").click()
    wait_for(lambda: page.evaluate(DRAWN, LAYERS)["tl-exit-marks"] == 0, what="exits hidden")


def test_a_county_on_a_phone_lists_all_of_its_own(served: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_page(page, f"{served.url}/county/900102")
    gaps = served.get("/api/v1/gaps?scope=900102").json()["features"]
    page.locator(".pane-bar [data-tab=alerts]").click()
    page.locator("#side-tab-gaps").click()
    expect(page.locator(".gap-row")).to_have_count(len(gaps))
    expect(page.locator(".exit-row")).to_have_text("乙出口")
    rows = page.locator(".gap-row").all()
    text = "".join(f"{row.inner_text()} {row.get_attribute('title')}" for row in rows)
    assert "邻县站点" in text
    assert "甲" not in text
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
