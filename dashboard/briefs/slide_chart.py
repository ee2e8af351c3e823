"""A brief's chart as a native chart of a slide: its figures stay in a sheet that can be edited."""

from __future__ import annotations

import math
from typing import Any, cast

from pptx.chart.data import ChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.slide import Slide
from pptx.util import Pt

from dashboard.briefs.cells import DASH
from dashboard.briefs.deck import speech
from dashboard.briefs.manuscript import Chart, Manuscript
from dashboard.briefs.outline import in_words
from dashboard.briefs.slide_picture import Box, describe
from dashboard.theme import LIGHT

CHART_TYPES = {
    "line": XL_CHART_TYPE.LINE,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}
SERIES = (
    MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_6, MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_2, MSO_THEME_COLOR.ACCENT_5, MSO_THEME_COLOR.ACCENT_4,
)  # fmt: skip
LABELLED = 24
"""A chart of no more values than this says each of them."""
PERCENT = "%"
NAMED = 12
"""No more moments than this are named below a line."""


def put_chart(place: Any, chart: Chart, m: Manuscript) -> Any:
    """A native chart in a layout's placeholder, or at a `(slide, Box)`; returns its frame."""
    form = _form(chart)
    data = cast("Any", ChartData)(number_format=form)
    data.categories = list(chart.categories) or [DASH]
    for name, values in chart.series:
        data.add_series(name, [_finite(value) for value in values] or [None])
    if isinstance(place, tuple):
        slide, box = cast("tuple[Slide, Box]", place)
        frame: Any = slide.shapes.add_chart(CHART_TYPES[chart.kind], *box.lengths, data)
    else:
        frame = place.insert_chart(CHART_TYPES[chart.kind], data)
    _dress(frame.chart, chart, m.lang)
    describe(frame, in_words(m, chart))
    return frame


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _form(chart: Chart) -> str:
    """How its values are written; a decimal only where any of them has one."""
    broken = any(value is not None and value % 1 for _, row in chart.series for value in row)
    return ("#,##0.0" if broken else "#,##0") + ('"%"' if chart.unit == PERCENT else "")


def _dress(drawn: Any, chart: Chart, lang: str) -> None:
    """The theme's colours, no more lines than needed, every value said where they are few."""
    drawn.font.size, drawn.font.color.theme_color = Pt(10), MSO_THEME_COLOR.TEXT_2
    drawn.font._rPr.set("lang", speech(lang))
    _entitle(drawn, chart, lang)
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    labelled = chart.kind != "line" and len(chart.categories) * len(chart.series) <= LABELLED
    form = _form(chart)
    _axes(drawn, chart, labelled)
    plot = drawn.plots[0]
    if chart.kind != "line":
        plot.gap_width, plot.overlap = 60 if len(chart.series) == 1 else 80, -5
    if labelled:
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = form, False
        labels.position, labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(10)
        labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    for n, series in enumerate(plot.series):
        _draw(series, n, chart.kind)


def _entitle(drawn: Any, chart: Chart, lang: str) -> None:
    drawn.has_title = True
    unit = (
        "" if chart.unit in ("", PERCENT) else f"（{chart.unit}）" if lang[:2] == "zh" else f" ({chart.unit})"
    )
    title = drawn.chart_title.text_frame
    title.text = f"{chart.title}{unit}"
    run = title.paragraphs[0].runs[0].font
    run.size, run.bold, run.color.theme_color = Pt(12), True, MSO_THEME_COLOR.TEXT_1
    run._rPr.set("lang", speech(lang))


def _axes(drawn: Any, chart: Chart, labelled: bool) -> None:
    values, names = drawn.value_axis, drawn.category_axis
    values.minimum_scale = 0
    if chart.unit == PERCENT:
        values.maximum_scale = 100
    # Where every value is said, its axis would only say it again.
    values.has_major_gridlines, values.visible = not labelled, not labelled
    if not labelled:
        values.major_gridlines.format.line.color.rgb = _rgb("hairline")
        values.format.line.fill.background()
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    names.format.line.color.rgb = _rgb("before")
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # The first of a list stands on top, as in a table.
    names.reverse_order = chart.kind == "bar"
    if chart.kind == "line":
        _skip(names, math.ceil(len(chart.categories) / NAMED))
        names.tick_labels.font.size = Pt(9)
    else:
        # PowerPoint leaves out every other name where it finds little room.
        _skip(names, 1)


def _draw(series: Any, n: int, kind: str) -> None:
    colour = SERIES[n % len(SERIES)]
    if kind == "line":
        series.smooth = False
        series.format.line.color.theme_color = colour
        series.format.line.width = Pt(2.5 if n == 0 else 1.75)
        if n:
            series.format.line.dash_style = MSO_LINE.DASH
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.format.fill.solid()
    series.format.fill.fore_color.theme_color = colour
    series.invert_if_negative = False


def _rgb(name: str) -> Any:
    return cast("Any", RGBColor).from_string(LIGHT[name].lstrip("#").upper())


def _skip(axis: Any, step: int) -> None:
    """One name for so many places: no more below a line than can be read, every one beside a bar."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    last = axis._element.find("{*}noMultiLvlLbl")
    for name in ("tickLblSkip", "tickMarkSkip"):
        last.addprevious(parse_xml(f'<c:{name} xmlns:c="{space}" val="{step}"/>'))
