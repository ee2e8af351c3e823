"""Up to four sites side by side: their numbers in a table, their last day over one another."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import action, tags
from dashboard.desk import Desk
from dashboard.figures.site import Line, compare_chart
from dashboard.figures.trend import times
from dashboard.pages.drawer import METRICS, STEP_S, limits_of, start_of
from dashboard.pages.shell import asked, looked
from dashboard.theme import palette
from dashboard.view import View
from dashboard.words import say

MOST = 4
"""Sites that are compared at once."""


def compare_panel(lang: str) -> Component:
    """The empty comparison; the script fills its table (`assets/compare.js`), a callback its charts."""
    return html.Section(
        [
            html.Header(
                [
                    html.H2(say(lang, "compare")),
                    html.Span(id="compare-note", className="quiet", role="status"),
                    action("close-compare", say(lang, "back_to_table"), say(lang, "back_to_table")),
                ],
                className="panel-head",
            ),
            html.Div(id="compare-add", className="compare-add"),
            html.Div(id="compare-table", className="compare-table"),
            html.Div(id=ids.COMPARE_CHARTS, className="site-charts"),
        ],
        className="panel compare",
        id="compare",
        hidden=True,
        **tags(data_pane="compare", aria_label=say(lang, "compare")),
    )


def charts(desk: Desk, sites: list[str], view: View) -> list[Component]:
    """The last 24 hours of several sites, a chart for each metric that any of them reports."""
    at, profile = desk.moment(view.at), desk.profile
    start = start_of(at)
    drawn: list[Component] = []
    for metric, key in METRICS:
        series = [desk.history.series(site, metric, start, at, STEP_S) for site in sites]
        if all(value is None for points in series for _, value in points):
            continue
        names = [str(profile.sites.name[profile.sites.row[site]]) for site in sites]
        figure = compare_chart(
            times([moment for moment, _ in series[0]], profile.zone),
            [
                Line(name, [value for _, value in points], order)
                for order, (name, points) in enumerate(zip(names, series, strict=True))
            ],
            of=palette(view.theme),
            limits=limits_of(profile, metric, view.lang),
        )
        drawn += [
            html.H3(f"{say(view.lang, key)} · {say(view.lang, 'last_24h')}"),
            dcc.Graph(
                figure=figure,
                config={"displayModeBar": False, "responsive": True},
                className="site-chart compare-chart",
            ),
        ]
    return drawn or [html.P(say(view.lang, "no_readings"), className="empty")]


def register(app: Dash, desk: Desk) -> None:
    """The charts follow the sites that are compared, and once a minute."""

    @app.callback(
        Output(ids.COMPARE_CHARTS, "children"),
        Input(ids.COMPARED, "data"),
        Input(ids.MINUTE, "data"),
        Input(ids.LOOK, "data"),
        State(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def draw_comparison(compared: Any, _minute: int | None, look: Any, data: Any) -> Any:
        view, mine = asked(desk, looked(data, look)), desk.profile.sites
        named = [str(site) for site in compared[:MOST]] if isinstance(compared, list) else []
        sites = [site for site in dict.fromkeys(named) if site in mine.row]
        if view is None or not sites or any(view.scope not in ("", mine.county[mine.row[s]]) for s in sites):
            return None
        return charts(desk, sites, view)
