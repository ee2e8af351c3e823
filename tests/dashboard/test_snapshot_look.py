"""How a snapshot is seen: themes, sheets, lines, the page's view, what is switched off, its address."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pyproj import Geod

from dashboard.exports.fonts import find_faces
from dashboard.exports.ground import Mercator
from dashboard.exports.look import SHEETS, Look
from dashboard.exports.part import of_line
from dashboard.exports.pen import Box
from dashboard.exports.snapshot import draw_snapshot
from dashboard.theme import PALETTES, THEMES
from data.picture import Picture, cut
from data.profile import Profile
from data.spec_exports import ExportsSpec
from tests.dashboard.drawn import SVG, box_of, drawn_picture, marks_of, scale_of, small, words_of
from tests.data.places import NOON

LINK = "http://10.20.1.5:8050/?at=2026-09-23T12:00:00%2B08:00&lang=zh-CN"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return small()


@pytest.fixture(scope="module")
def picture(profile: Profile) -> Picture:
    return drawn_picture(profile)


def svg_of(picture: Picture, profile: Profile, look: Look, **more: object) -> bytes:
    options = {"form": "svg", "made_at": NOON + 20, "look": look} | more
    return draw_snapshot(picture, profile, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", THEMES)
def test_a_sheet_is_drawn_in_the_colours_of_one_theme(profile: Profile, picture: Picture, theme: str) -> None:
    text = svg_of(picture, profile, Look(theme=theme)).decode().lower()
    mine, other = (PALETTES[one] for one in (theme, *(set(THEMES) - {theme})))
    for name in ("ground", "panel", "status-normal", "severity-critical", "quiet"):
        assert mine[name] in text
        assert other[name] not in text, name


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_says_when_it_was_true_where_the_map_is_from_and_that_it_is_simulated(
    profile: Profile, picture: Picture, sheet: str
) -> None:
    look = Look(sheet=sheet, marks=("late",))
    words = words_of(svg_of(replace(picture, simulated=True), profile, look, made_at=NOON + 500))
    assert any("2026-09-23 11:59:48" in text for text in words)
    assert {"模拟数据", "补发"} <= set(words)
    assert "回放" not in words, "what was made late is of the past: one mark says so"
    past = words_of(svg_of(picture, profile, Look(sheet=sheet), made_at=NOON + 500))
    assert "回放" in past
    assert any("虚构数据，仅供测试" in text for text in words)
    assert any("示意位置，非实测" in text for text in words)
    assert {"一线防控", "拥堵", "未应答告警", "北"} <= set(words), "a legend and a north arrow"


def test_a_plain_map_has_no_title_and_a_full_sheet_has_panels(profile: Profile, picture: Picture) -> None:
    words = {sheet: words_of(svg_of(picture, profile, Look(sheet=sheet))) for sheet in SHEETS}
    title = profile.spec.title["zh-CN"]
    assert [title in words[sheet] for sheet in SHEETS] == [True, True, False]
    assert ["最慢站点" in words[sheet] for sheet in SHEETS] == [True, False, False]
    areas = {sheet: box_of(svg_of(picture, profile, Look(sheet=sheet)), "map") for sheet in SHEETS}
    wide = {sheet: area[2] for sheet, area in areas.items()}
    assert wide["full"] < wide["map"] < wide["plain"]


def test_the_handling_mark_is_the_profiles(profile: Profile, picture: Picture) -> None:
    spec = profile.spec.model_copy(
        update={"exports": ExportsSpec(handling={"zh-CN": "内部资料", "en": "Internal"})}
    )
    marked = replace(profile, spec=spec)
    for sheet in SHEETS:
        assert "内部资料" in words_of(svg_of(picture, marked, Look(sheet=sheet)))
        assert "内部资料" not in words_of(svg_of(picture, profile, Look(sheet=sheet)))
    assert "Internal" in words_of(svg_of(picture, marked, Look(), lang="en"))


def test_of_one_line_only_its_sites_and_alerts_are_told(profile: Profile, picture: Picture) -> None:
    for line in profile.spec.lines:
        svg = svg_of(picture, profile, Look(line=line.id))
        rows = picture.sites.line == line.id
        assert sum(map(len, marks_of(svg, "sites-").values())) == rows.sum()
        words = words_of(svg)
        assert any(line.name["zh-CN"] in text for text in words)
        others = set(picture.sites.name[~rows])
        assert not [text for text in words if any(name in text for name in others)]
        assert {one.id for one in of_line(picture, profile, line.id).lines} == {line.id}


def test_what_the_page_has_switched_off_is_not_drawn_and_that_is_said(
    profile: Profile, picture: Picture
) -> None:
    svg = svg_of(picture, profile, Look(hidden=("third", "fences", "gaps", "roads")))
    drawn = marks_of(svg, "")
    assert not [name for name in drawn if name.startswith(("sites-third", "fences", "gaps"))]
    assert [name for name in drawn if name.startswith("sites-second")]
    words = words_of(svg)
    assert "未显示：三线堵截，电子围栏，无人值守段" in words
    assert words.count("三线堵截") == 1, "in its card; the legend tells what is shown"
    assert not any("未显示" in text for text in words_of(svg_of(picture, profile, Look(hidden=("roads",)))))


@pytest.mark.parametrize("lat", [0.0, 24.0, 60.0])
def test_a_view_is_web_mercator_and_its_scale_is_true_in_the_middle(lat: float) -> None:
    ground = Mercator((99.2, lat), 9.5, Box(0, 0, 800, 600))
    assert ground.at([99.2], [lat])[0].tolist() == pytest.approx([400, 300])
    # A pixel of MapLibre at zoom z is 360 / (512 * 2^z) degrees of longitude.
    assert ground.at([99.2 + 360 / 512 / 2**9.5], [lat])[0, 0] == pytest.approx(401)
    km, length = ground.scale_bar(170)
    degrees = 0.01
    *_, metres = Geod(a=6_378_137, b=6_378_137).inv(99.2, lat, 99.2 + degrees, lat)
    apart = ground.at([99.2 + degrees], [lat])[0, 0] - 400
    assert apart / length * km * 1000 == pytest.approx(metres, rel=1e-6)
    west, south, east, north = ground.bounds()
    assert ground.at([west, east], [south, north]).ravel() == pytest.approx([0, 600, 800, 0], abs=1e-6)


def test_the_pages_view_puts_marks_where_the_page_has_them(profile: Profile, picture: Picture) -> None:
    look = Look(sheet="map", center=(99.25, 23.7), zoom=9.4)
    svg = svg_of(picture, profile, look)
    left, top, wide, high = box_of(svg, "map")
    ground = Mercator((99.25, 23.7), 9.4, Box(left, top, wide, high))
    for name, marks in marks_of(svg, "sites-").items():
        _, line, status = name.split("-")
        rows = (picture.sites.line == line) & (picture.state.status == status)
        there = ground.at(picture.sites.lon[rows], picture.sites.lat[rows])
        assert np.array(marks) == pytest.approx(there, abs=0.01)
    pixels, km = scale_of(svg)
    assert pixels * ground.metres_per_unit / 1000 == pytest.approx(km, rel=1e-3)


@pytest.mark.parametrize("zoom", [0.0, 5.0, 14.0, 24.0])
def test_a_view_from_very_far_or_very_near_is_drawn(profile: Profile, picture: Picture, zoom: float) -> None:
    look = Look(sheet="plain", center=(99.2, 23.75), zoom=zoom)
    png = draw_snapshot(picture, profile, size=(520, 390), made_at=NOON, look=look)
    assert Image.open(io.BytesIO(png)).size == (520, 390)


def test_the_selected_site_is_ringed_and_named(profile: Profile, picture: Picture) -> None:
    normal = int(np.flatnonzero(picture.state.status == "normal")[0])
    name = str(picture.sites.name[normal])
    assert name not in words_of(svg_of(picture, profile, Look(sheet="map")))
    svg = svg_of(picture, profile, Look(sheet="map", site=str(picture.sites.site_id[normal])))
    assert name in words_of(svg)
    assert "selected" in marks_of(svg, "selected")


@pytest.mark.parametrize(
    ("look", "field"),
    [(Look(theme="pink"), "theme"), (Look(sheet="poster"), "sheet"), (Look(line="ninth"), "line")],
    ids=["theme", "sheet", "line"],
)
def test_a_look_that_there_is_not_is_refused(
    profile: Profile, picture: Picture, look: Look, field: str
) -> None:
    with pytest.raises(ValueError, match=rf"no such {field}.*expected one of"):
        draw_snapshot(picture, profile, made_at=NOON, look=look)


def test_the_address_is_written_out_and_drawn_as_a_code(profile: Profile, picture: Picture) -> None:
    svg = svg_of(picture, profile, Look(link=LINK))
    assert LINK in words_of(svg)
    left, top, wide, high = box_of(svg, "code")
    assert wide == pytest.approx(high)
    area = box_of(svg, "map")
    for marks in marks_of(svg, "sites-").values():
        assert not [(x, y) for x, y in marks if left < x < left + wide and top < y < top + high]
    assert left > area[0]
    plain = svg_of(picture, profile, Look())
    assert not [one for one in ElementTree.fromstring(plain).iter(f"{SVG}g") if one.get("id") == "code"]


def test_where_marks_fill_every_corner_the_code_stands_beside_the_legend(
    profile: Profile, picture: Picture
) -> None:
    west, south, east, north = Mercator((99.2, 23.75), 11, Box(0, 0, 1870, 830)).bounds()
    lon, lat = (
        edges.ravel() for edges in np.meshgrid(np.linspace(west, east, 4), np.linspace(south, north, 2))
    )
    sites = replace(picture.sites, lon=lon * 0.96 + 99.2 * 0.04, lat=lat * 0.9 + 23.75 * 0.1)
    look = Look(sheet="map", center=(99.2, 23.75), zoom=11, link=LINK)
    svg = svg_of(replace(picture, sites=sites, alerts=()), profile, look)
    _, top, _, high = box_of(svg, "map")
    assert box_of(svg, "code")[1] > top + high


def test_of_another_county_no_crossing_is_drawn(profile: Profile, picture: Picture) -> None:
    look = Look(sheet="plain", center=(99.2, 23.75), zoom=9.0)
    whole = svg_of(picture, profile, look)
    whole_marks = marks_of(whole, "crossings")["crossings"]
    mine = []
    for adcode in profile.counties["adcode"]:
        part = replace(cut(picture, profile, adcode), alerts=())
        mine += marks_of(svg_of(part, profile, look), "crossings").get("crossings", [])
    assert np.array(sorted(mine)) == pytest.approx(np.array(sorted(whole_marks)))


def test_an_svg_brings_every_glyph_that_it_writes(profile: Profile, picture: Picture) -> None:
    svg = svg_of(picture, profile, Look(link=LINK))
    fonts = [
        TTFont(io.BytesIO(base64.b64decode(data)))
        for data in re.findall(rb'url\("data:font/otf;base64,([A-Za-z0-9+/=]+)"\)', svg)
    ]
    family, root = find_faces().regular.family, ElementTree.fromstring(svg)
    assert svg.count(f'@font-face{{font-family:"{family}"'.encode()) == len(fonts) == 2
    regular, bold = (set(font.getBestCmap()) for font in fonts)
    for text in root.iter(f"{SVG}text"):
        style = text.get("style", "")
        assert family in style
        heavy = re.search(r"\b(bold|[6-9]00)\b", style) is not None
        assert {ord(letter) for letter in text.text or ""} <= (bold if heavy else regular)
    assert not re.findall(rb"url\((?![\"']?(?:data:|#))", svg), "nothing is fetched"


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_label_of_a_pdf_can_be_read_back(profile: Profile, picture: Picture, lang: str) -> None:
    look = Look(link=LINK, marks=("late",))
    svg, pdf = (
        draw_snapshot(picture, profile, lang=lang, form=form, made_at=NOON + 20, look=look)
        for form in ("svg", "pdf")
    )
    page = pypdfium2.PdfDocument(pdf)[0]
    text = "".join(page.get_textpage().get_text_range().split())
    missing = [label for label in words_of(svg) if "".join(label.split()) not in text]
    assert missing == []


@pytest.mark.parametrize("size", [(1241, 1755), (1080, 1920), (1920, 1080)], ids=["a4", "phone", "wide"])
def test_the_title_is_whole_whatever_stands_beside_it(
    profile: Profile, picture: Picture, size: tuple[int, int]
) -> None:
    look = Look(sheet="map", line="first", marks=("late",))
    words = words_of(
        svg_of(replace(picture, simulated=True), profile, look, size=size, lang="en", made_at=NOON + 500)
    )
    assert {"Sample prefecture, three lines", "First line", "SIMULATED", "Made late"} <= set(words)


def test_the_legend_of_one_line_tells_nothing_of_the_others(profile: Profile, picture: Picture) -> None:
    border = words_of(svg_of(picture, profile, Look(sheet="plain", line="first")))
    depth = words_of(svg_of(picture, profile, Look(sheet="plain", line="second")))
    assert "无人值守段" in border
    assert "无人值守段" not in depth
