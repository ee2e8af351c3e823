"""Video rounds (视频巡查): who is due, the site to look at, and what was found."""

from __future__ import annotations

import json
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import action, heading, help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.missing import missing
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import pick, say
from data.spec import VideoSpec

PANES = (("due", "rounds_due_list"), ("look", "round_pane_look"), ("found", "found_today"))
"""What a phone shows one at a time, with what its button says."""
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


def page(desk: Desk, view: View) -> Component:
    """The page of a profile that has rounds, over the reader's scope; what is missing where it has none."""
    video = desk.profile.spec.video
    if video is None:
        return missing(desk, view, "rounds_none", "/rounds", [])
    return layout(desk, replace(view, scope=view.scope or view.reach), video)


def layout(desk: Desk, view: View, video: VideoSpec) -> Component:
    """The rounds of the reader's scope; `assets/rounds.js` and its neighbours fill them."""
    lang = view.lang
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "rounds"),
            html.Main(
                [
                    panel(
                        "rounds-due",
                        heading(say(lang, "rounds_due_list"), html.Span(id="rounds-sum", className="quiet")),
                        html.Div(id="rounds-list", className="rounds-list", **tags(aria_busy="true")),
                        **tags(data_pane="due", aria_label=say(lang, "rounds_due_list")),
                    ),
                    panel(
                        "rounds-look",
                        html.Div(id="round-site", className="round-site"),
                        html.P(say(lang, "round_keys"), className="round-keys quiet"),
                        **tags(data_pane="look", aria_label=say(lang, "round_pane_look")),
                    ),
                    panel("rounds-found", *_found(lang, view), **tags(data_pane="found")),
                ],
                id="rounds",
                className="rounds-canvas",
                **tags(data_findings=json.dumps(_findings(video, lang), ensure_ascii=False)),
            ),
            html.P(id="round-said", className="round-said", role="status", **tags(aria_live="polite")),
            html.Nav(
                [
                    html.Button(
                        say(lang, word), type="button", **tags(data_round_pane=name, aria_pressed="false")
                    )
                    for name, word in PANES
                ],
                className="round-panes",
            ),
            help_dialog(lang, "rounds"),
        ],
        className="rounds-page",
        id="rounds-page",
        **tags(data_pane="due"),
    )


def _findings(video: VideoSpec, lang: str) -> list[dict[str, str]]:
    """What a look may find, each with its key."""
    return [
        {"id": one.id, "name": pick(one.name, lang), "severity": one.severity, "key": key}
        for one, key in zip(video.findings, KEYS, strict=False)
    ]


def _found(lang: str, view: View) -> list[Component]:
    """Today's findings, and the bulletin of a chosen day."""
    names = (("today", "found_today"), ("day", "bulletin"))
    tabs = [
        html.Button(
            say(lang, word),
            type="button",
            role="tab",
            id=f"found-tab-{name}",
            **tags(
                data_found=name, aria_selected=str(name == "today").lower(), aria_controls=f"found-{name}"
            ),
        )
        for name, word in names
    ]
    csv = [
        html.A("CSV", id="bulletin-csv", className="action", href="/api/v1/findings?format=csv", download="")
    ]
    return [
        html.Div(tabs, className="found-tabs", role="tablist"),
        html.Div(
            id="found-today",
            role="tabpanel",
            className="found-list",
            **tags(aria_labelledby="found-tab-today"),
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Label([say(lang, "bulletin_day"), html.Span(id="bulletin-day")]),
                        action("bulletin-copy", say(lang, "bulletin_copy"), say(lang, "bulletin_copy")),
                        *(csv if "export" in view.may else []),
                    ],
                    className="bulletin-head",
                ),
                html.Div(id="bulletin-counts", className="bulletin-counts"),
                html.Pre(id="bulletin-text", className="bulletin-text", tabIndex=0),
            ],
            id="found-day",
            role="tabpanel",
            hidden=True,
            **tags(aria_labelledby="found-tab-day"),
        ),
    ]
