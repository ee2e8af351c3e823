"""The site drawer: what one site is, what it reports now, and its last 24 hours."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard import ids, theme
from dashboard.board import Board
from dashboard.components.atoms import action, glyph, live, tags
from dashboard.figures.trend import site_chart, times
from dashboard.pages.shell import asked
from dashboard.words import pick, say
from data.service import today

STEP_S = 900


def drawer(lang: str) -> Component:
    """The empty drawer of a page; it opens when a site is selected."""
    return html.Aside(
        [action("close-site", "×", say(lang, "close")), html.Div(id=ids.DRAWER_BODY)],
        id=ids.DRAWER,
        className="drawer",
        hidden=True,
    )


def site_body(board: Board, site_id: str, lang: str, at: int) -> list[Component]:
    """A site's facts, live values and charts; `at` ends the 24 hours, epoch seconds."""
    profile = board.engine.profile
    sites = profile.sites
    row = sites.row[site_id]
    line = profile.line[str(sites.line[row])]
    kind = profile.spec.kinds[str(sites.kind[row])]
    county = str(sites.county[row])
    facts = [
        pick(line.name, lang),
        pick(kind.name, lang) + (f" · {say(lang, 'smart')}" if sites.smart[row] else ""),
        profile.county_name.get(county, county),
        site_id,
    ]
    path = f"sites.{site_id}"
    numbers = [
        ("wait", f"{path}.wait_min", "whole", say(lang, "minutes")),
        ("queue", f"{path}.queue_m", "whole", say(lang, "metres")),
        ("persons_per_hour", f"{path}.persons_per_hour", "count", ""),
        ("vehicles_per_hour", f"{path}.vehicles_per_hour", "count", ""),
        ("lanes", f"{path}.lanes_open", "whole", _of(sites.lanes_total[row])),
        (
            "staff",
            f"{path}.staff_on_duty",
            "whole",
            _of(sites.staff_required[profile.spec.duty.current][row]),
        ),
    ]
    return [
        html.H2([glyph(line.shape), str(sites.name[row])]),
        html.P(" · ".join(fact for fact in facts if fact), className="quiet"),
        *_days(board, row, lang, at),
        html.P(id="site-status", className="site-status", **tags(data_site_status=site_id)),
        html.Div(id="site-alerts", className="alerts", **tags(data_site_alerts=site_id, data_roomy="true")),
        html.Dl(
            [
                html.Div([html.Dt(say(lang, key)), html.Dd([live(where, fmt), html.Small(unit)])])
                for key, where, fmt, unit in numbers
            ],
            className="site-numbers",
        ),
        *_charts(board, site_id, lang, at),
    ]


def _days(board: Board, row: int, lang: str, at: int) -> list[Component]:
    """When the site opens, closes or has closed, as of a moment."""
    sites, day = board.engine.profile.sites, today(at, board.engine.profile.zone)
    opened, closed = str(sites.opened_on[row]), str(sites.closed_on[row])
    # Days written year first sort as they follow one another.
    said = [say(lang, "site_opens", day=opened)] if opened > day else []
    if closed:
        said.append(say(lang, "site_closes" if closed > day else "site_closed", day=closed))
    return [html.P(" · ".join(said), className="site-days")] if said else []


def _of(value: float) -> str:
    return "" if value != value else f"/ {value:.0f}"  # noqa: PLR0124 (NaN)


def _charts(board: Board, site_id: str, lang: str, at: int) -> list[Component]:
    status = board.engine.profile.spec.status
    zone = board.engine.profile.zone
    wanted = [
        ("persons_per_hour", "persons_per_hour", None, theme.ACCENT),
        ("wait_min", "wait", status.congested_wait_min, theme.STATUS["busy"]),
        ("queue_m", "queue", status.congested_queue_m, theme.STATUS["normal"]),
    ]
    start = (at - 86400) // STEP_S * STEP_S
    drawn: list[Component] = []
    for metric, key, limit, colour in wanted:
        points = board.engine.history.series(site_id, metric, start, at, STEP_S)
        values = [value for _, value in points]
        if all(value is None for value in values):
            continue
        figure = site_chart(
            times([moment for moment, _ in points], zone),
            values,
            label=say(lang, key),
            limit=limit,
            limit_label=f"{say(lang, 'threshold')} {limit:g}" if limit is not None else "",
            colour=colour,
        )
        drawn.append(html.H3(f"{say(lang, key)} · {say(lang, 'last_24h')}"))
        drawn.append(
            dcc.Graph(
                figure=figure,
                config={"displayModeBar": False, "responsive": True},
                className="site-chart",
                style={"height": "max(13rem, 120px)"},
            )
        )
    return drawn or [html.P(say(lang, "no_readings"), className="empty")]


def register(app: Dash, board: Board) -> None:
    """Selecting a site, on the map or in a list, opens the drawer."""

    @app.callback(
        Output(ids.DRAWER, "hidden"),
        Output(ids.DRAWER_BODY, "children"),
        Input(ids.SELECTED, "data"),
        Input(ids.VIEW, "data"),
        Input(ids.MINUTE, "data"),
    )
    def open_drawer(selected: str | None, data: Any, _minute: int | None) -> tuple[bool, Any]:
        view, sites = asked(board, data), board.engine.profile.sites
        row = sites.row.get(str(selected)) if view else None
        if view is None or row is None or view.scope not in ("", sites.county[row]):
            return True, None
        return False, site_body(board, str(selected), view.lang, board.moment(view.at))
