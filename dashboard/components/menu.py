"""The pages that the bar leads to: where each is, what it is called, and what it asks of the reader."""

from __future__ import annotations

from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.access import Access, Right
from dashboard.components.atoms import tags
from dashboard.words import say


@dataclass(frozen=True)
class Place:
    """A row of the menu; the page itself is a row of `dashboard.pages.PAGES`."""

    path: str
    word: str
    """Key of its name."""
    right: Right = "see"


MENU: tuple[Place, ...] = (
    Place("/alerts", "alerts_page"),
    Place("/response", "response_page"),
    Place("/handover", "handover"),
    Place("/silences", "silences_page"),
    Place("/duty", "duty_page"),
    Place("/exports", "exports_page", "export"),
)
"""In the order in which they are listed; a page of a room adds its row here."""


def pages_menu(access: Access, lang: str) -> list[Component]:
    """The pages that the reader may open; nothing on a display, which nobody touches."""
    if access.role == "kiosk":
        return []
    links = [
        dcc.Link(say(lang, place.word), href=f"{place.path}?lang={lang}")
        for place in MENU
        if access.may(place.right)
    ]
    name = say(lang, "pages")
    return [
        html.Details(
            [
                html.Summary("☰", title=name, **tags(aria_label=name)),
                html.Nav(links, className="account-sheet", **tags(aria_label=name)),
            ],
            className="account pages-menu",
        )
    ]
