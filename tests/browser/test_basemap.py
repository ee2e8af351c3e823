"""The basemap in a real browser: tiles of the board's own file under the sites, or a word why not."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from data.profile import load_profile
from tests.browser.seeing import DRAWN, READY_MS, open_page, settle
from tests.serving import Served, wait_for
from tests.tiles import picture, raster_mbtiles, vector

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RED = (220, 30, 30)


@pytest.fixture
def on(small_profile: Path, tmp_path: Path, serve: Callable[..., Served]) -> Callable[[str], Served]:
    """A factory of servers of the small profile on a basemap file, which the test makes in the folder."""

    def start(file: str) -> Served:
        folder = tmp_path / "profile"
        shutil.copytree(small_profile, folder)
        text = (folder / "profile.toml").read_text("utf-8")
        told = (
            f'[map]\nbasemap = {{ file = "{file}", attribution = {{ zh-CN = "测绘院", en = "Survey" }} }}\n'
        )
        (folder / "profile.toml").write_text(text.replace("[map]\n", told, 1), "utf-8")
        path = folder / file
        if path.name.startswith("roads"):
            vector(path)
        else:
            raster_mbtiles(path, {(0, 0, 0): picture(RED)}, bounds="-180,-85,180,85")
        return serve(load_profile(folder))

    return start


def reddish(page: Any) -> float:
    """The share of the map's pixels that are more red than blue: the board's own ground is the reverse."""
    shot = Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("RGB").resize((80, 60))
    pixels = [shot.getpixel((x, y)) for x in range(80) for y in range(60)]
    return sum(red > blue for red, _, blue in pixels) / len(pixels)


def test_raster_tiles_are_drawn_under_the_sites(on: Callable[[str], Served], page: Any) -> None:
    served = on("ground.mbtiles")
    open_page(page, served.url)
    page.wait_for_function("() => window.threeline.map.basemap === 'raster'", timeout=READY_MS)
    settle(page)
    wait_for(lambda: reddish(page) > 0.5, what="a red ground")
    sites = len(served.board.profile.sites)
    wait_for(lambda: page.evaluate(DRAWN) == sites, what="every site drawn")
    order = page.evaluate("() => window.threeline.map.instance.getStyle().layers.map((one) => one.id)")
    assert order.index("tl-basemap") < order.index("border") < order.index("tl-nodes")
    expect(page.locator(".map-footer")).to_contain_text("测绘院")
    assert page.log.errors == []


def test_vector_tiles_are_drawn(on: Callable[[str], Served], page: Any) -> None:
    served = on("roads.pmtiles")
    open_page(page, f"{served.url}/?c=100,24&z=7")
    page.wait_for_function("() => window.threeline.map.basemap === 'vector'", timeout=READY_MS)
    drawn = """() => window.threeline.map.instance.queryRenderedFeatures()
      .filter((one) => one.source === 'tl-basemap').length"""
    wait_for(lambda: page.evaluate(drawn) > 0, what="a road of the basemap")
    assert page.log.errors == []


def test_a_basemap_that_is_gone_is_said_and_the_map_stays(
    on: Callable[[str], Served], tmp_path: Path, page: Any
) -> None:
    served = on("ground.mbtiles")
    (tmp_path / "profile" / "ground.mbtiles").unlink()
    open_page(page, served.url)
    page.wait_for_function("() => window.threeline.map.basemap === 'failed'", timeout=READY_MS)
    expect(page.locator(".map-footer")).to_contain_text("底图不可用")
    sites = len(served.board.profile.sites)
    wait_for(lambda: page.evaluate(DRAWN) == sites, what="every site drawn")
    page.log.errors.clear()  # the answer 503 itself


def test_without_a_basemap_nothing_is_asked(served: Served, page: Any) -> None:
    open_page(page, served.url)
    assert [url for url in page.log.requests if "/api/v1/basemap" in url] == []
