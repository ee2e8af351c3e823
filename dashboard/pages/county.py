"""A county: its map, its sites as a table, and a drawer for the one that is selected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.board import Board
from dashboard.components.atoms import help_dialog
from dashboard.components.bar import top_bar
from dashboard.components.holding import holding_panel
from dashboard.components.map_panel import map_panel
from dashboard.figures.base_map import base_map
from dashboard.pages.drawer import drawer
from dashboard.pages.shell import page_store
from dashboard.pages.wall import alerts_panel
from dashboard.view import View
from dashboard.words import pick, say


def layout(board: Board, view: View) -> Component:
    """The county of a view's scope: map and table are equals, and each selects in the other."""
    profile = board.engine.profile
    lang = view.lang
    held = holding_panel(profile, lang, view.scope)
    name = profile.county_name.get(view.scope, view.scope) or pick(profile.spec.title, lang)
    return html.Div(
        [
            page_store(board, view, scrolls=True),
            top_bar(name, lang, home=f"/?lang={lang}", under=pick(profile.spec.title, lang)),
            html.Main(
                [
                    html.Div(
                        [
                            map_panel(profile, base_map(profile, view), lang, counties=False),
                            *([held] if held else []),
                            alerts_panel(lang),
                        ],
                        className="county-map",
                    ),
                    html.Div([export_links(view), site_table(board, view)], className="panel county-table"),
                ],
                className="county-canvas",
            ),
            drawer(lang),
            help_dialog(lang),
        ],
        className="county",
    )


def site_layout(board: Board, view: View, site_id: str) -> Component:
    """The page of one site: its county with the site selected."""
    profile = board.engine.profile
    county = str(profile.sites.county[profile.sites.row[site_id]])
    return layout(board, replace(view, scope=county, site=site_id))


def export_links(view: View) -> Component:
    """What the table shows as a file: for a spreadsheet, for QGIS, for a program."""
    asked = {"scope": view.scope, "lang": view.lang, "at": view.at}
    query = {name: value for name, value in asked.items() if value}
    forms: tuple[tuple[str, dict[str, str], str], ...] = (
        ("csv", {"titles": "1"}, "Excel / WPS"),
        ("gpkg", {}, "QGIS"),
        ("geojson", {}, "GeoJSON"),
    )
    links = [
        html.A(label, href=f"/api/v1/export/sites.{form}?{urlencode(query | more)}", download="")
        for form, more, label in forms
    ]
    return html.Nav(
        [html.Span(say(view.lang, "export_as"), className="quiet"), *links], className="export-links"
    )


def site_table(board: Board, view: View) -> Component:
    """Every site of the scope with its live values; filter, sort and keyboard come with the grid."""
    lang = view.lang
    number = {"type": "rightAligned", "filter": "agNumberColumnFilter", "cellClass": "num"}
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": say(lang, "site"), "filter": True, "pinned": "left", "width": 190},
        {
            "field": "status",
            "headerName": say(lang, "status"),
            "filter": True,
            "width": 112,
            "cellRenderer": "StatusCell",
            "comparator": {"function": "threelineStatusOrder"},
        },
        *(
            {"field": field, "headerName": header, **number, "width": width}
            for field, header, width in (
                ("wait_min", f"{say(lang, 'wait')} {say(lang, 'minutes')}", 90),
                ("queue_m", f"{say(lang, 'queue')} {say(lang, 'metres')}", 90),
                ("persons_per_hour", say(lang, "persons_per_hour"), 104),
                ("vehicles_per_hour", say(lang, "vehicles_per_hour"), 104),
                ("lanes_open", say(lang, "lanes"), 84),
                ("staff_on_duty", say(lang, "staff"), 84),
                ("staff_required", say(lang, "staff_required"), 84),
            )
        ),
        {"field": "age", "headerName": say(lang, "age"), "width": 112, "sortable": False, "filter": False},
        {"field": "line_name", "headerName": say(lang, "line"), "filter": True, "width": 120},
        {"field": "kind_name", "headerName": say(lang, "kind"), "filter": True, "width": 150},
        {"field": "method", "headerName": say(lang, "method"), "width": 90, "filter": True},
    ]
    grid: Component = dag.AgGrid(
        id=ids.TABLE,
        rowData=table_rows(board, view),
        columnDefs=columns,
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressMovable": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        getRowId="params.data.site_id",
        dashGridOptions={
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "rowHeight": 34,
            "animateRows": False,
            "suppressCellFocus": False,
        },
        className="ag-theme-quartz-dark grid",
        style={"height": "100%"},
    )
    return grid


def table_rows(board: Board, view: View) -> list[dict[str, Any]]:
    """The facts of each site that do not change; the live script fills in the rest."""
    profile = board.engine.profile
    sites = profile.sites
    return [
        {
            "site_id": str(sites.site_id[row]),
            "name": str(sites.name[row]),
            "line_name": pick(profile.line[str(sites.line[row])].name, view.lang),
            "kind_name": pick(profile.spec.kinds[str(sites.kind[row])].name, view.lang),
            "status": "no_data",
        }
        for row in range(len(sites))
        if view.scope in ("", sites.county[row])
    ]
