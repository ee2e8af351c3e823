"""How fast alerts were answered, by line, county and shift."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View


def page(desk: Desk, view: View) -> Component:
    """The response times of the reader's scope."""
    return html.Div([page_store(desk, view, scrolls=True)], id="response-page")
