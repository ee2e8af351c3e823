"""The pages: what stands at which address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard import ids, theme
from dashboard.board import Board
from dashboard.desk import Desk
from dashboard.loading import BLOCKS
from dashboard.pages import (
    ahead,
    alerts,
    compare,
    county,
    drawer,
    duty,
    exports,
    handover,
    response,
    rounds,
    silences,
    wall,
)
from dashboard.pages.missing import missing
from dashboard.view import View, parse_view
from dashboard.words import pick

PAGES: dict[str, Callable[[Desk, View], Component]] = {
    "rounds": rounds.page,
    "alerts": alerts.page,
    "response": response.page,
    "handover": handover.page,
    "silences": silences.page,
    "duty": duty.page,
    "exports": exports.page,
}
"""Address to the page that stands there, over the reader's own scope; `components.menu` leads to them."""


def page(board: Desk, path: str, search: str | None) -> Component:  # noqa: PLR0911  (one for each address)
    """The page at an address; a page that says what is wrong where there is none.

    The wall is for readers of the whole prefecture: a county's reader has the county in its place.
    """
    profile = board.profile
    languages = profile.spec.languages
    parts = [unquote(part) for part in path.split("/") if part]
    view = parse_view(search, languages, access=board.access)
    if board.narrow("") is None:  # an edit of the profile took the reader's county away
        return missing(board, view, "unknown_county", view.reach, [])
    # A county's display is a wall all the same: what it shows is the county's.
    if view.reach and parts in ([["county"]] if view.kiosk else [[], ["county"]]):
        parts = ["county", view.reach]
    match parts:
        case []:
            return wall.layout(board, replace(view, scope=view.reach))
        case ["county"]:
            return county.layout(board, view)
        case ["county", adcode] if adcode in profile.county_name:
            return county.layout(board, replace(view, scope=adcode))
        case ["county", adcode]:
            return missing(board, view, "unknown_county", adcode, sorted(profile.county_name.items()))
        case [name] if name in PAGES:
            return PAGES[name](board, view)
        case ["site", site_id] if site_id in profile.sites.row:
            return county.site_layout(board, view, site_id)
        case ["site", site_id]:
            return missing(board, view, "unknown_site", site_id, [])
        case _:
            return missing(board, view, "not_found", path, [])


def title(board: Board) -> str:
    """The board's title in the profile's first language."""
    spec = board.profile.spec
    return pick(spec.title, spec.languages[0])


def index(board: Board) -> str:
    """The page that carries every other: the language, the palette, and nothing from elsewhere."""
    language = board.profile.spec.languages[0]
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
{{%metas%}}
<title>{{%title%}}</title>
{{%favicon%}}
{{%css%}}
<style>{theme.css_variables()}</style>
</head>
<body>
{{%app_entry%}}
<footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
</body>
</html>"""


def register_all(app: Dash, board: Board) -> None:
    """Give the app its layout and the callbacks of every page."""
    desk = Desk(board)
    app.index_string = index(board)
    app.layout = html.Div(
        [
            dcc.Location(id=ids.LOCATION, refresh="callback-nav"),
            dcc.Store(id=ids.MINUTE),
            dcc.Store(id=ids.LOOK),
            dcc.Store(id=ids.SELECTED),
            dcc.Store(id=ids.COMPARED),
            dcc.Store(id=ids.OPENED),
            html.Div(html.Div([html.I() for _ in range(BLOCKS)], className="opening"), id=ids.PAGE),
        ]
    )

    @app.callback(
        Output(ids.PAGE, "children"), Input(ids.LOCATION, "pathname"), State(ids.LOCATION, "search")
    )
    def show_page(path: str | None, search: str | None) -> Any:
        return page(desk, path or "/", search)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(namespace="threeline", function_name="open"),
        Output(ids.OPENED, "data"),
        Input(ids.VIEW, "data"),
    )
    wall.register(app, desk)
    drawer.register(app, desk)
    ahead.register(app, desk)
    compare.register(app, desk)
