"""The wall as a person sees it, in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dashboard import theme
from data.store import open_store
from tests.browser.seeing import (
    DRAWN,
    NAMES,
    READY_MS,
    RINGS,
    STATUS,
    VIEW,
    colour_at,
    near,
    open_page,
    reading,
    settle,
)
from tests.conftest import NOON
from tests.serving import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
BLOCKED_SOUND = """
const Sound = window.AudioContext;
window.AudioContext = class extends Sound {
  blocked = true;
  get state() { return this.blocked ? 'suspended' : super.state; }
  resume() { this.blocked = false; this.onstatechange?.(); return super.resume(); }
};"""
COUNTIES = ["临翔区", "云县", "凤庆县", "双江县", "永德县", "沧源县", "耿马县", "镇康县"]


def say(served: Any, *rows: dict[str, Any]) -> dict[str, Any]:
    answer = served.post("/api/v1/readings", json=list(rows))
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_well(served: Any, seconds: float) -> None:
    say(served, *(reading(site, seconds) for site in served.board.profile.sites.site_id.tolist()))


def test_the_demonstration_draws_every_site_and_county(live_server: Callable[..., Any], page: Any) -> None:
    server = live_server("lincang", "--simulate")
    open_page(page, server.url)
    wait_for(lambda: page.evaluate(DRAWN) == 963, seconds=60, what="963 sites drawn")
    assert page.evaluate(NAMES) == COUNTIES
    assert page.locator("#simulated").is_visible()
    assert page.locator("#mode").inner_text() == "实时"
    # Charts are never empty: the past day is there from the start.
    page.wait_for_function(
        "() => document.querySelectorAll('.trend .scatterlayer .trace').length >= 2", timeout=READY_MS
    )
    assert page.locator(".slow").count() > 0
    assert page.log.errors == []


def test_a_posted_reading_changes_its_marker_and_its_card(served: Any, page: Any) -> None:
    all_well(served, NOON - 90)
    open_page(page, served.url)
    wait_for(lambda: page.evaluate(STATUS, "c1") == "normal", what="c1 normal")
    assert near(colour_at(page, "c1"), theme.STATUS["normal"])
    card = page.locator("[data-live='lines.third.persons_per_hour']").first
    before = card.inner_text()
    page.evaluate("() => (window.untouched = true)")
    say(served, reading("c1", NOON - 30, wait_min=20, persons_in=400))
    wait_for(lambda: page.evaluate(STATUS, "c1") == "busy", what="c1 busy")
    settle(page)
    wait_for(lambda: near(colour_at(page, "c1"), theme.STATUS["busy"]), what="a busy marker")
    wait_for(lambda: card.inner_text() != before, what="another number on the card")
    assert page.evaluate("() => window.untouched"), "the page was loaded again"


def test_a_wait_that_holds_becomes_an_alert_and_a_ring(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    say(served, reading("c2", NOON, wait_min=45))
    wait_for(lambda: page.evaluate(STATUS, "c2") == "congested", what="c2 congested")
    assert page.locator(".alert.critical").count() == 0, "an alert before the rule's time"
    clock.forward(70)
    alert = page.locator(".alert.critical")
    alert.wait_for(timeout=READY_MS)
    assert "45" in alert.inner_text()
    wait_for(lambda: page.evaluate(RINGS) == ["c2"], what="a ring on c2")
    assert "+0:" in alert.locator(".stopwatch").inner_text()
    # Falling under the threshold is not enough: it resolves at the clearing threshold.
    say(served, reading("c2", NOON + 65, wait_min=28))
    served.settle()
    assert alert.count() == 1
    say(served, reading("c2", NOON + 68, wait_min=5))
    wait_for(lambda: alert.count() == 0, what="a resolved alert leaving the list")
    wait_for(lambda: page.evaluate(RINGS) == [], what="the ring leaving")


def test_the_view_the_selection_and_the_focus_stay_through_updates(
    served: Any, clock: Any, page: Any
) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    page.evaluate(
        "() => window.threeline.map.instance.jumpTo({ center: [99.21, 23.7], zoom: 10.2 }, { ours: true })"
    )
    page.evaluate("() => window.threeline.select('c1')")
    page.locator(".drawer").wait_for(state="visible")
    page.locator("#search").focus()
    settle(page)
    view, revision = page.evaluate(VIEW), page.evaluate("() => window.threeline.state.revision")
    for turn in range(50):
        clock.forward(1)
        say(
            served,
            reading(("c1", "c2", "c3", "d1")[turn % 4], clock.now, wait_min=turn % 29, persons_in=turn),
        )
        served.settle()
    wait_for(
        lambda: page.evaluate("() => window.threeline.state.revision") >= revision + 50, what="50 updates"
    )
    assert page.evaluate(VIEW) == view
    assert page.locator(".drawer").is_visible()
    assert page.evaluate("() => document.activeElement.id") == "search"
    assert page.log.errors == []


def test_the_address_carries_the_whole_view(served: Any, new_page: Callable[..., Any]) -> None:
    all_well(served, NOON - 60)
    first, second = new_page(), new_page()
    open_page(first, served.url)
    first.evaluate(
        "() => window.threeline.map.instance.jumpTo({ center: [99.25, 23.66], zoom: 10.5 }, { ours: true })"
    )
    first.locator("[data-layer='second']").click()
    first.evaluate("() => window.threeline.select('c3')")
    open_page(second, first.url)
    assert second.evaluate(VIEW) == pytest.approx(first.evaluate(VIEW), abs=0.01)
    second.locator(".drawer h2").wait_for()
    assert second.locator(".drawer h2").inner_text() == first.locator(".drawer h2").inner_text()
    assert second.locator("[data-layer='second']").get_attribute("aria-pressed") == "false"
    assert second.evaluate(DRAWN) == first.evaluate(DRAWN) < 8


def test_the_page_says_when_the_link_is_lost_and_mends_itself_and_orders_are_made(
    live_server: Callable[..., Any], page: Any
) -> None:
    server = live_server()
    httpx.post(f"{server.url}/api/v1/readings", json=[reading("c1", time.time())], trust_env=False)
    open_page(page, server.url)
    badge = page.locator("#link")
    wait_for(lambda: badge.get_attribute("data-state") == "ok", what="a good link")
    exports, small = f"{server.url}/api/v1/exports", {"file": "snapshot.png", "size": "480x320"}
    told = [httpx.post(exports, json=small, trust_env=False).json() for _ in range(3)]
    server.stop()
    page.wait_for_function("() => document.body.dataset.link === 'lost'", timeout=5000)
    store = open_store(str(server.store))
    # No drawing is done so soon: they wait for the next run.
    assert told[-1]["id"] in [left.id for left in store.claims()]
    store.close()
    assert "连接中断" in badge.inner_text()
    assert page.locator("#mode").inner_text() == "连接中断"
    server.start()
    wait_for(
        lambda: page.evaluate("() => document.body.dataset.link") != "lost", seconds=30, what="a mended link"
    )
    assert page.locator("#mode").inner_text() == "实时"
    page.log.errors.clear()  # the browser's own words about the closed connection

    def made(order: dict[str, Any]) -> bool:
        now = httpx.get(f"{exports}/{order['id']}", trust_env=False).json()
        assert now["at"] == order["at"]
        return bool(now["kept"])

    wait_for(lambda: all(made(order) for order in told), seconds=60, what="the files")


def test_silence_is_said_and_never_normal(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    wait_for(lambda: page.evaluate(STATUS, "c1") == "normal", what="c1 normal")
    clock.forward(700)
    wait_for(lambda: page.evaluate(STATUS, "c1") == "no_data", what="c1 without data")
    wait_for(lambda: page.locator("#link").get_attribute("data-state") == "old", what="old data said")
    assert page.locator("[data-live='lines.third.online']").first.inner_text() == "0"
    clock.forward(1800)
    wait_for(lambda: page.evaluate(STATUS, "c1") == "offline", what="c1 offline")


def test_the_kiosk_has_no_controls(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/?kiosk=1&rotate=5")
    assert page.locator(".controls").is_hidden()
    assert page.evaluate("() => getComputedStyle(document.body).cursor") == "none"
    before = page.evaluate(VIEW)
    wait_for(lambda: page.evaluate(VIEW) != before, seconds=20, what="the round through the counties")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160), (6656, 1792)])
def test_nothing_is_clipped_on_any_wall(
    served: Any, new_page: Callable[..., Any], width: int, height: int
) -> None:
    page = new_page(viewport={"width": width, "height": height})
    open_page(page, served.url)
    overflow = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert overflow == [width, height]
    size = page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('.card .big')).fontSize)")
    assert size >= 44 * min(width / 1920, height / 1080) - 0.1


def test_english_is_complete(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, f"{served.url}/?lang=en")
    reach = """() => {
      const { state, repaint } = window.threeline;
      state.lines.first.alerts = { critical: 3, warning: 12, notice: 0 };
      repaint();
      const right = (name) => document.querySelector(name).getBoundingClientRect().right;
      return right('#line-alerts-first') - right('#line-first .card-foot');
    }"""
    assert page.evaluate(reach) < 1, "two chips have room in their card"
    text = page.evaluate("() => document.body.innerText")
    names = served.board.profile.sites.name.tolist() + list(served.board.profile.county_name.values())
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(str(name), "")
    assert sorted({char for char in text if "\u4e00" <= char <= "\u9fff"}) == sorted("中文"), (
        "only the switch back"
    )


def test_a_wrong_address_says_what_there_is(served: Any, page: Any) -> None:
    page.goto(f"{served.url}/county/000000")
    page.locator(".missing-what").wait_for()
    assert "000000" in page.locator(".missing-what").inner_text()
    assert page.locator(".missing li").count() == 2


def test_without_the_map_behind_the_figure_the_figure_is_restyled(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)

    # As a newer plotly might: the map is nowhere to be found under its private name.
    def renamed(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("_subplot", "_renamed"))

    page.route("**/assets/map.js*", renamed)
    page.goto(served.url)
    page.wait_for_function("() => window.threeline.map?.fallback", timeout=READY_MS)
    say(served, reading("c1", NOON - 30, wait_min=20))
    colours = "() => document.querySelector('#map .js-plotly-plot').data[0].marker.color"
    wait_for(lambda: theme.STATUS["busy"] in json.dumps(page.evaluate(colours)), what="a busy point")


def test_a_blocked_sound_is_said_and_a_touch_opens_it(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    # A driven browser counts as touched from the start; this one waits for a touch, as others do.
    page.add_init_script(BLOCKED_SOUND)
    open_page(page, f"{served.url}/?kiosk=1&sound=1")
    banner = page.locator("#sound-banner")
    banner.wait_for(state="visible")
    page.mouse.click(5, 5)
    banner.wait_for(state="hidden")
    say(served, reading("c2", NOON, wait_min=45))
    clock.forward(70)
    wait_for(lambda: page.evaluate("() => window.threeline.sounded?.worst") == "critical", what="a tone")


def test_a_past_time_is_shown_as_a_replay(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 600)
    say(served, reading("c1", NOON - 60, wait_min=45))
    open_page(page, f"{served.url}/?at={NOON - 590}")
    assert page.locator("#mode").inner_text() == "回放"
    assert page.evaluate(STATUS, "c1") == "normal"
    assert page.evaluate("() => window.threeline.state.at") == NOON - 590
    assert re.search(r"20\d\d", page.locator("#data-age").inner_text()), "it may be of another year"
    page.locator("#to-live").click()
    page.wait_for_function("() => window.threeline?.link?.state === 'ok' && !window.threeline.state.replay")
    assert not page.locator("#to-live").is_visible()


def test_another_screen_size_keeps_the_map_alive(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    for width, height in ((1900, 1000), (1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(600)
        page.wait_for_function("() => window.threeline.map.ready", timeout=READY_MS)
    settle(page)
    wait_for(lambda: page.evaluate(DRAWN) == len(served.board.profile.sites), what="every site drawn again")
    say(served, reading("c1", NOON - 30, wait_min=20))
    wait_for(lambda: page.evaluate(STATUS, "c1") == "busy", what="c1 busy after the resize")
    settle(page)
    wait_for(lambda: near(colour_at(page, "c1"), theme.STATUS["busy"]), what="a busy marker")
    assert page.log.errors == []


def test_silence_of_all_is_not_peace(served: Any, page: Any) -> None:
    open_page(page, served.url)
    page.locator("#alerts .empty").wait_for()
    assert "无法判断" in page.locator("#alerts").inner_text()
    assert page.locator("#link").get_attribute("data-state") == "old"


def test_a_time_that_makes_no_sense_is_said(served: Any, page: Any) -> None:
    page.goto(f"{served.url}/?at=yesterday")
    wait_for(lambda: page.locator("#link").get_attribute("data-state") == "refused", what="the refusal")
    assert "yesterday" in page.locator("#link").inner_text()
    assert page.locator("#mode").inner_text() == "无法显示"
    page.wait_for_function("() => window.threeline.map.ready", timeout=READY_MS)
    wait_for(lambda: page.evaluate(STATUS, "c1") == "no_data", what="nothing is told, so nothing is normal")
    assert page.locator("#to-live").is_visible()
    assert "at=" not in (page.locator("#to-live").get_attribute("href") or "")
