"""Duty (勤务与值班): the level in force in the prefecture and each county, and which team is where."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import heading, help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import say


def page(desk: Desk, view: View) -> Component:
    """The page over the reader's scope; `assets/duty.js` and `assets/duty_roster.js` fill it."""
    view = replace(view, scope=view.scope or view.reach)
    lang, profile = view.lang, desk.profile
    rostered = profile.spec.roster is not None
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "duty_page"),
            html.Main(
                [
                    panel(
                        "duty-now",
                        heading(say(lang, "duty_levels")),
                        html.Div(id="duty-levels", className="duty-part", **tags(aria_busy="true")),
                        heading(say(lang, "duty_history")),
                        html.Div(id="duty-history", className="duty-part duty-history"),
                        **tags(aria_label=say(lang, "duty_levels")),
                    ),
                    panel(
                        "duty-teams",
                        heading(
                            say(lang, "duty_roster"),
                            html.Span(
                                [
                                    html.Span(say(lang, "duty_at"), className="quiet"),
                                    html.Span(id="duty-when"),
                                ],
                                className="duty-time",
                                hidden=not rostered,
                            ),
                        ),
                        html.Div(id="duty-strength", className="duty-strength"),
                        html.Div(id="duty-roster", className="duty-part", **tags(aria_busy="true")),
                        **tags(aria_label=say(lang, "duty_roster")),
                    ),
                ],
                id="duty-page",
                className="duty-canvas",
                **tags(data_rostered=str(rostered).lower()),
            ),
            html.P(id="duty-said", className="round-said", role="status", **tags(aria_live="polite")),
            help_dialog(lang),
        ],
        className="duty-page",
    )
