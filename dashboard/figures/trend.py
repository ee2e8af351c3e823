"""Throughput over a day, as figures: the wall's chart, a card's sparkline, a site's drawer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import plotly.graph_objects as go

from dashboard import theme

_QUIET_FONT = {"family": theme.FONT, "size": 13, "color": theme.QUIET}
Values = Sequence[float | None]


def _frame(**layout: Any) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": _QUIET_FONT,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": theme.RAISED, "bordercolor": theme.HAIRLINE, "font": {"color": theme.TEXT}},
        "uirevision": "constant",
        "autosize": True,
        **layout,
    }


def times(starts: Sequence[int], zone: tzinfo) -> list[datetime]:
    """Epoch seconds as local wall times: plotly draws what it is given, without a zone."""
    return [datetime.fromtimestamp(start, zone).replace(tzinfo=None) for start in starts]


def trend(x: Sequence[datetime], now: Values, before: Values, *, label: str, label_before: str) -> go.Figure:
    """Persons per hour over the last day, filled, against the same weekday a week before, dashed."""
    return go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(before),
                name=label_before,
                mode="lines",
                line={"color": theme.QUIET, "width": 1.6, "dash": "dot"},
            ),
            go.Scatter(
                x=list(x),
                y=list(now),
                name=label,
                mode="lines",
                line={"color": theme.ACCENT, "width": 2.6, "shape": "spline", "smoothing": 0.4},
                fill="tozeroy",
                fillcolor="rgba(60,200,255,0.10)",
            ),
            *_last_point(x, now),
        ],
        _frame(
            margin={"l": 52, "r": 14, "t": 8, "b": 24},
            xaxis={
                "gridcolor": theme.HAIRLINE,
                "tickformat": "%H:%M",
                "dtick": 3 * 3600 * 1000,
                "zeroline": False,
                "fixedrange": True,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            yaxis={
                "gridcolor": theme.HAIRLINE,
                "rangemode": "tozero",
                "nticks": 5,
                "zeroline": False,
                "tickformat": ",.0f",
                "fixedrange": True,
            },
        ),
    )


def spark(x: Sequence[datetime], now: Values, before: Values) -> go.Figure:
    """A line's last day without axes: the shape, the newest point, and the week before behind it."""
    axis = {"visible": False, "fixedrange": True}
    return go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(before),
                mode="lines",
                line={"color": "#4f6782", "width": 1.2, "dash": "dot"},
            ),
            go.Scatter(
                x=list(x),
                y=list(now),
                mode="lines",
                line={"color": theme.ACCENT, "width": 2},
                fill="tozeroy",
                fillcolor="rgba(60,200,255,0.10)",
            ),
            *_last_point(x, now),
        ],
        _frame(
            margin={"l": 0, "r": 8, "t": 5, "b": 2},
            xaxis=axis,
            yaxis={**axis, "rangemode": "tozero"},
            hovermode=False,
        ),
    )


def _last_point(x: Sequence[datetime], values: Values) -> list[go.Scatter]:
    for at in range(len(values) - 1, -1, -1):
        if values[at] is not None:
            return [
                go.Scatter(
                    x=[x[at]],
                    y=[values[at]],
                    mode="markers",
                    marker={"color": theme.TEXT, "size": 8},
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
    colour: str = theme.ACCENT,
) -> go.Figure:
    """One metric of one site over its last day; gaps stay gaps, and the threshold is drawn."""
    figure = go.Figure(
        go.Scatter(
            x=list(x),
            y=list(values),
            name=label,
            mode="lines",
            connectgaps=False,
            line={"color": colour, "width": 2},
            fill="tozeroy",
            fillcolor="rgba(60,200,255,0.08)",
        ),
        _frame(
            margin={"l": 44, "r": 8, "t": 6, "b": 22},
            xaxis={
                "gridcolor": theme.HAIRLINE,
                "tickformat": "%H:%M",
                "dtick": 6 * 3600 * 1000,
                "fixedrange": True,
                "range": [x[0], x[-1]] if len(x) else None,
            },
            yaxis={
                "gridcolor": theme.HAIRLINE,
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
            line={"color": theme.STATUS["congested"], "width": 1.4, "dash": "dash"},
            annotation={"text": limit_label, "font": {"color": theme.STATUS["congested"], "size": 11}},
            annotation_position="top left",
        )
    return figure


def blank() -> go.Figure:
    """An empty chart, shown until the first numbers are there."""
    axis = {"visible": False, "fixedrange": True}
    return go.Figure(layout=_frame(xaxis=axis, yaxis=axis))
