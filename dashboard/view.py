"""A view: what the address bar says a person is looking at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from dashboard.access import OPEN, ROLES, Access, Right
from dashboard.theme import THEMES

WHERE = "longitude,latitude in degrees"
ZOOMS = "a number from 0 to 24"
"""What an address expects of a map's middle, and of its zoom."""


@dataclass(frozen=True)
class View:
    """The parsed address; whatever cannot be understood falls back to the profile's own view."""

    lang: str = "zh-CN"
    scope: str = ""
    """"" for the prefecture, or a county's adcode."""
    kiosk: bool = False
    rotate_s: int = 0
    """Seconds per county when the kiosk goes round; 0 for standing still."""
    sound: bool = False
    """Whether alerts sound."""
    center: tuple[float, float] | None = None
    """Longitude, latitude."""
    zoom: float | None = None
    site: str = ""
    at: str = ""
    """ISO 8601 time of a past picture; "" for live."""
    hidden: tuple[str, ...] = ()
    """Map layers switched off."""
    theme: str = ""
    """dark, light, or "" for the page's own: see `assets/theme.js`."""
    reach: str = ""
    """"" for a reader of the whole prefecture, or the one county there is for this reader: nothing is shown
    of what lies outside it."""
    may: frozenset[Right] = ROLES["open"]
    """What the reader may do; a page offers nothing else."""
    mends: bool = True
    """Whether the reader may look after the profile, and is told its faults word for word."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for the page's own script."""
        return {
            "lang": self.lang,
            "scope": self.scope,
            "kiosk": self.kiosk,
            "rotate_s": self.rotate_s,
            "sound": self.sound,
            "center": list(self.center) if self.center else None,
            "zoom": self.zoom,
            "site": self.site,
            "at": self.at,
            "hidden": list(self.hidden),
            "theme": self.theme,
            "reach": self.reach,
            "may": sorted(self.may),
            "mends": self.mends,
        }


def parse_view(search: str | None, languages: list[str], scope: str = "", *, access: Access = OPEN) -> View:
    """The view of a query string such as `?lang=en&c=99.8,23.9&z=9&site=X&at=…&kiosk=1`, for a reader."""
    query = {key: values[-1] for key, values in parse_qs((search or "").lstrip("?")).items()}
    lang = query.get("lang", "")
    return View(
        lang=lang if lang in languages else languages[0],
        scope=scope,
        kiosk=query.get("kiosk") == "1",
        rotate_s=int(_number(query.get("rotate"), 5, 3600) or 0),
        sound=query.get("sound") == "1",
        center=parse_center(query.get("c", "")),
        zoom=_number(query.get("z"), 0, 24),
        site=query.get("site", "")[:200],
        at=query.get("at", "")[:40],
        hidden=tuple(part for part in query.get("hide", "")[:400].split(",") if part),
        theme=theme if (theme := query.get("theme", "")) in THEMES else "",
        reach=access.scope,
        may=ROLES[access.role],
        mends=access == OPEN or access.may("administer"),
    )


def _number(text: str | None, low: float, high: float) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return min(max(value, low), high) if math.isfinite(value) else None


def exact_center(text: str) -> tuple[float, float] | None:
    """`parse_center` of what must be on the globe: None where it would only be moved there."""
    center = parse_center(text)
    return center if center and center == tuple(float(part) for part in text.split(",")) else None


def parse_center(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of `lon,lat`; None for anything else."""
    parts = text.split(",")
    if len(parts) != 2:
        return None
    lon, lat = _number(parts[0], -180, 180), _number(parts[1], -90, 90)
    return None if lon is None or lat is None else (lon, lat)
