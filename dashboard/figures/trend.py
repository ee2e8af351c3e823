"""Throughput over a day, as figures: the wall's chart, a card's sparkline, a site's drawer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import plotly.graph_objects as go

from dashboard import theme
from dashboard.theme import DARK, Palette

LETTERS = 16
"""Pixels of a chart's letters on the wall's canvas."""
Values = Sequence[float | None]


def _frame(of: Palette, letters: int = LETTERS, **layout: Any) -> dict[str, Any]:
    return {
        "paper_bgcolor": theme.CLEAR,
        "plot_bgcolor": theme.CLEAR,
        "font": {"family": theme.FONT, "size": letters, "color": of["quiet"]},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": of["raised"], "bordercolor": of["edge"], "font": {"color": of["text"]}},
        "uirevision": "constant",
        "autosize": True,
        **layout,
    }


def times(starts: Sequence[int], zone: tzinfo) -> list[datetime]:
    """Epoch seconds as local wall times: plotly draws what it is given, without a zone."""
    return [datetime.fromtimestamp(start, zone).replace(tzinfo=None) for start in starts]


def trend(
    x: Sequence[datetime],
    now: Values,
    before: Values,
    *,
    label: str,
    label_before: str,
    of: Palette = DARK,
) -> go.Figure:
    """Persons per hour over the last day, filled, against the same weekday a week before, dashed."""
    return go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(before),
                name=label_before,
                mode="lines",
                line={"color": of["before"], "width": 2, "dash": "dot"},
            ),
            go.Scatter(
                x=list(x),
                y=list(now),
                name=label,
                mode="lines",
                line={"color": of["accent"], "width": 3, "shape": "spline", "smoothing": 0.4},
                fill="tozeroy",
                fillcolor=theme.veiled(of["accent"], 0.12),
            ),
            *_last_point(x, now, of),
        ],
        _frame(
            of,
            margin={"l": 62, "r": 14, "t": 12, "b": 28},
            xaxis={
                "gridcolor": of["grid"],
                "tickformat": "%H:%M",
                "dtick": 6 * 3600 * 1000,
                "zeroline": False,
                "fixedrange": True,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            yaxis={
                "gridcolor": of["grid"],
                "rangemode": "tozero",
                "nticks": 5,
                "zeroline": False,
                "tickformat": ",.0f",
                "fixedrange": True,
            },
        ),
    )


def spark(x: Sequence[datetime], now: Values, before: Values, *, of: Palette = DARK) -> go.Figure:
    """A line's last day: the shape, the newest point, the week before behind it, and a scale that is read."""
    known = [value for value in (*now, *before) if value is not None]
    top = _round_up(max(known, default=0))
    return go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(before),
                mode="lines",
                line={"color": of["before"], "width": 1.6, "dash": "dot"},
            ),
            go.Scatter(
                x=list(x),
                y=list(now),
                mode="lines",
                line={"color": of["accent"], "width": 2.4},
                fill="tozeroy",
                fillcolor=theme.veiled(of["accent"], 0.12),
            ),
            *_last_point(x, now, of),
        ],
        _frame(
            of,
            margin={"l": 58, "r": 8, "t": 10, "b": 24},
            xaxis={
                "tickformat": "%H:%M",
                "dtick": 6 * 3600 * 1000,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            yaxis={
                "gridcolor": of["grid"],
                "tickvals": [0, top],
                "ticktext": ["", f"{top:,.0f}"],
                "ticklabeloverflow": "allow",
                "range": [0, top * 1.04],
                "zeroline": False,
                "fixedrange": True,
            },
            hovermode=False,
        ),
    )


def _round_up(value: float) -> float:
    """The next number that is read at a glance: 1, 1.5, 2, 3, 4, 5, 6, 8 and their tens."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)


def _last_point(x: Sequence[datetime], values: Values, of: Palette) -> list[go.Scatter]:
    for at in range(len(values) - 1, -1, -1):
        if values[at] is not None:
            return [
                go.Scatter(
                    x=[x[at]],
                    y=[values[at]],
                    mode="markers",
                    marker={"color": of["text"], "size": 10},
                    hoverinfo="skip",
                    cliponaxis=False,
                )
            ]
    return []


def site_chart(
    x: Sequence[datetime],
    values: Values,
    *,
    label: str,
    limit: float | None = None,
    limit_label: str = "",
    colour: str = "accent",
    of: Palette = DARK,
) -> go.Figure:
    """One metric of one site over its last day; gaps stay gaps, and the threshold is drawn.

    `colour` is a name of the palette.
    """
    figure = go.Figure(
        go.Scatter(
            x=list(x),
            y=list(values),
            name=label,
            mode="lines",
            connectgaps=False,
            line={"color": of[colour], "width": 2},
            fill="tozeroy",
            fillcolor=theme.veiled(of[colour], 0.1),
        ),
        _frame(
            of,
            letters=13,
            margin={"l": 44, "r": 8, "t": 6, "b": 22},
            xaxis={
                "gridcolor": of["grid"],
                "tickformat": "%H:%M",
                "dtick": 6 * 3600 * 1000,
                "fixedrange": True,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            yaxis={
                "gridcolor": of["grid"],
                "rangemode": "tozero",
                "nticks": 4,
                "fixedrange": True,
                "zeroline": False,
            },
        ),
    )
    if limit is not None:
        figure.add_hline(
            y=limit,
            line={"color": of["status-congested"], "width": 1.4, "dash": "dash"},
            annotation={"text": limit_label, "font": {"color": of["loud-critical"], "size": 12}},
            annotation_position="top left",
        )
    return figure


def blank() -> go.Figure:
    """An empty chart, shown until the first numbers are there."""
    axis = {"visible": False, "fixedrange": True}
    return go.Figure(layout=_frame(DARK, xaxis=axis, yaxis=axis))
