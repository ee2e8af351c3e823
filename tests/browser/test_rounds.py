"""A whole round by keyboard alone; what another desk records appears; the bulletin is copied; a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.county import query
from tests.browser.seeing import READY_MS
from tests.conftest import NOON
from tests.data.walking import look, walking
from tests.serving import Clock, Served

pytestmark = pytest.mark.browser

DUE = NOON - 3 * 3600 - 1800
NAME = "#round-name"
SAID = "#round-said"
HEAR = """() => {
  const button = document.querySelector('[data-do=bulletin-copy]');
  window.said = [];
  new MutationObserver(() => window.said.push(button.textContent)).observe(button, { childList: true });
}"""
"""Keeps what the button said: it says so for two seconds only."""


@pytest.fixture
def rounds(serve: Callable[..., Served], profile: Any, clock: Clock) -> Served:
    """A board at 10:40, ten minutes after the checkpoints should have been looked at."""
    clock.now = DUE - 60
    served = serve(walking(of=profile))
    clock.now = DUE + 7800
    served.settle()
    return served


def open_rounds(page: Any, served: Served, query: str = "?lang=zh-CN") -> None:
    page.goto(f"{served.url}/rounds{query}")
    page.wait_for_function(
        "() => window.threeline?.rounds.data && document.querySelector('[data-entry]')", timeout=READY_MS
    )


def stands(page: Any, selector: str, text: str) -> None:
    """Wait until a part of the page holds a text."""
    page.wait_for_function(
        "([where, text]) => document.querySelector(where)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=READY_MS,
    )


def unheard(route: Any) -> None:
    """Lets no list of who is due through, and every look."""
    if route.request.method == "GET":
        route.abort()
    else:
        route.continue_()


def kept(served: Served) -> list[tuple[str, str, tuple[str, ...], str]]:
    looks = served.board.engine.store.looks(0, NOON * 2)
    return [(one.site_id, one.result, one.findings, one.note) for one in looks]


def test_a_whole_round_by_keyboard(page: Any, rounds: Served) -> None:
    open_rounds(page, rounds)
    stands(page, NAME, "甲城检查站")
    stands(page, "[data-round=shift]", "逾期 3")
    page.keyboard.press("1")
    stands(page, NAME, "乙城检查站")
    stands(page, SAID, "甲城检查站 正常")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    stands(page, SAID, "请先选至少一项问题")
    page.keyboard.press("3")
    page.keyboard.press("1")
    page.keyboard.press("1")
    page.keyboard.press("0")
    page.keyboard.type("一号通道关闭")
    page.keyboard.press("Enter")
    stands(page, NAME, "乙北卡点")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    stands(page, "#round-site", "本轮已全部查完")
    assert kept(rounds) == [
        ("c1", "seen", (), ""),
        ("c2", "seen", ("device",), "一号通道关闭"),
        ("c3", "not_reachable", (), ""),
    ]
    stands(page, "#found-today", "设备故障")
    stands(page, "#found-today", "无法连接")
    # The last alert goes with the last look.
    page.wait_for_function(
        "() => ![...threeline.state.alerts.values()].some((one) => one.rule === 'video_overdue')"
    )
    assert page.log.errors == []


def test_a_record_is_corrected_and_what_is_personal_is_refused(page: Any, rounds: Served) -> None:
    open_rounds(page, rounds, "?lang=en&site=c2")
    stands(page, NAME, "乙城检查站")
    page.keyboard.press("2")
    page.keyboard.press("0")
    page.keyboard.type("call 13812345678")
    page.keyboard.press("Enter")
    stands(page, SAID, "a mobile number")
    page.log.errors.clear()  # the browser tells of the answer, too
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    stands(page, SAID, "Recorded: 乙城检查站")
    page.evaluate("() => threeline.rounds.choose(threeline.rounds.find('c2'))")
    page.keyboard.press("c")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    stands(page, ".round-told", "Dress")
    assert kept(rounds) == [("c2", "seen", ("dress",), "")]


def test_what_another_desk_records_appears_and_is_not_recorded_twice(page: Any, rounds: Served) -> None:
    open_rounds(page, rounds)
    rounds.board.engine.looks([look("c2", DUE, DUE + 7800, by="zk-duty", findings=("dress",))])
    stands(page, "[data-round=shift]", "逾期 2")
    stands(page, "#found-today", "zk-duty")
    expect(page.locator("#rounds-list")).not_to_contain_text("乙城检查站")
    # Recorded there in the moment between: the page has not heard of it, and learns of it by the refusal.
    page.route("**/api/v1/rounds?*", unheard)
    page.evaluate("() => threeline.rounds.load()")  # answers to older questions are not taken any more
    rounds.board.engine.looks([look("c1", DUE, DUE + 7800, by="zk-duty")])
    page.keyboard.press("1")
    stands(page, SAID, "zk-duty")
    assert page.evaluate("() => threeline.rounds.chosen.look.by") == "zk-duty"
    assert sorted(site for site, *_ in kept(rounds)) == ["c1", "c2"]


def test_the_bulletin_of_a_day_stands_in_the_address_and_is_copied(new_page: Any, rounds: Served) -> None:
    rounds.board.engine.looks([look("c1", DUE - 86_400, DUE - 86_000, findings=("off_post",))])
    page = new_page(permissions=["clipboard-write"])
    open_rounds(page, rounds, "?lang=zh-CN&day=2026-06-02")
    stands(page, "#bulletin-text", "2026年6月2日")
    stands(page, "#bulletin-text", "甲城检查站：人员脱岗")
    page.evaluate(HEAR)
    page.click("[data-do=bulletin-copy]")
    page.wait_for_function("() => window.said.includes('已复制')", timeout=READY_MS)
    # Pages may write to the clipboard and not read it: what it holds shows where it is pasted.
    page.keyboard.press("2")
    page.keyboard.press("0")
    page.keyboard.press("Control+V")
    page.wait_for_function("() => document.getElementById('round-note').value.includes('2026年6月2日')")
    page.keyboard.press("Escape")
    expect(page.locator("#bulletin-csv")).to_have_attribute("href", re.compile("format=csv"))
    page.click("[data-found=today]")
    assert "day" not in query(page)


def test_one_hand_is_enough_on_a_phone(new_page: Any, rounds: Served) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_rounds(page, rounds)
    page.tap("[data-entry]:has-text('乙城检查站')")
    page.tap("[data-key='2']")
    page.tap("[data-finding=dress]")
    page.tap("#round-save")
    stands(page, SAID, "乙城检查站 着装不规范")
    page.tap("[data-key='1']")
    stands(page, SAID, "正常")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("[data-key='1']").bounding_box()
    assert box["y"] > 844 / 2, "at the thumb"
    assert box["height"] >= 44
    assert len(kept(rounds)) == 2


def test_the_way_there_says_how_many_are_late(page: Any, rounds: Served) -> None:
    page.goto(f"{rounds.url}/county/900101?lang=zh-CN")
    stands(page, "#rounds-link", "逾期 1")
    page.click("#rounds-link a")
    page.wait_for_selector("[data-entry]", timeout=READY_MS)
    expect(page.locator("#rounds-link")).to_be_hidden()


def test_a_profile_without_rounds_has_no_way_there_and_no_page(page: Any, served: Served) -> None:
    page.goto(f"{served.url}/rounds?lang=zh-CN")
    stands(page, ".missing", "没有视频巡查")
    page.goto(f"{served.url}/county/900101?lang=zh-CN")
    page.wait_for_function(
        "() => window.threeline?.state.at > 0 && document.body.dataset.seen", timeout=READY_MS
    )
    expect(page.locator("#rounds-link")).to_be_hidden()
