"""A county, or the whole prefecture: its map and its sites as a table, and the one that is selected."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components.account import account_menu
from dashboard.components.atoms import action, help_dialog, tags
from dashboard.components.bar import top_bar
from dashboard.components.holding import holding_panel
from dashboard.components.map_panel import map_panel
from dashboard.desk import Desk
from dashboard.figures.base_map import base_map
from dashboard.pages.compare import compare_panel
from dashboard.pages.drawer import drawer
from dashboard.pages.shell import page_store
from dashboard.pages.summary import summary
from dashboard.pages.table import table_panel
from dashboard.pages.wall import alerts_panel
from dashboard.view import View
from dashboard.words import pick, say

PANES = ("map", "list", "alerts", "search")
"""What a phone shows one at a time; on a desk they stand beside one another."""


def layout(desk: Desk, view: View) -> Component:
    """The sites of a view's scope: map and table are equals, and each selects in the other."""
    profile, lang = desk.profile, view.lang
    held = holding_panel(profile, lang, view.scope) if view.scope else None
    title = pick(profile.spec.title, lang)
    name = profile.county_name.get(view.scope, view.scope) or say(lang, "all_sites")
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            top_bar(
                name,
                lang,
                # Whose county it is has no wall to go back to.
                home="" if view.reach else f"/?lang={lang}",
                under=title,
                exports="export" in view.may,
                account=account_menu(desk.access, lang, desk.form_token),
            ),
            summary(profile, lang, places=not view.reach and len(desk.scopes) > 1),
            html.Main(
                [
                    html.Div(
                        [
                            map_panel(profile, base_map(profile, view), lang, counties=False),
                            _side(lang, held),
                        ],
                        className="county-map",
                        **tags(data_pane="map"),
                    ),
                    table_panel(view),
                    compare_panel(lang),
                    drawer(lang),
                ],
                className="county-canvas",
            ),
            _places(desk, view),
            _pane_bar(lang),
            help_dialog(lang, "alerts", "map", "list"),
        ],
        className="county",
        id="county",
        **tags(data_tab="list"),
    )


def site_layout(desk: Desk, view: View, site_id: str) -> Component:
    """The page of one site: its county with the site selected."""
    sites = desk.profile.sites
    county = str(sites.county[sites.row[site_id]])
    return layout(desk, replace(view, scope=county, site=site_id))


def _side(lang: str, held: Component | None) -> Component:
    """What is wrong: alerts, and where the lines do not hold; one of them at a time."""
    tab = [("alerts", say(lang, "alerts"))] + ([("gaps", say(lang, "does_it_hold"))] if held else [])
    buttons = [
        html.Button(
            [word, html.B(id=f"side-{name}-count")],
            type="button",
            role="tab",
            id=f"side-tab-{name}",
            **tags(data_side=name, aria_selected=str(name == "alerts").lower(), aria_controls=f"side-{name}"),
        )
        for name, word in tab
    ]
    return html.Div(
        [
            html.Div(buttons, className="side-tabs", role="tablist", **tags(aria_label=say(lang, "alerts"))),
            html.Div(
                alerts_panel(lang),
                id="side-alerts",
                role="tabpanel",
                **tags(aria_labelledby="side-tab-alerts"),
            ),
            *(
                [
                    html.Div(
                        held,
                        id="side-gaps",
                        role="tabpanel",
                        hidden=True,
                        **tags(aria_labelledby="side-tab-gaps"),
                    )
                ]
                if held
                else []
            ),
        ],
        className="county-side",
        **tags(data_pane="alerts"),
    )


def _places(desk: Desk, view: View) -> Component:
    """The way to the other counties, and to all together, in the same language and at the same time."""
    rest = f"?lang={view.lang}" + (f"&at={view.at}" if view.at else "")
    here = [("", say(view.lang, "all_sites")), *desk.scopes.items()]
    links = [
        html.A(
            name,
            href="/county" + (f"/{adcode}" if adcode else "") + rest,
            **tags(aria_current="page" if adcode == view.scope else "false", data_place=adcode),
        )
        for adcode, name in here
    ]
    return html.Dialog(
        [
            html.H2(say(view.lang, "go_to_county")),
            html.Nav(links),
            action("close-places", say(view.lang, "close"), say(view.lang, "close")),
        ],
        id="places",
        **tags(data_alone="true" if view.reach else "false"),
    )


def _pane_bar(lang: str) -> Component:
    """What a thumb reaches on a phone: map, list, alerts, search."""
    return html.Nav(
        [
            html.Button(
                [
                    html.I(className=f"pane-icon for-{pane}", **tags(aria_hidden="true")),
                    html.Span(say(lang, f"pane_{pane}")),
                    html.B(id=f"pane-{pane}-count"),
                ],
                type="button",
                **tags(data_tab=pane, aria_pressed="false"),
            )
            for pane in PANES
        ],
        className="pane-bar",
        **tags(aria_label=say(lang, "panes")),
    )
