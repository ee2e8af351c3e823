"""Logging in, as a duty officer does it: at a desk and on a phone, by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seeing import READY_MS, open_page
from tests.serving import PASSWORD, Served

DESK, PHONE = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1920", "390"])
NEW = "another lantern over the ford"
REFUSED = "Failed to load resource"


@pytest.fixture
def guarded(serve: Callable[..., Served]) -> Served:
    served = serve(login=True)
    served.account("zk-duty", "command")
    return served


def fits(page: Any) -> bool:
    """Whether nothing has to be scrolled to the side."""
    return page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def log_in(page: Any, name: str, password: str) -> None:
    """By keyboard alone: the first field has the focus."""
    page.wait_for_selector("#name:focus")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.keyboard.press("Enter")


@SIZES
def test_the_login_leads_to_the_board_and_the_menu_out_again(
    guarded: Served, new_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = new_page(viewport=size)
    page.goto(f"{guarded.url}/?lang=en")
    assert page.url.endswith("/login?next=/%3Flang%3Den")
    assert page.text_content("h1") == "Sample prefecture, three lines"
    assert fits(page)
    log_in(page, "zk-duty", PASSWORD)
    page.wait_for_function("() => window.threeline?.state?.at > 0", timeout=READY_MS)
    page.click(".account:not(.pages-menu) > summary")
    sheet = page.locator("div.account-sheet")
    expect(sheet).to_contain_text("Command room")
    expect(sheet.locator("a")).to_have_text(["Password and logins"])
    with page.expect_navigation(wait_until="domcontentloaded"):
        sheet.get_by_role("button", name="Log out").click()
    assert "logged out" in page.inner_text("[role=status]")
    page.goto(f"{guarded.url}/county/900101")
    assert "/login?next=" in page.url
    assert page.log.errors == []


@SIZES
def test_wrong_and_held_off_are_said_where_one_looks(
    guarded: Served, new_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = new_page(viewport=size, locale="zh-CN")
    page.goto(f"{guarded.url}/login")
    log_in(page, "zk-duty", "wrong")
    assert page.inner_text("[role=alert]") == "账号或密码不正确。"
    for _ in range(4):
        page.fill("#password", "wrong")
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.click("button.main")
    assert page.inner_text("[role=alert]") == "尝试次数过多，请在 12:00:30 之后再试。"
    assert page.locator("[role=alert]").bounding_box()["y"] < size["height"] - 100
    assert page.input_value("#name") == "zk-duty"
    assert page.input_value("#password") == ""
    assert fits(page)
    # The only complaints are those that the browser makes of such answers.
    assert all(REFUSED in error for error in page.log.errors)


@SIZES
def test_a_one_time_password_is_changed_before_anything_else(
    guarded: Served, new_page: Callable[..., Any], size: dict[str, int]
) -> None:
    once = guarded.board.accounts.reset("zk-duty", by="terminal")
    page = new_page(viewport=size, locale="en-GB")
    page.goto(f"{guarded.url}/login?next=/accounts")
    log_in(page, "zk-duty", once)
    assert "/password" in page.url
    assert fits(page)
    page.fill("#old", once)
    page.fill("#new", NEW)
    page.get_by_role("button", name="Show").nth(1).click()
    expect(page.locator("#new")).to_have_attribute("type", "text")
    page.fill("#again", NEW)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.click("button.main")
    # Gone on to where it was wanted, which is not for this account.
    assert page.url.endswith("/accounts")
    assert "Only an administrator" in page.inner_text("main")


@SIZES
def test_an_administrator_makes_an_account_without_script(
    guarded: Served, new_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = new_page(viewport=size, java_script_enabled=False, locale="en-GB")
    page.context.add_cookies(guarded.cookies("administrator"))
    page.goto(f"{guarded.url}/accounts")
    page.click(".add summary")
    page.fill("#new-name", "镇康值班")
    page.select_option("#role-new", "county")
    page.select_option("#scope-new", index=1)
    page.click(".add button")
    page.wait_for_selector(".one-time code")
    code = page.inner_text(".one-time code")
    assert guarded.board.accounts.log_in("镇康值班", code).state == "in"
    page.goto(f"{guarded.url}/accounts")
    assert code not in page.content()
    row = page.locator(".accounts > [role=row]", has_text="镇康值班")
    row.locator("summary").click()
    row.get_by_role("button", name="Disable").click()
    page.wait_for_selector(".accounts .tag.off")
    assert guarded.board.accounts.sessions.all("镇康值班") == []
    expect(page.locator(".sessions.named [role=row]")).to_have_count(2)


def test_an_open_demonstration_says_so_and_offers_no_login(served: Served, page: Any) -> None:
    open_page(page, f"{served.url}/?lang=en")
    expect(page.locator(".open-badge")).to_have_text("Open demo")
    expect(page.locator(".account:not(.pages-menu)")).to_have_count(0)


def test_a_login_that_ends_leads_back_to_it_with_the_view(guarded: Served, page: Any) -> None:
    page.context.add_cookies(guarded.cookies("command"))
    open_page(page, f"{guarded.url}/?lang=en&theme=light")
    guarded.board.accounts.disable("command", by="terminal")
    page.wait_for_url("**/login?**", timeout=READY_MS, wait_until="domcontentloaded")
    assert "theme%3Dlight" in page.url
    assert "Your login has ended" in page.inner_text("[role=status]")
