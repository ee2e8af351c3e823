"""A chart of a brief as a drawing, for paper: an SVG whose words stay words."""

from __future__ import annotations

import io
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from dashboard.briefs import outline
from dashboard.briefs.document_pictures import SERIES
from dashboard.briefs.manuscript import Chart
from dashboard.exports.fonts import find_faces
from dashboard.theme import LIGHT

INCH_MM = 25.4
LETTERS = 8.5
"""Points, on paper."""
FEWEST = 3
"""Columns are no wider than those of so many places."""
NAMED = 12
"""So many places of a line are named at most, or their names would overlap."""


def draw_chart(chart: Chart, width_mm: float) -> str:
    """The drawing.

    Raises:
        NoFontError: no Chinese font is installed.
    """
    face = find_faces().regular
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": chart.name,
        "font.family": [face.family],
        "font.size": LETTERS,
        "text.color": LIGHT["text"],
        "axes.unicode_minus": False,
    }
    with rc_context(settings):
        size = (width_mm / INCH_MM, outline.chart_mm(chart) / INCH_MM)
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        {"line": _lines, "column": _columns, "bar": _bars}[chart.kind](axes, chart)
        _plain(axes, chart)
        if len(chart.series) > 1:
            figure.legend(loc="outside upper center", ncols=len(chart.series), frameon=False)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return stream.getvalue()


def _lines(axes: Axes, chart: Chart) -> None:
    for n, (name, values) in enumerate(chart.series):
        known = [float("nan") if value is None else value for value in values]
        style = "solid" if n == 0 else "dashed"
        width = 1.8 if n == 0 else 1.2
        axes.plot(known, linestyle=style, color=_colour(n), linewidth=width, label=name, zorder=5 - n)
    step = -(-len(chart.categories) // NAMED)
    axes.set_xticks(range(0, len(chart.categories), step or 1), chart.categories[:: step or 1])
    axes.set_xlim(0, max(1, len(chart.categories) - 1))
    axes.set_ylim(bottom=0)


def _columns(axes: Axes, chart: Chart) -> None:
    share = 0.72 / max(1, len(chart.series))
    for n, (name, values) in enumerate(chart.series):
        places = [k + (n - (len(chart.series) - 1) / 2) * share for k in range(len(values))]
        bars = axes.bar(places, [value or 0 for value in values], share * 0.94, color=_colour(n), label=name)
        axes.bar_label(bars, [_told(value, chart.unit) for value in values], padding=1.5, fontsize=LETTERS)
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    axes.margins(y=0.14)
    # One or two places alone would be as wide as the page.
    spare = max(0.0, (FEWEST - len(chart.categories)) / 2)
    axes.set_xlim(-0.5 - spare, len(chart.categories) - 0.5 + spare)
    if chart.unit == "%":
        axes.set_ylim(0, 110)


def _bars(axes: Axes, chart: Chart) -> None:
    share = 0.72 / max(1, len(chart.series))
    for n, (name, values) in enumerate(chart.series):
        places = [k + (n - (len(chart.series) - 1) / 2) * share for k in range(len(values))]
        bars = axes.barh(places, [value or 0 for value in values], share * 0.94, color=_colour(n), label=name)
        axes.bar_label(bars, [_told(value, chart.unit) for value in values], padding=2, fontsize=LETTERS)
    axes.set_yticks(range(len(chart.categories)), chart.categories)
    axes.invert_yaxis()
    axes.margins(x=0.08)


def _plain(axes: Axes, chart: Chart) -> None:
    """Quiet rules behind, no frame; where every value is said, no axis that says it again."""
    across = chart.kind == "bar"
    value_axis, side = (axes.xaxis, "left") if across else (axes.yaxis, "bottom")
    for name, spine in axes.spines.items():
        spine.set_visible(name == side)
        spine.set_color(LIGHT["edge"])
    axes.tick_params(length=0, labelcolor=LIGHT["text"])
    if chart.kind == "line":
        axes.grid(axis="y", color=LIGHT["grid"], linewidth=0.6)
        axes.set_axisbelow(True)
        value_axis.set_major_formatter(lambda value, _place: _told(value, chart.unit))
    else:
        value_axis.set_visible(False)


def _told(value: float | None, unit: str) -> str:
    """A value at its mark; its unit stands in the chart's title, but for percent."""
    return outline.value(value, unit if unit == "%" else "")


def _colour(n: int) -> str:
    return LIGHT[SERIES[n % len(SERIES)]]
