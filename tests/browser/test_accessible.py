"""axe-core finds no serious fault: every page, its states, both themes and languages, desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import grave_faults
from tests.browser.county import COUNTY, PHONE, ROW, all_well
from tests.browser.seeing import READY_MS, open_page
from tests.conftest import NOON
from tests.data.walking import look, walking
from tests.serving import PASSWORD, Clock, Served

pytestmark = pytest.mark.browser

DUE = NOON - 3 * 3600 - 1800
NEW_ALERT = "#alerts .alert.critical"


class Seen:
    """What axe found, by what was looked at."""

    def __init__(self) -> None:
        self.faults: dict[str, list[Any]] = {}

    def __call__(self, page: Any, name: str) -> None:
        if found := grave_faults(page):
            self.faults[name] = found
        page.log.errors.clear()


@pytest.fixture
def seen() -> Any:
    """Looks at pages; all that was found is told at the end, so that nothing hides behind the first."""
    seen = Seen()
    yield seen
    told = "\n".join(
        f"{name}: {rule} ({impact}, {count})\n    " + "\n    ".join(where)
        for name, faults in seen.faults.items()
        for rule, impact, count, where in faults
    )
    assert not told, "\n" + told


@pytest.fixture
def busy(serve: Callable[..., Served], profile: Any, clock: Clock) -> Served:
    """A board with video rounds, one overdue; an alert of each severity; sites in several states."""
    clock.now = DUE - 60
    served = serve(walking(of=profile))
    for seconds in (DUE + 6000, DUE + 7800):
        clock.now = seconds
        all_well(served, clock.now - 60, c1={"wait_min": 45, "queue_m": 400}, c2={"wait_min": 20})
        served.settle()
    served.board.engine.looks([look("c3", DUE, DUE + 7200, findings=("dress",))])
    served.settle()
    return served


def waits(page: Any, selector: str, **how: Any) -> Any:
    place = page.locator(selector).first
    place.wait_for(timeout=READY_MS, **how)
    return place


def test_the_wall(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    page = new_page(reduced_motion="reduce")
    open_page(page, f"{busy.url}/?lang=zh-CN")
    waits(page, NEW_ALERT)
    seen(page, "wall, dark, zh")
    page.keyboard.press("?")
    waits(page, "#help[open]")
    seen(page, "keys")
    page.keyboard.press("Escape")
    waits(page, "#help", state="hidden")
    page.keyboard.press("a")
    waits(page, "#answer-note:focus")
    seen(page, "answer")
    page.keyboard.press("Enter")
    waits(page, "#order-said")
    seen(page, "wall, answered")
    waits(page, "#alerts-answered .answered .alert-where").click()
    waits(page, "#site-charts[data-state=there]")
    waits(page, "#site-more section")
    seen(page, "wall with the drawer")
    page.keyboard.press("Escape")
    waits(page, "#site-drawer", state="hidden")
    page.keyboard.press("d")
    waits(page, "html[data-theme=light]")
    page.keyboard.press("/")
    waits(page, "#search:focus")
    page.keyboard.type("城")
    waits(page, ".search-hit")
    seen(page, "wall, light, search open")
    busy.close()
    waits(page, ".away")
    seen(page, "wall, link lost")
    page.goto("about:blank")


def test_a_wall_that_has_heard_nothing(served: Served, page: Any, seen: Seen) -> None:
    open_page(page, f"{served.url}/?lang=en")
    waits(page, "#alerts .empty")
    seen(page, "empty wall, en")
    page.goto(f"{served.url}/county/nowhere?lang=en")
    waits(page, ".missing")
    seen(page, "missing page")
    page.goto(f"{served.url}/?kiosk=1&lang=zh-CN")
    waits(page, "#alerts .empty")
    seen(page, "kiosk")


def test_a_county(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    page = new_page(reduced_motion="reduce", color_scheme="light")
    page.goto(f"{busy.url}/county/{COUNTY}?lang=en")
    waits(page, ROW.format("c1"))
    waits(page, NEW_ALERT)
    seen(page, "county, light, en")
    page.locator("[data-filter=attention]").click()
    page.locator("[data-do=places]").click()
    waits(page, f"#places [data-place='{COUNTY}']")
    seen(page, "counties to go to")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.locator(ROW.format("c1")).locator("[col-id=name]").click()
    waits(page, "#site-charts[data-state=there]")
    waits(page, "#site-more section")
    seen(page, "county with drawer, filter and legend")
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    page.locator("#open-compare").click()
    waits(page, "#compare .site-chart")
    seen(page, "comparison")
    page.goto(f"{busy.url}/site/c1?lang=zh-CN&theme=dark")
    waits(page, "#site-charts[data-state=there]")
    waits(page, ROW.format("c1"))
    seen(page, "a site, dark, zh")


def test_alerts_and_response_times(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    page = new_page(reduced_motion="reduce", color_scheme="light")
    page.goto(f"{busy.url}/alerts?lang=zh-CN&theme=dark")
    waits(page, ".alert-row")
    page.keyboard.press("j")
    waits(page, ".alert-past li")
    seen(page, "alerts, dark, zh")
    page.locator(".pages-menu summary").click()
    page.locator(".pages-menu a[href*='/response']").click()
    waits(page, "#response-rows, .response-tile")
    seen(page, "response, light, zh")
    page = new_page(**PHONE)
    page.goto(f"{busy.url}/alerts?lang=en")
    waits(page, ".alert-row")
    seen(page, "alerts on a phone, en")
    page.goto(f"{busy.url}/response?lang=en&by=county")
    waits(page, ".response-tile")
    seen(page, "response on a phone, en")


def test_the_rounds(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    page = new_page(reduced_motion="reduce")
    for theme, lang in (("light", "zh-CN"), ("dark", "en")):
        page.goto(f"{busy.url}/rounds?lang={lang}&theme={theme}")
        waits(page, "[data-entry]")
        waits(page, "#found-today .found-row")
        seen(page, f"rounds, {theme}, {lang}")
        page.wait_for_function("() => threeline.rounds.chosen", timeout=READY_MS)
        page.keyboard.press("2")
        waits(page, "#round-note")
        page.locator("[data-found=day]").click()
        seen(page, f"rounds, what was found, {theme}, {lang}")


def test_the_silences(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    closing = {"kind": "closure", "reason": "works", "end": 60, "where": {"sites": ["c1"]}}
    assert busy.post("/api/v1/silences", json=closing).status_code == 200
    busy.settle()
    for options, theme, lang in (({}, "dark", "zh-CN"), (PHONE, "light", "en")):
        page = new_page(**options)
        page.goto(f"{busy.url}/silences?lang={lang}&theme={theme}")
        waits(page, ".silence[data-kind=closure]")
        waits(page, "[data-silence=rule]").click()
        waits(page, "#silence-preview ul, #silence-preview .quiet")
        seen(page, f"silences, {theme}, {lang}")


def test_duty_and_handover(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    for options, theme, lang in (({}, "light", "zh-CN"), (PHONE, "dark", "en")):
        page = new_page(**options)
        page.goto(f"{busy.url}/duty?lang={lang}&theme={theme}")
        waits(page, "[data-do=duty-choose][aria-pressed=false]").click()
        waits(page, "#duty-reason")
        seen(page, f"duty, {theme}, {lang}")
        page.goto(f"{busy.url}/handover?lang={lang}&theme={theme}")
        waits(page, "#handover-draw").click()
        waits(page, "#handover-one h2")
        seen(page, f"handover, {theme}, {lang}")


def test_a_phone(busy: Served, new_page: Callable[..., Any], seen: Seen) -> None:
    page = new_page(**PHONE, reduced_motion="reduce", color_scheme="light")
    page.goto(f"{busy.url}/county/{COUNTY}?lang=zh-CN")
    waits(page, ".ag-row[row-id='c1']").click()
    waits(page, "#site-charts[data-state=there]")
    seen(page, "phone, list and sheet")
    for tab, shown in (("map", "#map"), ("alerts", "#alerts"), ("search", "#search:focus")):
        page.locator(f".pane-bar [data-tab={tab}]").click()
        waits(page, shown)
        seen(page, f"phone, {tab}")
    page.goto(f"{busy.url}/rounds?lang=zh-CN")
    waits(page, "[data-entry]")
    seen(page, "phone, rounds")


def test_pages_of_the_server(serve: Callable[..., Served], new_page: Callable[..., Any], seen: Seen) -> None:
    served = serve(login=True)
    for scheme, lang in (("light", "zh-CN"), ("dark", "en")):
        page = new_page(color_scheme=scheme)
        page.goto(f"{served.url}/login?lang={lang}")
        seen(page, f"login, {scheme}, {lang}")
        page.fill("#name", served.account("zk-duty"))
        page.fill("#password", "wrong " + PASSWORD)
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.click("button.main")
        seen(page, f"login refused, {scheme}, {lang}")
        page.context.add_cookies(served.cookies("administrator"))
        pages = (
            "/accounts",
            "/accounts/displays",
            "/password",
            "/help/wall",
            "/help/keys",
            "/accounts/nowhere",
        )
        for path in pages:
            page.goto(f"{served.url}{path}?lang={lang}")
            page.evaluate(
                "() => { for (const one of document.querySelectorAll('main details')) one.open = true; }"
            )
            seen(page, f"{path}, {scheme}, {lang}")
