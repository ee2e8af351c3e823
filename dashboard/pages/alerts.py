"""Every alert of the scope (告警处置): what asks, what is answered, watched or hidden, what is over."""

from __future__ import annotations

from dataclasses import replace

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.atoms import action, help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import say

TABS = (
    ("firing", "unanswered"),
    ("acknowledged", "answered"),
    ("pending", "pending_n"),
    ("hidden", "hidden_n"),
    ("resolved", "resolved_day"),
)
"""What the list shows one at a time, with its name."""
SORTS = (("worst", "sort_worst"), ("oldest", "sort_oldest"), ("newest", "sort_newest"), ("name", "sort_name"))


def page(desk: Desk, view: View) -> Component:
    """The alerts of the reader's scope; `assets/alert_page.js` fills the list and what one alert was."""
    return layout(desk, replace(view, scope=view.scope or view.reach))


def layout(desk: Desk, view: View) -> Component:
    """The list with what filters it, the chosen alert, and how the deliveries stand."""
    lang = view.lang
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "alerts_page"),
            html.Main(
                [
                    panel("alert-list", *_list(lang, view)),
                    panel(
                        "alert-detail",
                        html.Div(id="alert-detail", className="alert-detail-body"),
                        html.Div(id="deliveries", className="deliveries", hidden=True),
                        **tags(aria_label=say(lang, "alert_chosen")),
                    ),
                ],
                id="alert-canvas",
                className="alert-canvas",
            ),
            help_dialog(lang, "alerts", "alerts_page"),
        ],
        className="alerts-page",
        id="alerts-page",
        **tags(data_pane="list"),
    )


def _list(lang: str, view: View) -> list[Component]:
    tabs = [
        html.Button(
            [say(lang, word), html.B(id=f"tab-{name}-count")],
            type="button",
            role="tab",
            **tags(data_alert_tab=name, aria_selected="false", aria_controls="alert-rows"),
        )
        for name, word in TABS
    ]
    text = dcc.Input(
        id="alert-filter", type="search", placeholder=say(lang, "alert_filter"), autoComplete="off"
    )
    choices = [
        html.Select(
            [
                html.Option(say(lang, word), value=value)
                for value, word in (
                    SORTS
                    if name == "sort"
                    else (("", "any_severity"), *((one, one) for one in ("critical", "warning", "notice")))
                )
            ],
            id=f"alert-{name}",
            **tags(aria_label=say(lang, "severity_of" if name == "severity" else "sort_by")),
        )
        for name in ("severity", "sort")
    ]
    rules = html.Select(
        [html.Option(say(lang, "any_rule"), value="")],
        id="alert-rule",
        **tags(aria_label=say(lang, "rule_of")),
    )
    chosen = (
        [action("answer-chosen", say(lang, "answer_chosen"), say(lang, "answer_chosen"))]
        if "operate" in view.may
        else []
    )
    return [
        html.Div(tabs, className="found-tabs alert-tabs", role="tablist"),
        html.Div([text, rules, *choices, *chosen], className="alert-tools"),
        html.P(id="alert-count", className="quiet", role="status"),
        html.Div(
            html.Div(id="alert-rows-all"),
            id="alert-rows",
            role="tabpanel",
            tabIndex=0,
            **tags(aria_label=say(lang, "alerts")),
        ),
    ]
