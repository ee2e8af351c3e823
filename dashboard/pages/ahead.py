"""What is ahead of the open site, in its drawer: advice, the forecast and its score, what closing does."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import tags
from dashboard.desk import Desk
from dashboard.figures.site import Coming
from dashboard.figures.trend import times
from dashboard.foretold import (
    advice_words,
    basis_words,
    forecast_words,
    note_words,
    outcome_words,
    required_now,
    score_words,
)
from dashboard.pages.shell import asked, looked
from dashboard.view import View
from dashboard.words import say
from data.diversion import Outcome, Taking
from data.forecast import SiteForecast

LANE, SITE = "lane", "site"
"""What may be closed."""


def advice_line(desk: Desk, site_id: str, view: View) -> list[Component]:
    """What to do about the site's wait, and from what that was worked out; nothing where it is calm."""
    at, lang = desk.moment(view.at), view.lang
    # Which duty level was in force then is not asked here.
    required = None if view.at else required_now(desk, site_id)
    told = desk.history.ahead.advice(site_id, at, staff_required=required)
    text = advice_words(told, lang, at, desk.profile.zone)
    if not text:
        return []
    basis = basis_words(told, lang)
    return [
        html.P(
            [html.B(text), *([html.Small(basis, className="quiet")] if basis else [])],
            className="site-advice",
            **tags(data_what=told.what),
        )
    ]


def coming(told: SiteForecast, at: int, desk: Desk, lang: str) -> Coming | None:
    """The forecast as it is drawn, from the newest wait on; None where it hides."""
    if not told.shown:
        return None
    now = told.now_min
    moments = [at, *(point.t for point in told.points)]
    return Coming(
        times(moments, desk.profile.zone),
        [now, *(point.wait_min for point in told.points)],
        [now, *(point.low for point in told.points)],
        [now, *(point.high for point in told.points)],
        say(lang, "forecast"),
    )


def forecast_line(told: SiteForecast, desk: Desk, lang: str) -> Component:
    """The forecast in words, and how such forecasts came out."""
    return html.P(
        [
            html.Span(forecast_words(told, lang, desk.profile.zone)),
            html.Small(score_words(told, lang), className="quiet"),
        ],
        className="site-forecast",
        **tags(data_shown=str(told.shown).lower()),
    )


def what_if_panel(lang: str) -> Component:
    """The panel of the drawer, closed; numbers come when somebody asks."""
    return html.Details(
        [
            html.Summary(say(lang, "whatif")),
            html.Div(
                [
                    html.Button(
                        say(lang, "whatif_lane"), id=ids.CLOSE_LANE, type="button", className="action"
                    ),
                    html.Button(
                        say(lang, "whatif_site"), id=ids.CLOSE_SITE, type="button", className="action"
                    ),
                ],
                className="whatif-asks",
            ),
            html.Div(id=ids.WHAT_IF, className="whatif-told", role="status"),
        ],
        className="whatif",
    )


def what_if(desk: Desk, site_id: str, closes: str, view: View) -> list[Component]:
    """What closing a lane or the site does, in a sentence and a table of its neighbours."""
    lang = view.lang
    outcome = desk.history.ahead.what_if(site_id, None if closes == SITE else 1, desk.moment(view.at))
    said = html.P([html.B(say(lang, f"whatif_{closes}")), " ", outcome_words(outcome, lang)])
    if outcome is None or not outcome.taken_by or not outcome.leaves_h >= 1:
        return [said]
    note = note_words(lang, own_only=bool(desk.reach))
    return [said, _table(outcome, lang), html.Small(note, className="quiet")]


def _table(outcome: Outcome, lang: str) -> Component:
    heads = ("whatif_neighbour", "whatif_km", "whatif_share", "whatif_then", "whatif_lanes")
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(say(lang, key), scope="col") for key in heads])),
            html.Tbody([_row(one, lang) for one in outcome.taken_by]),
        ],
        className="whatif-table",
    )


def _row(one: Taking, lang: str) -> Component:
    lanes = say(lang, "whatif_not_enough") if one.lanes_needed is None else f"{one.lanes_needed}"
    return html.Tr(
        [
            html.Th(one.name, scope="row"),
            html.Td(f"{one.km:.0f}"),
            html.Td(f"{100 * one.share:.0f}%"),
            html.Td(f"{one.wait_without:.0f} → {one.wait_with:.0f}"),
            html.Td(f"{one.lanes_open} → {lanes}" if one.lanes_needed != one.lanes_open else lanes),
        ]
    )


def register(app: Dash, desk: Desk) -> None:
    """The panel answers its two buttons; another site empties it."""

    @app.callback(
        Output(ids.WHAT_IF, "children"),
        Input(ids.CLOSE_LANE, "n_clicks"),
        Input(ids.CLOSE_SITE, "n_clicks"),
        Input(ids.SELECTED, "data"),
        State(ids.VIEW, "data"),
        State(ids.LOOK, "data"),
        prevent_initial_call=True,
    )
    def close(_lane: int | None, _site: int | None, selected: Any, data: Any, look: Any) -> Any:
        closes = {ids.CLOSE_LANE: LANE, ids.CLOSE_SITE: SITE}.get(str(ctx.triggered_id))
        view, sites = asked(desk, looked(data, look)), desk.history.profile.sites
        row = sites.row.get(selected) if isinstance(selected, str) else None
        if closes is None or view is None or row is None or view.scope not in ("", sites.county[row]):
            return None
        return what_if(desk, selected, closes, view)
