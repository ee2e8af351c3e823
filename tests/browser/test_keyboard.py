"""Everything by keyboard: wall, county, rounds; what a reader's voice is told; each key that is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

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

FULLSCREEN = """() => {
  window.turned = 0;
  document.addEventListener('fullscreenchange', () => { window.turned += 1; });
}"""
ANEW = """() => {
  window.before = document.querySelector('#site-video a');
  threeline.askDetails(threeline.selected());
}"""
REDRAWN = """() => {
  const { element, keepFocus } = threeline;
  const place = element('div');
  const step = () => element('button', { 'data-step': 'answer' }, 'Answer');
  const row = (id, ...steps) => element('div', { 'data-alert': id, tabindex: '0' }, ...steps);
  const told = [];
  const draw = (...steps) => {
    keepFocus(place, () => place.replaceChildren(row('a', step()), row('b', ...steps)));
    const { activeElement: at } = document;
    told.push(at.closest('[data-alert]')?.dataset.alert, at.dataset.step || '');
  };
  document.querySelector('main').append(place);
  place.replaceChildren(row('a', step()), row('b', step()));
  place.lastChild.firstChild.focus();
  draw(step());
  draw();
  place.remove();
  return told;
}"""
"""Where the focus is that was at the second row's button: after a drawing anew, and after one without it."""


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
    waits(page, "() => document.activeElement.tagName === 'MAIN'")

    page.locator(ALERT).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    waits(page, "() => document.activeElement.closest('#site-drawer')")
    waits(page, "() => document.getElementById('voice').textContent.startsWith('已选站点：')")
    waits(page, "() => document.querySelector('#site-video a')")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#site-video a")).to_be_focused()
    # What is told of the site comes anew every minute, and the list of alerts with each change.
    page.evaluate(ANEW)
    waits(page, "() => !window.before.isConnected")
    expect(page.locator("#site-video a")).to_be_focused()
    page.evaluate("() => threeline.repaint()")
    page.keyboard.press("Escape")
    page.locator("#site-drawer").wait_for(state="hidden")
    expect(page.locator(ALERT).first).to_be_focused()
    assert page.evaluate(REDRAWN) == ["b", "answer", "b", ""]

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
    waits(page, "() => document.activeElement.closest('dialog')?.id === 'help'")
    press("Escape")
    waits(page, "() => !document.querySelector('dialog[open]')")
    press("/")
    expect(page.locator("#search")).to_be_focused()
    press("Escape")
    waits(page, "() => document.activeElement.tagName === 'BODY'")
    press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    legend = page.locator(".legend")
    folded = legend.get_attribute("data-folded") or ""
    press("l")
    expect(legend).not_to_have_attribute("data-folded", folded)
    page.evaluate(FULLSCREEN)
    press("f")
    waits(page, "() => document.fullscreenElement && window.turned === 1")
    press("f")
    waits(page, "() => !document.fullscreenElement && window.turned === 2")
    # The map is drawn anew 0.4 s after the screen has another size: a timer that is set now ends later.
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")
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
    waits(page, "() => threeline.selected()")
    first = page.evaluate("() => threeline.selected()")
    press("j")
    waits(page, f"() => !['', '{first}'].includes(threeline.selected())")
    press("k")
    waits(page, f"() => threeline.selected() === '{first}'")
    press("c")
    waits(page, f"() => threeline.compared().join() === '{first}'")
    press("Escape")
    waits(page, "() => threeline.selected() === ''")
    page.evaluate("() => threeline.tableGrid().setFocusedCell(0, 'name')")
    waits(page, "() => document.activeElement.closest('.ag-row')")
    press("Enter")
    waits(page, "() => threeline.selected() !== ''")
    top = page.evaluate("() => threeline.selected()")
    press("ArrowDown")
    waits(page, f"() => !['', '{top}'].includes(threeline.selected())")
    press("Escape")
    waits(page, "() => threeline.selected() === ''")
    waits(page, "() => document.activeElement.closest('.ag-row')")  # the focus stays there
    page.evaluate("() => document.activeElement.blur()")
    stops = walk(page, 70)
    assert hidden_or_nameless(stops) == []
    assert len(stops) < 70, "one comes round"


def test_the_rounds_by_keyboard(rounds: Served, page: Any) -> None:
    page.goto(f"{rounds.url}/rounds?lang=en")
    page.locator("[data-entry]").first.wait_for(timeout=READY_MS)
    chosen = "threeline.rounds.chosen?.site_id"
    press = page.keyboard.press
    waits(page, f"() => {chosen}")
    first = page.evaluate(f"() => {chosen}")
    press("j")
    waits(page, f"() => ![undefined, '{first}'].includes({chosen})")
    second = page.evaluate(f"() => {chosen}")
    press("k")
    waits(page, f"() => {chosen} === '{first}'")
    press("s")
    waits(page, f"() => {chosen} === '{second}'")
    for key, result in (("3", "no_picture"), ("4", "not_reachable"), ("2", "seen")):
        press(key)
        expect(page.locator(f"[data-result={result}]")).to_have_attribute("aria-pressed", "true")
        press("Escape")
        expect(page.locator("[data-result][aria-pressed=true]")).to_have_count(0)
    press("2")
    page.locator("#round-note").wait_for()
    press("0")
    expect(page.locator("#round-note")).to_be_focused()
    press("Escape")
    expect(page.locator("#round-note")).not_to_be_focused()
    press("Escape")
    page.locator("#round-note").wait_for(state="detached")
    stops = walk(page, 60)
    assert hidden_or_nameless(stops) == []
    assert len(stops) < 60
