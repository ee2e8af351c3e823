"""The wall: the whole prefecture on one screen."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.account import account_menu
from dashboard.components.atoms import chart, heading, help_dialog, live, panel, tags
from dashboard.components.bar import top_bar
from dashboard.components.cards import line_card
from dashboard.components.map_panel import key_panel, map_panel
from dashboard.components.strip import strip_panel
from dashboard.desk import Desk
from dashboard.figures.base_map import base_map
from dashboard.figures.trend import blank, spark, times, trend
from dashboard.pages.drawer import drawer
from dashboard.pages.shell import asked, looked, page_store
from dashboard.theme import palette
from dashboard.view import View
from dashboard.words import pick, say
from data.profile import Profile


def layout(board: Desk, view: View) -> Component:
    """The wall of a view."""
    profile = board.profile
    lang = view.lang
    title, county = pick(profile.spec.title, lang), profile.county_name.get(view.scope, "")
    strip = strip_panel(profile, lang)
    judged = profile.spec.coverage.depth_km is not None
    return html.Div(
        [
            page_store(board, view, scrolls=False),
            top_bar(
                county or title,
                lang,
                under=title if county else "",
                exports="export" in view.may,
                account=account_menu(board.access, lang, board.form_token),
            ),
            html.Main(
                [
                    html.Div(
                        [line_card(line, lang, blank(), judged=judged) for line in profile.spec.lines],
                        className="lines",
                    ),
                    map_panel(profile, base_map(profile, view), lang, counties=True),
                    key_panel(profile, lang),
                    *([strip] if strip else []),
                    html.Div([alerts_panel(lang), slowest_panel(lang)], id="side", className="side"),
                    html.Div([trend_panel(lang), totals_panel(profile, lang)], className="day"),
                ],
                className="canvas",
            ),
            html.Div(id="leader", hidden=True, **tags(aria_hidden="true")),
            drawer(lang),
            help_dialog(lang, "alerts", "map"),
            html.Div(say(lang, "sound_blocked"), id="sound-banner", hidden=True, role="status"),
        ],
        className="wall",
    )


def alerts_panel(lang: str) -> Component:
    """What nobody has answered yet, and since when."""
    return panel(
        "alerts-panel",
        heading(say(lang, "alerts"), html.Span(id="alerts-head", className="quiet")),
        html.Div(id="notices", className="notices", hidden=True, role="status", **tags(aria_live="polite")),
        html.Div(id="alerts", className="alerts"),
        html.Div(id="alerts-more", className="more", hidden=True),
        html.Div(id="alerts-answered", className="answered-box", hidden=True),
        html.Div(id="alerts-pending", className="pending", hidden=True),
    )


def slowest_panel(lang: str) -> Component:
    """The ten slowest sites."""
    return panel(
        "slowest-panel",
        heading(
            say(lang, "slowest"), html.Span(f"{say(lang, 'wait')} · {say(lang, 'queue')}", className="quiet")
        ),
        html.Div(id="slowest", className="slowest"),
    )


def trend_panel(lang: str) -> Component:
    """Throughput of the last day against the same weekday."""
    return panel(
        "trend-panel",
        heading(
            say(lang, "throughput"),
            html.Span(
                [
                    html.I(className="key now"),
                    say(lang, "last_day"),
                    html.I(className="key before"),
                    say(lang, "week_before"),
                ],
                className="quiet keys",
            ),
        ),
        chart(ids.TREND, blank(), "trend"),
    )


def totals_panel(profile: Profile, lang: str) -> Component:
    """Today's totals and outcomes."""
    return panel(
        "totals-panel",
        heading(say(lang, "today_totals"), html.Span(id="totals-of", className="quiet")),
        html.Div(
            [
                html.Div(
                    [
                        html.Span(say(lang, f"sum_{what}"), className="quiet"),
                        live(f"today.{what}", "big", "big"),
                        html.Span(id=f"{what}-week", className="quiet"),
                    ]
                )
                for what in ("persons", "vehicles")
            ]
            + [
                html.Div(
                    [
                        html.Span(say(lang, "sum_alerts"), className="quiet"),
                        live("today.alerts", "count", "big"),
                        html.Span(" ", className="quiet"),
                    ]
                )
            ],
            className="totals",
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Span(pick(label, lang), className="quiet"),
                        live(f"today.outcomes.{name}", "count", "mid"),
                    ]
                )
                for name, label in profile.spec.outcomes.items()
            ],
            className="outcomes",
            **tags(aria_label=say(lang, "outcomes")),
        ),
    )


def register(app: Dash, board: Desk) -> None:
    """The charts follow once a minute."""

    @app.callback(
        Output(ids.TREND, "figure"),
        Output({"type": "spark", "line": ALL}, "figure"),
        Input(ids.MINUTE, "data"),
        Input(ids.LOOK, "data"),
        State(ids.VIEW, "data"),
        State({"type": "spark", "line": ALL}, "id"),
        prevent_initial_call=True,
    )
    def draw_charts(
        _minute: int | None, look: Any, data: Any, sparks: list[dict[str, str]]
    ) -> tuple[Any, list[Any]]:
        view, lines = asked(board, looked(data, look)), [str(part.get("line")) for part in sparks]
        if view is None or not board.profile.line.keys() >= set(lines):
            return no_update, [no_update] * len(sparks)
        of = palette(view.theme)
        curve = board.history.curve(board.moment(view.at), scope=view.scope)
        x = times(curve.starts.tolist(), board.profile.zone)
        whole = trend(
            x,
            curve.total(),
            curve.total(before=True),
            label=say(view.lang, "last_day"),
            label_before=say(view.lang, "week_before"),
            of=of,
        )
        return whole, [spark(x, curve.of(line), curve.of(line, before=True), of=of) for line in lines]
