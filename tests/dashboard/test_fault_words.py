"""Whatever is wrong with a prefecture's geodata is told in Chinese, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from dashboard.chinese import TEXTS, in_chinese
from dashboard.fault_words import in_line, in_words
from data.profile import check_profile
from layers.check import check_file
from layers.faults import Fault
from layers.hints import SAYS
from tests.serving import ROOT

SAID = ("what", "expected", "hint")
CALLS = {"Fault": (0, 5, 6), "stop": (0, 3, 4), "_stop": (0,), "_fault": (0, 3, 4), "fault": range(8)}
"""What makes a fault, and which of its arguments are said."""
FOUND = {"Fault": (4,), "stop": (2,), "_stop": (), "_fault": (), "broken": (1,), "refused": (2,)}
"""And of which of them it is told what was found, where that is in words of ours."""
AS_IT_IS = {"{} MB", "SRID {}"}
COMPOSED = {
    "{} the threshold, {}", "{} the one before, {}", "no {}", ", column {}", "{} ({})", "a {}", "TOML 1.0",
    "0 ≤ min_zoom ≤ zoom ≤ max_zoom ≤ 24",
}  # fmt: skip
"""Templates whose places make the text; what they come to stands in the tables, or is the same in Chinese."""
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def texts(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may be, with `{}` for what varies."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp():
            yield from (*texts(node.body), *texts(node.orelse))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
            yield from (text for part in parts for text in texts(part))


def said(
    tree: ast.AST, calls: Mapping[str, Iterable[int]] = CALLS, names: tuple[str, ...] = SAID
) -> Iterator[str]:
    """Every text in a module that becomes a part of a fault."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in calls:
                yield from (
                    text for at, one in enumerate(node.args) if at in calls[name] for text in texts(one)
                )
                yield from (text for one in node.keywords if one.arg in names for text in texts(one.value))
            case ast.Assign(targets=[ast.Name(id=name)]) if name in names:
                yield from texts(node.value)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(target, ast.Name) and target.id in names:
                        yield from texts(value)


@pytest.mark.parametrize("folder", ["layers", "layers/formats", "layers/tiles", "data"])
def test_every_text_of_a_fault_has_its_chinese(folder: str) -> None:
    pattern = "profile*.py" if folder == "data" else "*.py"
    untold = {}
    for path in sorted((ROOT / folder).glob(pattern)):
        for text in said(ast.parse(path.read_text("utf-8"))):
            filled = text
            for number in range(text.count("{}")):
                filled = filled.replace("{}", f"Q{number}", 1)
            if " " in text.strip() and text not in COMPOSED and in_chinese(filled) == filled:
                untold[text] = path.name
    assert untold == {}, "add them to the tables in dashboard/chinese"


@pytest.mark.parametrize("folder", ["layers/formats", "layers/tiles"])
def test_what_was_found_in_a_file_has_its_chinese(folder: str) -> None:
    untold = {}
    for path in sorted((ROOT / folder).glob("*.py")):
        for text in said(ast.parse(path.read_text("utf-8")), FOUND, ("got",)):
            filled = text.replace("{}", "7")
            ours = re.search("[a-z]{2}", text) and text not in AS_IT_IS
            if ours and in_chinese(filled) == filled:
                untold[text] = path.name
    assert untold == {}, "add them to the tables in dashboard/chinese"


@pytest.mark.parametrize(
    ("name", "body", "got"),
    [
        ("a.kml", b"<!DOCTYPE kml><kml/>", "有 DOCTYPE"),
        ("a.kml", b"<kml>", "读取程序报告：no element found: line 1, column 5"),
        ("a.zip", b"x", "末尾没有目录"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "读取程序报告：Failed to read GeoJSON"),
        ("a.gpkg", b"SQLite format 3\0" + b"x" * 4096, "读取程序报告：不是数据库文件"),
    ],
)  # fmt: skip
def test_what_breaks_in_a_file_is_told_in_chinese(tmp_path: Path, name: str, body: bytes, got: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    fault = check_file(path)[0]
    assert in_words(fault, "zh-CN").got.startswith(got)
    assert (fault.got.startswith(SAYS)) == ("读取程序" in got)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("572 MB when unpacked", "解开后 572 MB"),
        ("64 MB in 0.1", "0.1 MB 中压有 64 MB"),
        ("/ on line 3", "第 3 行的 /"),
        ("3 network links", "3 个网络链接"),
        (f"{SAYS}database disk image is malformed", "读取程序报告：数据库文件已损坏"),
        (f"{SAYS}12 rows", "读取程序报告：12 rows"),
    ],
)
def test_what_was_found_is_told_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_every_place_of_a_text_is_filled() -> None:
    for english, chinese in TEXTS.items():
        places = re.findall(r"\{(\d*)\}", chinese)
        assert len(places) <= english.count("{}"), english
        assert all(not place or int(place) < english.count("{}") for place in places), english
        assert len(set(places) - {""}) in (0, len(places)), english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("name is empty", "name 为空"),
        ("one of a, b", "以下之一：a, b"),
        ("Did you mean 'site_id'?", "是否是“site_id”？"),
        (
            "Did you mean 'x'? If it has another name, say so: columns = { lon = \"…\" }",
            "是否是“x”？若列名不同，请注明：columns = { lon = \"…\" }",
        ),
        (
            "Write its name, or leave it out (layers[a].crs in profile.toml)",
            "请写出名称，或去掉（见 profile.toml 的 layers[a].crs）",
        ),
        (
            "Likely: in EPSG:4526 (CGCS2000 / 3-degree Gauss-Kruger zone 38) 3 of 1,004 rows lie in the "
            "profile's area, 2 of them in its counties; in EPSG:4490 all 5 rows lie in China, with the two "
            "coordinates swapped. Read off a Chinese web map they would be in GCJ-02 or BD-09",
            "可能是：按 EPSG:4526 (CGCS2000 / 3-degree Gauss-Kruger zone 38)，"
            "1,004 行中有 3 行位于配置的范围内，其中 2 行在各县之内；"
            "按 EPSG:4490，全部 5 行位于中国境内，但两个坐标对调。"
            "若取自国内网络地图，则是 GCJ-02 或 BD-09",
        ),
        ("Nobody wrote this", "Nobody wrote this"),
    ],
)  # fmt: skip
def test_texts_are_put_together(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_a_fault_is_one_chinese_line() -> None:
    fault = Fault("name is empty", "a.gpkg", 3, "name", "nothing", "a value in every row", layer="posts")
    assert (
        in_line(fault, "zh-CN")
        == "a.gpkg，图层 posts，第 3 行，字段 name：name 为空（现值：空；应为：每行都有值）"
    )
    assert in_line(fault, "en") == str(fault)
    assert in_words(fault, "en") is fault


def test_a_messy_file_is_told_in_chinese_throughout(tmp_path: Path, small_profile: Path) -> None:
    path = tmp_path / "duty_points.csv"
    rows = ["a,A,99.1,23.5,2", "a,,23.5,99.1,x", "b,B,,23.5,2", "c,C,99.1", f"d,{'长' * 201},400,400,-1"]
    path.write_text("\n".join(["site_id,name,lon,lat,lanes_total", *rows]), "utf-8")
    faults = [*check_file(path, kind="duty_points", crs="EPSG:4326"), *check_file(path, kind="fences")]
    faults += check_profile(tmp_path)
    faults += check_file(small_profile / "border.geojson", kind="counties")
    told = [getattr(in_words(fault, "zh-CN"), part) for fault in faults for part in SAID]
    assert len(faults) > 8
    assert [text for text in told if ENGLISH.search(text)] == []
