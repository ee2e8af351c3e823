"""Names as people type them when they search: the first letters of their pinyin."""

from __future__ import annotations

import unicodedata

from data.per_profile import per_profile
from data.profile import Profile


def initials(name: str) -> str:
    """The pinyin initials of a name, lower case: 小黑江2号 is xhj2h.

    Letters and digits stay as they are, blanks and punctuation go.
    """
    # Its dictionaries take some tenths of a second to load, which starting the board need not wait for.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    plain = unicodedata.normalize("NFKC", name)
    return "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=_kept)).lower()


@per_profile()
def site_initials(profile: Profile) -> dict[str, str]:
    """Site id to the initials of its name; worked out once for a profile."""
    sites = profile.sites
    return {site_id: initials(str(name)) for site_id, name in zip(sites.site_id, sites.name, strict=True)}


def _kept(text: str) -> str:
    """What has no pinyin: its letters and digits."""
    return "".join(letter for letter in text if letter.isalnum())
