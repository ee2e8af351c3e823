"""A page that stays open for months: it says when it is cut off, and it gets well by itself."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.seeing import DRAWN, READY_MS, STATUS, open_page, reading, settle
from tests.conftest import NOON
from tests.faults.swallow import Swallow
from tests.serving import LiveServer, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CLOCKS = """
const real = Date.now.bind(Date);
window.shift = 3 * 86400e3;
Date.now = () => real() + window.shift;"""
"""A machine whose clock is three days ahead, and may be set."""
WATCH = """() => {
  window.told = [];
  const look = () => {
    const [age, clock] = ['data-age', 'clock'].map((id) => document.getElementById(id).textContent);
    window.told.push([age, clock, document.body.dataset.link].join(' | '));
  };
  look();
  const all = { childList: true, characterData: true, subtree: true };
  for (const id of ['data-age', 'clock', 'link'])
    new MutationObserver(look).observe(document.getElementById(id), all);
}"""
"""Keep all that the bar ever says."""
BREAK = """() => {
  window.kept = window.threeline.fillStrip;
  window.threeline.fillStrip = () => { throw Error('broken'); };
}"""
COUNTED_ON_S = 30
"""A page counts on by itself between messages, on a busy machine for long; what is wrong here is days off."""
AGES = {f"数据 {30 + seconds} 秒前" for seconds in range(COUNTED_ON_S)}
TIMES = {f"12:00:{seconds:02}" for seconds in range(COUNTED_ON_S)}
SILENT = """() => {
  let ticked = performance.now();
  let stood = 0;
  threeline.listen((what) => {
    const now = performance.now();
    if (!what.tick && !what.link) stood = 0;
    const still = stood + Math.max(0, now - ticked - 500);
    if (what.tick) [stood, ticked] = [still, now];
    if (threeline.link.state === 'lost') window.silent ??= now - threeline.heardAt() - still;
  });
}"""
"""Keep how long nothing was heard when the lost link was said, but for time in which the page had no turn."""
TICKS = """() => {
  window.ticks = 0;
  threeline.listen((what) => { window.ticks += what.tick ? 1 : 0; });
}"""
BUSY = """() => {
  const { busy } = threeline;
  window.held = 0;
  threeline.busy = () => busy() && Boolean(++window.held);
}"""
"""Count how often the page would have loaded again but for somebody's hands."""
LINK = "() => document.body.dataset.link"
NONE = re.compile("^[0—]$")
NO_SPREAD = "Math.random = () => 0.01;"
LOADS = "() => performance.getEntriesByType('navigation')[0].type"


@pytest.fixture
def relay() -> Iterator[Callable[[int], Swallow]]:
    made: list[Swallow] = []

    def to(port: int) -> Swallow:
        made.append(Swallow(port))
        return made[-1]

    yield to
    for one in made:
        one.close()


def all_well(served: Any, seconds: float) -> None:
    sites = served.board.profile.sites.site_id.tolist()
    answer = served.post("/api/v1/readings", json=[reading(site, seconds) for site in sites])
    assert answer.status_code == 200, answer.text


def linked(page: Any) -> None:
    until(page, "['ok', 'old'].includes(document.body.dataset.link)")


def until(page: Any, script: str) -> None:
    page.wait_for_function(f"() => {script}", timeout=READY_MS)


def clock_says(page: Any, pattern: str) -> None:
    """The page counts on by itself between messages: never ask for one exact second."""
    expect(page.locator("#clock")).to_have_text(re.compile(f"^{pattern}$"), timeout=READY_MS)


def health(page: Any) -> int:
    """How often the page has asked whether the server is well."""
    return sum(url.endswith("/api/health") for url in page.log.requests)


def first_age(page: Any) -> str:
    return str(page.locator("#data-age").inner_text().split(" · ")[0])


@pytest.fixture
def fresh(live_server: Callable[..., LiveServer]) -> LiveServer:
    """A server as a process, with a reading of now."""
    server = live_server()
    httpx.post(f"{server.url}/api/v1/readings", json=[reading("c1", time.time())], trust_env=False)
    return server


def test_every_page_says_within_five_seconds_that_the_server_stands_still(
    fresh: LiveServer, new_page: Callable[..., Any]
) -> None:
    pages = [new_page() for _ in range(3)]
    for page, path in zip(pages, ("/", "/county/900101", "/site/c1"), strict=True):
        open_page(page, fresh.url + path)
    for page in pages:
        linked(page)
        page.evaluate(SILENT)
    assert fresh.process is not None
    fresh.process.send_signal(signal.SIGSTOP)
    try:
        for page in pages:
            until(page, "document.body.dataset.link === 'lost'")
            # Counted by the page itself from the last thing that it heard.
            assert page.evaluate("() => window.silent") < 5000
            expect(page.locator("#link")).to_contain_text("连接中断")
            expect(page.locator("#mode")).to_have_text("连接中断")
        expect(page.locator(".away")).to_contain_text("正在自动重连", timeout=READY_MS)
    finally:
        fresh.process.send_signal(signal.SIGCONT)
    for page in pages:
        linked(page)
        expect(page.locator("#mode")).to_have_text("实时")
    page.locator(".away").wait_for(state="hidden")


def test_ages_are_by_the_servers_clock_whatever_this_machines_clock_does(
    served: Any, clock: Any, page: Any
) -> None:
    all_well(served, NOON - 30)
    page.add_init_script(CLOCKS)
    open_page(page, served.url)
    linked(page)
    clock_says(page, r"12:00:[0-2]\d")
    wait_for(lambda: first_age(page) in AGES, seconds=60, what="the age of the data")
    page.evaluate(TICKS)
    page.evaluate(WATCH)
    for shift in (-20 * 86400e3, 400 * 86400e3, 0):
        page.evaluate("(shift) => { window.shift = shift; window.ticks = 0; }", shift)
        until(page, "window.ticks >= 2")
        linked(page)
    told = page.evaluate("() => window.told")
    # The right age, or the moment of the data while the time is not known; never another age. Between two
    # messages a page counts on by itself.
    assert {line.split(" | ")[0].split(" · ")[0] for line in told} <= {*AGES, "数据截至 06/03 11:59"}
    assert {line.split(" | ")[1] for line in told} <= {*TIMES, "--:--:--"}


def test_after_hours_of_sleep_no_wrong_age_is_shown(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    page.add_init_script(CLOCKS)
    open_page(page, served.url)
    linked(page)
    page.evaluate(WATCH)
    # The server and the clock went on for six hours; the uptime of this machine and its timers stood still.
    page.evaluate("() => { window.shift += 6 * 3600e3; }")
    clock.forward(6 * 3600)
    clock_says(page, r"18:00:[0-2]\d")
    until(page, "document.body.dataset.link === 'old'")
    told = page.evaluate("() => window.told")
    ages = {line.split(" | ")[0].split(" · ")[0] for line in told}
    assert ages <= {*AGES, "数据截至 06/03 11:59", "数据 6 小时前"}
    # Nothing six hours old is called live.
    assert not [line for line in told if "6 小时前" in line and line.split(" | ")[2] == "ok"]


def test_the_picture_follows_the_servers_clock_back_and_forth(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    linked(page)
    for seconds, shown in ((3600, "13"), (-7200, "11"), (3600, "12")):
        clock.forward(seconds)
        clock_says(page, shown + r":00:[0-2]\d")
    linked(page)
    assert page.log.errors == []


def test_midnight_rolls_the_date_and_the_sums(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    persons = page.locator("[data-live='today.persons']")
    expect(persons).not_to_have_text(NONE, timeout=READY_MS)
    expect(page.locator("#today")).to_have_text("6月3日星期三")
    clock.forward(12 * 3600 - 30)
    clock_says(page, r"23:59:[3-5]\d")
    page.evaluate("() => { window.untouched = true; }")
    charts = "window.dash_clientside && document.querySelectorAll('.trend .scatterlayer .trace').length"
    clock.forward(35)
    expect(page.locator("#today")).to_have_text("6月4日星期四", timeout=READY_MS)
    clock_says(page, r"00:00:\d\d")
    expect(persons).to_have_text(NONE, timeout=READY_MS)
    clock.forward(60)
    until(page, charts)
    assert page.evaluate("() => window.untouched")
    assert page.log.errors == []


def test_a_way_that_swallows_everything_is_noticed_and_gone_around(
    served: Any, relay: Callable[[int], Swallow], page: Any
) -> None:
    all_well(served, NOON - 30)
    way = relay(served.port)
    open_page(page, way.url)
    linked(page)
    page.evaluate("() => { window.untouched = true; }")
    way.cut = True
    until(page, "document.body.dataset.link === 'lost'")
    # It has given the old connection up and tries another.
    until(page, "threeline.heardAt() === 0")
    assert page.evaluate(LINK) == "lost"
    # The network is back, but the old connection is not: nobody ever says that it ended.
    way.cut = False
    linked(page)
    assert page.evaluate("() => window.untouched")


def test_another_version_of_the_server_loads_the_page_once_and_not_under_somebodys_hands(
    served: Any, page: Any
) -> None:
    all_well(served, NOON - 30)
    page.add_init_script(NO_SPREAD)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    open_page(page, served.url)
    page.evaluate(BUSY)
    page.evaluate("() => { window.untouched = true; document.getElementById('search').value = 'c'; }")
    page.locator("#search").focus()
    served.board.__dict__["version"] = "99"
    hub = served.app.server.state.hub
    hub._loop.call_soon_threadsafe(hub._send_all_anew, served.board.profile)
    until(page, "window.threeline.state.version === '99' && window.held > 0")
    assert page.evaluate("() => window.untouched"), "loaded again while somebody types"
    asked = health(page)
    page.evaluate("() => { document.getElementById('search').value = ''; }")
    until(page, "!window.untouched && window.threeline?.map?.ready")
    assert page.evaluate(LOADS) == "reload"
    # It came back as it was, as from a cache: it has asked once more, and once is enough.
    wait_for(lambda: page.wait_for_timeout(50) or health(page) >= asked + 2, seconds=60, what="health asked")
    page.evaluate("() => fetch('/api/health').then((answer) => answer.json())")
    page.wait_for_timeout(500)
    assert len(loads) == 2, "loaded again and again"
    until(page, "window.threeline.state.version === '99'")


def test_a_map_whose_graphics_were_lost_is_drawn_again(served: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    page.evaluate(
        """() => {
          const canvas = window.threeline.map.instance.getCanvas();
          const graphics = canvas.getContext('webgl2') || canvas.getContext('webgl');
          window.lose = graphics.getExtension('WEBGL_lose_context');
          window.lose.loseContext();
        }"""
    )
    until(page, "document.documentElement.dataset.map === 'failed'")
    served.post("/api/v1/readings", json=[reading("c1", NOON - 10, wait_min=20)])
    page.evaluate("() => window.lose.restoreContext()")
    until(page, "window.threeline?.map?.ready")
    settle(page)
    sites = len(served.board.profile.sites)
    wait_for(lambda: page.evaluate(DRAWN) == sites, seconds=60, what="every site drawn again")
    wait_for(lambda: page.evaluate(STATUS, "c1") == "busy", seconds=60, what="c1 as it is now")


def test_a_part_that_fails_says_so_and_heals_while_the_rest_goes_on(
    served: Any, clock: Any, page: Any
) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    linked(page)
    page.evaluate(BREAK)
    clock.forward(700)  # silence everywhere: the border has gaps
    failed = page.locator(".strip[data-failed]")
    expect(failed).to_have_attribute("data-failed", re.compile("暂时无法显示"), timeout=READY_MS)
    clock_says(page, r"12:1[12]:\d\d")
    page.evaluate("() => { window.threeline.fillStrip = window.kept; }")

    def healed() -> bool:
        # With the next picture, once it has been well for some seconds.
        clock.forward(1)
        served.post("/api/v1/readings", json=[reading("c1", clock.now)])
        page.wait_for_timeout(500)
        return failed.count() == 0

    wait_for(healed, seconds=60, what="the strip healed")


def test_a_page_opened_while_the_server_is_away_waits_and_opens(fresh: LiveServer, page: Any) -> None:
    open_page(page, f"{fresh.url}/?kiosk=1&hide=roads")
    until(page, "navigator.serviceWorker.controller")
    title = page.title()
    fresh.stop()
    page.reload()
    expect(page.locator("h1:visible")).to_have_text("连接不上服务器")
    expect(page.locator("main")).to_contain_text(title)
    expect(page.locator("main")).to_contain_text("上次画面")
    # No picture, nor a part of one.
    assert page.evaluate("() => window.threeline") is None
    fresh.start()
    until(page, "window.threeline?.map?.ready && window.threeline.state.at > 0")
    assert "kiosk=1&hide=roads" in page.url
    page.log.errors.clear()  # the browser's own words about a server that is away
