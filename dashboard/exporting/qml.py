"""A style in QGIS's own language, with the fields' names in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from dashboard import theme
from dashboard.exporting.style import Fill, Marker, Rule, Stroke, Style, Symbol
from dashboard.interchange.fields import Field

VERSION = "3.22.0-Białowieża"
"""The oldest long-term release whose form this is; later ones read it."""
HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SPACE = uuid.UUID("6f6d9e0a-6a52-4b1e-9d0a-3f1f4f8f6a10")
_KIND = {Marker: "marker", Stroke: "line", Fill: "fill"}


def qml(style: Style, fields: Sequence[Field], lang: str) -> str:
    """The style of one table as a QML document."""
    root = ET.Element(
        "qgis",
        version=VERSION,
        styleCategories="AllStyleCategories",
        labelsEnabled="1" if style.label else "0",
    )
    drawn = _Renderer(root, style)
    for rule in style.rules:
        drawn.add(drawn.rules, rule, style.rules)
    if style.label:
        _labels(root, style.label)
    aliases = ET.SubElement(root, "aliases")
    for index, field in enumerate(fields, start=1):
        ET.SubElement(aliases, "alias", field=field.name, index=str(index), name=field.title_in(lang))
    names = {field.name for field in fields}
    ET.SubElement(root, "previewExpression").text = '"name"' if "name" in names else ""
    return HEAD + ET.tostring(root, encoding="unicode")


class _Renderer:
    """The rules and their symbols, which stand apart from them."""

    def __init__(self, root: ET.Element, style: Style) -> None:
        renderer = ET.SubElement(
            root, "renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0",
            enableorderby="1" if style.over else "0", referencescale="-1",
        )  # fmt: skip
        self.rules = ET.SubElement(renderer, "rules", key=_key("rules"))
        self.symbols = ET.SubElement(renderer, "symbols")
        if style.over:
            order = ET.SubElement(renderer, "orderby")
            for field, values in style.over:
                known = ",".join(f"'{value}'" for value in values)
                told = f"array_find(array({known}), coalesce(\"{field}\", ''))"
                ET.SubElement(order, "orderByClause", asc="1", nullsFirst="1").text = told
        self.count = 0

    def add(self, under: ET.Element, rule: Rule, beside: Iterable[Rule]) -> None:
        """One rule below another, and its symbol."""
        told = {"label": rule.label, "key": _key(f"{under.get('key')}/{rule.label}/{rule.where}")}
        # Without a condition of its own it takes what the rules beside it leave.
        alone = all(other is rule for other in beside)
        if rule.where or not alone:
            told["filter"] = " AND ".join(_test(*test) for test in rule.where) or "ELSE"
        if rule.symbol:
            told["symbol"] = str(self.count)
            _symbol(self.symbols, str(self.count), rule.symbol)
            self.count += 1
        element = ET.SubElement(under, "rule", told)
        for inner in rule.rules:
            self.add(element, inner, rule.rules)


def _test(field: str, value: str | bool | None) -> str:
    """A condition as QGIS writes it."""
    if value is None:
        return f"\"{field}\" <> ''"
    if isinstance(value, bool):
        return f'"{field}" = {str(value).lower()}'
    quoted = value.replace("'", "''")
    return f"\"{field}\" = '{quoted}'"


def _key(text: str) -> str:
    return f"{{{uuid.uuid5(_SPACE, text)}}}"


def _symbol(parent: ET.Element, name: str, symbol: Symbol) -> None:
    element = ET.SubElement(
        parent, "symbol", type=_KIND[type(symbol[0])], name=name, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    for layer in symbol:
        if isinstance(layer, Marker):
            _layer(element, "SimpleMarker", _marker(layer))
        elif isinstance(layer, Stroke):
            _layer(element, "SimpleLine", _stroke(layer))
        else:
            # QGIS's simple fill knows no dashes of a width of its own: the edge is a line over it.
            fill = {"color": rgba(layer.colour, layer.opacity), "style": "solid", "outline_style": "no"}
            _layer(element, "SimpleFill", fill)
            _layer(element, "SimpleLine", _stroke(layer.edge))


def _marker(mark: Marker) -> dict[str, str]:
    return {
        "name": mark.shape,
        "color": rgba(mark.fill or theme.DARK["shadow"], mark.opacity if mark.fill else 0.0),
        "outline_color": rgba(mark.edge, mark.opacity),
        "outline_style": "solid",
        "outline_width": f"{mark.edge_mm:g}",
        "outline_width_unit": "MM",
        "joinstyle": "miter",
        "scale_method": "diameter",
        "size": f"{mark.size_mm:g}",
        "size_unit": "MM",
        "angle": "0",
    }


def _stroke(line: Stroke) -> dict[str, str]:
    return {
        "line_color": rgba(line.colour, line.opacity),
        "line_style": "solid",
        "line_width": f"{line.width_mm:g}",
        "line_width_unit": "MM",
        "capstyle": "flat" if line.dash else "round",
        "joinstyle": "round",
        "use_custom_dash": "1" if line.dash else "0",
        "customdash": ";".join(f"{part:g}" for part in line.dash) or "5;2",
        "customdash_unit": "MM",
    }


def _layer(parent: ET.Element, kind: str, options: dict[str, str]) -> None:
    element = ET.SubElement(parent, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(element, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", name=name, type="QString", value=value)
    # As releases before 3.20 read it.
    for name, value in options.items():
        ET.SubElement(element, "prop", k=name, v=value)


def _labels(root: ET.Element, field: str) -> None:
    """Names at the features, as on the board."""
    labelling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labelling, "settings")
    text = ET.SubElement(
        settings, "text-style", fieldName=field, isExpression="0", fontSize="11", fontSizeUnit="Point",
        textColor=rgba(theme.DARK["place"], 1.0), textOpacity="1", namedStyle="Regular",
    )  # fmt: skip
    ET.SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=rgba(theme.GROUND, 1.0), bufferOpacity="1",
    )  # fmt: skip
    ET.SubElement(settings, "placement", placement="1", centroidInside="1", centroidWhole="1")


def rgba(colour: str, opacity: float) -> str:
    """A colour as QGIS writes it: red, green, blue, opacity, each from 0 to 255."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, [*parts, round(255 * opacity)]))
