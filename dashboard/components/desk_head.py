"""The head of a page at a desk: its name, whose part of the prefecture it tells of, the way to the wall."""

from __future__ import annotations

from dash.development.base_component import Component

from dashboard.components.account import account_menu
from dashboard.components.bar import top_bar
from dashboard.desk import Desk
from dashboard.view import View
from dashboard.words import pick, say


def desk_head(desk: Desk, view: View, word: str, *, exports: bool = False) -> Component:
    """The top bar of a page whose name is `word`; under it the county, where the view has one, and the board.

    `exports`: whether it has the button that the wall has.
    """
    lang, profile = view.lang, desk.profile
    under = pick(profile.spec.title, lang)
    if view.scope:
        under = f"{profile.county_name.get(view.scope, view.scope)} · {under}"
    return top_bar(
        say(lang, word),
        lang,
        home=f"/?lang={lang}",
        under=under,
        exports=exports,
        account=account_menu(desk.access, lang, desk.form_token),
        style="desk-head",
    )
