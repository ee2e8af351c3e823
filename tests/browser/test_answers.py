"""Answering as people do it: by keyboard alone, seen on the other page, on a phone, and what stays of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.seeing import READY_MS, open_page, reading
from tests.conftest import NOON
from tests.data.edited import Edited
from tests.serving import Clock, Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WAIT = f"wait_over_30:c1:{NOON - 60}"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TAPPED = """() => [...document.querySelectorAll('#alerts .step, #answer button, #answer fieldset span')]
  .map((node) => [node.textContent, node.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height < 43.5).map(([text]) => text)"""


def say(served: Served, seconds: float, **waits: float) -> None:
    """Readings of every site, well but for the waits named, shown by the next picture."""
    sites = served.board.profile.sites.site_id.tolist()
    rows = [reading(site, seconds, wait_min=waits.get(site, 2)) for site in sites]
    served.post("/api/v1/readings", json=rows).raise_for_status()
    served.settle()


def shows(page: Any, where: str, text: str) -> None:
    page.wait_for_function(
        "([where, text]) => document.querySelector(where)?.textContent.includes(text)",
        arg=[where, text],
        timeout=READY_MS,
    )


@pytest.fixture
def waiting(served: Served, clock: Clock) -> Served:
    """A board on which one site has waited for too long since noon."""
    say(served, NOON - 60, c1=45)
    say(served, NOON, c1=45)
    return served


def test_an_answer_by_keyboard_is_on_the_other_page_and_runs_out(
    waiting: Served, clock: Clock, page: Any, new_page: Callable[..., Any]
) -> None:
    other = new_page()
    open_page(page, f"{waiting.url}/?lang=zh-CN")
    other.goto(f"{waiting.url}/alerts?lang=zh-CN&theme=dark")
    page.locator("#alerts .alert.critical").wait_for(timeout=READY_MS)
    shows(other, "#tab-firing-count", "1")
    clock.forward(40)
    say(waiting, clock.now, c1=45)

    press = page.keyboard.press
    press("a")
    expect(page.locator("#answer-note")).to_be_focused()
    # The keys are letters of the note now.
    page.keyboard.type("as told")
    press("Enter")
    shows(page, "#order-said", "已应答")
    shows(page, "#alerts-answered .answered", "as told")
    shows(page, "#alerts-answered .answered .step[data-step=answer][data-state=kept]", "0:40")
    expect(page.locator("#alerts .alert")).to_have_count(0)
    shows(other, "#tab-acknowledged-count", "1")
    other.locator("[data-alert-tab=acknowledged]").click()
    shows(other, ".alert-row", "as told")
    other.keyboard.press("j")
    shows(other, "#alert-detail .alert-past", "as told")

    clock.forward(100)
    say(waiting, clock.now, c1=45)
    page.locator("#alerts-answered .answered").focus()
    press("s")
    shows(other, "#alert-detail .step[data-step=sent][data-state=kept]", "2:20")
    # It is told to this page, too, and the other may have been first.
    shows(page, "#alerts-answered .answered .step[data-step=sent][data-state=kept]", "2:20")
    expect(page.locator("#alerts-answered .answered")).to_be_focused()
    press("s")
    shows(page, "#order-said", "已经登记过")

    # Half an hour later it asks again, on every page, and says whose answer ran out.
    clock.forward(1800)
    say(waiting, clock.now, c1=45)
    shows(page, "#alerts .alert.critical .alert-again", "as told")
    shows(other, "#tab-firing-count", "1")
    assert page.log.errors + other.log.errors == []


def test_a_phone_answers_with_a_thumb(waiting: Served, clock: Clock, new_page: Callable[..., Any]) -> None:
    clock.forward(30)
    say(waiting, clock.now, c1=45)
    page = new_page(**PHONE)
    county = waiting.board.profile.sites.county[waiting.board.profile.sites.row["c1"]]
    page.goto(f"{waiting.url}/county/{county}?lang=zh-CN")
    page.wait_for_function("() => window.threeline?.state?.at > 0", timeout=READY_MS)
    page.locator("[data-tab=alerts]").tap()
    page.locator("#alerts .step[data-step=answer]").tap()
    page.locator("#answer fieldset label").first.tap()
    expect(page.locator("#answer fieldset input").first).to_be_checked()
    assert page.evaluate(TAPPED) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.locator("#answer [type=submit]").tap()
    page.locator("#alerts .answered .step[data-step=arrived]").tap()
    page.locator("#alerts .answered .step[data-step=arrived][data-done]").wait_for(timeout=READY_MS)

    page.goto(f"{waiting.url}/response?lang=zh-CN")
    shows(page, "[data-step=answered] b", "100%")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.goto(f"{waiting.url}/alerts?lang=zh-CN&state=acknowledged")
    page.locator(".alert-row").tap()
    shows(page, "#alert-detail .alert-past", "到场")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert page.log.errors == []


def test_a_group_is_one_row_that_opens_and_is_answered_as_one(
    serve: Callable[..., Served], clock: Clock, page: Any, tmp_path: Any
) -> None:
    made = Edited(tmp_path)
    made.replace(
        "profile.toml", 'id = "wait_over_30"\n', 'id = "wait_over_30"\ngroup = "line"\ngroup_min = 2\n'
    )
    served = serve(made.load())
    say(served, NOON - 60, c1=45, c2=40)
    say(served, NOON, c1=45, c2=40)
    open_page(page, f"{served.url}/?lang=zh-CN")
    row = page.locator("#alerts .alert.group")
    row.wait_for(timeout=READY_MS)
    expect(page.locator("#alerts .alert")).to_have_count(1)
    expect(row).to_contain_text("2 条告警")
    page.wait_for_function("() => ['c1', 'c2'].every((id) => threeline.alertNumbers.has(id))")
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#group .alert")).to_have_count(2)
    page.locator("#group .answer-foot .main").click()
    expect(page.locator("#answer-note")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("() => threeline.answered().length === 2", timeout=READY_MS)
    assert page.log.errors == []


def test_who_may_not_answer_is_offered_nothing(
    serve: Callable[..., Served], clock: Clock, new_page: Callable[..., Any]
) -> None:
    served = serve(login=True)
    for at in (NOON - 60, NOON):
        served.board.engine.readings(_waits(at))
        served.settle()
    page = new_page()
    page.context.add_cookies(served.cookies("briefing"))
    open_page(page, f"{served.url}/?lang=zh-CN")
    page.locator("#alerts .alert.critical").wait_for(timeout=READY_MS)
    assert page.locator("button.step").count() == 0
    page.keyboard.press("a")
    assert page.locator("#answer").count() == 0
    path = f"/api/v1/alerts/{quote(WAIT, safe='')}/ack"
    refused = page.evaluate(
        """(path) => fetch(path, {
          method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}',
        }).then((answer) => answer.status)""",
        path,
    )
    assert refused == 403
    page.log.errors.clear()


def _waits(at: int) -> Any:
    from data.readings import Readings

    return Readings.of(site_id=["c1"], observed_at=[at], wait_min=[45.0])
