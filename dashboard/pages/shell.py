"""What every page hands to the script in the browser: the view, the words, and what does not change."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard import ids
from dashboard.board import Board
from dashboard.view import View
from dashboard.words import SCRIPT_WORDS, pick, say
from data.profile import Profile


def page_store(board: Board, view: View, *, scrolls: bool) -> Component:
    """The store whose arrival opens the page; `scrolls` says whether lists may be longer than the screen."""
    profile = board.engine.profile
    return dcc.Store(id=ids.VIEW, data=page_data(profile, view, scrolls=scrolls))


def asked(board: Board, data: Any) -> View | None:
    """The view that a browser's callback names, or None where the profile knows no such view.

    What comes back from a browser is checked as any other input is: nothing in it widens a scope.
    """
    profile = board.engine.profile
    if not isinstance(data, dict):
        return None
    scope, lang, at = (str(data.get(name) or "")[:100] for name in ("scope", "lang", "at"))
    if lang not in profile.spec.languages or (scope and scope not in profile.county_name):
        return None
    return View(lang=lang, scope=scope, at=at)


def page_data(profile: Profile, view: View, *, scrolls: bool) -> dict[str, Any]:
    """Plain values for the script: see `assets/page.js`."""
    spec = profile.spec
    sites = profile.sites
    inside = [row for row in range(len(sites)) if view.scope in ("", sites.county[row])]
    manned = set(sites.county.tolist())  # of a county without a site the wall has nothing to tell
    bounds = _bounds(profile, view.scope)
    title = pick(spec.title, view.lang)
    return {
        **view.as_dict(),
        "key": "|".join((view.scope, view.lang, view.at, str(view.kiosk))),
        "profile": profile.tag,
        "title": f"{profile.county_name[view.scope]} · {title}" if view.scope else title,
        "zone": spec.timezone,
        "scrolls": scrolls,
        "words": {key: say(view.lang, key) for key in SCRIPT_WORDS},
        "shapes": {
            line.id: {"shape": line.shape, "border": line.border, "order": order}
            for order, line in enumerate(spec.lines)
        },
        "home": {"center": list(spec.map.center), "zoom": spec.map.zoom},
        "bounds": bounds,
        "basemap": spec.map.basemap is not None,
        "counties": [
            {"adcode": adcode, "name": name, "bounds": _bounds(profile, adcode)}
            for adcode, name in profile.county_name.items()
            if adcode in manned
        ],
        "county_of": {str(sites.site_id[row]): str(sites.county[row]) for row in inside},
        "border": {"km": profile.border.length_km} if profile.border else None,
        # A card on a wall has room for three gaps or one exit; a page that scrolls shows more.
        "holding": {
            "depth_km": spec.coverage.depth_km,
            "rows": 12 if scrolls else 3,
            "exits": 24 if scrolls else 1,
        },
        "duty_levels": {level.id: pick(level.name, view.lang) for level in spec.duty.levels},
        "no_data_after_s": spec.readings.no_data_after_s,
        "thresholds": spec.status.model_dump(),
        "response": spec.response.model_dump(),
    }


def _bounds(profile: Profile, scope: str) -> list[list[float]] | None:
    counties = profile.counties
    chosen = counties[counties["adcode"] == scope] if scope else counties
    if not len(chosen):
        return None
    west, south, east, north = (float(value) for value in chosen.total_bounds)
    return [[west, south], [east, north]]
