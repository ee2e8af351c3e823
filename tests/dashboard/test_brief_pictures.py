"""The map of a brief: light, without a title, honest about itself, with its words and its code."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from dashboard.briefs.pictures import SIZE, pictures
from dashboard.exports.permalink import qr
from dashboard.theme import LIGHT
from tests.briefs import brief_of
from tests.dashboard.drawn import marks_of, words_of

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_map_of_a_brief(lang: str) -> None:
    brief = brief_of("zibo")
    made = pictures(brief, lang)
    image = Image.open(io.BytesIO(made.map_png))
    assert image.size == made.size
    assert made.size[0] / made.size[1] == pytest.approx(SIZE[0] / SIZE[1])
    assert LIGHT["ground"] in made.map_svg.decode()
    assert sum(map(len, marks_of(made.map_svg, "sites-").values())) >= len(brief.picture.sites) - 1
    words = words_of(made.map_svg)
    assert ("模拟数据" if lang == "zh-CN" else "SIMULATED") in words
    link = brief.facts["link"][lang]
    assert lang in link
    assert (made.qr_svg, made.qr_png) == (qr(link, "svg"), qr(link, "png"))


def test_the_map_in_words_counts_what_is_drawn() -> None:
    brief = brief_of("zibo")
    told = pictures(brief, "zh-CN").alternative
    assert told.startswith("地图：")
    assert f"共 {len(brief.picture.sites)} 个站点" in told
    congested = int((brief.picture.state.status == "congested").sum())
    assert f"拥堵 {congested}" in told
    asking = sum(alert.asks for alert in brief.picture.alerts)
    assert f"{asking} 条告警未应答" in told
