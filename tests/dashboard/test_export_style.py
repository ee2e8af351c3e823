"""The style inside a GeoPackage says the same as the board: shape by line, colour by status."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from dashboard import theme
from dashboard.exporting.files import sheets_of, write
from dashboard.past import picture_without_readings
from data.picture import STATUSES
from tests.conftest import NOON

SE = "{http://www.opengis.net/se}"


@pytest.fixture(scope="module")
def styles(profile: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Table to its row of layer_styles, of every layer of the small profile."""
    path: Path = tmp_path_factory.mktemp("style") / "all.gpkg"
    picture = picture_without_readings(profile, NOON)
    write(path, sheets_of(profile, "all", picture, "gpkg", lang="zh-CN"), "gpkg")
    with closing(sqlite3.connect(path)) as base:
        base.row_factory = sqlite3.Row
        kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
        assert kinds.pop("layer_styles") == "attributes"
        geometry = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
        found = {row["f_table_name"]: dict(row) for row in base.execute("SELECT * FROM layer_styles")}
    assert found.keys() == kinds.keys()
    for name, row in found.items():
        assert (row["useAsDefault"], row["f_geometry_column"]) == (1, geometry[name])
        # QGIS looks for exactly these when it opens a table.
        assert (row["f_table_catalog"], row["f_table_schema"]) == ("", "")
    return found


def options(symbol: ET.Element) -> Iterator[dict[str, str]]:
    """The properties of each layer of a symbol; those for older releases say the same."""
    for layer in symbol.findall("layer"):
        told = {one.attrib["name"]: one.attrib["value"] for one in layer.findall("Option/Option")}
        assert told == {one.attrib["k"]: one.attrib["v"] for one in layer.findall("prop")}
        yield told | {"class": layer.attrib["class"]}


def rgb(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


@pytest.mark.parametrize("name", ["sites", "checkpoints", "duty_points"])
def test_shape_says_the_line_and_colour_the_status(styles: Any, profile: Any, name: str) -> None:
    renderer = ET.fromstring(styles[name]["styleQML"]).find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["type"] == "RuleRenderer"
    symbols = {symbol.attrib["name"]: symbol for symbol in renderer.findall("symbols/symbol")}
    rules = {rule.attrib["filter"]: rule for rule in renderer.findall("rules/rule")}
    for line in profile.spec.lines:
        rule = rules[f"\"line\" = '{line.id}'"]
        assert rule.attrib["label"] == line.name["zh-CN"]
        told = {inner.attrib["filter"]: inner for inner in rule.findall("rule")}
        assert len(told) == len(STATUSES)
        for status in STATUSES:
            inner = told[f"\"status\" = '{status}'"]
            (mark,) = options(symbols[inner.attrib["symbol"]])
            assert (mark["class"], mark["name"]) == ("SimpleMarker", line.shape)
            if status != "offline":
                assert mark["color"].startswith(rgb(theme.STATUS[status]) + ",")
    ring = rules["\"alarm\" <> ''"]
    for inner, severity in zip(ring.findall("rule"), ("critical", "warning", "notice"), strict=True):
        (mark,) = options(symbols[inner.attrib["symbol"]])
        assert mark["color"].endswith(",0"), "a ring is hollow"
        assert mark["outline_color"].startswith(rgb(theme.SEVERITY[severity]))
    # Never colour alone: offline is hollow, no data faded.
    looks = {status: told[f"\"status\" = '{status}'"].attrib["symbol"] for status in STATUSES}
    (offline,), (silent,) = options(symbols[looks["offline"]]), options(symbols[looks["no_data"]])
    assert offline["color"].startswith(rgb(theme.GROUND))
    assert int(silent["color"].split(",")[3]) < 200


def test_every_rule_has_its_symbol_and_every_symbol_its_rule(styles: Any) -> None:
    kinds = {"lines": "line", "areas": "fill", "border": "line", "gaps": "line", "counties": "fill"}
    for name, row in styles.items():
        root = ET.fromstring(row["styleQML"])
        assert root.tag == "qgis"
        used = [rule.attrib["symbol"] for rule in root.iter("rule") if "symbol" in rule.attrib]
        given = [symbol.attrib["name"] for symbol in root.findall("renderer-v2/symbols/symbol")]
        assert sorted(used) == sorted(given) != [], name
        keys = [rule.attrib["key"] for rule in root.iter("rule")]
        assert len(set(keys)) == len(keys)
        kind = kinds.get(name.rpartition("_")[2], "marker")
        assert {symbol.attrib["type"] for symbol in root.iter("symbol")} == {kind}, name


def test_fields_have_names_in_words(styles: Any) -> None:
    root = ET.fromstring(styles["sites"]["styleQML"])
    names = {one.attrib["field"]: one.attrib["name"] for one in root.findall("aliases/alias")}
    assert (names["site_id"], names["wait_min"]) == ("站点编号", "候检（分钟）")
    assert root.findtext("previewExpression") == '"name"'


def test_counties_carry_their_names(styles: Any) -> None:
    root = ET.fromstring(styles["counties"]["styleQML"])
    assert root.attrib["labelsEnabled"] == "1"
    text = root.find("labeling/settings/text-style")
    assert text is not None
    assert text.attrib["fieldName"] == "name"


def test_other_programs_get_the_same_as_sld(styles: Any, profile: Any) -> None:
    for name, row in styles.items():
        root = ET.fromstring(row["styleSLD"])
        assert root.tag == "{http://www.opengis.net/sld}StyledLayerDescriptor"
        rules = root.findall(f".//{SE}Rule")
        assert rules, name
    rules = ET.fromstring(styles["sites"]["styleSLD"]).findall(f".//{SE}Rule")
    assert len(rules) == len(profile.spec.lines) * len(STATUSES) + 3
    told = {rule.findtext(f"{SE}Name"): rule for rule in rules}
    mark = told["二线查缉 · 正常"]
    # SLD has no diamond: it is a square on its corner.
    assert mark.findtext(f".//{SE}WellKnownName") == "square"
    assert mark.findtext(f".//{SE}Rotation/{{http://www.opengis.net/ogc}}Literal") == "45"
    fills = [one.text for one in mark.iter(f"{SE}SvgParameter") if one.attrib["name"] == "fill"]
    assert fills == [theme.STATUS["normal"]]
