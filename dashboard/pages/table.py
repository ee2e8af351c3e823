"""The table of sites: the map's equal, for whoever cannot use one or wants to sort and filter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import action, tags
from dashboard.view import View
from dashboard.words import say

FOLLOWED_BY_SCRIPT = (
    "onFilterChanged",
    "onSortChanged",
    "onRowDataUpdated",
    "onAsyncTransactionsFlushed",
    "onSelectionChanged",
    "onCellClicked",
)
"""Events that dash-ag-grid tells the server's side of: it copies all rows at each, some milliseconds for ten
thousand, and nobody here listens. `assets/table.js` fills the grid and hears the grid itself."""


def table_panel(view: View) -> Component:
    """The table with what filters it and what it can be taken away as."""
    lang = view.lang
    return html.Div(
        [
            html.Div(
                [
                    html.Div(id="table-filter", className="table-filter"),
                    html.Span(id="table-count", className="quiet", role="status"),
                    action("clear-filters", say(lang, "clear_filters"), say(lang, "clear_filters")),
                    html.Button(
                        [html.Span(say(lang, "compare")), html.B(id="compare-count")],
                        type="button",
                        className="action",
                        id="open-compare",
                        **tags(data_do="open-compare"),
                    ),
                ],
                className="table-tools",
            ),
            _grid(view),
            *export_links(view),
        ],
        className="panel county-table",
        **tags(data_pane="list"),
    )


def export_links(view: View) -> list[Component]:
    """What the table shows as a file, and all of it in several forms; for who may have it."""
    if "export" not in view.may:
        return []
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
    shown = html.Nav(
        [
            action("export-shown", say(view.lang, "export_shown"), say(view.lang, "export_shown_note")),
            html.Span(say(view.lang, "export_all"), className="quiet"),
            *links,
        ],
        className="export-links",
    )
    return [shown]


def _columns(view: View) -> list[dict[str, Any]]:
    lang = view.lang
    number = {
        "type": "rightAligned",
        "filter": "agNumberColumnFilter",
        # Whoever looks for a wait or a queue looks for one from some length on.
        "filterParams": {"defaultOption": "greaterThanOrEqual"},
        "valueFormatter": {"function": "threelineNumber(params)"},
        "cellClass": {"function": "threelineLevel(params)"},
        "sortingOrder": ["desc", "asc", None],
    }
    numbers = (
        ("wait_min", f"{say(lang, 'wait')} {say(lang, 'minutes')}", 104),
        ("queue_m", f"{say(lang, 'queue')} {say(lang, 'metres')}", 96),
        ("persons_per_hour", say(lang, "persons_per_hour"), 108),
        ("vehicles_per_hour", say(lang, "vehicles_per_hour"), 108),
        ("lanes_open", say(lang, "lanes"), 84),
        ("staff_on_duty", say(lang, "staff"), 92),
        ("staff_required", say(lang, "staff_required"), 108),
    )
    whole: list[dict[str, Any]] = (
        [] if view.scope else [{"field": "county_name", "headerName": say(lang, "county"), "width": 104}]
    )
    return [
        {
            "field": "compared",
            "headerName": say(lang, "compare_short"),
            "width": 56,
            "pinned": "left",
            "sortable": False,
            "resizable": False,
            "cellRenderer": "CompareCell",
            "cellClass": "compare-cell",
        },
        {
            "field": "name",
            "headerName": say(lang, "site"),
            "filter": True,
            "pinned": "left",
            "width": 188,
            "cellRenderer": "SiteCell",
        },
        {
            "field": "status",
            "headerName": say(lang, "status"),
            "width": 132,
            "cellRenderer": "StatusCell",
            "sortingOrder": ["desc", "asc", None],
        },
        *({"field": field, "headerName": head, **number, "width": width} for field, head, width in numbers),
        {
            "field": "observed_at",
            "headerName": say(lang, "age"),
            "width": 108,
            "valueFormatter": {"function": "threelineAge(params)"},
            "sortingOrder": ["asc", "desc", None],
        },
        *({**column, "filter": True} for column in whole),
        {"field": "line_name", "headerName": say(lang, "line"), "filter": True, "width": 120},
        {"field": "kind_name", "headerName": say(lang, "kind"), "filter": True, "width": 150},
        {"field": "method_name", "headerName": say(lang, "method"), "width": 90, "filter": True},
        {"field": "site_id", "headerName": say(lang, "site_number"), "width": 120, "filter": True},
    ]


def _grid(view: View) -> Component:
    """Every site of the scope with its live values; the script fills it from what the map is drawn of."""
    grid: Component = dag.AgGrid(
        id=ids.TABLE,
        columnDefs=_columns(view),
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressMovable": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
            # The rows are put in order as a whole: see `threelineOrder`.
            "comparator": {"function": "threelineAsTheyStand"},
        },
        getRowId="params.data.site_id",
        dashGridOptions={
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
            "rowHeight": 34,
            "animateRows": False,
            # Every row beside those in sight is drawn, and thrown away, with each filter.
            "rowBuffer": 4,
            "postSortRows": {"function": "threelineOrder(params)"},
            "suppressCellFocus": False,
            "localeText": _grid_words(view.lang),
            "accentedSort": False,
            **dict.fromkeys(FOLLOWED_BY_SCRIPT),
        },
        className="ag-theme-quartz-dark grid",
        style={"height": "100%"},
    )
    return grid


def _grid_words(lang: str) -> dict[str, str]:
    """The grid's own words, where they are not English."""
    words = {
        "loadingOoo": "loading",
        "noRowsToShow": "no_sites",
        "filterOoo": "grid_filter",
        "equals": "grid_equals",
        "notEqual": "grid_not_equal",
        "blank": "grid_blank",
        "notBlank": "grid_not_blank",
        "lessThan": "grid_less",
        "greaterThan": "grid_greater",
        "lessThanOrEqual": "grid_less_or_equal",
        "greaterThanOrEqual": "grid_greater_or_equal",
        "inRange": "grid_between",
        "inRangeStart": "grid_from",
        "inRangeEnd": "grid_to",
        "contains": "grid_contains",
        "notContains": "grid_not_contains",
        "startsWith": "grid_starts",
        "endsWith": "grid_ends",
        "andCondition": "grid_and",
        "orCondition": "grid_or",
        "noMatchingRows": "no_match",
    }
    return {name: say(lang, key) for name, key in words.items()}
