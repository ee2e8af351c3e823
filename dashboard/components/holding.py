"""Whether a line holds, under its numbers: kilometres of border not held, the worst gaps, exits held."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import glyph, live, panel
from dashboard.words import pick, say
from data.ground import ground_of
from data.profile import Profile
from data.rings import rings_of
from data.spec import LineSpec


def holding(line: LineSpec, lang: str, *, judged: bool) -> list[Component]:
    """What is told of a line that counts a border or closes a ring; `judged`: the depth behind it is."""
    path = f"lines.{line.id}"
    rows: list[Component] = []
    if line.border:
        depth = html.Span(
            [say(lang, "exposed"), " ", live(f"{path}.km_exposed", "km"), " km"], className="exposed"
        )
        rows += [
            html.Div(
                [
                    html.B([say(lang, "uncovered"), " ", live(f"{path}.km_uncovered", "km")]),
                    html.Span(["/", live(f"{path}.km", "km"), " km"], className="quiet"),
                    *([depth] if judged else []),
                    html.Span(id=f"line-count-{line.id}", className="quiet gaps"),
                ],
                className="card-border",
            ),
            html.Div(id=f"line-gaps-{line.id}", className="gap-list"),
        ]
    if line.ring_m is not None:
        open_ = html.Div(id=f"line-exits-{line.id}", className="exit-list")
        rows.append(html.Div([*exits(line, lang), open_], className="card-border"))
    return rows


def stated(line: LineSpec, lang: str) -> list[Component]:
    """The border's length as a document counts it beside the geometry's own; nothing where none is stated."""
    if line.stated_km is None:
        return []
    own = live(f"lines.{line.id}.km", "km")
    text = say(lang, "stated_km", n=f"{line.stated_km:g}")
    return [html.Div([text, " · ", say(lang, "drawn"), " ", own, " km"], className="quiet stated")]


def exits(line: LineSpec, lang: str) -> list[Component]:
    """How many exits of the ring that a line closes are held; nothing for a line that closes none."""
    path = f"lines.{line.id}"
    if line.ring_m is None:
        return []
    counts: list[Any] = [live(f"{path}.exits_held", "count"), "/", live(f"{path}.exits", "count")]
    return [html.Span([say(lang, "exits_held"), " ", html.B(counts)], className="exits")]


def holding_panel(profile: Profile, lang: str, scope: str) -> Component | None:
    """The same for every line of a county that has a border or exits; None where it has neither."""
    judged = profile.spec.coverage.depth_km is not None
    border, ring = scope in ground_of(profile).county_km, scope in rings_of(profile).county
    sections = [
        html.Div(
            [
                html.H3([glyph(line.shape), pick(line.name, lang)]),
                *holding(line, lang, judged=judged),
            ],
            id=f"line-{line.id}",
        )
        for line in profile.spec.lines
        if (line.border and border) or (line.ring_m is not None and ring)
    ]
    return panel("holding", *sections) if sections else None
