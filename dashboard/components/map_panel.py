"""The map and what is written on it: legend, scale, north, footer, counties."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import action, glyph, heading, panel, tags
from dashboard.words import pick, say
from data.profile import Profile

LEGEND_STATUSES = ("normal", "busy", "congested", "no_data", "offline", "closed")


def toggle(layer: str, mark: Component, label: str) -> Component:
    """A line of the legend that switches its layer off and on."""
    return html.Button([mark, label], type="button", **tags(data_layer=layer, aria_pressed="true"))


def legend(profile: Profile, lang: str) -> Component:
    """Shape says which line; colour and what is inside say status; a ring says an unanswered alert."""
    return html.Div(
        [
            html.Button(
                say(lang, "legend"),
                type="button",
                className="legend-fold",
                **tags(data_do="legend", aria_expanded="true"),
            ),
            html.Div(
                [toggle(line.id, glyph(line.shape), pick(line.name, lang)) for line in profile.spec.lines]
                + [
                    toggle(kind, html.I(className=f"mark {kind}"), say(lang, kind))
                    for kind in ("fences", "roads", "crossings")
                    if any(layer.kind == kind for layer in profile.spec.layers)
                ]
                + _openings(profile, lang)
                # Shown by the script while anything is closed or is to be.
                + [toggle("closures", html.I(className="closure-mark"), say(lang, "closure_mark"))],
                className="legend-row",
            ),
            html.Div(
                [
                    html.Span([html.I(className="dot", **tags(data_status=status)), say(lang, status)])
                    for status in LEGEND_STATUSES
                ]
                + [
                    html.Span([html.I(className="ring"), say(lang, "ring")]),
                    html.Span([html.I("8", className="cluster"), say(lang, "cluster")]),
                ],
                className="legend-row",
            ),
        ],
        className="legend",
        **tags(aria_label=say(lang, "legend")),
    )


def _openings(profile: Profile, lang: str) -> list[Component]:
    """Where lines do not hold: gaps, those with nobody behind them, and exits."""
    marks = []
    if profile.border is not None and any(line.border for line in profile.spec.lines):
        judged = profile.spec.coverage.depth_km is not None
        kinds = [("gap_exposed", "false"), ("gap_backed", "true")] if judged else [("gap", "null")]
        marks += [
            toggle("gaps", html.I(className="gap-mark", **tags(data_backed=backed)), say(lang, word))
            for word, backed in kinds
        ]
        # Shown by the script while there is such a stretch.
        unknown = html.I(className="gap-mark", **tags(data_backed="unknown"))
        marks.append(toggle("gaps", unknown, say(lang, "border_unknown")))
    if any(line.ring_m is not None for line in profile.spec.lines):
        marks.append(toggle("exits", html.I(className="exit-mark"), say(lang, "exit_open")))
    return marks


def footer(profile: Profile, lang: str) -> str:
    """Where the positions and the boundaries are from, and the approval number where there is one."""
    demonstration = (profile.sites.position_source == "demonstration").any()
    parts = [
        say(lang, "demonstration") if demonstration else "",
        pick(profile.spec.map.source, lang),
        f"{say(lang, 'approval')} {profile.spec.map.approval_number}"
        if profile.spec.map.approval_number
        else "",
    ]
    return " · ".join(part for part in parts if part)


def key_panel(profile: Profile, lang: str) -> Component:
    """Beside the wall's map, so that nothing lies over it: every county with its numbers, and the legend."""
    counties = html.Nav(
        [
            heading(
                say(lang, "counties"),
                html.A(say(lang, "all_sites"), href=f"/county?lang={lang}", className="all-sites"),
            ),
            html.Div(id="counties", title=say(lang, "persons_h_online")),
        ],
        className="counties",
        **tags(aria_label=say(lang, "counties")),
    )
    return panel("key-panel", *([counties] if len(profile.counties) else []), legend(profile, lang))


def map_panel(profile: Profile, figure: Any, lang: str, *, counties: bool) -> Component:
    """The live map; without `counties`, whose panel carries the legend, the legend lies on the map."""
    return panel(
        "map-panel",
        html.Div(
            dcc.Graph(
                figure=figure,
                config={
                    "displayModeBar": False,
                    "responsive": True,
                    "scrollZoom": True,
                    "doubleClick": False,
                },
                className="map-graph",
            ),
            id=ids.MAP,
        ),
        html.Div(html.P(say(lang, "map_failed")), className="map-loading"),
        *([] if counties else [legend(profile, lang)]),
        html.Div(id="place", className="place", hidden=True),
        html.Div(
            [
                html.Div([html.Span(id="scale-text"), html.I(id="scale-line")], className="scale"),
                html.Span([say(lang, "north"), html.I("▲")], className="north"),
                action("home", "⌂", say(lang, "back_to_wall")),
            ],
            className="map-tools",
        ),
        html.Div([footer(profile, lang), html.Span(id="basemap-credit")], className="map-footer"),
        html.Div(id="hint", hidden=True),
    )
