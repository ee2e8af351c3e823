"""How the scope stands, above everything: sites by status, the lines; each part filters the table."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import action, glyph, live, tags
from dashboard.words import pick, say
from data.profile import Profile
from data.spec import LineSpec

STATUSES = ("congested", "busy", "normal", "no_data", "offline", "closed")
"""In the order of how much they want to be looked at."""


def summary(profile: Profile, lang: str, *, places: bool) -> Component:
    """The band under the bar; the script keeps its numbers (`assets/summary.js`).

    `places`: whether there are other counties to go to.
    """
    other = action("places", say(lang, "go_to_county"), say(lang, "go_to_county"))
    return html.Section(
        [
            html.Div(
                [
                    *([other] if places else []),
                    _chip(
                        "attention",
                        "1",
                        [html.I(className="ring"), html.Span(say(lang, "attention"))],
                        say(lang, "attention_note"),
                    ),
                    *(_status(status, lang) for status in STATUSES),
                ],
                className="status-chips",
                role="group",
                **tags(aria_label=say(lang, "by_status")),
            ),
            html.Div(
                [_line(line, lang) for line in profile.spec.lines],
                className="line-chips",
                role="group",
                **tags(aria_label=say(lang, "by_line")),
            ),
        ],
        className="summary",
        **tags(aria_label=say(lang, "summary")),
    )


def _chip(kind: str, value: str, label: list[Component], title: str = "") -> Component:
    return html.Button(
        [html.Span(label, className="chip-name"), html.B("—", **tags(data_count=f"{kind}:{value}"))],
        type="button",
        className="filter-chip",
        title=title,
        **tags(data_filter=kind, data_value=value, aria_pressed="false"),
    )


def _status(status: str, lang: str) -> Component:
    return _chip(
        "status",
        status,
        [html.I(className="dot", **tags(data_status=status)), html.Span(say(lang, status))],
    )


def _line(line: LineSpec, lang: str) -> Component:
    path = f"lines.{line.id}"
    return html.Button(
        [
            html.Span([glyph(line.shape), html.Span(pick(line.name, lang))], className="chip-name"),
            html.Span(
                [live(f"{path}.online", "count", "strong"), "/", live(f"{path}.sites", "count")],
                className="chip-online",
                title=say(lang, "online"),
            ),
            html.Span(
                [live(f"{path}.persons_per_hour", "count", "strong"), " ", say(lang, "persons_per_hour")],
                className="chip-rate quiet",
            ),
            html.Span(
                [
                    say(lang, "staff"),
                    " ",
                    live(f"{path}.staff_on_duty", "count", "strong"),
                    "/",
                    live(f"{path}.staff_required", "count"),
                ],
                className="chip-staff quiet",
                id=f"summary-staff-{line.id}",
            ),
        ],
        type="button",
        className="filter-chip line-chip",
        **tags(data_filter="line", data_value=line.id, aria_pressed="false"),
    )
