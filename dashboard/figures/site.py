"""A site's last day as small charts, and the same of several sites over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from dashboard.theme import CLEAR, FONT, Palette, veiled

Values = Sequence[float | None]
LETTERS = 12
"""Pixels."""
STROKES = (
    ("solid", "circle", "accent"),
    ("dash", "diamond", "status-busy"),
    ("dot", "square", "simulated"),
    ("dashdot", "triangle-up", "status-normal"),
)
"""How each of several sites is drawn, by its order: dashes, marks and colour, so never colour alone."""
MARK_EVERY = 12
"""Steps between two marks of a line."""


@dataclass(frozen=True)
class Limit:
    """A threshold that is drawn across."""

    value: float
    text: str
    colour: str
    """A name of the palette."""


@dataclass(frozen=True)
class Coming:
    """What is forecast: from the newest value on, each with its interval where there is one."""

    x: Sequence[datetime]
    values: Values
    low: Values
    high: Values
    name: str


@dataclass(frozen=True)
class Line:
    """One site's values in a chart of several."""

    name: str
    values: Values
    stroke: int
    """Index into STROKES."""


def site_chart(
    x: Sequence[datetime],
    values: Values,
    *,
    of: Palette,
    label: str,
    before: Values = (),
    label_before: str = "",
    limits: Sequence[Limit] = (),
    coming: Coming | None = None,
) -> go.Figure:
    """One metric of one site over its last day: gaps stay gaps, thresholds are drawn, last week is quiet.

    What is forecast follows it as a dashed line in a band.
    """
    traces = []
    if any(value is not None for value in before):
        traces.append(
            go.Scatter(
                x=list(x), y=list(before), name=label_before, mode="lines", connectgaps=False,
                line={"color": of["before"], "width": 1.2, "dash": "dot"},
            )
        )  # fmt: skip
    traces.append(
        go.Scatter(
            x=list(x), y=list(values), name=label, mode="lines", connectgaps=False,
            line={"color": of["accent"], "width": 2}, fill="tozeroy", fillcolor=veiled(of["accent"], 0.1),
        )
    )  # fmt: skip
    traces += _alone(x, values, of)
    if coming is None:
        return _drawn(traces, x, of, _top([values, before], limits), limits)
    traces += _ahead(coming, of)
    top = _top([values, before, coming.values, coming.high], limits)
    return _drawn(traces, [*x, coming.x[-1]], of, top, limits)


def compare_chart(
    x: Sequence[datetime], lines: Sequence[Line], *, of: Palette, limits: Sequence[Limit] = ()
) -> go.Figure:
    """One metric of several sites over one another; each by its dashes, its marks and its colour."""
    traces = []
    for order, line in enumerate(lines):
        dash, symbol, colour = STROKES[line.stroke]
        first = order * MARK_EVERY // max(1, len(lines))  # so that marks do not hide one another
        marked = [value if (at - first) % MARK_EVERY == 0 else None for at, value in enumerate(line.values)]
        traces.append(
            go.Scatter(
                x=list(x), y=list(line.values), name=line.name, mode="lines", connectgaps=False,
                line={"color": of[colour], "width": 2, "dash": dash},
            )
        )  # fmt: skip
        traces.append(
            go.Scatter(
                x=list(x), y=marked, mode="markers", hoverinfo="skip",
                marker={"symbol": symbol, "size": 7, "color": of[colour]},
            )
        )  # fmt: skip
    return _drawn(traces, x, of, _top([line.values for line in lines], limits), limits)


def _ahead(coming: Coming, of: Palette) -> list[go.Scatter]:
    """The band, upper edge first so that the lower one fills up to it, and the line in it."""
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    x = list(coming.x)
    return [
        go.Scatter(x=x, y=list(coming.high), **edge),
        go.Scatter(x=x, y=list(coming.low), fill="tonexty", fillcolor=veiled(of["accent"], 0.3), **edge),
        go.Scatter(
            x=x, y=list(coming.values), name=coming.name, mode="lines+markers",
            line={"color": of["accent"], "width": 2, "dash": "dash"}, marker={"size": 5},
        ),
    ]  # fmt: skip


def _alone(x: Sequence[datetime], values: Values, of: Palette) -> list[go.Scatter]:
    """Values between two gaps, which a line does not show, as points."""
    around = [None, *values, None]
    at = [
        i
        for i, value in enumerate(values)
        if value is not None and around[i] is None and around[i + 2] is None
    ]
    if not at:
        return []
    return [
        go.Scatter(
            x=[x[i] for i in at], y=[values[i] for i in at], mode="markers", hoverinfo="skip",
            marker={"size": 4, "color": of["accent"]},
        )
    ]  # fmt: skip


def _top(columns: Sequence[Values], limits: Sequence[Limit]) -> float:
    """The upper end of the axis: room for the values, and for a threshold that they come near."""
    highest = max((value for column in columns for value in column if value is not None), default=0.0)
    near = [limit.value for limit in limits if highest >= 0.3 * limit.value]
    first = [min(limit.value for limit in limits)] if limits else []
    return 1.12 * max([highest, *near, *first, 1.0])


def _drawn(
    traces: Sequence[go.Scatter],
    x: Sequence[datetime],
    of: Palette,
    top: float,
    limits: Sequence[Limit],
) -> go.Figure:
    axis = {"gridcolor": of["grid"], "fixedrange": True, "zeroline": False, "linecolor": of["hairline"]}
    figure = go.Figure(
        list(traces),
        {
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "font": {"family": FONT, "size": LETTERS, "color": of["quiet"]},
            "margin": {"l": 40, "r": 10, "t": 6, "b": 20},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": of["raised"], "bordercolor": of["hairline"], "font": {"color": of["text"]}
            },
            "uirevision": "constant",
            "autosize": True,
            "xaxis": {
                **axis,
                "tickformat": "%H:%M",
                "hoverformat": "%m-%d %H:%M",
                "dtick": 6 * 3600 * 1000,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            "yaxis": {**axis, "range": [0, top], "nticks": 4, "tickformat": ",.0f", "hoverformat": ",.1f"},
        },
    )  # fmt: skip
    for limit in limits:
        if limit.value <= top:
            _draw_limit(figure, limit, of)
    return figure


def _draw_limit(figure: go.Figure, limit: Limit, of: Palette) -> None:
    said: dict[str, Any] = {"text": limit.text, "font": {"color": of[limit.colour], "size": LETTERS}}
    figure.add_hline(
        y=limit.value,
        line={"color": of[limit.colour], "width": 1.3, "dash": "dash"},
        annotation=said,
        annotation_position="top left",
    )
