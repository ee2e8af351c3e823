"""A snapshot of a view is the page's own map at that view: edges and marks in the same places and colours.

Names, glows and widths are each their own; what is compared is where things lie and what colour they are.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

from dashboard import theme
from dashboard.exports.ground import Mercator
from dashboard.exports.look import Look
from dashboard.exports.pen import Box
from dashboard.exports.snapshot import draw_snapshot
from data.profile import load_profile
from tests.browser.seeing import near, open_page, reading, stands_at
from tests.conftest import NOON
from tests.dashboard.drawn import box_of
from tests.serving import Served, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PART = (600, 420)
"""Pixels around the middle that are compared."""
APART_PX = 1.0
"""How far a position may lie from the page's."""
BLUR, DIFFERENT, MOST = 2.0, 24, 0.04
"""After a blur of so many pixels, a pixel differs from so much in any colour on; the share that may."""

MAP_ALONE = "body *{visibility:hidden!important} #map canvas{visibility:visible!important}"
WITHOUT_NAMES = """() => {
  const map = window.threeline.map.instance;
  for (const layer of map.getStyle().layers) {
    const text = layer.type === 'symbol' && (layer.layout || {})['text-field'];
    if (text || /glow|halo/.test(layer.id)) map.setLayoutProperty(layer.id, 'visibility', 'none');
  }
}"""
PROJECT = """(points) => {
  const map = window.threeline.map.instance;
  const box = map.getContainer().getBoundingClientRect();
  const k = window.threeline.scale();
  return points.map((point) => map.project(point))
    .map(({ x, y }) => [(x - box.width / 2) / k, (y - box.height / 2) / k]);
}"""


DRAWN_OUT = """() => new Promise((done) => {
  const map = window.threeline.map.instance;
  map.once('idle', () => requestAnimationFrame(() => requestAnimationFrame(done)));
  map.triggerRepaint();
})"""
"""Nothing is left to load, to move or to fade in, and what was drawn last is on the screen."""


def part(image: Image.Image, x: float, y: float) -> Image.Image:
    """What lies around a point, in the colours of a screen."""
    left, top = round(x - PART[0] / 2), round(y - PART[1] / 2)
    return image.convert("RGB").crop((left, top, left + PART[0], top + PART[1]))


def page_part(page: Any) -> Image.Image:
    """The map of the page around its middle, nothing else upon it."""
    page.evaluate(WITHOUT_NAMES)
    page.add_style_tag(content=MAP_ALONE)
    page.evaluate(DRAWN_OUT)
    shot = Image.open(io.BytesIO(page.screenshot(clip=page.locator("#map canvas").first.bounding_box())))
    return part(shot, shot.width / 2, shot.height / 2)


def snapshot_part(served: Served, look: Look) -> Image.Image:
    """The snapshot of the same view around the middle of its map; one of its units is a pixel."""
    drawn = {
        form: draw_snapshot(
            served.board.picture(), served.board.profile, size=(1040, 780), form=form, made_at=NOON, look=look
        )
        for form in ("svg", "png")
    }
    left, top, wide, high = box_of(drawn["svg"], "map")
    return part(Image.open(io.BytesIO(drawn["png"])), left + wide / 2, top + high / 2)


def apart(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ after a small blur."""
    blurred = [image.filter(ImageFilter.GaussianBlur(BLUR)) for image in (one, other)]
    difference = np.asarray(ImageChops.difference(*blurred)).max(axis=2)
    return float((difference > DIFFERENT).mean())


def keep(name: str, *images: Image.Image) -> None:
    """For a person to look at, where a folder is named."""
    if folder := os.environ.get("THREELINE_LOOK"):
        for side, image in zip(("page", "drawn"), images, strict=True):
            image.save(Path(folder) / f"{name}-{side}.png")


@pytest.mark.parametrize(
    ("name", "theme_name", "center", "zoom", "hidden"),
    [
        ("small", "dark", (99.2, 23.75), 9.6, ()),
        ("lincang", "light", (99.45, 23.7), 8.6, ("first", "second", "third", "gaps", "exits", "fences")),
    ],
    ids=["small-dark", "lincang-light"],
)
def test_the_snapshot_of_a_view_is_the_pages_map(
    serve: Callable[..., Served],
    new_page: Callable[..., Any],
    name: str,
    theme_name: str,
    center: tuple[float, float],
    zoom: float,
    hidden: tuple[str, ...],
) -> None:
    served = serve() if name == "small" else serve(load_profile(name))
    profile = served.board.profile
    if name == "small":
        waits = {"c1": 45, "c2": 20}
        rows = [
            reading(site, NOON - 30, wait_min=waits.get(site, 2)) for site in profile.sites.site_id.tolist()
        ]
        assert served.post("/api/v1/readings", json=rows).status_code == 200
        wait_for(lambda: "congested" in served.board.picture().state.status, what="a congested site")
    page = new_page(bypass_csp=True)
    query = f"c={center[0]},{center[1]}&z={zoom}&theme={theme_name}&hide={','.join(hidden)}"
    open_page(page, f"{served.url}/?{query}")
    if name == "small":
        stands_at(page, "c1", "congested")
        stands_at(page, "c2", "busy")
    look = Look(theme=theme_name, sheet="plain", center=center, zoom=zoom, hidden=hidden)

    # Every corner of the counties and every site lies where the page has it.
    ground = Mercator(center, zoom, Box(-500, -400, 1000, 800))
    corners = profile.counties.geometry.get_coordinates().to_numpy()[::5]
    points = np.vstack([corners, np.column_stack([profile.sites.lon, profile.sites.lat])[:60]])
    there = np.array(page.evaluate(PROJECT, points.tolist()))
    assert np.abs(ground.at(points[:, 0], points[:, 1]) - there).max() < APART_PX

    shown, drawn = page_part(page), snapshot_part(served, look)
    keep(f"{name}-{theme_name}", shown, drawn)
    share = apart(shown, drawn)
    assert share < MOST
    # The comparison is not blind: the same map a few pixels aside is another.
    assert apart(shown, ImageChops.offset(drawn, 12, 9)) > 1.5 * share
    if name == "small":
        of = theme.palette(theme_name)
        for site, status in (("c1", "congested"), ("c2", "busy")):
            row = profile.sites.row[site]
            x, y = ground.at([profile.sites.lon[row]], [profile.sites.lat[row]])[0]
            at = round(x + PART[0] / 2), round(y + PART[1] / 2)
            for image in (shown, drawn):
                mark = np.asarray(image)[at[1] - 6 : at[1] + 7, at[0] - 6 : at[0] + 7].reshape(-1, 3)
                alike = [near((r, g, b), theme.status_colour(of, status)) for r, g, b in mark.tolist()]
                assert sum(alike) > 20, site
