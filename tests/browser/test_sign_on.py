"""A login by a real provider in a real browser: there, back, and out of both."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.provider import PASSWORD, Idp
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("provider")]


@pytest.fixture
def idp() -> Iterator[Idp]:
    made = Idp("").reserve()
    yield made.start()
    made.stop()


def sign_in(page: Any, name: str) -> None:
    """From the board's login to the provider's forms, and back."""
    page.get_by_role("link", name="Log in with the bureau's account").click()
    page.wait_for_url("http://localhost:*/**")
    page.locator("input[name=login]").fill(name)
    page.keyboard.press("Enter")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_there_back_and_out_again(serve: Any, idp: Idp, new_page: Any) -> None:
    served: Served = serve(login=True, port=idp.board_port, **idp.settings())
    page = new_page(locale="en-US")
    page.goto(f"{served.url}/password?lang=en")
    sign_in(page, "zk-duty")
    page.wait_for_url(f"{served.url}/password?lang=en")
    expect(page.locator(".who")).to_contain_text("zk-duty")
    page.get_by_role("button", name="Log out").click()
    # Out of the provider, too: the next one at this desk is asked who they are.
    page.wait_for_url(re.compile(rf"{served.url}/login"))
    page.get_by_role("link", name="Log in with the bureau's account").click()
    page.locator("input[name=login]").wait_for()
    assert served.board.accounts.sessions.all() == []


def test_who_may_not_enter_is_told_why(serve: Any, idp: Idp, new_page: Any) -> None:
    served: Served = serve(login=True, port=idp.board_port, **idp.settings())
    page = new_page(locale="en-US")
    page.goto(f"{served.url}/login?lang=en")
    sign_in(page, "guest")
    page.get_by_text("none of your groups has a role here").wait_for()
    expect(page.locator(".told code")).to_have_text(["canteen"])
    if shot := os.environ.get("SHOT"):
        page.screenshot(path=shot)
    page.log.errors.clear()  # the browser tells of the refused page itself
