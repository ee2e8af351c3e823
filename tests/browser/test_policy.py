"""What the policy forbids, no page asks for: not while it opens, and not in use."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seeing import READY_MS, open_page
from tests.serving import Served

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.refusedHere = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    const file = (event.sourceFile || "").split("/").pop();
    window.refusedHere.push([event.effectiveDirective, event.blockedURI, file, event.sample].join(" "));
  });
}"""
REFUSED = "() => window.refusedHere"
FORBIDDEN = (
    "script-src-elem",
    "style-src-elem",
    "script-src-attr",
    "style-src-attr",
    "img-src",
    "script-src",
)


def watched(page: Any) -> Any:
    """A page that remembers what its policy refused; a style's hash is told on the console."""
    page.add_init_script(f"({WATCH})()")
    return page


def told(page: Any) -> list[str]:
    """What was refused, and what was complained of."""
    return [*page.evaluate(REFUSED), *page.log.errors]


def test_the_wall_and_a_county_keep_to_the_policy(served: Served, page: Any) -> None:
    watched(page)
    open_page(page, f"{served.url}/?sound=1")
    page.mouse.move(900, 500)
    page.mouse.wheel(0, -400)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    assert told(page) == []
    open_page(page, f"{served.url}/county/900101")
    # The table's functions come as texts, and are read without `eval`.
    expect(page.locator(".ag-cell[col-id=status]").first).to_have_text(re.compile(r"\S"), timeout=READY_MS)
    page.locator(".ag-header-cell").nth(1).click()
    for button in page.locator(".ag-header-cell-filter-button").all()[:2]:
        button.click()
        expect(page.locator(".ag-filter").first).to_be_visible()
        page.keyboard.press("Escape")
    page.locator(".ag-row").first.click()
    page.wait_for_url("**site=**")
    expect(page.locator("#site-charts[data-state=there]")).to_be_visible(timeout=READY_MS)
    expect(page.locator("#site-more .site-log, #site-more .quiet").first).to_be_attached()
    assert told(page) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_phone_keeps_to_the_policy(served: Served, new_page: Any, theme: str) -> None:
    page = watched(new_page(viewport={"width": 390, "height": 844}, has_touch=True))
    open_page(page, f"{served.url}/county/900101?theme={theme}&lang=en")
    assert told(page) == []


def test_pages_without_a_map_keep_to_the_policy(serve: Any, page: Any) -> None:
    served: Served = serve(login=True)
    watched(page)
    page.goto(f"{served.url}/login", wait_until="networkidle")
    assert told(page) == []
    page.context.add_cookies(served.cookies("administrator"))
    for path in ("/accounts", "/accounts/displays", "/password", "/rounds"):
        page.goto(f"{served.url}{path}", wait_until="networkidle")
        assert told(page) == [], path


def test_nothing_but_what_is_let_in_is_run_or_drawn(served: Served, page: Any) -> None:
    watched(page)
    open_page(page, f"{served.url}/")
    page.evaluate(
        """() => {
          for (const [name, text] of [["script", "window.entered = 1"], ["style", "body { opacity: 0 }"]]) {
            const made = document.createElement(name);
            made.textContent = text;
            document.head.append(made);
          }
          const marked = document.createElement("div");
          marked.innerHTML = '<p style="opacity: 0" onclick="1">x</p><img src="http://localhost:9/x">';
          document.body.append(marked);
          // Later, because what a debugger runs may do this.
          setTimeout(() => { window.entered = new Function("return 2")(); }, 0);
        }"""
    )
    page.wait_for_function(
        "(all) => all.every((one) => window.refusedHere.some((told) => told.split(' ')[0] === one))",
        arg=list(FORBIDDEN),
    )
    assert page.evaluate("() => [window.entered, getComputedStyle(document.body).opacity]") == [None, "1"]
    assert page.log.foreign == []
    page.log.errors.clear()
