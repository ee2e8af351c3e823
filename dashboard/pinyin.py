"""Names as people type them when they search: their pinyin, whole and by first letters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from data.per_profile import per_profile
from data.profile import Profile

READINGS = tuple(str.maketrans("卡重长行都曾单朴", said) for said in ("恰虫常杭督增善飘", "咖钟掌形兜层丹普"))
"""Characters of names that are read in two ways, each to one that is read that way only; which of them
a name means, its spelling cannot know. What stands for a character is never shown."""


@dataclass(frozen=True)
class Spelt:
    """How a name is typed; letters and digits stay as they are, blanks and punctuation go."""

    initials: str
    """小黑江2号 is xhj2h; where it may be read otherwise, that follows after a blank: 卡点 is kd qd."""
    pinyin: str
    """The syllables, with blanks between them: xiao hei jiang 2 hao."""


def spell(name: str) -> Spelt:
    """The pinyin of a name, lower case, without tones."""
    # Its dictionaries take some tenths of a second to load, which starting the board need not wait for.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    plain = unicodedata.normalize("NFKC", name)
    read = [
        "".join(lazy_pinyin(said, style=Style.FIRST_LETTER, errors=_kept)).lower()
        for said in (plain, *(plain.translate(table) for table in READINGS))
    ]
    whole = [part.lower() for part in lazy_pinyin(plain, style=Style.NORMAL, errors=_kept)]
    return Spelt(" ".join(dict.fromkeys(read)), " ".join(part for part in whole if part))


def initials(name: str) -> str:
    """The pinyin initials of a name, lower case."""
    return spell(name).initials


@per_profile()
def site_spelling(profile: Profile) -> dict[str, Spelt]:
    """Site id to how its name is typed; worked out once for a profile."""
    sites = profile.sites
    return {site_id: spell(str(name)) for site_id, name in zip(sites.site_id, sites.name, strict=True)}


@per_profile()
def county_spelling(profile: Profile) -> dict[str, Spelt]:
    """Adcode to how a county's name is typed."""
    return {adcode: spell(name) for adcode, name in profile.county_name.items()}


def _kept(text: str) -> str:
    """What has no pinyin: its letters and digits."""
    return "".join(letter for letter in text if letter.isalnum())
