"""Words of accounts, logins and what they may do."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
