"""The wall as a person sees it, in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from dashboard import theme
from data.store import open_store
from tests.browser.seeing import (
    DRAWN,
    NAMES,
    READY_MS,
    RINGS,
    VIEW,
    catch_up,
    colour_at,
    near,
    open_page,
    reading,
    resize,
    settle,
    stands_at,
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


SLOW_S = READY_MS / 1000


def say(served: Any, *rows: dict[str, Any]) -> dict[str, Any]:
    answer = served.post("/api/v1/readings", json=list(rows))
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_well(served: Any, seconds: float) -> None:
    say(served, *(reading(site, seconds) for site in served.board.profile.sites.site_id.tolist()))


def coloured(page: Any, site: str, status: str) -> None:
    """Wait until a site's marker has a status and its colour."""
    stands_at(page, site, status)
    settle(page)
    wait_for(
        lambda: near(colour_at(page, site), theme.STATUS[status]), seconds=SLOW_S, what=f"a marker {status}"
    )


def test_the_demonstration_draws_every_site_and_county(live_server: Callable[..., Any], page: Any) -> None:
    server = live_server("lincang", "--simulate")
    open_page(page, server.url)
    wait_for(lambda: page.evaluate(DRAWN) == 963, seconds=SLOW_S, what="963 sites drawn")
    wait_for(lambda: page.evaluate(NAMES) == COUNTIES, seconds=SLOW_S, what="the names of the counties")
    expect(page.locator("#simulated")).to_be_visible()
    expect(page.locator("#mode")).to_have_text("实时")
    # Charts are never empty: the past day is there from the start.
    page.wait_for_function(
        "() => document.querySelectorAll('.trend .scatterlayer .trace').length >= 2", timeout=READY_MS
    )
    expect(page.locator(".slow").first).to_be_visible()
    assert page.log.errors == []


def test_a_posted_reading_changes_its_marker_and_its_card(served: Any, page: Any) -> None:
    all_well(served, NOON - 90)
    open_page(page, served.url)
    coloured(page, "c1", "normal")
    catch_up(page, served)
    card = page.locator("[data-live='lines.third.persons_per_hour']").first
    before = card.inner_text()
    page.evaluate("() => (window.untouched = true)")
    say(served, reading("c1", NOON - 30, wait_min=20, persons_in=400))
    coloured(page, "c1", "busy")
    expect(card).not_to_have_text(before)
    assert page.evaluate("() => window.untouched"), "the page was loaded again"


def test_a_wait_that_holds_becomes_an_alert_and_a_ring(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    say(served, reading("c2", NOON, wait_min=45))
    stands_at(page, "c2", "congested")
    catch_up(page, served)
    assert page.locator(".alert.critical").count() == 0, "an alert before the rule's time"
    clock.forward(70)
    alert = page.locator(".alert.critical")
    alert.wait_for(timeout=READY_MS)
    expect(alert).to_contain_text("45")
    expect(alert.locator(".stopwatch")).to_contain_text("+0:")
    wait_for(lambda: page.evaluate(RINGS) == ["c2"], seconds=SLOW_S, what="a ring on c2")
    # Falling under the threshold is not enough: it resolves at the clearing threshold.
    say(served, reading("c2", NOON + 65, wait_min=28))
    stands_at(page, "c2", "busy")
    catch_up(page, served)
    assert alert.count() == 1
    say(served, reading("c2", NOON + 68, wait_min=5))
    expect(alert).to_have_count(0)
    wait_for(lambda: page.evaluate(RINGS) == [], seconds=SLOW_S, what="the ring leaving")


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
    view, revision = page.evaluate(VIEW), page.evaluate("() => window.threeline.map.revision")
    for turn in range(50):
        clock.forward(1)
        say(
            served,
            reading(("c1", "c2", "c3", "d1")[turn % 4], clock.now, wait_min=turn % 29, persons_in=turn),
        )
        served.settle()
    catch_up(page, served)
    assert page.evaluate("() => window.threeline.map.revision") >= revision + 50
    settle(page)
    assert page.evaluate(VIEW) == view
    expect(page.locator(".drawer")).to_be_visible()
    expect(page.locator("#search")).to_be_focused()
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
    expect(first.locator(".drawer h2")).to_have_text("乙北卡点")
    open_page(second, first.evaluate("location.href"))
    assert second.evaluate(VIEW) == pytest.approx(first.evaluate(VIEW), abs=0.01)
    expect(second.locator(".drawer h2")).to_have_text("乙北卡点")
    expect(second.locator("[data-layer='second']")).to_have_attribute("aria-pressed", "false")
    # A layer that was switched off leaves the map with its next drawing.
    wait_for(
        lambda: second.evaluate(DRAWN) == first.evaluate(DRAWN) < 8,
        seconds=SLOW_S,
        what="the same sites drawn",
    )


def test_the_page_says_when_the_link_is_lost_and_mends_itself_and_orders_are_made(
    live_server: Callable[..., Any], page: Any
) -> None:
    server = live_server()
    httpx.post(f"{server.url}/api/v1/readings", json=[reading("c1", time.time())], trust_env=False)
    open_page(page, server.url)
    badge = page.locator("#link")
    expect(badge).to_have_attribute("data-state", "ok")
    exports, small = f"{server.url}/api/v1/exports", {"file": "snapshot.png", "size": "480x320"}
    told = [httpx.post(exports, json=small, trust_env=False).json() for _ in range(3)]
    server.stop()
    expect(page.locator("body")).to_have_attribute("data-link", "lost")
    store = open_store(str(server.store))
    # No drawing is done so soon: they wait for the next run.
    assert told[-1]["id"] in [left.id for left in store.claims()]
    store.close()
    expect(badge).to_contain_text("连接中断")
    expect(page.locator("#mode")).to_have_text("连接中断")
    server.start()
    expect(page.locator("body")).not_to_have_attribute("data-link", "lost", timeout=READY_MS)
    expect(page.locator("#mode")).to_have_text("实时", timeout=READY_MS)
    page.log.errors.clear()  # the browser's own words about the closed connection

    def made(order: dict[str, Any]) -> bool:
        now = httpx.get(f"{exports}/{order['id']}", trust_env=False).json()
        assert now["at"] == order["at"]
        return bool(now["kept"])

    wait_for(lambda: all(made(order) for order in told), seconds=2 * SLOW_S, what="the files")


def test_silence_is_said_and_never_normal(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    stands_at(page, "c1", "normal")
    clock.forward(700)
    stands_at(page, "c1", "no_data")
    expect(page.locator("#link")).to_have_attribute("data-state", "old")
    expect(page.locator("[data-live='lines.third.online']").first).to_have_text("0")
    clock.forward(1800)
    stands_at(page, "c1", "offline")


def test_the_kiosk_has_no_controls(served: Any, page: Any) -> None:
    open_page(page, f"{served.url}/?kiosk=1&rotate=5")
    expect(page.locator(".controls")).to_be_hidden()
    expect(page.locator("body")).to_have_css("cursor", "none")
    before = page.evaluate(VIEW)
    wait_for(lambda: page.evaluate(VIEW) != before, seconds=SLOW_S, what="the round through the counties")


def test_english_is_complete(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, f"{served.url}/?lang=en")
    page.wait_for_selector(".trend .main-svg", state="attached", timeout=READY_MS)
    page.evaluate("() => document.fonts.ready.then(() => true)")
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
    expect(page.locator(".missing-what")).to_contain_text("000000", timeout=READY_MS)
    expect(page.locator(".missing li")).to_have_count(2)


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
    busy = theme.STATUS["busy"]
    wait_for(lambda: busy in json.dumps(page.evaluate(colours)), seconds=SLOW_S, what="a busy point")


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
    page.wait_for_function("() => window.threeline.sounded?.worst === 'critical'", timeout=READY_MS)


def test_a_past_time_is_shown_as_a_replay(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 600)
    say(served, reading("c1", NOON - 60, wait_min=45))
    open_page(page, f"{served.url}/?at={NOON - 590}")
    expect(page.locator("#mode")).to_have_text("回放")
    stands_at(page, "c1", "normal")
    assert page.evaluate("() => window.threeline.state.at") == NOON - 590
    # It may be of another year.
    expect(page.locator("#data-age")).to_have_text(re.compile(r"20\d\d"))
    page.locator("#to-live").click()
    page.wait_for_function(
        "() => window.threeline?.link?.state === 'ok' && !window.threeline.state.replay", timeout=READY_MS
    )
    expect(page.locator("#to-live")).to_be_hidden()


def test_another_screen_size_keeps_the_map_alive(served: Any, page: Any) -> None:
    all_well(served, NOON - 60)
    open_page(page, served.url)
    for width, height in ((1900, 1000), (1366, 768), (1920, 1080)):
        resize(page, width, height)
    every = len(served.board.profile.sites)
    wait_for(lambda: page.evaluate(DRAWN) == every, seconds=SLOW_S, what="every site drawn again")
    say(served, reading("c1", NOON - 30, wait_min=20))
    coloured(page, "c1", "busy")
    assert page.log.errors == []


def test_silence_of_all_is_not_peace(served: Any, page: Any) -> None:
    open_page(page, served.url)
    expect(page.locator("#alerts .empty")).to_contain_text("无法判断")
    expect(page.locator("#link")).to_have_attribute("data-state", "old")


def test_a_time_that_makes_no_sense_is_said(served: Any, page: Any) -> None:
    page.goto(f"{served.url}/?at=yesterday")
    link, to_live = page.locator("#link"), page.locator("#to-live")
    expect(link).to_have_attribute("data-state", "refused", timeout=READY_MS)
    expect(link).to_contain_text("yesterday")
    expect(page.locator("#mode")).to_have_text("无法显示")
    page.wait_for_function("() => window.threeline.map.ready", timeout=READY_MS)
    # Nothing is told, so nothing is normal.
    stands_at(page, "c1", "no_data")
    expect(to_live).to_be_visible()
    expect(to_live).to_have_attribute("href", re.compile(r"^((?!at=).)+$"))
