"""What all of a profile's area is called."""

from __future__ import annotations

from dashboard.words import pick, say
from data.spec import Text


def whole(place: Text, lang: str) -> str:
    """All of it by the name that the profile gives it; the whole area where it gives none."""
    return say(lang, "all_of", place=pick(place, lang)) if place else say(lang, "whole")
