"""Themes, calm, and what ties the list of alerts to the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.theme import DARK, LIGHT
from tests.browser.county import query
from tests.browser.seeing import READY_MS, catch_up, colour_at, near, open_page, reading, settle, stands_at
from tests.conftest import NOON
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SLOW_S = 60
"""Software rendering on a busy machine."""
GROUND = "() => getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()"
LAND = "() => JSON.stringify(window.threeline.map.instance.getPaintProperty('land', 'fill-color'))"
SHOWN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() =>
  requestAnimationFrame(() => requestAnimationFrame(done)))))"""
"""Waits until what was painted stands: lists over all sites are made after the next frame (panels.js)."""
POINTED = """() => {
  const box = document.getElementById('leader');
  const look = () => { if (!box.hidden && box.querySelector('path')) window.pointed = box.dataset.severity; };
  new MutationObserver(look).observe(box, { attributes: true, childList: true, subtree: true });
}"""
"""Keeps what was pointed out: a new alert is for seven seconds."""
HOURS = """() => [...document.querySelectorAll('.trend .xtick text')].map((one) => one.style.fill)"""


def well(served: Any, seconds: float, **values: Any) -> None:
    rows = [reading(site, seconds, **values) for site in served.board.profile.sites.site_id.tolist()]
    assert served.post("/api/v1/readings", json=rows).status_code == 200


def alert(served: Any, clock: Any, site: str) -> None:
    assert served.post("/api/v1/readings", json=[reading(site, clock.now, wait_min=45)]).status_code == 200
    clock.forward(70)


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def test_the_theme_of_the_address_reaches_map_charts_and_markers(served: Any, page: Any) -> None:
    well(served, NOON - 60)
    open_page(page, f"{served.url}/?theme=light")
    assert page.evaluate(GROUND) == LIGHT["ground"]
    assert LIGHT["land"] in page.evaluate(LAND)
    stands_at(page, "c1", "normal")
    settle(page)
    wait_for(
        lambda: near(colour_at(page, "c1"), LIGHT["status-normal"]),
        seconds=SLOW_S,
        what="a marker of the light palette",
    )
    wait_for(
        lambda: rgb(LIGHT["quiet"]) in page.evaluate(HOURS),
        seconds=SLOW_S,
        what="a chart of the light palette",
    )
    page.keyboard.press("d")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    assert query(page)["theme"] == "dark"
    wait_for(lambda: DARK["land"] in page.evaluate(LAND), seconds=SLOW_S, what="the dark map")
    wait_for(lambda: rgb(DARK["quiet"]) in page.evaluate(HOURS), seconds=SLOW_S, what="a dark chart")
    assert page.log.errors == []


def test_a_wall_is_dark_and_a_desk_is_as_its_system(served: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(color_scheme="light")
    theme = "() => document.documentElement.dataset.theme"
    page.goto(served.url)
    assert page.evaluate(theme) == "dark"
    county = next(iter(served.board.profile.county_name))
    page.goto(f"{served.url}/county/{county}")
    assert page.evaluate(theme) == "light"
    page.goto(f"{served.url}/county/{county}?theme=dark")
    assert page.evaluate(theme) == "dark"


def test_an_alert_carries_its_number_on_the_map_and_points_there(served: Any, clock: Any, page: Any) -> None:
    well(served, NOON - 60)
    open_page(page, served.url)
    page.evaluate(POINTED)
    alert(served, clock, "c2")
    row = page.locator("#alerts .alert.critical")
    row.wait_for(timeout=READY_MS)
    expect(row.locator(".alert-number")).to_have_text("1")
    badges = """() => window.threeline.map.instance.queryRenderedFeatures({ layers: ['tl-badges'] })
      .map((one) => [one.properties.site_id, one.properties.no])"""
    wait_for(lambda: ["c2", "1"] in page.evaluate(badges), seconds=SLOW_S, what="the number on the map")
    # A new alert points by itself; afterwards the row under the pointer or with the focus does.
    page.wait_for_function("() => window.pointed === 'critical'", timeout=READY_MS)
    page.locator("#leader[hidden]").wait_for(state="attached", timeout=READY_MS)
    row.focus()
    page.locator("#leader:not([hidden]) path").wait_for(state="attached")
    page.evaluate("() => document.activeElement.blur()")
    assert row.evaluate("(row) => (window.threeline.markRows(['c2']), row.dataset.here)") == "true"


def test_nothing_moves_for_whoever_asked_for_calm(
    served: Any, clock: Any, new_page: Callable[..., Any]
) -> None:
    well(served, NOON - 60)
    page = new_page(reduced_motion="reduce")
    open_page(page, served.url)
    page.evaluate(
        """() => {
          window.moved = 0;
          const animate = Element.prototype.animate;
          Element.prototype.animate = function (...values) {
            window.moved += 1;
            return animate.apply(this, values);
          };
          for (const name of ['animationstart', 'transitionrun']) {
            document.addEventListener(name, () => (window.moved += 1), true);
          }
        }"""
    )
    alert(served, clock, "c2")
    page.locator("#alerts .alert.critical").wait_for(timeout=READY_MS)
    well(served, clock.now, persons_in=300)
    catch_up(page, served)
    page.evaluate(SHOWN)
    assert page.evaluate("() => window.moved") == 0


def test_a_round_shows_each_county_its_own_numbers_and_the_whole_again(served: Any, page: Any) -> None:
    well(served, NOON - 60)
    served.settle()
    open_page(page, f"{served.url}/?kiosk=1&rotate=5")
    shown = """() => [window.threeline.focus?.adcode || '',
      document.querySelector('#place:not([hidden]) b')?.innerText || '',
      document.querySelector("[data-live='lines.third.online']").innerText]"""
    lines = served.get("/api/v1/picture").json()["lines"]
    whole = str(next(line["online"] for line in lines if line["id"] == "third"))
    stops = {}
    for adcode, name in served.board.profile.county_name.items():
        lines = served.get(f"/api/v1/picture?scope={adcode}").json()["lines"]
        online = next(line["online"] for line in lines if line["id"] == "third")
        assert str(online) != whole
        stops[adcode] = [adcode, name, str(online)]
    # One after the other, each as it is told at that moment; then the whole again. Where opening the page
    # took longer than a stop, the round comes to the first one again.
    for stop in (*stops.values(), ["", "", whole]):
        wait_for(lambda stop=stop: page.evaluate(shown) == stop, seconds=SLOW_S, what=str(stop))
