"""Everything by keyboard: wall, county, rounds; what a reader's voice is told; each key that is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.guide.keys import ALERTS, EVERYWHERE, KEYS, LIST, MAP
from tests.browser.county import COUNTY, ROW, all_well
from tests.browser.seeing import READY_MS, VIEW, open_page, settle
from tests.conftest import NOON
from tests.data.walking import walking
from tests.serving import Clock, Served

pytestmark = pytest.mark.browser

ALERT = "#alerts .alert.critical"
FOCUS = """() => {
  const { activeElement: node } = document;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const inside = box.right > 0 && box.bottom > 0 && box.left < innerWidth;
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  /* Fields, cells of the table and alerts show it by their edge. */
  const edged = style.boxShadow !== 'none' || parseFloat(style.borderTopWidth) > 0;
  const names = [node.getAttribute('aria-label'), node.textContent.trim(), node.title, node.placeholder];
  const name = names.find(Boolean) || '';
  const part = ['.bar', '#map', '#site-drawer', 'main', 'nav', 'body']
    .find((one) => node.closest(one));
  /* The table's own: where it lets one in and out, and cells with nothing in them. */
  const grid = node.closest('.ag-root-wrapper') && !node.matches('button, input, a');
  if (grid) return { tag: node.tagName, id: '', name: 'table', part: 'main', seen: true };
  const seen = inside && (outlined || edged);
  return { tag: node.tagName, id: node.id || node.className, name: name.slice(0, 40), part, seen };
}"""
SPOKEN = """() => {
  window.spoken = [];
  for (const id of ['voice', 'voice-now', 'link']) {
    new MutationObserver(() => window.spoken.push([id, document.getElementById(id).textContent]))
      .observe(document.getElementById(id), { childList: true, characterData: true, subtree: true });
  }
}"""


@pytest.fixture
def rounds(serve: Callable[..., Served], profile: Any, clock: Clock) -> Served:
    """A board with video rounds of which some are overdue."""
    clock.now = NOON - 3 * 3600 - 1860
    served = serve(walking(of=profile))
    clock.now += 7860
    all_well(served, clock.now - 60)
    served.settle()
    return served


def walk(page: Any, most: int) -> list[dict[str, Any]]:
    """What Tab goes to from the top of the page, until it comes round."""
    seen: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS)
        if now["tag"] == "BODY":
            break
        seen.append(now)
    return seen


def hidden_or_nameless(stops: list[dict[str, Any]]) -> list[str]:
    return [f"{stop['tag']} {stop['id']}" for stop in stops if not stop["seen"] or not stop["name"]]


def waits(page: Any, script: str) -> None:
    page.wait_for_function(script, timeout=READY_MS)


def test_the_wall_by_keyboard_and_in_words(served: Served, clock: Clock, page: Any) -> None:
    all_well(served)
    open_page(page, f"{served.url}/?lang=zh-CN")
    page.evaluate(SPOKEN)
    for _ in range(3):
        clock.forward(300)
        all_well(served, clock.now, c1={"wait_min": 46})
        served.settle()
    page.locator(ALERT).first.wait_for(timeout=READY_MS)
    waits(page, "() => document.getElementById('voice-now').textContent.includes('紧急告警：')")
    # Numbers move on; nothing is told again.
    clock.forward(30)
    all_well(served, clock.now, c1={"wait_min": 47})
    waits(page, "() => document.querySelector('#alerts .alert').textContent.includes('47')")
    page.wait_for_timeout(1200)
    assert len([text for where, text in page.evaluate("() => spoken") if where == "voice-now"]) == 1
    live = page.evaluate(
        "() => document.querySelectorAll('[aria-live] .stopwatch, [role=status] time').length"
    )
    assert live == 0
    # What the map and the charts show is told, too.
    canvas = "document.querySelector('.maplibregl-canvas')"
    waits(page, f"() => {canvas}.getAttribute('aria-label').includes('未应答告警 1')")
    waits(
        page, "() => document.querySelector('.trend [role=img]')?.getAttribute('aria-label').includes('最新')"
    )

    stops = walk(page, 60)
    assert hidden_or_nameless(stops) == []
    assert [stop["part"] for stop in stops[:2]] == [".bar", ".bar"]
    assert {stop["part"] for stop in stops} >= {".bar", "#map", "main"}
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.tagName") == "MAIN"

    page.locator(ALERT).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    waits(page, "() => document.activeElement.closest('#site-drawer')")
    waits(page, "() => document.getElementById('voice').textContent.startsWith('已选站点：')")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["part"] == "#site-drawer"
    page.keyboard.press("Escape")
    page.locator("#site-drawer").wait_for(state="hidden")
    assert page.evaluate("() => document.activeElement.matches('.alert')")

    served.close()
    waits(page, "() => spoken.some(([where, text]) => where === 'link' && text.includes('连接中断'))")
    page.goto("about:blank")
    page.log.errors.clear()


def test_each_key_that_is_told_does_what_is_told(served: Served, page: Any) -> None:
    all_well(served)
    page.goto(f"{served.url}/county/{COUNTY}?lang=en&theme=dark")
    page.locator(ROW.format("c1")).wait_for(timeout=READY_MS)
    waits(page, "() => threeline.map.ready")
    settle(page)
    places = (EVERYWHERE, ALERTS, MAP, LIST)
    told = {key.lower() for place, keys, _ in KEYS if place in places for key in keys}
    bound = set(page.evaluate("() => Object.keys(threeline.keys)"))
    assert bound == told - {"esc", "enter", "space", "↑", "↓", "←", "→", "+", "-"}

    press = page.keyboard.press
    press("?")
    assert page.evaluate("() => document.activeElement.closest('dialog')?.id") == "help"
    press("Escape")
    waits(page, "() => !document.querySelector('dialog[open]')")
    press("/")
    assert page.evaluate("() => document.activeElement.id") == "search"
    press("Escape")
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"
    press("d")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "light"
    folded = page.locator(".legend").get_attribute("data-folded")
    press("l")
    assert page.locator(".legend").get_attribute("data-folded") != folded
    press("f")
    waits(page, "() => document.fullscreenElement")
    press("f")
    waits(page, "() => !document.fullscreenElement")
    page.wait_for_timeout(1000)  # the map is drawn anew some time after the screen has another size
    waits(page, "() => threeline.map.ready")
    settle(page)

    home = page.evaluate(VIEW)
    page.locator(".maplibregl-canvas").focus()
    press("ArrowRight")
    waits(page, f"() => threeline.map.instance.getCenter().lng > {home[0]}")
    settle(page)
    press("+")
    waits(page, f"() => threeline.map.instance.getZoom() > {home[2]} + 0.3")
    settle(page)
    press("0")
    waits(page, f"() => Math.abs(threeline.map.instance.getZoom() - {home[2]}) < 0.3")

    press("j")
    first = page.evaluate("() => threeline.selected()")
    press("j")
    second = page.evaluate("() => threeline.selected()")
    assert first
    assert second not in ("", first)
    press("k")
    assert page.evaluate("() => threeline.selected()") == first
    press("c")
    assert page.evaluate("() => threeline.compared()") == [first]
    press("Escape")
    assert page.evaluate("() => threeline.selected()") == ""
    page.evaluate("() => threeline.tableGrid().setFocusedCell(0, 'name')")
    waits(page, "() => document.activeElement.closest('.ag-row')")
    press("Enter")
    waits(page, "() => threeline.selected() !== ''")
    top = page.evaluate("() => threeline.selected()")
    press("ArrowDown")
    waits(page, f"() => !['', '{top}'].includes(threeline.selected())")
    press("Escape")
    waits(page, "() => threeline.selected() === ''")
    assert page.evaluate("() => Boolean(document.activeElement.closest('.ag-row'))"), "the focus stays there"
    page.evaluate("() => document.activeElement.blur()")
    stops = walk(page, 70)
    assert hidden_or_nameless(stops) == []
    assert len(stops) < 70, "one comes round"


def test_the_rounds_by_keyboard(rounds: Served, page: Any) -> None:
    page.goto(f"{rounds.url}/rounds?lang=en")
    page.locator("[data-entry]").first.wait_for(timeout=READY_MS)
    chosen = "() => threeline.rounds.chosen.site_id"
    press = page.keyboard.press
    first = page.evaluate(chosen)
    press("j")
    second = page.evaluate(chosen)
    assert second != first
    press("k")
    assert page.evaluate(chosen) == first
    press("s")
    assert page.evaluate(chosen) == second
    for key, result in (("3", "no_picture"), ("4", "not_reachable"), ("2", "seen")):
        press(key)
        pressed = page.locator(f"[data-result={result}]").get_attribute("aria-pressed")
        assert pressed == "true"
        press("Escape")
    press("2")
    press("0")
    assert page.evaluate("() => document.activeElement.id") == "round-note"
    press("Escape")
    press("Escape")
    stops = walk(page, 60)
    assert hidden_or_nameless(stops) == []
    assert len(stops) < 60
