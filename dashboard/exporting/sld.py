"""A style as an OGC Styled Layer Descriptor, for programs that are not QGIS."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from dashboard.exporting.style import Fill, Marker, Rule, Stroke, Style

SLD, SE = "http://www.opengis.net/sld", "http://www.opengis.net/se"
OGC = "http://www.opengis.net/ogc"
PIXELS_PER_MM = 1 / 0.28
"""SLD measures in pixels of 0.28 mm."""
MARKS = {
    "triangle": ("triangle", 0), "square": ("square", 0), "diamond": ("square", 45), "circle": ("circle", 0),
    "star": ("star", 0), "hexagon": ("circle", 0),
}  # fmt: skip
"""A shape by a name that SLD knows, and how far it is turned; SLD knows no hexagon."""

for _prefix, _uri in (("sld", SLD), ("se", SE), ("ogc", OGC)):
    ET.register_namespace(_prefix, _uri)


def sld(name: str, style: Style) -> str:
    """The style of one table as an SLD 1.1 document."""
    root = ET.Element(f"{{{SLD}}}StyledLayerDescriptor", version="1.1.0")
    layer = ET.SubElement(root, f"{{{SLD}}}NamedLayer")
    ET.SubElement(layer, f"{{{SE}}}Name").text = name
    user = ET.SubElement(layer, f"{{{SLD}}}UserStyle")
    ET.SubElement(user, f"{{{SE}}}Name").text = name
    feature_type = ET.SubElement(user, f"{{{SE}}}FeatureTypeStyle")
    for rule, label, where in _flat(style.rules):
        _rule(feature_type, rule, label, where)
    return ET.tostring(root, encoding="unicode", xml_declaration=False)


def _flat(
    rules: tuple[Rule, ...],
    before: tuple[str, ...] = (),
    tests: tuple[tuple[str, str | bool | None], ...] = (),
) -> list[tuple[Rule, str, tuple[tuple[str, str | bool | None], ...]]]:
    """The rules that draw, each with the conditions of those above it: SLD has no rules within rules."""
    found = []
    for rule in rules:
        where, names = (*tests, *rule.where), (*before, rule.label)
        if rule.symbol:
            found.append((rule, " · ".join(names), where))
        found += _flat(rule.rules, names, where)
    return found


def _rule(
    parent: ET.Element, rule: Rule, label: str, where: tuple[tuple[str, str | bool | None], ...]
) -> None:
    element = ET.SubElement(parent, f"{{{SE}}}Rule")
    ET.SubElement(element, f"{{{SE}}}Name").text = label
    if where:
        _filter(ET.SubElement(element, f"{{{OGC}}}Filter"), where)
    elif len(parent.findall(f"{{{SE}}}Rule")) > 1:
        ET.SubElement(element, f"{{{SE}}}ElseFilter")
    for part in rule.symbol:
        if isinstance(part, Marker):
            _point(element, part)
        elif isinstance(part, Stroke):
            _stroke(ET.SubElement(element, f"{{{SE}}}LineSymbolizer"), part)
        else:
            _area(element, part)


def _filter(parent: ET.Element, where: tuple[tuple[str, str | bool | None], ...]) -> None:
    within = ET.SubElement(parent, f"{{{OGC}}}And") if len(where) > 1 else parent
    for field, value in where:
        kind = "PropertyIsNotEqualTo" if value is None else "PropertyIsEqualTo"
        test = ET.SubElement(within, f"{{{OGC}}}{kind}")
        ET.SubElement(test, f"{{{OGC}}}PropertyName").text = field
        shown = "" if value is None else str(value).lower() if isinstance(value, bool) else value
        ET.SubElement(test, f"{{{OGC}}}Literal").text = shown


def _point(parent: ET.Element, mark: Marker) -> None:
    graphic = ET.SubElement(ET.SubElement(parent, f"{{{SE}}}PointSymbolizer"), f"{{{SE}}}Graphic")
    element = ET.SubElement(graphic, f"{{{SE}}}Mark")
    name, turned = MARKS[mark.shape]
    ET.SubElement(element, f"{{{SE}}}WellKnownName").text = name
    if mark.fill:
        _parameters(element, "Fill", fill=mark.fill, fill_opacity=f"{mark.opacity:g}")
    width = _pixels(mark.edge_mm)
    _parameters(element, "Stroke", stroke=mark.edge, stroke_width=width, stroke_opacity=f"{mark.opacity:g}")
    ET.SubElement(graphic, f"{{{SE}}}Size").text = _pixels(mark.size_mm)
    if turned:
        angle = ET.SubElement(graphic, f"{{{SE}}}Rotation")
        ET.SubElement(angle, f"{{{OGC}}}Literal").text = str(turned)


def _area(parent: ET.Element, area: Fill) -> None:
    element = ET.SubElement(parent, f"{{{SE}}}PolygonSymbolizer")
    _parameters(element, "Fill", fill=area.colour, fill_opacity=f"{area.opacity:g}")
    _stroke(element, area.edge)


def _stroke(parent: ET.Element, line: Stroke) -> None:
    dash = {"stroke_dasharray": " ".join(map(_pixels, line.dash))} if line.dash else {}
    width = _pixels(line.width_mm)
    opacity = f"{line.opacity:g}"
    _parameters(parent, "Stroke", stroke=line.colour, stroke_width=width, stroke_opacity=opacity, **dash)


def _parameters(parent: ET.Element, name: str, **values: str) -> None:
    element = ET.SubElement(parent, f"{{{SE}}}{name}")
    for key, value in values.items():
        ET.SubElement(element, f"{{{SE}}}SvgParameter", name=key.replace("_", "-")).text = value


def _pixels(millimetres: float) -> str:
    return f"{millimetres * PIXELS_PER_MM:.2f}".rstrip("0").rstrip(".")
