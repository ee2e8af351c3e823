"""What every page hands to the script in the browser: the view, the words, and what does not change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import ROLES
from dashboard.area import whole
from dashboard.desk import Desk
from dashboard.pinyin import county_spelling
from dashboard.theme import DARK, MAP_COLOURS, THEMES
from dashboard.view import View
from dashboard.words import SCRIPT_WORDS, pick, say
from data.profile import Profile
from data.shift_hours import clock, shift_hours


def page_store(board: Desk, view: View, *, scrolls: bool) -> Component:
    """The store whose arrival opens the page; `scrolls` says whether lists may be longer than the screen."""
    profile = board.profile
    return dcc.Store(id=ids.VIEW, data=page_data(profile, view, scrolls=scrolls))


def asked(board: Desk, data: Any) -> View | None:
    """The view that a browser's callback names, or None where the profile knows no such view.

    What comes back from a browser is checked as any other input is: nothing in it widens a scope.
    """
    if not isinstance(data, dict):
        return None
    named, lang, at = (str(data.get(name) or "")[:100] for name in ("scope", "lang", "at"))
    scope = board.narrow(named)
    if lang not in board.profile.spec.languages or scope is None:
        return None
    return View(
        lang=lang, scope=scope, at=at, theme=theme_of(data), reach=board.reach, may=ROLES[board.access.role]
    )


def theme_of(data: dict[str, Any]) -> str:
    """The theme that a browser's view names; "" for one that there is not."""
    theme = str(data.get("theme") or "")
    return theme if theme in THEMES else ""


def looked(data: Any, look: Any) -> Any:
    """A browser's view as its page looks now: in the theme in use, at the county that a round stands at."""
    if not isinstance(data, dict) or not isinstance(look, dict):
        return data
    return {**data, "theme": look.get("theme"), "scope": look.get("scope") or data.get("scope")}


def page_data(profile: Profile, view: View, *, scrolls: bool) -> dict[str, Any]:
    """Plain values for the script: see `assets/page.js`."""
    spec = profile.spec
    sites = profile.sites
    spelt = county_spelling(profile)
    manned = set(sites.county.tolist())  # of a county without a site the wall has nothing to tell
    bounds = _bounds(profile, view.scope)
    title = pick(spec.title, view.lang)
    return {
        **view.as_dict(),
        "key": "|".join((view.scope, view.lang, view.at, str(view.kiosk))),
        "profile": profile.tag,
        "title": f"{profile.county_name[view.scope]} · {title}" if view.scope else title,
        "zone": spec.timezone,
        "languages": list(spec.languages),
        "scrolls": scrolls,
        "words": {key: say(view.lang, key) for key in SCRIPT_WORDS} | {"whole": whole(spec.place, view.lang)},
        "shapes": {
            line.id: {"shape": line.shape, "border": line.border, "order": order}
            for order, line in enumerate(spec.lines)
        },
        # The base map comes in the dark palette: in another theme each of its colours is replaced by name.
        "inks": {DARK[name]: name for name in MAP_COLOURS},
        "canvas": list(spec.wall.canvas) if spec.wall.canvas else None,
        "home": {"center": list(spec.map.center), "zoom": spec.map.zoom},
        "bounds": bounds,
        "basemap": spec.map.basemap is not None,
        "counties": [
            {"adcode": adcode, "name": name, "bounds": _bounds(profile, adcode)} | asdict(spelt[adcode])
            for adcode, name in profile.county_name.items()
            if adcode in manned
        ],
        "border": {"km": profile.border.length_km} if profile.border else None,
        # A card on a wall has room for three gaps or one exit; a page that scrolls shows more.
        "holding": {
            "depth_km": spec.coverage.depth_km,
            "rows": 12 if scrolls else 3,
            "exits": 24 if scrolls else 1,
        },
        "line_names": {line.id: pick(line.name, view.lang) for line in spec.lines},
        "rules": {rule.id: pick(rule.name, view.lang) for rule in spec.rules},
        "answers": spec.alerts.model_dump(include={"ack_min", "ack_most_h"}),
        "shift_ends": [clock(end) for end in shift_hours(profile)],
        "duty_sounds": {level.id: level.sounds for level in spec.duty.levels},
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
