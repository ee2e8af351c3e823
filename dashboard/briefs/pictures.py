"""What is drawn for a brief: the map on a light ground, and the code of its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboard.briefs.manuscript import Pictures
from dashboard.briefs.telling import further_marks
from dashboard.exports.look import Look
from dashboard.exports.permalink import qr
from dashboard.exports.snapshot import draw_snapshot
from dashboard.exports.words import kilometres, say
from dashboard.words import pick

if TYPE_CHECKING:
    from dashboard.briefs.gather import Brief

SIZE = (1040, 780)
"""Of the drawing in its own units: between the margins of A4 its letters are 7 points high."""
SHARP = 2
"""Pixels of the PNG for a unit: 340 to the inch on that page."""


def pictures(brief: Brief, lang: str) -> Pictures:
    """The map of a brief as vector and as pixels, its words, and the code of its address.

    Raises NoFontError where no Chinese font is installed.
    """
    facts = brief.facts
    made_at = float(facts.get("made_at") or brief.picture.at)
    look = Look(theme="light", sheet="plain", marks=further_marks(facts, lang))
    size = (SIZE[0] * SHARP, SIZE[1] * SHARP)
    drawn = {
        form: draw_snapshot(
            brief.picture, brief.profile, lang=lang, size=of, form=form, made_at=made_at, look=look
        )
        for form, of in (("svg", SIZE), ("png", size))
    }
    link = str(facts["link"].get(lang, ""))
    return Pictures(
        map_svg=drawn["svg"],
        map_png=drawn["png"],
        size=size,
        alternative=_in_words(brief, lang),
        qr_svg=qr(link, "svg"),
        qr_png=qr(link, "png"),
    )


def _in_words(brief: Brief, lang: str) -> str:
    """The map for whoever cannot see it: how many sites in which state, where it is open, what asks."""
    picture, profile = brief.picture, brief.profile
    title = pick(profile.spec.title, lang)
    county = profile.county_name.get(picture.scope, picture.scope)
    status, comma = picture.state.status, say(lang, "comma")
    counted = [
        f"{say(lang, name)} {n}"
        for name in ("congested", "busy", "normal", "no_data", "offline", "closed")
        if (n := int(np.sum(status == name)))
    ]
    told = [say(lang, "map_of", name=" · ".join(part for part in (title, county) if part))]
    told.append(say(lang, "map_sites", n=len(picture.sites), states=comma.join(counted)))
    told += [
        say(lang, "map_gaps", line=pick(profile.line[line.id].name, lang), km=kilometres(line.km_uncovered))
        for line in picture.lines
        if line.km_uncovered
    ]
    told += [
        say(lang, "map_unknown", line=pick(profile.line[line.id].name, lang), km=kilometres(line.km_unknown))
        for line in picture.lines
        if line.km_unknown
    ]
    asking = sum(alert.asks for alert in picture.alerts)
    told += [say(lang, "map_alerts", n=asking)] if asking else []
    return say(lang, "sentence_gap").join(told)
