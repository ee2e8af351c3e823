"""A snapshot says what it shows, when it was true, and what is not real."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pyproj import Geod

from dashboard.exports.snapshot import FORMS, draw_snapshot
from data.picture import Picture, cut
from data.profile import Profile, load_profile
from data.spec import DutyLevelSpec, DutySpec
from tests.dashboard.drawn import drawn_picture, marks_of, scale_of, small, words_of
from tests.data.held import held_folder
from tests.data.places import NOON, every, one, picture_of, view_of

DUTY = DutySpec(levels=[DutyLevelSpec(id="red", name={"zh-CN": "红色"})], current="red")


@pytest.fixture(scope="module")
def profile() -> Profile:
    return small()


@pytest.fixture(scope="module")
def picture(profile: Profile) -> Picture:
    return drawn_picture(profile)


@pytest.fixture(scope="module")
def svg(profile: Profile, picture: Picture) -> bytes:
    return draw_snapshot(picture, profile, form="svg", made_at=NOON + 20, made_by="指挥中心值班席")


@pytest.mark.parametrize("size", [(1920, 1080), (1241, 1755), (320, 320), (3840, 1080), (1001, 777)])
def test_the_png_has_exactly_the_size_asked_for(
    profile: Profile, picture: Picture, size: tuple[int, int]
) -> None:
    image = Image.open(io.BytesIO(draw_snapshot(picture, profile, size=size, made_at=NOON)))
    assert image.format == "PNG"
    assert image.size == size


def test_the_title_block(svg: bytes) -> None:
    words = words_of(svg)
    assert "样例州三道防线态势" in words
    assert "三级勤务" in words
    assert "2026-09-23 11:59:48" in words, "data as of, in the profile's zone"
    assert "制作 2026-09-23 12:00:20" in words
    assert any("指挥中心值班席" in text for text in words)
    assert any("虚构数据，仅供测试" in text and "示意位置，非实测" in text for text in words)
    assert any("Asia/Shanghai (UTC+0800)" in text for text in words)
    assert not any("审图号" in text for text in words), "no approval number is claimed that nobody gave"
    assert not any("回放" in text for text in words)


def test_the_approval_number_is_the_profiles(profile: Profile, picture: Picture) -> None:
    spec = profile.spec.model_copy(
        update={"map": profile.spec.map.model_copy(update={"approval_number": "滇S(2026)001号"})}
    )
    drawn = draw_snapshot(picture, replace(profile, spec=spec), form="svg", made_at=NOON)
    assert any("审图号 滇S(2026)001号" in text for text in words_of(drawn))


def test_surveyed_positions_carry_no_demonstration_note(profile: Profile, picture: Picture) -> None:
    surveyed = replace(picture.sites, position_source=np.full(len(picture.sites), "surveyed", dtype=object))
    drawn = draw_snapshot(replace(picture, sites=surveyed), profile, form="svg", made_at=NOON)
    assert not any("示意位置" in text for text in words_of(drawn))


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "模拟数据"), ("en", "SIMULATED")])
@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_is_said_when_it_is_and_only_then(
    profile: Profile, picture: Picture, lang: str, word: str, simulated: bool
) -> None:
    shown = replace(picture, simulated=simulated)
    drawn = draw_snapshot(shown, profile, lang=lang, form="svg", made_at=NOON)
    assert (word in words_of(drawn)) is simulated
    png = Image.open(io.BytesIO(draw_snapshot(shown, profile, lang=lang, made_at=NOON)))
    assert (word in png.info["Title"]) is simulated
    violet = np.all(np.abs(np.asarray(png.convert("RGB"), dtype=int) - (0xC7, 0x92, 0xFF)) < 8, axis=2)
    assert bool(violet.sum() > 1500) is simulated, "the badge is filled, not a thin line"


def test_a_past_picture_is_marked_as_one(profile: Profile, picture: Picture) -> None:
    words = words_of(draw_snapshot(picture, profile, form="svg", made_at=NOON + 86_400))
    assert "回放" in words
    assert any("历史画面 2026-09-23 12:00:00" in text for text in words)


def test_old_data_is_called_old(profile: Profile, picture: Picture) -> None:
    old = draw_snapshot(replace(picture, data_at=NOON - 3000.0), profile, form="svg", made_at=NOON)
    assert any("数据已 50 分钟未更新" in text for text in words_of(old))
    none = draw_snapshot(replace(picture, data_at=float("nan")), profile, form="svg", made_at=NOON)
    assert "尚无数据" in words_of(none)


def test_every_site_is_one_mark_of_its_line_and_status(picture: Picture, svg: bytes) -> None:
    marks = marks_of(svg, "sites-")
    assert sum(map(len, marks.values())) == len(picture.sites)
    for name, points in marks.items():
        _, line, status = name.split("-")
        rows = (picture.sites.line == line) & (picture.state.status == status)
        assert len(points) == rows.sum(), name
    order = [name.rsplit("-", 1)[1] for name in marks]
    worst = ["closed", "offline", "no_data", "normal", "busy", "congested"]
    assert [worst.index(status) for status in order] == sorted(worst.index(status) for status in order)


def test_an_unanswered_alert_has_a_ring_a_number_and_a_row(picture: Picture, svg: bytes) -> None:
    rings = marks_of(svg, "rings-critical")["rings-critical"]
    assert len(rings) == np.sum(picture.state.alarm == "critical") == 2
    words = words_of(svg)
    assert "3 条未应答 · 1 条观察中" in words
    for row in np.flatnonzero(picture.state.alarm == "critical"):
        name = str(picture.sites.name[row])
        assert sum(name in text for text in words) >= 2, "once on the map, once in the list"
    assert any("数据中断" in text for text in words), "an alert that cannot be judged says so"


def test_the_panels_tell_the_three_lines_and_the_slowest(picture: Picture, svg: bytes) -> None:
    words = words_of(svg)
    for name in ("一线防控", "二线查缉", "三线堵截"):
        assert words.count(name) == 2, "in its card and in the legend"
    assert "未覆盖 3.4 km" in words
    assert "共 41.1 km" in words
    assert words.count("1,284") == 3
    assert "—" in words, "what nobody reported is a dash, not a zero"
    assert "184,206" in words
    slowest = picture.sites.name[np.nanargmax(picture.state.wait_min)]
    assert str(slowest) in words
    assert "竖线为阈值 30 分" in words


def test_english_is_complete(profile: Profile, picture: Picture) -> None:
    words = words_of(draw_snapshot(picture, profile, lang="en", form="svg", made_at=NOON))
    named = {*picture.sites.name, *profile.county_name.values(), *profile.fences["name"]}
    chinese = [
        text for text in words if any("一" <= c <= "鿿" for c in text) and not any(n in text for n in named)
    ]
    assert chinese == []


@pytest.mark.parametrize("name", ["small", "lincang"])
def test_the_scale_bar_is_true(name: str) -> None:
    """Marks on the sheet are as far apart as their sites on the ground, by the sheet's own bar."""
    profile = small() if name == "small" else load_profile("lincang")
    view = view_of(profile, NOON, [every(profile, NOON, persons_in=1, wait_min=2, staff_on_duty=9)])
    shown = picture_of(profile, view)
    svg = draw_snapshot(shown, profile, form="svg", made_at=NOON)
    pixels, km = scale_of(svg)
    (marks,) = marks_of(svg, "sites-third").values()
    rows = np.flatnonzero(shown.sites.line == "third")
    assert len(marks) == len(rows)
    lon, lat = shown.sites.lon[rows], shown.sites.lat[rows]
    for a, b in ((int(lon.argmin()), int(lon.argmax())), (int(lat.argmin()), int(lat.argmax()))):
        *_, metres = Geod(ellps="WGS84").inv(lon[a], lat[a], lon[b], lat[b])
        apart = np.hypot(marks[a][0] - marks[b][0], marks[a][1] - marks[b][1])
        assert apart / pixels * km == pytest.approx(metres / 1000, rel=0.01)


def test_a_county_is_the_picture_cut_to_it(profile: Profile, picture: Picture) -> None:
    part = cut(picture, profile, "900102")
    svg = draw_snapshot(part, profile, form="svg", made_at=NOON)
    words = words_of(svg)
    assert "乙县" in words
    assert sum(map(len, marks_of(svg, "sites-").values())) == len(part.sites) < len(picture.sites)
    hidden = set(picture.sites.name) - set(part.sites.name)
    assert not [text for text in words if any(name in text for name in hidden)]


def test_gaps_with_nobody_behind_and_exits_that_nobody_holds_are_marked(tmp_path: Path) -> None:
    profile = load_profile(held_folder(tmp_path / "held", depth_km=16))
    rows = [one(site, NOON, staff_on_duty=20) for site in ("p1", "c1")]
    rows.append(one("d1", NOON, staff_on_duty=0))
    picture = picture_of(profile, view_of(profile, NOON, rows))
    svg = draw_snapshot(picture, profile, form="svg", made_at=NOON)
    assert marks_of(svg, "gaps").keys() == {"gaps-backed", "gaps-exposed"}
    assert {name: len(marks) for name, marks in marks_of(svg, "exits-open").items()} == {"exits-open": 2}
    words = words_of(svg)
    assert f"后方无人 {picture.lines[0].km_exposed:.1f} km" in words
    assert {"出口在守 1/3", "缺口，后方无人", "缺口，后方有人", "出口无人值守"} <= set(words)


def test_before_the_first_reading_the_border_is_neither_held_nor_open(tmp_path: Path) -> None:
    profile = load_profile(held_folder(tmp_path / "held", depth_km=16))
    svg = draw_snapshot(picture_of(profile, view_of(profile, NOON)), profile, form="svg", made_at=NOON)
    assert marks_of(svg, "gaps").keys() == {"gaps-unknown"}
    assert marks_of(svg, "exits-open") == {}
    words = words_of(svg)
    assert {"尚无上报，情况不明", "出口在守 —/3"} <= set(words)
    assert not [text for text in words if "未覆盖" in text or text == "全线有人值守"]


def test_a_profile_with_nothing_but_sites(profile: Profile, picture: Picture) -> None:
    bare = replace(
        profile,
        spec=profile.spec.model_copy(update={"layers": []}),
        counties=profile.counties.iloc[:0],
        fences=profile.fences.iloc[:0],
        border=None,
    )
    shown = replace(
        picture, alerts=(), fences={}, gaps=(), lines=tuple(replace(line, km=None) for line in picture.lines)
    )
    svg = draw_snapshot(shown, bare, form="svg", made_at=NOON)
    assert sum(map(len, marks_of(svg, "sites-").values())) == len(picture.sites)
    assert "当前没有告警" in words_of(svg)
    empty = replace(
        shown,
        sites=shown.sites.take(np.array([], dtype=int)),
        state=shown.state.take(np.array([], dtype=int)),
    )
    words = words_of(draw_snapshot(empty, bare, form="svg", made_at=NOON))
    assert "没有站点上报候检" in words


@pytest.mark.parametrize("size", [(1920, 1080), (1240, 1754)])
def test_a_prefecture_with_five_lines_shows_all_five(
    profile: Profile, picture: Picture, size: tuple[int, int]
) -> None:
    more = [
        profile.spec.lines[2].model_copy(update={"id": f"line{n}", "name": {"zh-CN": f"第{n}线"}})
        for n in (4, 5)
    ]
    wide = replace(
        profile, spec=profile.spec.model_copy(update={"lines": [*profile.spec.lines, *more], "duty": DUTY})
    )
    lines = (*picture.lines, *(replace(picture.lines[2], id=line.id) for line in more))
    shown = replace(picture, lines=lines, duty_level="red")
    words = words_of(draw_snapshot(shown, wide, size=size, form="svg", made_at=NOON))
    for line in wide.spec.lines:
        assert words.count(line.name["zh-CN"]) == 2
    assert "红色" in words


def test_the_pdf_keeps_its_text_as_text(profile: Profile, picture: Picture) -> None:
    made = datetime(2026, 9, 23, 4, 0, 20, tzinfo=UTC)
    pdf = draw_snapshot(picture, profile, form="pdf", made_at=made)
    assert pdf.startswith(b"%PDF-")
    assert b"/ToUnicode" in pdf
    assert b"/MediaBox [ 0 0 1920" in pdf


@pytest.mark.parametrize("form", FORMS)
def test_the_same_picture_is_the_same_file(profile: Profile, picture: Picture, form: str) -> None:
    first, second = (draw_snapshot(picture, profile, form=form, made_at=NOON) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("size", [(319, 1080), (1920, 7681), (0, 0), (-5, 400)])
def test_an_impossible_size_is_refused_with_a_hint(
    profile: Profile, picture: Picture, size: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match=r"field size.*expected 320 to 7680 pixels"):
        draw_snapshot(picture, profile, size=size, made_at=NOON)


def test_an_unknown_form_is_refused(profile: Profile, picture: Picture) -> None:
    with pytest.raises(ValueError, match=r"got jpeg; expected png, svg, pdf"):
        draw_snapshot(picture, profile, form="jpeg", made_at=NOON)


def test_several_threads_draw_at_once(profile: Profile, picture: Picture, svg: bytes) -> None:
    done: list[bytes] = []

    def work(form: str) -> None:
        done.append(draw_snapshot(picture, profile, form=form, made_at=NOON + 20, made_by="指挥中心值班席"))

    threads = [threading.Thread(target=work, args=(form,)) for form in ("svg", "png", "svg", "pdf")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert done.count(svg) == 2


def test_a_server_that_draws_nothing_loads_no_matplotlib() -> None:
    code = "import sys, dashboard.exports.snapshot; sys.exit('matplotlib' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
