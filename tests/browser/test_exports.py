"""A file is asked for on the page, followed, and had, while the page goes on; a county has its own only."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from data.journal import Entry
from tests.browser.axe import grave_faults
from tests.browser.county import COUNTY, PHONE, all_well, rows
from tests.browser.seeing import DRAWN, READY_MS, open_page
from tests.conftest import NOON
from tests.serving import Served, wait_for

pytestmark = pytest.mark.browser

OTHER = "900102"
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
CHOICES = "() => [...document.querySelectorAll('dialog.exports [name=what]')].map((one) => one.value)"
MAP_AT = "() => { const at = threeline.map.instance.getCenter(); return [at.lng, at.lat]; }"


@pytest.fixture
def guarded(serve: Callable[..., Served]) -> Served:
    served = serve(login=True)
    all_well(served)
    served.settle()
    return served


def as_account(served: Served, page: Any, role: str, scope: str = "") -> None:
    page.context.add_cookies(served.cookies(f"{role}-post", role=role, scope=scope))


def exported(served: Served) -> list[Entry]:
    return [entry for entry in served.board.engine.store.entries() if entry.action == "export"]


def ask(page: Any, what: str, size: tuple[int, int] = (640, 360)) -> None:
    """Choose in the open dialog, and press."""
    page.click(f"dialog.exports [name=what][value={what}]")
    page.click("dialog.exports [name=size][value='']")
    for name, pixels in zip(("width", "height"), size, strict=True):
        page.fill(f"dialog.exports [name={name}]", str(pixels))
    page.click("dialog.exports [type=submit]")


def test_a_view_is_exported_while_the_page_goes_on(guarded: Served, page: Any, tmp_path: Path) -> None:
    as_account(guarded, page, "command")
    open_page(page, f"{guarded.url}/?lang=zh-CN&hide=fences")
    page.keyboard.press("e")
    page.wait_for_selector("dialog.exports .export-link img")
    expect(page.locator("dialog.exports .export-copy input")).to_have_value(re.compile("at="))
    assert page.evaluate(CHOICES) == ["view", "whole", "county", "line", "brief"]
    expect(page.locator("dialog.exports .export-recent")).to_have_text("还没有导出过文件")
    assert grave_faults(page) == []
    with page.expect_request(lambda request: request.method == "POST") as asked:
        ask(page, "view")
    body, (lon, lat) = asked.value.post_data_json, page.evaluate(MAP_AT)
    assert [float(part) for part in body["c"].split(",")] == pytest.approx([lon, lat], abs=1e-4)
    assert (body["file"], body["size"], body["hide"]) == ("snapshot.png", "640x360", "fences")
    with page.expect_download(timeout=READY_MS) as download:
        page.wait_for_selector(".export-recent .export-bar, .export-recent a[download]", state="attached")
        page.keyboard.press("Escape")
        page.wait_for_selector("#export-tray .export-row")
        # Nothing of it holds the page up.
        page.keyboard.press("?")
        page.wait_for_selector("#help[open]")
        page.keyboard.press("Escape")
    there = tmp_path / "there.png"
    download.value.save_as(there)
    with Image.open(there) as image:
        assert image.size == (640, 360)
    page.wait_for_selector("#export-tray [data-state=done]")
    (entry,) = wait_for(lambda: exported(guarded), what="the journal's line")
    assert (entry.who, entry.scope, entry.detail["bytes"]) == ("command-post", "", there.stat().st_size)
    page.goto(f"{guarded.url}/exports?lang=en")
    row = page.locator(f".exports-list [data-export={entry.subject}]")
    expect(row).to_contain_text("Snapshot PNG", timeout=READY_MS)
    expect(row).to_contain_text("command-post")
    with page.expect_download(timeout=READY_MS) as again:
        row.locator("a[download]").click()
    assert Path(again.value.path()).read_bytes() == there.read_bytes()
    page.click("[data-only=failed]")
    expect(page.locator(".exports-list")).to_have_text("None like that")
    assert grave_faults(page) == []
    assert page.log.errors == []


def test_a_county_exports_its_county_on_a_phone(guarded: Served, new_page: Callable[..., Any]) -> None:
    guarded.login("chief", role="command").post("/api/v1/exports", json={"file": "snapshot.svg"})
    page = new_page(**PHONE)
    as_account(guarded, page, "county", COUNTY)
    page.goto(f"{guarded.url}/exports?lang=zh-CN")
    page.wait_for_selector(".exports-list .empty", timeout=READY_MS)
    page.wait_for_function("() => document.querySelector('.exports-list').innerText === '还没有导出过文件'")
    page.click("[data-do=export]")
    link = page.locator("dialog.exports .export-copy input")
    expect(link).to_have_value(re.compile(rf"/county/{COUNTY}\?"))
    assert page.evaluate(CHOICES) == ["county", "line", "brief"]
    expect(page.locator("dialog.exports [name=county]")).to_be_hidden()
    assert page.evaluate(FITS)
    with page.expect_download(timeout=READY_MS) as download:
        ask(page, "county")
    assert download.value.suggested_filename.endswith(".png")
    page.click("dialog.exports .export-head .action")
    expect(page.locator(".exports-list tbody tr")).to_have_count(1)
    assert page.evaluate(FITS)
    mine = wait_for(
        lambda: [entry.scope for entry in exported(guarded) if entry.who == "county-post"],
        what="the journal's line",
    )
    assert mine == [COUNTY]
    # What the page does not offer, the server does not give.
    refused = page.evaluate(
        """async (scope) => {
          const body = { file: 'snapshot.png', scope };
          return [await threeline.exportFile(body), threeline.ownExports().length];
        }""",
        OTHER,
    )
    assert OTHER in refused[0]
    assert refused[1] == 1


def test_who_may_not_export_is_offered_nothing(guarded: Served, page: Any) -> None:
    as_account(guarded, page, "administrator")
    open_page(page, f"{guarded.url}/?lang=en")
    expect(page.locator("[data-do=export]")).to_have_count(0)
    page.keyboard.press("e")
    assert page.locator("dialog.exports").count() == 0
    assert page.locator(".pages-menu a[href^='/exports']").count() == 0
    page.goto(f"{guarded.url}/exports?lang=en")
    page.get_by_text("This account may not export").wait_for(timeout=READY_MS)
    assert page.log.errors == []


def test_the_link_of_a_line_opens_with_that_line_alone(guarded: Served, page: Any) -> None:
    as_account(guarded, page, "command")
    told = {"scope": COUNTY, "line": "second", "lang": "en", "at": NOON}
    link = guarded.login("chief", role="command").get("/api/v1/link", params=told).json()["link"]
    open_page(page, link)
    sites = guarded.board.profile.sites
    mine = sites.site_id[(sites.county == COUNTY) & (sites.line == "second")].tolist()
    assert 0 < len(mine) < (sites.county == COUNTY).sum()
    wait_for(lambda: page.evaluate(DRAWN) == len(mine), what="the line's sites on the map")
    wait_for(lambda: sorted(rows(page)) == sorted(mine), what="the line's sites in the table")
    assert page.log.errors == []
