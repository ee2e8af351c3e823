"""Every open alert, the answered and the hidden ones, and those that are over."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View


def page(desk: Desk, view: View) -> Component:
    """The alerts of the reader's scope."""
    return html.Div([page_store(desk, view, scrolls=True)], id="alerts-page")
