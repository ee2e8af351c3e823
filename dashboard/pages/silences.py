"""Silences and planned closures: what is in force and to come, and making another that is previewed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import heading, help_dialog, panel, tags
from dashboard.components.desk_head import desk_head
from dashboard.desk import Desk
from dashboard.pages.shell import page_store
from dashboard.view import View
from dashboard.words import pick, say
from data.profile import Profile

HOURS = (1, 4, 12, 24)
"""Ends that one press sets."""


def page(desk: Desk, view: View) -> Component:
    """The page over the reader's scope; `assets/silences.js` and its neighbour fill it."""
    view = replace(view, scope=view.scope or view.reach)
    lang, profile = view.lang, desk.profile
    return html.Div(
        [
            page_store(desk, view, scrolls=True),
            desk_head(desk, view, "silences_page"),
            html.Main(
                [
                    panel(
                        "silences-told",
                        heading(say(lang, "silences_page"), html.Span(id="silences-sum", className="quiet")),
                        html.Div(id="silences-list", className="silences-list", **tags(aria_busy="true")),
                        **tags(aria_label=say(lang, "silences_page")),
                    ),
                    panel(
                        "silences-new",
                        heading(say(lang, "silence_new")),
                        _form(profile, view),
                        **tags(aria_label=say(lang, "silence_new")),
                    ),
                ],
                id="silences",
                className="silences-canvas",
                **tags(data_fences=json.dumps(_fences(profile), ensure_ascii=False)),
            ),
            html.P(id="silence-said", className="round-said", role="status", **tags(aria_live="polite")),
            help_dialog(lang),
        ],
        className="silences-page",
    )


def _fences(profile: Profile) -> dict[str, str]:
    """Fence id to name."""
    frame = profile.fences
    return dict(zip(frame["fence_id"].astype(str), frame["name"].astype(str), strict=True))


def _form(profile: Profile, view: View) -> Component:
    """What is asked for, or why nothing is."""
    lang, spec = view.lang, profile.spec
    if view.at:
        return html.P(say(lang, "silence_past", time=view.at), className="silence-note quiet")
    if "operate" not in view.may:
        return html.P(say(lang, "silence_may_not"), className="silence-note quiet")
    counties = [] if view.scope else profile.county_name.items()
    lines = [(line.id, pick(line.name, lang)) for line in spec.lines]
    kinds = [(kind, pick(told.name, lang)) for kind, told in spec.kinds.items()]
    return html.Div(
        [
            html.Div(
                [
                    _chip("kind", kind, say(lang, f"silence_{kind}"), pressed=kind == "silence")
                    for kind in ("silence", "closure")
                ],
                className="silence-kinds",
                role="group",
                **tags(aria_label=say(lang, "silence_kind")),
            ),
            html.Div(
                [
                    html.H3(say(lang, "silence_rules")),
                    html.Div(
                        [_chip("rule", rule.id, pick(rule.name, lang)) for rule in spec.rules],
                        className="silence-chips",
                        role="group",
                        **tags(aria_label=say(lang, "silence_rules")),
                    ),
                ],
                id="silence-rules",
            ),
            html.H3(say(lang, "silence_where")),
            html.Div(
                [
                    *([_choice("counties", say(lang, "silence_county"), counties, lang)] if counties else []),
                    _choice("lines", say(lang, "silence_line"), lines, lang),
                    _choice("kinds", say(lang, "silence_site_kind"), kinds, lang),
                ],
                className="silence-choices",
            ),
            html.Div(
                [
                    html.Div(id="silence-find-at"),
                    html.Div(id="silence-found", className="search-list", hidden=True),
                ],
                className="silence-find",
            ),
            html.Div(id="silence-picked", className="silence-chips"),
            html.H3(say(lang, "silence_starts")),
            html.Div(
                [
                    _chip("start", "", say(lang, "silence_now"), pressed=True),
                    html.Span(id="silence-start-at"),
                ],
                className="silence-times",
            ),
            html.H3(say(lang, "silence_ends")),
            html.Div(
                [
                    *(_chip("end", str(n * 60), say(lang, "silence_for_h", n=n)) for n in HOURS),
                    html.Span(id="silence-end-at"),
                ],
                className="silence-times",
            ),
            html.H3(html.Label(say(lang, "silence_reason"), htmlFor="silence-reason")),
            html.Div(id="silence-reason-at"),
            html.Section(
                [
                    html.H3(say(lang, "preview")),
                    html.Div(
                        say(lang, "preview_pick"), id="silence-preview", role="status", className="preview"
                    ),
                ],
                **tags(aria_label=say(lang, "preview")),
            ),
            html.Button(say(lang, "silence_save"), id="silence-save", type="button", disabled=True),
        ],
        id="silence-form",
        className="silence-form",
    )


def _chip(what: str, value: str, label: str, *, pressed: bool = False) -> Component:
    return html.Button(
        label,
        type="button",
        className="silence-chip",
        **tags(data_silence=what, data_value=value, aria_pressed=str(pressed).lower()),
    )


def _choice(name: str, label: str, options: Iterable[tuple[str, str]], lang: str) -> Component:
    return html.Label(
        [
            html.Span(label, className="quiet"),
            html.Select(
                [
                    html.Option(say(lang, "silence_any"), value=""),
                    *(html.Option(text, value=key) for key, text in options),
                ],
                **tags(data_silence_list=name),
            ),
        ]
    )
