"""Loading a page: which files its HTML names, under which addresses, and which it announces early."""

from __future__ import annotations

import re

from dashboard.static import ASSETS, SUITES, Files

NEVER = ("/dash_table/",)
"""Dash names all of its own components' files on every page; this board has no such table."""
FOR_TABLES = ("/dash_ag_grid/",)
"""A third of a megabyte that a page without a table has no use for."""
BARE = ("/",)
"""Pages without a table. Every link from them loads its page anew, with what that page needs."""
DRAWN = ("county", "site")
"""First part of the path of pages with a map, beside the wall's own."""
EARLY = (f"{SUITES}plotly/package_data/plotly.min.js", f"{SUITES}dash/dcc/async-graph.js")
"""What a map needs. Dash finds out only once the page's layout is there; the browser is told at once."""
ICON = f'<link rel="icon" type="image/svg+xml" href="{ASSETS}icon.svg">'

FIRST = f"{ASSETS}theme.js"
"""Decides the palette, so it stands before the styles: no page is painted in the other one first."""

BLOCKS = 8
"""Of a page's layout while it opens: see `assets/opening.css`."""
ENTRY = f'<div id="react-entry-point"><div class="opening">{"<i></i>" * BLOCKS}</div></div>'
"""Where Dash makes the page; until then its layout stands there in quiet blocks."""

_SCRIPT = re.compile(r'<script src="(?P<path>[^"?]+)[^"]*"></script>\n?')
_OURS = re.compile(rf'(?P<before>(?:src|href)="(?P<path>{ASSETS}[^"?]+))(?:\?m=[^"]*)?"')


def scripts_for(path: str, scripts: str) -> str:
    """The script tags without those that the page at a path never runs."""
    unused = NEVER + (FOR_TABLES if path in BARE else ())
    return _SCRIPT.sub(
        lambda tag: "" if any(part in tag["path"] for part in unused) else tag[0],
        scripts,
    )


def before_paint(scripts: str) -> tuple[str, str]:
    """The script tags that stand in the page's head, and the others."""
    head = [tag[0] for tag in _SCRIPT.finditer(scripts) if tag["path"] == FIRST]
    return "".join(head), _SCRIPT.sub(lambda tag: "" if tag["path"] == FIRST else tag[0], scripts)


def fingerprinted(tags: str, files: Files) -> str:
    """Tags whose addresses of our own files carry their content's fingerprint.

    Dash puts the time of the last change there, which some ways of packing software set to the same for every
    version: a browser would keep the old file.
    """

    def named(tag: re.Match[str]) -> str:
        file = files.get(tag["path"])
        return tag[0] if file is None else f'{tag["before"]}?v={file.tag}"'

    return _OURS.sub(named, tags)


def announced(path: str) -> str:
    """Links to what the page at a path will ask for later."""
    drawn = path == "/" or path.strip("/").partition("/")[0] in DRAWN
    return "\n".join(f'<link rel="preload" as="script" href="{href}">' for href in EARLY) if drawn else ""
