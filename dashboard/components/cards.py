"""The cards of the three lines."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.atoms import chart, glyph, live, panel
from dashboard.components.holding import holding, stated
from dashboard.words import pick, say
from data.spec import LineSpec


def line_card(line: LineSpec, lang: str, spark: Any, *, judged: bool) -> Component:
    """One line: who is online, what passes, who is on post, what is wrong, its last day, whether it holds.

    `judged` says whether the depth behind the border is.
    """
    path = f"lines.{line.id}"
    return panel(
        "card",
        html.Header(
            [
                glyph(line.shape),
                html.H2(pick(line.name, lang)),
                html.Span(pick(line.short, lang), className="quiet"),
                html.Span(
                    [
                        live(f"{path}.online", "count", "strong"),
                        html.Span(
                            ["/", live(f"{path}.sites", "count"), " ", say(lang, "online")], className="quiet"
                        ),
                    ],
                    className="online",
                ),
            ],
            className="card-head",
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Span(say(lang, f"{what}_per_hour"), className="quiet"),
                        live(f"{path}.{what}_per_hour", "count", "big"),
                    ]
                )
                for what in ("persons", "vehicles")
            ],
            className="card-numbers",
        ),
        chart(ids.spark(line.id), spark, "spark"),
        html.Footer(
            [
                html.Span(
                    [
                        say(lang, "staff"),
                        " ",
                        live(f"{path}.staff_on_duty", "count", "strong"),
                        html.Span(
                            [
                                " / ",
                                html.Span(say(lang, "staff_required"), className="required"),
                                " ",
                                live(f"{path}.staff_required", "count"),
                            ]
                        ),
                    ],
                    className="staff",
                ),
                html.Span(id=f"line-alerts-{line.id}", className="chips"),
            ],
            className="card-foot",
        ),
        *holding(line, lang, judged=judged),
        *stated(line, lang),
        id=f"line-{line.id}",
    )
