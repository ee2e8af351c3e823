"""How fast alerts were answered (处置时效), over any span: by line, county, shift and rule."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import say

SPANS = (("1", "span_day"), ("7", "span_week"), ("30", "span_month"))
"""Days that a button asks for, and what it says."""
BY = (
    ("line", "times_by_line"),
    ("county", "times_by_county"),
    ("shift", "times_by_shift"),
    ("rule", "times_by_rule"),
)


def page(desk: Desk, view: View) -> Component:
    """The response times of the reader's scope; `assets/response.js` fills them."""
    view = replace(view, scope=view.scope or view.reach)
    lang = view.lang
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "response_page"),
            html.Main(
                [
                    html.Div(_span(lang), className="response-span"),
                    html.Div(
                        id="response-whole",
                        className="response-whole",
                        role="status",
                        **tags(aria_busy="true"),
                    ),
                    panel(
                        "response-parts",
                        html.Div(_tabs(lang), className="found-tabs", role="tablist"),
                        html.Div(id="response-rows", role="tabpanel", tabIndex=0),
                    ),
                    panel(
                        "response-course",
                        html.H2(say(lang, "response_course"), id="response-course-title"),
                        html.Div(id="response-course"),
                    ),
                ],
                className="response-canvas",
            ),
            help_dialog(lang),
        ],
        className="response-page",
        id="response-page",
    )


def _span(lang: str) -> list[Component]:
    buttons = [
        html.Button(
            say(lang, word), type="button", className="action", **tags(data_span=days, aria_pressed="false")
        )
        for days, word in SPANS
    ]
    # Filled in by the script: dash has no field of its own for a date alone.
    return [
        *buttons,
        html.Span(id="response-from-to", className="response-dates"),
        html.Span(id="response-note"),
    ]


def _tabs(lang: str) -> list[Component]:
    return [
        html.Button(
            say(lang, word),
            type="button",
            role="tab",
            **tags(data_by=by, aria_selected="false", aria_controls="response-rows"),
        )
        for by, word in BY
    ]
