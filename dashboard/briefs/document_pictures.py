"""Pictures of a brief in Word: vector with pixels to fall back on, and charts that stay editable."""

from __future__ import annotations

import io
from typing import Any, cast
from xml.sax.saxutils import quoteattr

from docx.document import Document as Doc
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from pptx.chart.chart import Chart as Drawn
from pptx.chart.data import CategoryChartData
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml as parse_chart
from pptx.util import Pt

from dashboard.briefs.cells import DASH
from dashboard.briefs.manuscript import Chart
from dashboard.official import BODY, LATIN, clean
from dashboard.theme import LIGHT

EMU = 36000
"""English metric units in a millimetre."""
SVG_TYPE = "image/svg+xml"
SVG_USE = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""By this name Office knows the vector beside a picture's pixels."""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006"
KINDS = {
    "line": XL_CHART_TYPE.LINE,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}
SERIES = ("accent", "before", "status-congested", "status-normal", "status-busy")
"""Colours of the series, in order; the second is the one that is compared with."""
CHART_PT = 9
NAMED = 12
"""No more moments than this are named below a line."""
HEAD = 1.15
"""An axis below a legend is this much longer than its highest column."""


def add_picture(
    paragraph: Paragraph, png: bytes, svg: bytes, *, width_mm: float, words: str, name: str
) -> None:
    """A picture in the line of text: the vector where the reader can show it, else the pixels."""
    run = paragraph.add_run()
    shape = run.add_picture(io.BytesIO(png), width=Mm(width_mm))
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")  # LibreOffice has 3 mm of its own where nothing is said
    told = shape._inline.docPr
    told.set("descr", clean(words))
    told.set("name", name)
    if not svg:
        return
    part = paragraph.part
    key = part.relate_to(_part(part.package, "/word/media/vector%d.svg", SVG_TYPE, svg), f"{RELATIONS}/image")
    blip = shape._inline.find(f".//{{{DRAWINGS}/main}}blip")
    blip.append(
        parse_xml(
            f'<a:extLst xmlns:a="{DRAWINGS}/main"><a:ext uri="{SVG_USE}"><asvg:svgBlip '
            'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            f'xmlns:r="{RELATIONS}" r:embed="{key}"/></a:ext></a:extLst>'
        )
    )


def add_chart(doc: Doc, paragraph: Paragraph, chart: Chart, size_mm: tuple[float, float], words: str) -> None:
    """A chart of Word's own, with its numbers in a workbook of its own, so that it stays editable."""
    data = cast("Any", CategoryChartData)(number_format=_form(chart))
    data.categories = list(chart.categories) or [DASH]
    for name, values in chart.series:
        data.add_series(name, list(values) or [None])
    space: Any = parse_chart(cast("Any", ChartXmlWriter)(KINDS[chart.kind], data).xml.encode())
    _styled(cast("Any", Drawn)(space, None), chart)
    _bare(space)
    package = doc.part.package
    workbook = _part(
        package,
        "/word/embeddings/chart%d.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        data._workbook_writer.xlsx_blob,
    )
    drawn = _part(
        package,
        "/word/charts/chart%d.xml",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    )
    key = drawn.relate_to(workbook, f"{RELATIONS}/package")
    for old in space.findall(qn("c:externalData")):
        space.remove(old)
    space.append(
        parse_chart(
            f'<c:externalData xmlns:c="{DRAWINGS}/chart" xmlns:r="{RELATIONS}" r:id="{key}">'
            '<c:autoUpdate val="0"/></c:externalData>'
        )
    )
    drawn._blob = _xml(space)
    use = doc.part.relate_to(drawn, f"{RELATIONS}/chart")
    number = doc.part.next_id
    width, height = (round(side * EMU) for side in size_mm)
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            f'xmlns:wp="{DRAWINGS}/wordprocessingDrawing" xmlns:a="{DRAWINGS}/main" xmlns:r="{RELATIONS}">'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
            f'<wp:docPr id="{number}" name={quoteattr(chart.name)} descr={quoteattr(clean(words))}/>'
            f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{DRAWINGS}/chart">'
            f'<c:chart xmlns:c="{DRAWINGS}/chart" r:id="{use}"/></a:graphicData></a:graphic></wp:inline>'
            "</w:drawing>"
        )
    )


def _form(chart: Chart) -> str:
    """How its values are written; a decimal only where any of them has one."""
    broken = any(value is not None and value % 1 for _, values in chart.series for value in values)
    return ("#,##0.0" if broken else "#,##0") + ('"%"' if chart.unit == "%" else "")


def _styled(drawn: Any, chart: Chart) -> None:
    """Quiet axes, the board's colours, letters of the document."""
    drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(CHART_PT), LATIN
    drawn.font.color.rgb = _colour("text")
    for letters in drawn._chartSpace.iter(f"{{{DRAWINGS}/main}}defRPr"):
        letters.append(letters.makeelement(f"{{{DRAWINGS}/main}}ea", {"typeface": BODY}))
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    plot = drawn.plots[0]
    for n, series in enumerate(plot.series):
        _series(series, n, chart.kind)
    values, places = drawn.value_axis, drawn.category_axis
    told = chart.kind != "line"
    values.minimum_scale = 0
    if chart.unit == "%":
        values.maximum_scale = 100
    elif drawn.has_legend and told:
        # The legend above leaves the number of the highest column its room.
        values.maximum_scale = HEAD * max((v or 0 for _, row in chart.series for v in row), default=0) or 1
    # Where every value is said, its axis would only say it again.
    values.has_major_gridlines, values.visible = not told, not told
    if not told:
        values.major_gridlines.format.line.color.rgb = _colour("grid")
        values.format.line.fill.background()
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    places.format.line.color.rgb = _colour("edge")
    places.major_tick_mark = XL_TICK_MARK.NONE
    places.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    places.reverse_order = chart.kind == "bar"
    if told:
        # One or two places alone would be as wide as the page.
        gap = {1: 400, 2: 150}.get(len(chart.categories), 60) if chart.kind == "column" else 60
        plot.gap_width, plot.overlap, plot.has_data_labels = gap, -5, True
        labels = plot.data_labels
        labels.font.size, labels.show_value = Pt(CHART_PT), True
        labels.number_format, labels.number_format_is_linked = _form(chart), False
        # Word leaves out every other name where it finds little room; LibreOffice, unless they lie level.
        _seldom(places, 1)
        places.tick_labels.font.size = Pt(CHART_PT - 1 if chart.kind == "bar" else CHART_PT)
        places._element.find(f".//{{{DRAWINGS}/main}}bodyPr").set("rot", "0")
    elif len(chart.categories) > NAMED:
        _seldom(places, -(-len(chart.categories) // NAMED))


def _series(series: Any, n: int, kind: str) -> None:
    colour = _colour(SERIES[n % len(SERIES)])
    if kind == "line":
        series.smooth = False
        series.format.line.width, series.format.line.color.rgb = Pt(2.25 if n == 0 else 1.5), colour
        if n:
            series.format.line.dash_style = MSO_LINE.DASH
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour
    series.invert_if_negative = False


def _bare(space: Any) -> None:
    """No frame around the chart, which the document's own paper is."""
    shape = parse_chart(
        f'<c:spPr xmlns:c="{DRAWINGS}/chart" xmlns:a="{DRAWINGS}/main"><a:noFill/>'
        "<a:ln><a:noFill/></a:ln></c:spPr>"
    )
    space.find(qn("c:chart")).addnext(shape)


def _seldom(places: Any, step: int) -> None:
    """Name only every so many-th place: for a line so that names do not overlap, for a bar each."""
    axis = places._element
    for name in ("tickLblSkip", "tickMarkSkip"):
        skip = parse_chart(f'<c:{name} xmlns:c="{DRAWINGS}/chart" val="{step}"/>')
        last = axis.find(qn("c:noMultiLvlLbl"))
        last.addprevious(skip) if last is not None else axis.append(skip)


def _colour(name: str) -> Any:
    return cast("Any", RGBColor).from_string(LIGHT[name][1:].upper())


def _part(package: Any, pattern: str, kind: str, blob: bytes = b"") -> Part:
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in range(1, len(taken) + 2) if pattern % n not in taken)
    return Part(PackURI(pattern % number), kind, blob, package)


def _xml(element: Any) -> bytes:
    return bytes(serialize_part_xml(element))
