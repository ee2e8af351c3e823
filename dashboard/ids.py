"""Component ids, in one place, so that a layout and a callback cannot disagree."""

from __future__ import annotations

LOCATION = "location"
PAGE = "page"
MAP = "map"
LOOK = "look"
"""A store the page's script sets: the theme in use, and the county a round of the wall stands at."""
MINUTE = "minute"
"""A store the live script sets once a minute: charts hang on it."""
SELECTED = "selected"
"""A store with the id of the selected site once the choice has stood still, or None."""
OPENED = "opened"
"""Set when the page's script has taken over a view."""
TREND = "trend"
TABLE = "sites-table"
DRAWER = "site-drawer"
DRAWER_CHARTS = "site-drawer-charts"
WHAT_IF = "what-if"
CLOSE_LANE, CLOSE_SITE = "close-lane", "close-site-whole"
COMPARED = "compared"
"""A store with the ids of the sites that are compared, or None."""
COMPARE_CHARTS = "compare-charts"
VIEW = "view"
"""A store with the parsed address of the page."""


def spark(line: str) -> dict[str, str]:
    """The sparkline of a line's card."""
    return {"type": "spark", "line": line}
