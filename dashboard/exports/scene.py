"""What one sheet shows: a picture of a profile, in a language, seen in one way."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.exports.look import Look
from data.picture import Picture
from data.profile import Profile


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that a part of a drawing is drawn from."""

    picture: Picture
    profile: Profile
    lang: str
    look: Look
