"""The top bar: what this is, whether it is true now, and how old it is."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.atoms import action, tags
from dashboard.words import say


def top_bar(
    title: str,
    lang: str,
    *,
    home: str = "",
    under: str = "",
    exports: bool = True,
    account: Sequence[Component] = (),
    style: str = "",
) -> Component:
    """The bar of every page; `home` is the address of the wall and `under` its title, on other pages.

    `exports`: whether the reader may have files of what is shown; `account`: who that is; `style`: a class.
    """
    export = [action("export", say(lang, "export"), say(lang, "export_title"))] if exports else []
    return html.Header(
        [
            html.A(say(lang, "skip_to_main"), href="#", className="skip", **tags(data_do="skip")),
            *([dcc.Link("‹ " + say(lang, "back_to_wall"), href=home, className="home-link")] if home else []),
            html.H1([title, html.Small(under)] if under else title),
            html.Span(id="duty", className="badge duty", hidden=True),
            html.Span(say(lang, "connecting"), id="mode", className="badge mode"),
            # Shown by the script on a past picture, and where an address asks for none that there is.
            html.A(say(lang, "to_live"), id="to-live", href="#", className="badge to-live", hidden=True),
            html.Span(
                say(lang, "simulated"),
                id="simulated",
                className="badge simulated",
                title=say(lang, "simulated_note"),
                hidden=True,
            ),
            html.Div(
                [
                    html.Div(
                        [
                            dcc.Input(
                                id="search",
                                type="search",
                                placeholder=say(lang, "search_field") + "  /",
                                autoComplete="off",
                                debounce=False,
                            ),
                            html.Div(id="search-results", hidden=True),
                        ],
                        className="search",
                        role="search",
                    ),
                    # Shown by the script where the profile has video rounds.
                    html.Span(
                        dcc.Link(
                            [say(lang, "rounds_link"), html.B()],
                            href=f"/rounds?lang={lang}",
                            className="action",
                        ),
                        id="rounds-link",
                        hidden=True,
                    ),
                    *export,
                    action("theme", "◐", say(lang, "theme_title")),
                    action("language", say(lang, "language"), say(lang, "language")),
                    action("help", "?", say(lang, "shortcuts")),
                    *account,
                ],
                className="controls",
            ),
            html.Div(
                [
                    html.Span(say(lang, "connecting"), id="link", className="link", role="status"),
                    html.Span("—", id="data-age", className="data-age"),
                ],
                className="truth",
            ),
            html.Span(id="today", className="today"),
            html.Time("--:--:--", id="clock", className="clock"),
        ],
        className=f"bar {style}".strip(),
    )
