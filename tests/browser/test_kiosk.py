"""A wall with a link of its own, in a real browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from dashboard.accounts.displays import Look
from tests.browser.seeing import open_page
from tests.conftest import PageLog
from tests.serving import Served, wait_for

LOOK = Look(rotate_s=60, theme="light", lang="en")


def test_a_wall_stands_by_its_link_and_turns_to_a_notice_without_it(serve: Any, page: Any) -> None:
    served: Served = serve(login=True)
    displays = served.board.accounts.displays
    made = displays.add("hall, left", LOOK, by="test")
    link = f"{served.url}{displays.address_of(made)}"
    open_page(page, link)
    assert page.url.startswith(link), "the key stays in the address"
    expect(page.locator("body")).to_have_class(re.compile(r"\bkiosk\b"))
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    # A browser that loses what it knew asks again by its address, and goes on.
    page.context.clear_cookies()
    open_page(page, link)
    assert [cookie["name"] for cookie in page.context.cookies() if "display" in cookie["name"]]
    displays.withdraw(made.id, by="test")
    page.get_by_role("heading", name="This display's link was withdrawn").wait_for(timeout=60_000)
    log: PageLog = page.log
    log.errors.clear()  # the browser tells of the refused page itself
    assert page.evaluate("() => document.scrollingElement.scrollHeight <= innerHeight")
    # Another link in its place would be opened in the browser; here the same one is put in force again.
    with served.board.accounts.database.writing() as db:
        db.execute("UPDATE displays SET withdrawn_at = NULL")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.wait_for_function("() => window.threeline?.state?.at > 0", timeout=90_000)
    assert page.url.startswith(link)
    log.errors.clear()


def test_an_administrator_makes_and_withdraws_a_link(serve: Any, page: Any) -> None:
    served: Served = serve(login=True)
    page.context.add_cookies(served.cookies("administrator"))
    page.goto(f"{served.url}/accounts/displays?lang=en")
    page.get_by_text("New link").first.click()
    page.get_by_label("Display", exact=True).fill("hall, right")
    page.get_by_label("Rotation").select_option("30")
    page.get_by_role("button", name="New link").click()
    link = re.compile(r"/\?kiosk=1&rotate=30&theme=dark&lang=zh-CN&key=tlk_")
    expect(page.locator(".link code")).to_have_text(link)
    page.get_by_role("row", name="hall, right").get_by_text("Withdraw", exact=True).click()
    page.get_by_role("button", name=re.compile("Withdraw .hall, right.")).click()
    page.get_by_text("The link is withdrawn.").wait_for()
    assert wait_for(lambda: served.board.accounts.displays.all()[0].withdrawn_at)
    assert page.log.errors == []
