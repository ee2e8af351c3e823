"""Files that left the board (导出记录): who had which, of what, from when; and the files still kept."""

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

ONLY = (
    ("all", "export_only_all"),
    ("brief", "export_only_brief"),
    ("snapshot", "export_only_snapshot"),
    ("schedule", "export_only_schedule"),
    ("failed", "export_only_failed"),
)
"""What the list shows, with its name."""


def page(desk: Desk, view: View) -> Component:
    """The exports of the reader's scope; `assets/exports_page.js` fills them."""
    view = replace(view, scope=view.scope or view.reach)
    lang = view.lang
    may = "export" in view.may
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "exports_page", exports=may),
            html.Main(
                panel("exports-known", *(_known(lang) if may else [_may_not(lang)])),
                className="exports-canvas",
            ),
            help_dialog(lang),
        ],
        className="exports-page",
        id="exports-page",
    )


def _known(lang: str) -> list[Component]:
    chips = [
        html.Button(
            say(lang, word), type="button", className="action", **tags(data_only=name, aria_pressed="false")
        )
        for name, word in ONLY
    ]
    return [
        heading(say(lang, "exports_page"), html.Span(id="exports-count", className="quiet", role="status")),
        html.Div(chips, className="exports-only", role="group"),
        html.Div(
            id="exports-list",
            className="exports-list",
            tabIndex=0,
            **tags(aria_busy="true", aria_label=say(lang, "exports_page")),
        ),
    ]


def _may_not(lang: str) -> Component:
    return html.Div(say(lang, "export_may_not"), className="empty")
