"""What a visit to the wall brings over the network: little the first time, and no file twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from data.profile import load_profile
from tests.bench.browsing import Traffic
from tests.browser.seeing import READY_MS, open_page
from tests.serving import Served

pytestmark = pytest.mark.browser

FILES = ("/assets/", "/_dash-component-suites/")
MOST, MOST_AGAIN = 2_500_000, 150_000
"""Bytes as sent, with headers: of a first visit, and of one by a browser that was here before."""
HEADERS = 1000
"""Bytes of an answer that says a file has not changed."""


def visit(page: Any, url: str) -> Traffic:
    """Open the wall with its traffic counted."""
    traffic = Traffic.of(page)
    open_page(page, url)
    page.wait_for_selector(".trend .main-svg", state="attached", timeout=READY_MS)
    # Until a second goes by in which nothing more was asked for.
    known = -1
    while known != (known := len(traffic.answers)):
        page.wait_for_timeout(1000)
    return traffic


def test_the_wall_comes_in_two_and_a_half_megabytes_and_no_file_comes_twice(
    serve: Callable[..., Served], new_page: Callable[..., Any]
) -> None:
    server = serve(load_profile("lincang"))
    page = new_page()
    first = visit(page, server.url)
    assert first.frames
    assert first.wire < MOST
    fetched = [one.url for one in first.answers if one.wire and any(name in one.url for name in FILES)]
    assert len(fetched) == len({url.partition("?")[0] for url in fetched}), "a file was fetched twice"
    assert not [url for url in fetched if "dash_ag_grid" in url or "dash_table" in url]

    second = visit(page.context.new_page(), server.url)
    again = [
        one.url for one in second.answers if one.wire > HEADERS and any(name in one.url for name in FILES)
    ]
    assert again == []
    assert second.wire < MOST_AGAIN
