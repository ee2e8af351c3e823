"""The page for an address that leads nowhere: what was asked for, and where one can go."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.atoms import tags
from dashboard.desk import Desk
from dashboard.view import View
from dashboard.words import pick, say


def missing(board: Desk, view: View, key: str, got: str, choices: list[tuple[str, str]]) -> Component:
    """Say what was not found, and offer what there is."""
    title = pick(board.profile.spec.title, view.lang)
    return html.Main(
        [
            html.H1(title),
            html.P(say(view.lang, key, got=got), className="missing-what"),
            html.P(say(view.lang, "missing_returns"), className="quiet"),
            html.Ul(
                [
                    html.Li(
                        dcc.Link(f"{name} {adcode}", href=f"/county/{adcode}?lang={view.lang}", refresh=True)
                    )
                    for adcode, name in choices
                ]
            ),
            dcc.Link(
                say(view.lang, "back_to_wall"), href=f"/?lang={view.lang}", className="action", refresh=True
            ),
        ],
        className="missing",
        # The page looks whether the profile has changed since (assets/missing.js).
        **tags(data_missing=board.profile.tag),
    )
