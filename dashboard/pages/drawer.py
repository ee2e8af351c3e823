"""The site drawer: what one site is, what it reports now, its last 24 hours, and what befell it.

What the page knows already, the script shows at once (`assets/drawer.js`); the charts come from here.
"""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import tags
from dashboard.desk import Desk
from dashboard.figures.site import Limit, site_chart
from dashboard.figures.trend import times
from dashboard.pages.ahead import advice_line, coming, forecast_line, what_if_panel
from dashboard.pages.shell import asked, looked
from dashboard.theme import palette
from dashboard.view import View
from dashboard.words import say
from data.profile import Profile

STEP_S = 900
DAY_S = 86400
WEEK_S = 7 * DAY_S
METRICS = (
    ("persons_per_hour", "persons_per_hour"),
    ("vehicles_per_hour", "vehicles_per_hour"),
    ("wait_min", "wait_minutes"),
    ("queue_m", "queue_metres"),
)
"""What is drawn, and the word for it with its unit."""


def drawer(lang: str) -> Component:
    """The empty drawer of a page; it opens when a site is selected."""
    return html.Aside(
        [
            html.Button(
                html.I(),
                type="button",
                className="grip",
                title=say(lang, "sheet_size"),
                **tags(data_do="sheet", aria_label=say(lang, "sheet_size")),
            ),
            html.Div(id="site-head", className="site-head"),
            html.Div(
                [
                    html.Div(id="site-now"),
                    html.Div(id="site-open-alerts", className="alerts", **tags(data_roomy="true")),
                    html.Div(
                        html.Div(id=ids.DRAWER_CHARTS),
                        id="site-charts",
                        className="site-charts",
                        **tags(data_state="waiting"),
                    ),
                    what_if_panel(lang),
                    html.Div(id="site-more"),
                ],
                className="site-body",
                tabIndex=0,
            ),
        ],
        id=ids.DRAWER,
        className="drawer",
        hidden=True,
        **tags(data_pane="site", aria_label=say(lang, "site")),
    )


def start_of(at: int) -> int:
    """Where the last 24 hours begin, at a whole step, epoch seconds."""
    return (at - DAY_S) // STEP_S * STEP_S


def limits_of(profile: Profile, metric: str, lang: str) -> list[Limit]:
    """The thresholds of a metric, as they are drawn; empty for throughput, which has none."""
    status = profile.spec.status
    values = {
        "wait_min": (status.busy_wait_min, status.congested_wait_min),
        "queue_m": (status.busy_queue_m, status.congested_queue_m),
    }
    return [
        Limit(value, f"{say(lang, name)} ≥ {value:g}", f"status-{name}")
        for name, value in zip(("busy", "congested"), values.get(metric, ()), strict=False)
    ]


def charts(desk: Desk, site_id: str, view: View) -> Component:
    """What to do, and the last 24 hours of a site against those a week before, a chart for each metric."""
    at, zone, lang = desk.moment(view.at), desk.profile.zone, view.lang
    start = start_of(at)
    drawn: list[Component] = []
    told = desk.history.ahead.forecast(site_id, at)
    for metric, key in METRICS:
        now = desk.history.series(site_id, metric, start, at, STEP_S)
        values = [value for _, value in now]
        if all(value is None for value in values):
            continue
        past = desk.history.series(site_id, metric, start - WEEK_S, at - WEEK_S, STEP_S)
        before = [value for _, value in past]
        figure = site_chart(
            times([moment for moment, _ in now], zone),
            values,
            of=palette(view.theme),
            label=say(lang, "last_day"),
            before=before,
            label_before=say(lang, "week_before"),
            limits=limits_of(desk.profile, metric, lang),
            coming=coming(told, at, desk, lang) if metric == "wait_min" else None,
        )
        known = any(value is not None for value in before)
        quiet: list[Any] = [html.I(className="key before"), say(lang, "week_before")] if known else []
        drawn += [
            html.H3([say(lang, key), html.Span(quiet, className="quiet")]),
            dcc.Graph(
                figure=figure,
                config={"displayModeBar": False, "responsive": True},
                className="site-chart",
            ),
        ]
        if metric == "wait_min":
            drawn.append(forecast_line(told, desk, lang))
    drawn = [*advice_line(desk, site_id, view), *drawn] if drawn else []
    return html.Div(
        drawn or [html.P(say(lang, "no_readings"), className="empty")], **tags(data_charts_of=site_id)
    )


def register(app: Dash, desk: Desk) -> None:
    """The charts follow the site that is selected, and once a minute."""

    @app.callback(
        Output(ids.DRAWER_CHARTS, "children"),
        Input(ids.SELECTED, "data"),
        Input(ids.MINUTE, "data"),
        Input(ids.LOOK, "data"),
        State(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def draw_day(selected: Any, _minute: int | None, look: Any, data: Any) -> Any:
        view, sites = asked(desk, looked(data, look)), desk.profile.sites
        row = sites.row.get(selected) if isinstance(selected, str) else None
        if view is None or row is None or view.scope not in ("", sites.county[row]):
            return None
        return charts(desk, selected, view)
