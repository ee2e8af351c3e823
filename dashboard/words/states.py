"""Words of what a page is in: loading, empty, old, cut off, made anew."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
