"""The wall on screens of every shape: nothing cut, nothing over anything else, nothing stretched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.profile import load_profile
from tests.browser.seeing import READY_MS, open_page, reading, resize
from tests.conftest import NOON

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SIZES = [(1366, 768), (1920, 1080), (2560, 1080), (3840, 2160), (6656, 1792)]

CUT = """() => {
  const found = [];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const own = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
  for (const node of document.querySelectorAll('.wall *')) {
    const box = node.getBoundingClientRect();
    const elsewhere = '[hidden], .skip, svg, dialog, .js-plotly-plot, #search-results';
    if (!box.width || !own(node) || node.closest(elsewhere)) continue;
    const text = node.textContent.trim().slice(0, 30);
    const hides = getComputedStyle(node).overflow !== 'visible';
    const over = node.clientWidth && node.scrollWidth > node.clientWidth + 1;
    if (hides && over) found.push(['cut', node.className, text]);
    const panel = node.closest('.panel, .bar');
    if (!panel) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const [inside, around] = [range.getBoundingClientRect(), panel.getBoundingClientRect()];
    const slack = 0.3 * rem;
    const aside = inside.right > around.right + slack || inside.left < around.left - slack;
    const beyond = inside.bottom > around.bottom + slack || inside.top < around.top - slack;
    if (aside || beyond) found.push(['out', node.className, text]);
    const size = parseFloat(getComputedStyle(node).fontSize) / rem;
    const drawn = node.closest('.cluster, .exit-mark'); // a picture of a marker, not a word
    if (size < 1.59 && !drawn) found.push(['small', node.className, text, size]);
  }
  return found;
}"""
OVER = """() => {
  const boxes = [...document.querySelectorAll('.wall .panel, .wall .bar')]
    .map((one) => [one.className, one.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([name, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const across = a.left < b.right - 1 && b.left < a.right - 1;
    if (across && a.top < b.bottom - 1 && b.top < a.bottom - 1) found.push([name, other]);
  }));
  return found;
}"""
LABELS = """() => {
  const map = window.threeline.map.instance;
  const width = map.getContainer().clientWidth;
  const letters = 17 * window.threeline.scale();
  return map.queryRenderedFeatures({ layers: ['tl-names', 'tl-names-left'] }).map((one) => {
    const { x } = map.project(one.geometry.coordinates);
    const long = one.properties.name.length * letters;
    return one.properties.side === 'left' ? x - long > -letters : x + long < width + letters;
  });
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.big')]
  .map((one) => parseFloat(getComputedStyle(one).fontSize))) / window.threeline.scale()"""
SCROLL = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
LOOK = f"""() => {{
  const wanted = JSON.stringify([[], [], [], [innerWidth, innerHeight]]);
  const found = [({CUT})(), ({OVER})(), ({LABELS})().filter((whole) => !whole), ({SCROLL})()];
  const well = JSON.stringify(found) === wanted;
  return (well || performance.now() > window.patience) && {{ found }};
}}"""
"""What is cut, what lies over what, how many names leave the map, how far the page goes: once all is well, or
after a patience in which the panels have taken their new size."""
BIG = "() => getComputedStyle(document.querySelector('.card .big')).fontSize"
COLUMNS = "() => getComputedStyle(document.querySelector('.canvas')).gridTemplateColumns.split(' ').length"
FRAME = """() => {
  const { left, top, width, height } = document.querySelector('.wall').getBoundingClientRect();
  return [left, top, width, height].map(Math.round);
}"""


def busy(served: Any) -> None:
    """Every site reports, and some of them stand long enough to be alerts."""
    ids = served.board.profile.sites.site_id.tolist()
    rows = [
        reading(site, NOON - 60, wait_min=(41, 3, 18, 55)[at % 4], queue_m=480) for at, site in enumerate(ids)
    ]
    assert served.post("/api/v1/readings", json=rows).status_code == 200


@pytest.mark.parametrize(("lang", "sizes"), [("zh-CN", SIZES), ("en", SIZES[::-1])], ids=["zh-CN", "en"])
def test_no_word_is_cut_and_no_panel_lies_over_another(
    served: Any, clock: Any, new_page: Callable[..., Any], lang: str, sizes: list[tuple[int, int]]
) -> None:
    """On screens that grow in one language, and on those that shrink in the other."""
    busy(served)
    clock.forward(70)
    served.settle()
    page = new_page(viewport={"width": sizes[0][0], "height": sizes[0][1]})
    open_page(page, f"{served.url}/?lang={lang}")
    page.locator(".alert").first.wait_for(timeout=READY_MS)
    for width, height in sizes:
        if (width, height) != sizes[0]:
            resize(page, width, height)
        page.evaluate("() => { window.patience = performance.now() + 40000; }")
        seen = page.wait_for_function(LOOK, timeout=READY_MS).json_value()
        assert seen["found"] == [[], [], [], [width, height]], (width, height)
        assert page.evaluate(SMALLEST) >= 44
        size = float(page.evaluate(BIG).removesuffix("px"))
        assert size >= 44 * min(width / 1920, height / 1080) - 0.1


def test_a_wider_wall_has_more_columns(served: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(viewport={"width": 1920, "height": 1080})
    open_page(page, served.url)
    assert page.evaluate(COLUMNS) == 4
    page.set_viewport_size({"width": 3840, "height": 1034})
    page.wait_for_function(f"() => ({COLUMNS})() === 5")


def test_a_canvas_of_the_profile_is_shown_whole_in_any_window(
    serve: Callable[..., Any], small_profile: Path, tmp_path: Path, new_page: Callable[..., Any]
) -> None:
    folder = Path(shutil.copytree(small_profile, tmp_path / "wide"))
    path = folder / "profile.toml"
    path.write_text(path.read_text("utf-8") + "\n[wall]\ncanvas = [6656, 1792]\n", "utf-8")
    served = serve(load_profile(folder))
    page = new_page(viewport={"width": 1920, "height": 1080})
    open_page(page, served.url)
    left, top, width, height = page.evaluate(FRAME)
    assert (left, width) == (0, 1920)
    assert width / height == pytest.approx(6656 / 1792, abs=0.01)
    assert top == pytest.approx((1080 - height) / 2, abs=1)
    assert page.evaluate(COLUMNS) == 5
    assert page.evaluate(SCROLL) == [1920, 1080]
