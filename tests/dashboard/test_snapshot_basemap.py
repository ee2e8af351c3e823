"""A raster base map lies under a snapshot where it belongs; without it the map is plainer and says so."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard.exports import basemap as drawn
from dashboard.exports.ground import Mercator
from dashboard.exports.look import Look
from dashboard.exports.pen import Box
from dashboard.exports.snapshot import draw_snapshot
from data.profile import Profile
from data.spec import BasemapSpec
from tests.dashboard.drawn import box_of, drawn_picture, small, words_of
from tests.data.places import NOON
from tests.tiles import picture, raster_mbtiles, raster_pmtiles, vector

RED, BLUE, CENTER, ZOOM = (220, 30, 30), (30, 60, 220), (99.14, 23.88), 8.0


def on(profile: Profile, path: Path) -> Profile:
    """The profile on a base map file."""
    told = BasemapSpec(file=str(path), attribution={"zh-CN": "测绘院", "en": "Survey"})
    spec = profile.spec.model_copy(update={"map": profile.spec.map.model_copy(update={"basemap": told})})
    return replace(profile, spec=spec)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return small()


@pytest.mark.parametrize("form", ["mbtiles", "pmtiles"])
def test_tiles_lie_where_they_belong(profile: Profile, tmp_path: Path, form: str) -> None:
    """Two tiles side by side: the seam between them is where their grid has it."""
    z = 8
    x, y = math.floor((CENTER[0] / 360 + 0.5) * 2**z), _row(CENTER[1], z)
    tiles = {(z, x, y): picture(RED), (z, x - 1, y): picture(BLUE)}
    make = raster_mbtiles if form == "mbtiles" else raster_pmtiles
    path = make(tmp_path / f"ground.{form}", tiles)
    seam = (x / 2**z - 0.5) * 360
    look = Look(theme="light", sheet="plain", center=(seam, CENTER[1]), zoom=ZOOM)
    under, shown = on(profile, path), drawn_picture(profile, alerts=())
    svg = draw_snapshot(shown, under, size=(1040, 780), form="svg", made_at=NOON, look=look)
    png = draw_snapshot(shown, under, size=(1040, 780), made_at=NOON, look=look)
    left, top, wide, high = box_of(svg, "map")
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    middle, row = round(left + wide / 2), round(top + high / 2)
    # The land's tint lies over it, so what is compared is which of the two colours is stronger.
    red = (pixels[row, :, 0] - pixels[row, :, 2]) > 0
    assert red[middle + 3 : middle + 200].mean() > 0.9
    assert red[middle - 200 : middle - 3].mean() < 0.1
    words = words_of(svg)
    assert any("测绘院" in text for text in words)


def test_of_the_whole_scope_the_map_is_fitted_to_the_tiles(profile: Profile, tmp_path: Path) -> None:
    path = raster_mbtiles(tmp_path / "ground.mbtiles", {(0, 0, 0): picture(RED)}, bounds="-180,-85,180,85")
    png = draw_snapshot(
        drawn_picture(profile), on(profile, path), size=(960, 540), made_at=NOON, look=Look(sheet="map")
    )
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    assert ((pixels[:, :, 0] - pixels[:, :, 2]) > 0).mean() > 0.4


@pytest.mark.parametrize(("kind", "word"), [("vector", "矢量底图未绘制"), ("broken", "底图不可用，未绘制")])
def test_what_cannot_be_drawn_is_said(profile: Profile, tmp_path: Path, kind: str, word: str) -> None:
    path = tmp_path / "roads.pmtiles"
    if kind == "vector":
        vector(path)
    else:
        path.write_bytes(b"no tiles at all")
    for sheet in ("full", "plain"):
        svg = draw_snapshot(
            drawn_picture(profile), on(profile, path), form="svg", made_at=NOON, look=Look(sheet=sheet)
        )
        assert any(word in text for text in words_of(svg)), sheet


def test_a_view_far_out_looks_for_no_tiles_that_there_cannot_be(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tiles that begin at zoom 12, and a view of the whole world: there would be millions to look for."""
    z = 12
    x = math.floor((CENTER[0] / 360 + 0.5) * 2**z)
    path = raster_mbtiles(tmp_path / "ground.mbtiles", {(z, x, _row(CENTER[1], z)): picture(RED)})
    asked = 0

    def count(*_: object) -> bool:
        nonlocal asked
        asked += 1
        assert asked <= drawn.MOST_TILES
        return False

    monkeypatch.setattr(drawn, "touches", count)
    far = drawn.under(on(profile, path), Mercator(CENTER, 0.0, Box(0, 0, 1040, 780)), 1.0, dark=False)
    assert far.pixels is not None
    assert not far.pixels.any()


def _row(lat: float, z: int) -> int:
    return int((0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * 2**z)
