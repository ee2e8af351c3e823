"""Shift handover (交接班): what is handed over, the two signatures under it, and those of before."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.area import whole
from dashboard.components.atoms import heading, help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import say


def page(desk: Desk, view: View) -> Component:
    """The handovers of the reader's scope; `assets/handover.js` fills them."""
    view = replace(view, scope=view.scope or view.reach)
    lang = view.lang
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "handover"),
            html.Main(
                [
                    html.Div(
                        [
                            *([_new(desk, view)] if "operate" in view.may else [_may_not(lang)]),
                            panel(
                                "handover-known",
                                heading(say(lang, "handover_list")),
                                html.Div(
                                    id="handover-list", className="handover-list", **tags(aria_busy="true")
                                ),
                                **tags(aria_label=say(lang, "handover_list")),
                            ),
                        ],
                        className="handover-side",
                    ),
                    panel(
                        "handover-one",
                        html.Div(id="handover-one", className="handover-paper"),
                        **tags(aria_label=say(lang, "handover")),
                    ),
                ],
                className="handover-canvas",
            ),
            html.P(id="handover-said", className="round-said", role="status", **tags(aria_live="polite")),
            help_dialog(lang),
        ],
        className="handover-page",
        id="handover-page",
    )


def _new(desk: Desk, view: View) -> Component:
    """Drawing one up: for which scope, from when, with which words."""
    lang = view.lang
    scopes = [] if view.scope else [("", whole(desk.profile.spec.place, lang)), *desk.scopes.items()]
    return panel(
        "handover-new",
        heading(say(lang, "handover_new")),
        html.Div(
            [
                *([_field(lang, "handover_scope", _select("handover-scope", scopes))] if scopes else []),
                _field(lang, "handover_from", _select("handover-from", [])),
                _field(
                    lang,
                    "handover_note",
                    html.Textarea(
                        id="handover-note",
                        maxLength=1000,
                        rows=4,
                        placeholder=say(lang, "handover_note_hint"),
                    ),
                ),
                html.Button(
                    say(lang, "handover_draw"), id="handover-draw", type="button", className="action"
                ),
            ],
            className="handover-form",
        ),
        **tags(aria_label=say(lang, "handover_new")),
    )


def _may_not(lang: str) -> Component:
    return html.P(say(lang, "handover_may_not"), className="handover-hint")


def _field(lang: str, word: str, control: Component) -> Component:
    return html.Label([html.Span(say(lang, word)), control])


def _select(name: str, options: list[tuple[str, str]]) -> Component:
    return html.Select([html.Option(text, value=value) for value, text in options], id=name)
