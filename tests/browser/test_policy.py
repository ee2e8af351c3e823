"""What the policy forbids, no page asks for: not while it opens, and not in use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.seeing import open_page
from tests.serving import Served

WATCH = """() => {
  window.refusedHere = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    const file = (event.sourceFile || "").split("/").pop();
    window.refusedHere.push([event.effectiveDirective, event.blockedURI, file, event.sample].join(" "));
  });
}"""
REFUSED = "() => window.refusedHere"


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
    page.keyboard.press("Escape")
    assert told(page) == []
    open_page(page, f"{served.url}/county/900101")
    page.locator(".ag-row").first.wait_for(timeout=30_000)
    # The table's functions come as texts, and are read without `eval`.
    assert page.locator(".ag-cell").first.inner_text() is not None
    page.locator(".ag-header-cell").nth(1).click()
    for button in page.locator(".ag-header-cell-filter-button").all()[:2]:
        button.click()
        page.locator(".ag-filter").first.wait_for(timeout=10_000)
        page.keyboard.press("Escape")
    page.locator(".ag-row").first.click()
    page.wait_for_url("**site=**", timeout=10_000)
    page.wait_for_timeout(1500)
    assert told(page) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_phone_keeps_to_the_policy(served: Served, new_page: Any, theme: str) -> None:
    page = watched(new_page(viewport={"width": 390, "height": 844}, has_touch=True))
    open_page(page, f"{served.url}/county/900101?theme={theme}&lang=en")
    assert told(page) == []


def test_pages_without_a_map_keep_to_the_policy(serve: Any, page: Any) -> None:
    served: Served = serve(login=True)
    watched(page)
    page.goto(f"{served.url}/login")
    page.wait_for_load_state("networkidle")
    assert told(page) == []
    page.context.add_cookies(served.cookies("administrator"))
    for path in ("/accounts", "/accounts/displays", "/password", "/rounds"):
        page.goto(f"{served.url}{path}")
        page.wait_for_load_state("load")
        page.wait_for_timeout(500)
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
    page.wait_for_function("() => window.refusedHere.length >= 5")
    assert page.evaluate("() => [window.entered, getComputedStyle(document.body).opacity]") == [None, "1"]
    directives = {one.split()[0] for one in page.evaluate(REFUSED)}
    assert directives >= {"script-src-elem", "style-src-elem", "style-src-attr", "img-src", "script-src"}
    assert page.log.foreign == []
    page.log.errors.clear()
