"""Who is logged in, in the top bar: their own page, the administrator's, and the way out."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.access import Access
from dashboard.components.atoms import tags
from dashboard.components.menu import pages_menu
from dashboard.words import say


def account_menu(access: Access, lang: str, form_token: str) -> list[Component]:
    """The pages, and the menu of a login, or a badge where none was asked for; nothing on a display.

    `form_token` is what the session's forms carry (`Accounts.form_token`); logging out is such a form.
    """
    pages_there = pages_menu(access, lang)
    if access.role == "open":
        note = say(lang, "open_note")
        return [*pages_there, html.Span(say(lang, "open_demonstration"), className="open-badge", title=note)]
    if not access.session or access.role == "kiosk":
        return []
    role = say(lang, f"role_{access.role}")
    pages = [("/password", "own_account")]
    if access.may("administer"):
        pages = [("/accounts", "accounts"), ("/accounts/displays", "displays"), *pages]
    return [
        *pages_there,
        html.Details(
            [
                html.Summary(access.who, title=f"{access.who} · {role}", **tags(aria_label=access.who)),
                html.Div(
                    [
                        html.P([html.Span(access.who, className="strong"), html.Small(role)]),
                        # Pages of the server's own: no part of the app.
                        *(html.A(say(lang, word), href=f"{path}?lang={lang}") for path, word in pages),
                        html.Form(
                            html.Button(say(lang, "log_out"), type="submit", name="form", value=form_token),
                            action=f"/logout?lang={lang}",
                            method="post",
                        ),
                    ],
                    className="account-sheet",
                ),
            ],
            className="account",
        ),
    ]
