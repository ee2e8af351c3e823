"""A page that stays open for months: it says when it is cut off, and it gets well by itself."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

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
COUNTED_ON_S = 6
"""A page that hears nothing counts on by itself for five seconds, then it says so."""
AGES = {f"数据 {30 + seconds} 秒前" for seconds in range(COUNTED_ON_S)}
TIMES = {f"12:00:0{seconds}" for seconds in range(COUNTED_ON_S)}
LINK = "() => document.body.dataset.link"
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


def linked(page: Any, *, seconds: float = 40) -> None:
    wait_for(lambda: page.evaluate(LINK) in ("ok", "old"), seconds=seconds, what="a link")


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
    assert fresh.process is not None
    fresh.process.send_signal(signal.SIGSTOP)
    try:
        for page in pages:
            # Counted by the page itself from the last thing that it heard.
            page.wait_for_function("() => document.body.dataset.link === 'lost'", timeout=8000)
            assert page.evaluate("() => performance.now() - window.threeline.heardAt()") < 5000
            assert "连接中断" in page.locator("#link").inner_text()
            assert page.locator("#mode").inner_text() == "连接中断"
        page.locator(".away").wait_for(timeout=15000)
        assert "正在自动重连" in page.locator(".away").inner_text()
    finally:
        fresh.process.send_signal(signal.SIGCONT)
    for page in pages:
        linked(page)
        assert page.locator("#mode").inner_text() == "实时"
    page.locator(".away").wait_for(state="hidden")


def test_ages_are_by_the_servers_clock_whatever_this_machines_clock_does(
    served: Any, clock: Any, page: Any
) -> None:
    all_well(served, NOON - 30)
    page.add_init_script(CLOCKS)
    open_page(page, served.url)
    linked(page)
    assert page.locator("#clock").inner_text().startswith("12:00:0")
    assert page.locator("#data-age").inner_text().startswith("数据 30 秒前")
    page.evaluate(WATCH)
    for shift in (-20 * 86400e3, 400 * 86400e3, 0):
        page.evaluate("(shift) => { window.shift = shift; }", shift)
        page.wait_for_timeout(700)
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
    wait_for(lambda: page.locator("#clock").inner_text().startswith("18:00:0"), what="the time of now")
    wait_for(lambda: page.evaluate(LINK) == "old", what="old data said")
    told = page.evaluate("() => window.told")
    ages = {line.split(" | ")[0].split(" · ")[0] for line in told}
    assert ages <= {*AGES, "数据截至 06/03 11:59", "数据 6 小时前"}
    # Nothing six hours old is called live.
    assert not [line for line in told if "6 小时前" in line and line.split(" | ")[2] == "ok"]


def test_the_picture_follows_the_servers_clock_back_and_forth(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    linked(page)
    for seconds, shown in ((3600, "13:00:00"), (-7200, "11:00:00"), (3600, "12:00:00")):
        clock.forward(seconds)
        wait_for(lambda shown=shown: page.locator("#clock").inner_text() == shown, what=shown)
    linked(page)
    assert page.log.errors == []


def test_midnight_rolls_the_date_and_the_sums(served: Any, clock: Any, page: Any) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    persons = page.locator("[data-live='today.persons']")
    wait_for(lambda: persons.inner_text() not in ("0", "—"), what="sums of today")
    assert page.locator("#today").inner_text() == "6月3日星期三"
    clock.forward(12 * 3600 - 5)
    wait_for(lambda: page.locator("#clock").inner_text() == "23:59:55", what="the end of the day")
    page.evaluate("() => { window.untouched = true; }")
    charts = "() => window.dash_clientside && document.querySelectorAll('.trend .scatterlayer .trace').length"
    clock.forward(10)
    wait_for(lambda: page.locator("#today").inner_text() == "6月4日星期四", what="the new day")
    assert page.locator("#clock").inner_text().startswith("00:00:")
    wait_for(lambda: persons.inner_text() in ("0", "—"), seconds=30, what="sums from midnight")
    clock.forward(60)
    wait_for(lambda: page.evaluate(charts), seconds=30, what="charts of the new day")
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
    wait_for(lambda: page.evaluate(LINK) == "lost", seconds=6, what="the lost link")
    page.wait_for_timeout(6000)
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
    open_page(page, served.url)
    page.evaluate("() => { window.untouched = true; document.getElementById('search').value = 'c'; }")
    page.locator("#search").focus()
    served.board.__dict__["version"] = "99"
    hub = served.app.server.state.hub
    hub._loop.call_soon_threadsafe(hub._send_all_anew, served.board.profile)
    wait_for(lambda: page.evaluate("() => window.threeline.state.version") == "99", what="the new version")
    page.wait_for_timeout(2000)
    assert page.evaluate("() => window.untouched"), "loaded again while somebody types"
    page.evaluate("() => { document.getElementById('search').value = ''; }")
    page.wait_for_function("() => !window.untouched && window.threeline?.map?.ready", timeout=READY_MS)
    assert page.evaluate(LOADS) == "reload"
    # It came back as it was, as from a cache: once is enough.
    page.evaluate("() => { window.untouched = true; }")
    page.wait_for_timeout(3000)
    assert page.evaluate("() => window.untouched"), "loaded again and again"
    assert page.evaluate("() => window.threeline.state.version") == "99"


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
    page.wait_for_function("() => document.documentElement.dataset.map === 'failed'")
    served.post("/api/v1/readings", json=[reading("c1", NOON - 10, wait_min=20)])
    page.evaluate("() => window.lose.restoreContext()")
    page.wait_for_function("() => window.threeline?.map?.ready", timeout=READY_MS)
    settle(page)
    wait_for(lambda: page.evaluate(DRAWN) == len(served.board.profile.sites), what="every site drawn again")
    wait_for(lambda: page.evaluate(STATUS, "c1") == "busy", what="c1 as it is now")


def test_a_part_that_fails_says_so_and_heals_while_the_rest_goes_on(
    served: Any, clock: Any, page: Any
) -> None:
    all_well(served, NOON - 30)
    open_page(page, served.url)
    linked(page)
    page.evaluate(BREAK)
    clock.forward(700)  # silence everywhere: the border has gaps
    failed = page.locator(".strip[data-failed]")
    failed.wait_for()
    assert "暂时无法显示" in (failed.get_attribute("data-failed") or "")
    wait_for(lambda: page.locator("#clock").inner_text() == "12:11:40", what="a clock that goes on")
    page.evaluate("() => { window.threeline.fillStrip = window.kept; }")
    wait_for(lambda: failed.count() == 0, seconds=60, what="the strip healed")


def test_a_page_opened_while_the_server_is_away_waits_and_opens(fresh: LiveServer, page: Any) -> None:
    open_page(page, f"{fresh.url}/?kiosk=1&hide=roads")
    page.wait_for_function("() => navigator.serviceWorker.controller", timeout=READY_MS)
    title = page.title()
    fresh.stop()
    page.reload()
    page.locator("h1:visible").wait_for()
    assert page.locator("h1:visible").inner_text() == "连接不上服务器"
    assert title in page.inner_text("main")
    assert "上次画面" in page.inner_text("main")
    # No picture, nor a part of one.
    assert page.evaluate("() => window.threeline") is None
    fresh.start()
    page.wait_for_function(
        "() => window.threeline?.map?.ready && window.threeline.state.at > 0", timeout=READY_MS
    )
    assert "kiosk=1&hide=roads" in page.url
    page.log.errors.clear()  # the browser's own words about a server that is away
